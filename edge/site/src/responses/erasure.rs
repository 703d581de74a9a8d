//! Erasing: a response goes with every copy of it that the site holds, and does not come back.

use crate::cases;
use crate::chore::{Chore, Work};
use crate::conversations;
use crate::improving;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses::conditions::Conditions;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, Sql, one, query, run, scalar};
use crate::survey::forget_closings;
use crate::webhooks::{Audience, KEEP, emit, keep_sequence};
use heard_wire::{ErasedResponse, Erasure, EventKind, ResponseFilter, ResponseId, Standings, Timestamp, VisitorId};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Responses that one call erases; the Worker calls again until none is left.
pub const ERASED_AT_ONCE: usize = 100;

/// How long what was put aside is kept.
const KEEP_APART: Duration = Duration::from_secs(30 * 24 * 3_600);
/// In milliseconds since 1970: no clock gets there.
const FAR_AHEAD: i64 = 1 << 52;
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Erases one response.
#[derive(Debug, Serialize, Deserialize)]
pub struct EraseResponse {
    /// Of the response.
    pub id: ResponseId,
}

impl Operation for EraseResponse {
    type Reply = ();
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        if erase_one(site, &self.id)? { Ok(()) } else { Err(Refusal::NotFound { thing: Thing::Response }.into()) }
    }
}

/// Erases up to [`ERASED_AT_ONCE`] responses that a filter lets through.
#[derive(Debug, Serialize, Deserialize)]
pub struct EraseResponses {
    /// Which.
    pub filter: ResponseFilter,
}

impl Operation for EraseResponses {
    type Reply = Erasure;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Erasure, Failure> {
        let conditions = Conditions::of(&self.filter, &site.zone()?);
        if self.filter.reference.is_some() {
            check_is_one(site, &self.filter)?;
        }
        Ok(erase_some(site, &conditions, Whose::TheOwner)?)
    }
}

/// A reference comes from the id, which whoever sends an answer chooses: somebody else's may end like it.
fn check_is_one(site: &Site<'_>, filter: &ResponseFilter) -> Result<(), Failure> {
    let same =
        ResponseFilter { reference: filter.reference.clone(), standing: Standings::Any, ..ResponseFilter::default() };
    let Conditions { sql, params } = Conditions::of(&same, &site.zone()?);
    let statement = format!("SELECT 1 FROM responses WHERE {sql} LIMIT 2");
    let found = query(site.sql, "find what has a reference", &statement, params)?;
    if found.len() > 1 { Err(Refusal::ReferenceOfSeveral.into()) } else { Ok(()) }
}

/// Erases up to [`ERASED_AT_ONCE`] responses of a visitor.
#[derive(Debug, Serialize, Deserialize)]
pub struct EraseVisitor {
    /// As the page named them.
    pub visitor: VisitorId,
}

impl Operation for EraseVisitor {
    type Reply = Erasure;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Erasure, Failure> {
        let mut conditions = Conditions::any();
        conditions.and("visitor = ?", [Cell::from(self.visitor.as_str())]);
        forget_closings(site, Cell::json("erase a visitor", &[&self.visitor])?)?;
        Ok(erase_some(site, &conditions, Whose::ThePerson)?)
    }
}

/// Erases a response as another site did; tells whether it was here.
pub(crate) fn erase_one(site: &mut Site<'_>, id: &ResponseId) -> Result<bool, SiteError> {
    let mut conditions = Conditions::any();
    conditions.and("id = ?", [Cell::from(id.as_str())]);
    Ok(erase(site, &conditions, 1, Whose::ThePerson)? > 0)
}

/// Erases what has been kept for as long as the owner keeps answers, and what was put aside.
pub(crate) const ERASING: Chore = Chore {
    name: "erasing",
    due: |sql, _| {
        const ACT: &str = "find what is to be erased";
        let apart =
            "SELECT min(oldest) FROM (SELECT (SELECT min(created_at) FROM responses WHERE standing = kind.column1)
             AS oldest FROM (VALUES ('suspect'), ('test')) kind)";
        let apart = scalar(sql, ACT, apart, [])?.map(|oldest| Timestamp::from_millis(oldest) + KEEP_APART);
        let Some(keep) = keep(sql)? else { return Ok(apart) };
        let oldest = scalar(sql, ACT, "SELECT min(created_at) FROM responses", [])?;
        let kept = oldest.map(|oldest| Timestamp::from_millis(oldest) + keep);
        Ok(apart.into_iter().chain(kept).min())
    },
    no_sooner: DAY,
    work: Work::Here(erase_old),
};

