//! How whoever did something is called.

use crate::context::Context;
use crate::texts::t;
use heard_wire::Actor;

/// Who did something.
pub(super) fn name_of(context: Context, by: &Actor) -> String {
    match by {
        Actor::Person { person } => context.name_of(person.as_str()).unwrap_or_else(|| t("case.gone_person")),
        Actor::Owner => t("me.owner"),
        Actor::Customer => t("case.customer"),
        Actor::Endpoint { .. } => t("case.system"),
        Actor::Rule => t("case.rule"),
    }
}
