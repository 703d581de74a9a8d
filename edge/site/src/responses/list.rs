//! Reading responses back.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses::conditions::Conditions;
use crate::responses::stored;
use crate::site::Site;
use crate::store::Cell;
use heard_wire::{Page, Response, ResponseCursor, ResponseFilter, ResponseId, StoredResponse, VisitorId};
use serde::{Deserialize, Serialize};

/// Reads responses back, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListResponses {
    /// Which.
    pub filter: ResponseFilter,
    /// From an earlier page.
    pub cursor: Option<ResponseCursor>,
    /// At most so many.
    pub limit: u16,
}

impl Operation for ListResponses {
    type Reply = Page<Response>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Page<Response>, Failure> {
        page(site, Conditions::of(&self.filter), self.cursor, self.limit)
    }
}

/// Reads all answers of one visitor back, newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListVisitorResponses {
    /// As the page named them.
    pub visitor: VisitorId,
    /// From an earlier page.
    pub cursor: Option<ResponseCursor>,
    /// At most so many.
    pub limit: u16,
}

impl Operation for ListVisitorResponses {
    type Reply = Page<Response>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Page<Response>, Failure> {
        let mut conditions = Conditions::any();
        conditions.and("visitor = ?", [Cell::from(self.visitor.as_str())]);
        page(site, conditions, self.cursor, self.limit)
    }
}

fn page(
    site: &Site<'_>,
    mut conditions: Conditions,
    cursor: Option<ResponseCursor>,
    limit: u16,
) -> Result<Page<Response>, Failure> {
    if let Some(ResponseCursor { created_at, id }) = cursor {
        conditions.and("(created_at, id) < (?, ?)", [Cell::from(created_at), Cell::from(id.as_str())]);
    }
    let Conditions { sql, mut params } = conditions;
    params.push(Cell::count(usize::from(limit) + 1));
    let rest = format!("{sql} ORDER BY created_at DESC, id DESC LIMIT ?");
    let rows = stored::select(site, "list the responses", &rest, params)?.into_iter();
    let responses = rows.map(|row| stored::read(row, &site.id).map(|stored| stored.response));
    Ok(Page::of(responses.collect::<Result<_, _>>()?, usize::from(limit), |last| ResponseCursor {
        created_at: last.created_at,
        id: last.id.clone(),
    }))
}

/// One response with what its customer was shown.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadResponse {
    /// Of the response.
    pub id: ResponseId,
}

impl Operation for ReadResponse {
    type Reply = StoredResponse;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<StoredResponse, Failure> {
        stored::find(site, &self.id)?.ok_or_else(|| Refusal::NotFound { thing: Thing::Response }.into())
    }
}
