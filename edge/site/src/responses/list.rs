//! Reading responses back.

use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses::conditions::Conditions;
use crate::responses::stored;
use crate::site::Site;
use crate::store::{Cell, SiteError};
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
        let conditions = Conditions::of(&self.filter, &site.zone()?);
        page(site, conditions, self.cursor, self.limit)
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

/// Bytes of a page, as reckoned by [`weight`], beyond which it ends before its limit: an answer of the object has 32 MiB at
/// most, and it has 128 MB of memory.
const PAGE_BYTES: usize = 1_000_000;

/// Rows read at a time, of which the largest ones that earlier releases let in fit into memory.
const ROWS_AT_ONCE: usize = 50;

fn page(
    site: &Site<'_>,
    conditions: Conditions,
    mut cursor: Option<ResponseCursor>,
    limit: u16,
) -> Result<Page<Response>, Failure> {
    let limit = usize::from(limit);
    let mut items: Vec<Response> = Vec::new();
    let mut bytes = 0;
    loop {
        let more = (limit - items.len()).min(ROWS_AT_ONCE);
        let read = rows(site, &conditions, cursor.as_ref(), more + 1)?;
        let is_last = read.len() <= more;
        for response in read.into_iter().take(more) {
            bytes += weight(&response);
            cursor = Some(ResponseCursor { created_at: response.created_at, id: response.id.clone() });
            items.push(response);
            if bytes >= PAGE_BYTES {
                return Ok(Page { items, next_cursor: cursor });
            }
        }
        if is_last || items.len() >= limit {
            return Ok(Page { items, next_cursor: cursor.filter(|_| !is_last) });
        }
    }
}

fn rows(
    site: &Site<'_>,
    conditions: &Conditions,
    cursor: Option<&ResponseCursor>,
    limit: usize,
) -> Result<Vec<Response>, SiteError> {
    let Conditions { sql, mut params } = conditions.clone();
    let after = if let Some(ResponseCursor { created_at, id }) = cursor {
        params.extend([Cell::from(*created_at), Cell::from(id.as_str())]);
        "AND (created_at, id) < (?, ?)"
    } else {
        ""
    };
    params.push(Cell::count(limit));
    let rest = format!("{sql} {after} ORDER BY created_at DESC, id DESC LIMIT ?");
    let rows = stored::select(site, "list the responses", &rest, params)?.into_iter();
    rows.map(|row| stored::read(row, &site.id).map(|stored| stored.response)).collect()
}

/// About how many bytes of JSON a response is: what was heard quotes the comment several times.
fn weight(response: &Response) -> usize {
    1_000 + 4 * response.comment.as_ref().map_or(0, String::len)
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
