//! Cases as rows: the whole of one as JSON, with what is looked for beside it.

use crate::cases::calendar::Calendar;
use crate::cases::clocks::next_tick;
use crate::cases::machine::{Step, step};
use crate::conversations;
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses;
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, query, run};
use crate::webhooks::{Audience, emit};
use heard_wire::{
    Actor, BackupRecord, BusinessHours, Case, CaseAct, CaseEntry, CaseEvent, CaseId, CaseSettings, EventKind, Response,
    ResponseId, Teammate, TeammateId, VisitorId,
};
use std::time::Duration;

/// What an owner set about cases, as far as it is needed to see to one.
pub(crate) struct Policy {
    pub(crate) calendar: Calendar,
    pub(crate) settings: CaseSettings,
}

impl Policy {
    pub(crate) fn close_after(&self) -> Duration {
        Duration::from_secs(24 * 3_600) * u32::from(self.settings.close_after_days)
    }
}

impl Site<'_> {
    /// What the owner set about cases. What a later release set and this one does not read is as if it were not set: it costs
    /// nobody an answer.
    pub(crate) fn policy(&self) -> Result<Policy, SiteError> {
        const ACT: &str = "read the rules for cases";
        let statement =
            "SELECT settings ->> '$.business_hours', settings ->> '$.cases' FROM site WHERE json_valid(settings)";
        let mut told = (None, None);
        if let Some(mut columns) = one(self.sql, ACT, statement, [])? {
            told = (columns.optional_text()?, columns.optional_text()?);
        }
        let hours = told.0.and_then(|hours| serde_json::from_str::<BusinessHours>(&hours).ok());
        let settings = told.1.and_then(|cases| serde_json::from_str(&cases).ok()).unwrap_or_default();
        Ok(Policy { calendar: Calendar::new(self.zone()?, hours), settings })
    }
}

/// The case with this id.
pub(crate) fn find(site: &Site<'_>, id: &CaseId) -> Result<Option<Case>, SiteError> {
    let statement = "SELECT document FROM cases WHERE id = ?";
    one(site.sql, "find a case", statement, [Cell::from(id.as_str())])?.map(|mut row| row.json()).transpose()
}

/// The same where it must be there.
pub(crate) fn known(site: &Site<'_>, id: &CaseId) -> Result<Case, Failure> {
    find(site, id)?.ok_or_else(|| Refusal::NotFound { thing: Thing::Case }.into())
}

/// The newest case that a response belongs to.
pub(crate) fn latest_of(site: &Site<'_>, response: &ResponseId) -> Result<Option<Case>, SiteError> {
    let statement = "SELECT c.document FROM case_responses r JOIN cases c ON c.id = r.case_id WHERE r.response = ?
         ORDER BY c.number DESC LIMIT 1";
    let found = one(site.sql, "find a response's case", statement, [Cell::from(response.as_str())])?;
    found.map(|mut row| row.json()).transpose()
}

/// The newest case of a visitor for whom the owner's server has vouched: in any other stands who merely said so, and reads along.
pub(crate) fn latest_of_visitor(site: &Site<'_>, visitor: &VisitorId) -> Result<Option<Case>, SiteError> {
    let statement = "SELECT document FROM cases WHERE visitor = ? AND document ->> '$.visitor_verified' = 1
         ORDER BY number DESC LIMIT 1";
    let found = one(site.sql, "find a visitor's case", statement, [Cell::from(visitor.as_str())])?;
    found.map(|mut row| row.json()).transpose()
}