/// How long the owner keeps answers; `None` for ever.
fn keep(sql: &dyn Sql) -> Result<Option<Duration>, SiteError> {
    let statement = "SELECT CASE WHEN json_valid(settings) THEN settings ->> '$.keep_days' END FROM site";
    let days = scalar(sql, "read how long answers are kept", statement, [])?;
    Ok(days.and_then(|days| u32::try_from(days).ok()).map(|days| DAY * days))
}

fn erase_old(site: &mut Site<'_>) -> Result<(), SiteError> {
    let before = Cell::from(site.context.now - KEEP_APART);
    let mut apart = Conditions::any();
    apart.and("standing IN ('suspect', 'test') AND created_at <= ?", [before]);
    erase(site, &apart, ERASED_AT_ONCE, Whose::TheOwner)?;
    if let Some(keep) = keep(site.sql)? {
        let mut old = Conditions::any();
        old.and("created_at <= ?", [Cell::from(site.context.now - keep)]);
        erase(site, &old, ERASED_AT_ONCE, Whose::TheOwner)?;
    }
    Ok(())
}

/// For whose sake something is erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Somebody's who is named: it must not come back.
    ThePerson,
    /// The owner's: it is old, or was put aside.
    TheOwner,
}

/// Whether there was a response of this id that was erased.
pub(crate) fn is_erased(site: &Site<'_>, id: &ResponseId) -> Result<bool, SiteError> {
    let statement = "SELECT 1 FROM erased WHERE id = ?";
    Ok(one(site.sql, "look for what was erased", statement, [Cell::from(id.as_str())])?.is_some())
}

fn erase_some(site: &mut Site<'_>, conditions: &Conditions, whose: Whose) -> Result<Erasure, SiteError> {
    let erased = erase(site, conditions, ERASED_AT_ONCE, whose)?;
    Ok(Erasure { erased, more: usize::try_from(erased).is_ok_and(|erased| erased == ERASED_AT_ONCE) })
}

/// Erases the oldest that the conditions let through; gives how many there were.
fn erase(site: &mut Site<'_>, conditions: &Conditions, at_most: usize, whose: Whose) -> Result<u64, SiteError> {
    const ACT: &str = "erase responses";
    let Conditions { sql, mut params } = conditions.clone();
    params.push(Cell::count(at_most));
    let statement = format!(
        "SELECT id, standing IS NULL, after_sequence,
             max(updated_at, coalesce((SELECT max(created_at) FROM messages WHERE response = responses.id), 0),
             -- A case may be told of at any time.
             CASE WHEN EXISTS (SELECT 1 FROM case_responses WHERE response = responses.id) THEN {FAR_AHEAD} ELSE 0 END)
         FROM responses WHERE {sql} ORDER BY created_at LIMIT ?"
    );
    let mut erased: Vec<(String, bool)> = Vec::new();
    let mut after = i64::MAX;
    for row in query(site.sql, ACT, &statement, params)? {
        let mut columns = Columns::of(row, ACT);
        erased.push((columns.text()?, columns.integer()? != 0));
        let place = columns.integer()?;
        // Of what nothing happened to for as long as events are kept, there is none.
        if columns.timestamp()? + KEEP + DAY > site.context.now {
            after = after.min(place);
        }
    }
    if erased.is_empty() {
        return Ok(0);
    }
    let ids: Vec<&str> = erased.iter().map(|(id, _)| id.as_str()).collect();
    let events = events_about(site, &ids, after)?;
    // Events are kept for as long as what was put aside; of what counts, receivers may have heard long ago.
    let is_told = |(id, counted): &&(String, bool)| *counted || events.iter().any(|(_, about)| about == id);
    let told: Vec<&str> = erased.iter().filter(is_told).map(|(id, _)| id.as_str()).collect();
    // What strangers sent without number leaves no id behind, unless somebody asked for just this one.
    let stays = |counted: bool| counted || whose == Whose::ThePerson;
    let gone: Vec<&str> = erased.iter().filter(|(_, counted)| stays(*counted)).map(|(id, _)| id.as_str()).collect();
    let params = [Cell::from(site.context.now), Cell::json(ACT, &gone)?];
    run(site.sql, ACT, "INSERT OR IGNORE INTO erased (at, id) SELECT ?, value FROM json_each(?)", params)?;
    forget_events(site, &events)?;
    cases::erase(site, &ids)?;
    let ids = || Cell::json(ACT, &ids);
    let visitors = "SELECT coalesce(json_group_array(visitor), '[]') FROM responses
         WHERE visitor IS NOT NULL AND id IN (SELECT value FROM json_each(?))";
    if let Some(mut columns) = one(site.sql, ACT, visitors, [ids()?])? {
        forget_closings(site, Cell::from(columns.text()?))?;
    }
    improving::erase(site, &ids()?)?;
    conversations::erase(site, &ids()?)?;
    for statement in [
        // Replies that are kept for a day, to requests about it.
        "DELETE FROM answered WHERE EXISTS (SELECT 1 FROM json_each(?)
             WHERE instr(answered.request, value) > 0 OR instr(answered.reply, value) > 0)",
        "DELETE FROM responses WHERE id IN (SELECT value FROM json_each(?))",
    ] {
        run(site.sql, ACT, statement, [ids()?])?;
    }
    for id in told {
        // An id that does not read back was told to nobody.
        if let Ok(id) = id.parse() {
            emit(site, EventKind::ResponseErased(ErasedResponse { id }), Audience::All)?;
        }
    }
    Ok(u64::try_from(erased.len()).unwrap_or(0))
}

