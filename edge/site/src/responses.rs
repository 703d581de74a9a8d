use crate::filter::Conditions;
use crate::outbox::{Subject, emit};
use crate::sql::{Columns, run};
use crate::{Cell, Configured, Moment, Row, SiteError, Sql};
use heard_wire::{
    Acknowledgement, EventType, Heard, Response, ResponseFilter, ResponseId, ResponsePage, Score, SiteId, Submission,
    Timestamp, reference_of,
};
use serde::{Deserialize, Serialize};

/// An answer left alone for this long counts as complete.
pub const COMPLETE_AFTER_MILLIS: i64 = 30 * 60 * 1000;

/// A stored response with the acknowledgement the customer was shown for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Stored {
    /// The response as it now stands.
    pub response: Response,
    /// What the customer reads.
    pub acknowledgement: Acknowledgement,
}

/// Stores a submission and the events it gives rise to.
///
/// The highest revision wins; a replay or an older revision changes nothing and answers with what is stored. A comment
/// once sent is kept when a later revision brings none: absent means "not said", never "unsaid".
///
/// # Errors
/// When SQLite refuses; nothing of it may then be committed.
pub fn submit(
    sql: &dyn Sql,
    moment: &mut Moment<'_>,
    site: &Configured,
    submission: Submission,
    heard: Option<Heard>,
    acknowledgement: Acknowledgement,
) -> Result<Stored, SiteError> {
    let before = find(sql, &site.id, &submission.id)?;
    if let Some(stored) = &before
        && submission.revision <= stored.response.revision
    {
        return Ok(stored.clone());
    }
    let listened = submission.comment.as_ref().map(|_| site.revision);
    let after = merge(moment.now, &site.id, before.as_ref(), submission, heard, acknowledgement);
    write(sql, &after, listened)?;
    for event in events_between(before.as_ref().map(|stored| &stored.response), &after.response) {
        let subject = Subject { response: Some(after.response.clone()), ..Subject::default() };
        emit(sql, moment, &site.id, event, subject, None)?;
    }
    Ok(after)
}

/// Completes every answer that was left alone for [`COMPLETE_AFTER_MILLIS`], at most 100 at a time.
///
/// # Errors
/// When SQLite refuses.
pub fn complete_abandoned(sql: &dyn Sql, moment: &mut Moment<'_>, site: &SiteId) -> Result<(), SiteError> {
    const ACT: &str = "complete abandoned answers";
    let before = moment.now.plus_millis(-COMPLETE_AFTER_MILLIS).as_millis();
    let statement = format!(
        "SELECT {COLUMNS} FROM responses WHERE completed_at IS NULL AND updated_at <= ? ORDER BY updated_at LIMIT 100"
    );
    for row in run(sql, ACT, &statement, [Cell::from(before)])? {
        // A row that does not read back must not stop the others.
        let Ok(mut stored) = read(row, site) else { continue };
        stored.response.completed_at = Some(moment.now);
        // The event first: the alarm has no transaction to undo, and an event told twice is better than one never told.
        let subject = Subject { response: Some(stored.response.clone()), ..Subject::default() };
        emit(sql, moment, site, EventType::ResponseCompleted, subject, None)?;
        write(sql, &stored, None)?;
    }
    Ok(())
}

/// A page of responses, newest first. `None` when the cursor is not one of ours.
pub(crate) fn list(
    sql: &dyn Sql,
    site: &SiteId,
    filter: &ResponseFilter,
    cursor: Option<&str>,
    limit: u16,
) -> Result<Option<ResponsePage>, SiteError> {
    const ACT: &str = "list the responses";
    let Some((before, id)) = cursor.map_or(Some((i64::MAX >> 11, String::from("~"))), read_cursor) else {
        return Ok(None);
    };
    let Conditions { sql: conditions, mut params } = Conditions::of(filter);
    let statement = format!(
        "SELECT {COLUMNS} FROM responses WHERE {conditions} AND (created_at, id) < (?, ?)
         ORDER BY created_at DESC, id DESC LIMIT ?"
    );
    params.extend([Cell::from(before), Cell::from(id), Cell::from(i64::from(limit) + 1)]);
    let rows = sql.run(&statement, params).map_err(|source| SiteError::Sql { act: ACT, source })?;
    let mut responses =
        rows.into_iter().map(|row| read(row, site).map(|stored| stored.response)).collect::<Result<Vec<_>, _>>()?;
    let more = responses.len() > usize::from(limit);
    responses.truncate(usize::from(limit));
    let next_cursor =
        responses.last().filter(|_| more).map(|last| format!("{}_{}", last.created_at.as_millis(), last.id));
    Ok(Some(ResponsePage { responses, next_cursor }))
}