/// Writes a case down, with what happened to it, and tells of it.
pub(crate) fn store(
    site: &mut Site<'_>,
    policy: &Policy,
    case: &Case,
    acts: Vec<CaseAct>,
    by: &Actor,
    response: Option<&Response>,
) -> Result<(), SiteError> {
    const ACT: &str = "write a case";
    if acts.is_empty() {
        return Ok(());
    }
    if acts.iter().any(|act| matches!(act, CaseAct::Reopened {})) {
        keep_what_was_told(site, case)?;
    }
    write(site, case, next_tick(case, policy.close_after()))?;
    let mut events: Vec<CaseEvent> = Vec::new();
    for act in acts {
        if let Some(event) = act.event_type().and_then(CaseEvent::of).filter(|event| !events.contains(event)) {
            events.push(event);
        }
        // The table numbers it.
        let entry = CaseEntry { id: 0, at: site.context.now, by: by.clone(), act };
        let params = [Cell::from(case.id.as_str()), Cell::json(ACT, &entry)?];
        run(site.sql, ACT, "INSERT INTO case_history (case_id, entry) VALUES (?, ?)", params)?;
    }
    if events.is_empty() {
        return Ok(());
    }
    let response = match response {
        Some(response) => Some(response.clone()),
        None => responses::find(site, &case.response)?.map(|stored| stored.response),
    };
    // A response that does not read back keeps no case from being seen to.
    let Some(response) = response else { return Ok(()) };
    for event in events {
        emit(site, EventKind::Case(event, response.clone(), Box::new(case.clone())), Audience::All)?;
    }
    Ok(())
}

/// What the customer read when the case was resolved stays in the conversation.
fn keep_what_was_told(site: &mut Site<'_>, case: &Case) -> Result<(), SiteError> {
    let told = history(site, &case.id)?.into_iter().rev().find_map(|entry| match &entry.act {
        CaseAct::Resolved { resolution: Some(text) } => Some((text.clone(), entry)),
        _ => None,
    });
    told.map_or(Ok(()), |(text, entry)| conversations::keep_resolution(site, case, &entry, &text))
}

fn write(site: &Site<'_>, case: &Case, next_at: Option<heard_wire::Timestamp>) -> Result<(), SiteError> {
    const ACT: &str = "write a case";
    run(
        site.sql,
        ACT,
        "INSERT INTO cases (id, visitor, status, priority, assignee, document, opened_at, next_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET visitor = excluded.visitor, status = excluded.status,
             priority = excluded.priority, assignee = excluded.assignee, document = excluded.document,
             next_at = excluded.next_at",
        [
            Cell::from(case.id.as_str()),
            Cell::from(case.visitor.as_ref().map(VisitorId::as_str)),
            Cell::from(<&str>::from(case.status)),
            Cell::from(<&str>::from(case.priority)),
            Cell::from(case.assignee.as_ref().map(TeammateId::as_str)),
            Cell::json(ACT, case)?,
            Cell::from(case.opened_at),
            Cell::from(next_at),
        ],
    )?;
    for response in &case.responses {
        let params = [Cell::from(response.as_str()), Cell::from(case.id.as_str())];
        run(site.sql, ACT, "INSERT OR IGNORE INTO case_responses (response, case_id) VALUES (?, ?)", params)?;
    }
    Ok(())
}

/// Does something to a case, writes it down and tells of it.
pub(crate) fn change(site: &mut Site<'_>, case: &mut Case, what: Step) -> Result<(), Failure> {
    let policy = site.policy()?;
    let acts = step(case, what, site.context.now, &policy.calendar)?;
    let by = site.actor.clone();
    Ok(store(site, &policy, case, acts, &by, None)?)
}

/// The same to the case that a response belongs to, where there is one that is not closed; gives it.
pub(crate) fn change_of(site: &mut Site<'_>, response: &ResponseId, what: Step) -> Result<Option<Case>, Failure> {
    let Some(mut case) = latest_of(site, response)? else { return Ok(None) };
    if case.closed_at.is_some() {
        return Ok(None);
    }
    change(site, &mut case, what)?;
    Ok(Some(case))
}

