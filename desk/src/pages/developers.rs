//! For developers: endpoints with every attempt, keys, passkeys, who is signed in, and the documentation.

mod endpoints;
mod keys;
mod passkeys;

pub(crate) use keys::AddKey;

use crate::context::Context;
use crate::texts::t;
use heard_wire::Scope;
use leptos::prelude::*;

#[component]
pub(crate) fn Developers() -> impl IntoView {
    let context = expect_context::<Context>();
    view! {
        <div class="head"><div><h1>{t("nav.developers")}</h1>
            <p>{t("developers.what")}" "<a href="/docs" target="_blank">{t("developers.docs")}</a></p></div></div>
        <endpoints::Endpoints />
        {context.may(Scope::Admin).then(|| view! { <keys::Keys /> })}
        <passkeys::Passkeys />
        {context.is_owner().then(|| view! { <keys::Sessions /> })}
    }
}