fn read_cursor(cursor: &str) -> Option<(i64, String)> {
    let (before, id) = cursor.split_once('_')?;
    let id: ResponseId = id.parse().ok()?;
    Some((before.parse().ok()?, id.into()))
}

fn merge(
    now: Timestamp,
    site: &SiteId,
    before: Option<&Stored>,
    submission: Submission,
    heard: Option<Heard>,
    acknowledgement: Acknowledgement,
) -> Stored {
    let before_response = before.map(|stored| &stored.response);
    let comment_is_new = submission.comment.is_some();
    let acknowledgement = match before {
        Some(stored) if !comment_is_new && stored.response.comment.is_some() => stored.acknowledgement.clone(),
        _ => acknowledgement,
    };
    let kept_heard = before_response.and_then(|response| response.heard.clone());
    let response = Response {
        reference: reference_of(&submission.id),
        id: submission.id,
        site: site.clone(),
        revision: submission.revision,
        score: submission.score,
        band: submission.score.band(),
        page: submission.page,
        lang: submission.lang,
        created_at: before_response.map_or(now, |response| response.created_at),
        updated_at: now,
        completed_at: before_response
            .and_then(|response| response.completed_at)
            .or_else(|| comment_is_new.then_some(now)),
        comment: submission.comment.or_else(|| before_response.and_then(|response| response.comment.clone())),
        visitor: submission.visitor.or_else(|| before_response.and_then(|response| response.visitor.clone())),
        heard: if comment_is_new { heard } else { kept_heard },
    };
    Stored { response, acknowledgement }
}

fn events_between(before: Option<&Response>, after: &Response) -> Vec<EventType> {
    let scored = before.is_none().then_some(EventType::ResponseScored);
    let was_complete = before.is_some_and(|response| response.completed_at.is_some());
    let said_otherwise =
        before.is_some_and(|response| response.score != after.score || response.comment != after.comment);
    let then = match (was_complete, after.completed_at.is_some()) {
        (false, true) => Some(EventType::ResponseCompleted),
        (true, _) if said_otherwise => Some(EventType::ResponseUpdated),
        _ => None,
    };
    scored.into_iter().chain(then).collect()
}

const COLUMNS: &str = "id, revision, score, comment, page, lang, visitor, heard, acknowledgement, \
     created_at, updated_at, completed_at";

pub(crate) fn find(sql: &dyn Sql, site: &SiteId, id: &ResponseId) -> Result<Option<Stored>, SiteError> {
    let statement = format!("SELECT {COLUMNS} FROM responses WHERE id = ?");
    let rows = run(sql, "find a response", &statement, [Cell::from(id.as_str())])?;
    rows.into_iter().next().map(|row| read(row, site)).transpose()
}

fn read(row: Row, site: &SiteId) -> Result<Stored, SiteError> {
    const ACT: &str = "read a response";
    let unreadable = || SiteError::Unreadable { act: ACT };
    let mut columns = Columns::of(row, ACT);
    let id: ResponseId = columns.parsed()?;
    let revision = u32::try_from(columns.integer()?).map_err(|_| unreadable())?;
    let score = u8::try_from(columns.integer()?).ok().and_then(Score::new).ok_or_else(unreadable)?;
    let comment = columns.optional_text()?;
    let page = columns.text()?;
    let lang = columns.text()?;
    let visitor = columns.optional_text()?;
    let heard = columns.optional_text()?;
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
        heard: heard.map(|json| serde_json::from_str(&json)).transpose().map_err(|_| unreadable())?,
        created_at: Timestamp::from_millis(columns.integer()?),
        updated_at: Timestamp::from_millis(columns.integer()?),
        completed_at: columns.optional_integer()?.map(Timestamp::from_millis),
    };
    Ok(Stored { response, acknowledgement })
}

/// `listened` is the settings revision that listened to a comment new in this write.
fn write(sql: &dyn Sql, stored: &Stored, listened: Option<i64>) -> Result<(), SiteError> {
    const ACT: &str = "write a response";
    let unreadable = |_| SiteError::Unreadable { act: ACT };
    let response = &stored.response;
    let heard = response.heard.as_ref().map(serde_json::to_string).transpose().map_err(unreadable)?;
    let acknowledgement = serde_json::to_string(&stored.acknowledgement).map_err(unreadable)?;
    run(
        sql,
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
            Cell::from(response.comment.clone()),
            Cell::from(response.page.as_str()),
            Cell::from(response.lang.as_str()),
            Cell::from(response.visitor.clone()),
            Cell::from(heard),
            Cell::from(acknowledgement),
            Cell::from(response.created_at.as_millis()),
            Cell::from(response.updated_at.as_millis()),
            Cell::from(response.completed_at.map(Timestamp::as_millis)),
            Cell::from(listened),
        ],
    )?;
    Ok(())
}
