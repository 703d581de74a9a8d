//! All that there is about one customer, fetched.

use crate::api::{self, Trouble};
use crate::context::Context;
use crate::json::Members as _;
use crate::parts::said::Answered;
use heard_wire::{Case, List, Message};
use serde_json::Value;

/// All that there is about one case, or about an answer without one.
#[derive(Debug, Clone)]
pub(super) struct Everything {
    pub(super) case: Option<Case>,
    /// Oldest first.
    pub(super) said: Vec<Answered>,
    pub(super) messages: Vec<Message>,
    /// As the API has it: there are many kinds of entries, of which few say more than their name.
    pub(super) history: Vec<Value>,
}

/// Of a case, or of an answer that may have one.
pub(super) async fn read(context: Context, id: String) -> Result<Everything, Trouble> {
    let at = |path: String| api::get(context.of_site(&path));
    let case = if id.starts_with("case_") {
        Some(at(format!("/cases/{id}")).read::<Case>().await?)
    } else {
        let page = at(format!("/cases?response={}&limit=1", api::part(&id))).read::<heard_wire::Page<Case>>().await?;
        page.items.into_iter().next()
    };
    let ids = case.as_ref().map_or_else(|| vec![id], |case| case.responses.iter().map(ToString::to_string).collect());
    let (mut said, mut messages) = (Vec::new(), Vec::new());
    for id in ids {
        said.push(at(format!("/responses/{id}")).read::<Answered>().await?);
        messages.extend(at(format!("/responses/{id}/messages")).read::<List<Message>>().await?.items);
    }
    let history = match &case {
        Some(case) => at(format!("/cases/{}/history", case.id)).read::<Value>().await?.list("history"),
        None => Vec::new(),
    };
    Ok(Everything { case, said, messages, history })
}
