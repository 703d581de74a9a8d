//! Responses as rows.

use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, query, run};
use heard_wire::{Response, ResponseId, Score, SiteId, StoredResponse, VisitorId, reference_of};

const COLUMNS: &str = "id, revision, score, comment, page, lang, visitor, heard, acknowledgement, \
     created_at, updated_at, completed_at";

/// The response with this id.
pub(crate) fn find(site: &Site<'_>, id: &ResponseId) -> Result<Option<StoredResponse>, SiteError> {
    let statement = format!("SELECT {COLUMNS} FROM responses WHERE id = ?");
    one(site.sql, "find a response", &statement, [Cell::from(id.as_str())])?.map(|row| read(row, &site.id)).transpose()
}

/// Whether there is one.
pub(crate) fn exists(site: &Site<'_>, id: &ResponseId) -> Result<bool, SiteError> {
    let statement = "SELECT 1 FROM responses WHERE id = ?";
    Ok(one(site.sql, "find a response", statement, [Cell::from(id.as_str())])?.is_some())
}

/// The responses that a condition lets through, in the order that it says.
pub(crate) fn select(
    site: &Site<'_>,
    act: &'static str,
    rest: &str,
    params: Vec<Cell>,
) -> Result<Vec<Columns>, SiteError> {
    let statement = format!("SELECT {COLUMNS} FROM responses WHERE {rest}");
    Ok(query(site.sql, act, &statement, params)?.into_iter().map(|row| Columns::of(row, act)).collect())
}

/// A row of [`COLUMNS`]. What was heard may come from a later release; where it does not read, the rest still does.
pub(crate) fn read(mut columns: Columns, site: &SiteId) -> Result<StoredResponse, SiteError> {
    let unreadable = || SiteError::Unreadable { act: "read a response" };
    let id: ResponseId = columns.parsed()?;
    let revision = u32::try_from(columns.integer()?).map_err(|_| unreadable())?;
    let score = u8::try_from(columns.integer()?).ok().and_then(Score::new).ok_or_else(unreadable)?;
    let comment = columns.optional_text()?;
    let page = columns.parsed()?;
    let lang = columns.parsed()?;
    let visitor = columns.optional_text()?.map(|visitor| visitor.parse().map_err(|_| unreadable())).transpose()?;
    let heard = columns.optional_text()?.and_then(|json| serde_json::from_str(&json).ok());
    let acknowledgement = columns.json()?;
    let response = Response {
        reference: reference_of(&id),
        id,
        site: site.clone(),
        revision,
        score,
        band: score.band(),
        comment,
        page,
        lang,
        visitor,
        heard,
        created_at: columns.timestamp()?,
        updated_at: columns.timestamp()?,
        completed_at: columns.optional_timestamp()?,
    };
    Ok(StoredResponse { response, acknowledgement })
}

/// Stores a response. `listened` is the settings revision that listened to a comment new in this write.
pub(crate) fn write(site: &Site<'_>, stored: &StoredResponse, listened: Option<i64>) -> Result<(), SiteError> {
    const ACT: &str = "write a response";
    let response = &stored.response;
    let heard = response.heard.as_ref().map(|heard| Cell::json(ACT, heard)).transpose()?;
    run(
        site.sql,
        ACT,
        "INSERT INTO responses (id, revision, score, comment, page, lang, visitor, heard, acknowledgement,
             created_at, updated_at, completed_at, listened_revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET revision = excluded.revision, score = excluded.score,
             comment = excluded.comment, page = excluded.page, lang = excluded.lang, visitor = excluded.visitor,
             heard = excluded.heard, acknowledgement = excluded.acknowledgement, updated_at = excluded.updated_at,
             completed_at = excluded.completed_at,
             listened_revision = coalesce(excluded.listened_revision, listened_revision)",
        [
            Cell::from(response.id.as_str()),
            Cell::from(i64::from(response.revision)),
            Cell::from(i64::from(response.score.get())),
            Cell::from(response.comment.as_deref()),
            Cell::from(response.page.as_str()),
            Cell::from(response.lang.as_str()),
            Cell::from(response.visitor.as_ref().map(VisitorId::as_str)),
            heard.unwrap_or(Cell::Null),
            Cell::json(ACT, &stored.acknowledgement)?,
            Cell::from(response.created_at),
            Cell::from(response.updated_at),
            Cell::from(response.completed_at),
            Cell::from(listened),
        ],
    )?;
    Ok(())
}