/// Takes erased responses out of their cases. A case of none is gone; one that other answers of the customer belong to goes on for
/// them, without what staff and customer said around it, which may hold what was erased.
pub(crate) fn erase(site: &Site<'_>, ids: &[&str]) -> Result<(), SiteError> {
    const ACT: &str = "erase cases";
    let list = || Cell::json(ACT, &ids);
    let which = "SELECT DISTINCT c.id, c.document FROM case_responses r JOIN cases c ON c.id = r.case_id
         WHERE r.response IN (SELECT value FROM json_each(?))";
    for row in run(site.sql, ACT, which, [list()?])? {
        let mut columns = Columns::of(row, ACT);
        let id = columns.text()?;
        let left: Option<Case> = columns.json().ok().and_then(|case| without(case, ids));
        let id = || Cell::from(id.as_str());
        match left {
            Some(case) => {
                write(site, &case, next_tick(&case, site.policy()?.close_after()))?;
                let words = "DELETE FROM case_history WHERE case_id = ? AND entry ->> '$.act.kind'
                     IN ('noted', 'called', 'judged', 'resolved', 'explained')";
                run(site.sql, ACT, words, [id()])?;
            }
            None => {
                run(site.sql, ACT, "DELETE FROM case_history WHERE case_id = ?", [id()])?;
                run(site.sql, ACT, "DELETE FROM cases WHERE id = ?", [id()])?;
            }
        }
    }
    let belonging = "DELETE FROM case_responses WHERE response IN (SELECT value FROM json_each(?))";
    run(site.sql, ACT, belonging, [list()?]).map(drop)
}

/// What is left of a case without these answers, if anything is.
fn without(mut case: Case, ids: &[&str]) -> Option<Case> {
    case.responses.retain(|response| !ids.contains(&response.as_str()));
    if !case.responses.contains(&case.response) {
        case.response = case.responses.first()?.clone();
    }
    (case.root_cause, case.resolution) = (None, None);
    if let Some(verdict) = &mut case.verdict {
        verdict.why = None;
    }
    case.recovery = case.recovery.filter(|pair| !ids.contains(&pair.response.as_str()));
    case.revision += 1;
    Some(case)
}

/// Cases with their history after a row, for a copy of the site.
pub(crate) fn export(site: &Site<'_>, after: i64, limit: usize) -> Result<Vec<(i64, BackupRecord)>, SiteError> {
    const ACT: &str = "export the cases";
    let statement = "SELECT number, document FROM cases WHERE number > ? ORDER BY number LIMIT ?";
    let rows = run(site.sql, ACT, statement, [Cell::from(after), Cell::count(limit.min(100))])?;
    let read = |row| {
        let mut columns = Columns::of(row, ACT);
        let (number, case): (i64, Case) = (columns.integer()?, columns.json()?);
        let history = history(site, &case.id)?;
        Ok((number, BackupRecord::Case { case: Box::new(case), history }))
    };
    rows.into_iter().map(read).collect()
}

/// What happened to a case, in order.
pub(crate) fn history(site: &Site<'_>, id: &CaseId) -> Result<Vec<CaseEntry>, SiteError> {
    const ACT: &str = "read what happened to a case";
    let statement = "SELECT id, entry FROM case_history WHERE case_id = ? ORDER BY id";
    let rows = query(site.sql, ACT, statement, vec![Cell::from(id.as_str())])?;
    let mut entries = Vec::new();
    for row in rows {
        let mut columns = Columns::of(row, ACT);
        let id = columns.integer()?;
        // An act that a later release knows is left out.
        if let Ok(entry) = columns.json::<CaseEntry>() {
            entries.push(CaseEntry { id, ..entry });
        }
    }
    Ok(entries)
}

/// Takes a case in as it was elsewhere.
pub(crate) fn restore(site: &Site<'_>, case: &Case, history: &[CaseEntry]) -> Result<(), SiteError> {
    const ACT: &str = "import a case";
    write(site, case, next_tick(case, site.policy()?.close_after()))?;
    run(site.sql, ACT, "DELETE FROM case_history WHERE case_id = ?", [Cell::from(case.id.as_str())])?;
    for entry in history {
        let params = [Cell::from(case.id.as_str()), Cell::json(ACT, entry)?];
        run(site.sql, ACT, "INSERT INTO case_history (case_id, entry) VALUES (?, ?)", params)?;
    }
    Ok(())
}

/// Takes a person in as they were elsewhere.
pub(crate) fn restore_person(site: &Site<'_>, person: &Teammate) -> Result<(), SiteError> {
    const ACT: &str = "import a person";
    let params = [Cell::from(person.id.as_str()), Cell::json(ACT, &person.settings)?, Cell::from(person.created_at)];
    run(site.sql, ACT, "INSERT OR REPLACE INTO people (id, settings, created_at) VALUES (?, ?, ?)", params).map(drop)
}
