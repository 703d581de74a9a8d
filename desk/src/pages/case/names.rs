//! How whoever did something is called.

use crate::context::Context;
use crate::json::Members as _;
use crate::texts::t;
use serde_json::Value;

/// Who did something.
pub(super) fn name_of(context: Context, by: &Value) -> String {
    let person = by.at("person").as_str().unwrap_or_default();
    match by.at("kind").as_str().unwrap_or_default() {
        "person" => context.name_of(person).unwrap_or_else(|| t("case.gone_person")),
        "owner" => t("me.owner"),
        "customer" => t("case.customer"),
        "endpoint" => t("case.system"),
        _ => t("case.rule"),
    }
}