/// Forgets what was told of an answer whose words were taken back. What happened to its case and what was written since is still told,
/// without them.
pub(crate) fn forget_told(site: &Site<'_>, id: &ResponseId) -> Result<(), SiteError> {
    const ACT: &str = "forget what was told";
    let blank = "UPDATE events SET body = json_remove(json_set(body, '$.data.response.comment', ''), '$.data.response.heard', '$.data.case.said')
         WHERE response = ? AND (type LIKE 'case.%' OR type LIKE 'message.%') AND json_valid(body)";
    run(site.sql, ACT, blank, [Cell::from(id.as_str())])?;
    let answers = "DELETE FROM attempts WHERE sequence IN (SELECT sequence FROM events WHERE response = ?)";
    run(site.sql, ACT, answers, [Cell::from(id.as_str())])?;
    let about = events_about(site, &[id.as_str()], 0)?;
    let kept = "SELECT sequence FROM events WHERE response = ? AND (type LIKE 'case.%' OR type LIKE 'message.%')";
    let kept =
        run(site.sql, ACT, kept, [Cell::from(id.as_str())])?.into_iter().map(|row| Columns::of(row, ACT).integer());
    let kept = kept.collect::<Result<Vec<i64>, SiteError>>()?;
    let gone: Vec<(i64, String)> = about.into_iter().filter(|(sequence, _)| !kept.contains(sequence)).collect();
    forget_events(site, &gone)?;
    let answered = "DELETE FROM answered WHERE instr(request, ?) > 0 OR instr(reply, ?) > 0";
    run(site.sql, ACT, answered, [Cell::from(id.as_str()), Cell::from(id.as_str())]).map(drop)
}

fn forget_events(site: &Site<'_>, events: &[(i64, String)]) -> Result<(), SiteError> {
    const ACT: &str = "forget events";
    keep_sequence(site)?;
    let places: Vec<i64> = events.iter().map(|(sequence, _)| *sequence).collect();
    for statement in [
        // What endpoints answered may hold the customer's words.
        "DELETE FROM attempts WHERE sequence IN (SELECT value FROM json_each(?))",
        "DELETE FROM deliveries WHERE endpoint IN (SELECT id FROM endpoints)
             AND sequence IN (SELECT value FROM json_each(?))",
        "DELETE FROM events WHERE sequence IN (SELECT value FROM json_each(?))",
    ] {
        run(site.sql, ACT, statement, [Cell::json(ACT, &places)?])?;
    }
    Ok(())
}

/// Events about these responses, all of which came after this place: the place of each, and whom it is about.
fn events_about(site: &Site<'_>, ids: &[&str], after: i64) -> Result<Vec<(i64, String)>, SiteError> {
    const ACT: &str = "find the events about responses";
    // Weeks and improvements quote many, and are about none; there are few of them.
    let statement = "SELECT sequence, response FROM events
         WHERE sequence > ? AND response IN (SELECT value FROM json_each(?))
         UNION ALL SELECT sequence, '' FROM events WHERE type IN ('huddle.ready', 'improvement.changed')
             AND EXISTS (SELECT 1 FROM json_each(?) WHERE instr(events.body, value) > 0)";
    let ids = || Cell::json(ACT, &ids);
    let rows = run(site.sql, ACT, statement, [Cell::from(after), ids()?, ids()?])?;
    let read = |row| {
        let mut columns = Columns::of(row, ACT);
        Ok((columns.integer()?, columns.text()?))
    };
    rows.into_iter().map(read).collect()
}
