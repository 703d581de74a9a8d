//! What the owner's people do to a case.

use crate::cases::machine::{Step, step};
use crate::cases::table::{self, known, store};
use crate::cases::{opening, people};
use crate::conversations;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses;
use crate::site::Site;
use crate::store::{Cell, scalar};
use heard_wire::http::IfMatch;
use heard_wire::{Call, Case, CaseAct, CaseEntry, CaseId, CasePatch, CaseStatus, NewCase, NewNote, Problem};
use serde::{Deserialize, Serialize};

/// Entries that a case's history can have from its people's notes and calls.
const MAX_ENTRIES: usize = 1_000;

/// Opens a case by hand.
#[derive(Debug, Serialize, Deserialize)]
pub struct OpenCase {
    /// As validated.
    pub new: NewCase,
}

impl Operation for OpenCase {
    type Reply = Case;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Case, Failure> {
        let NewCase { response, priority, assignee } = self.new;
        let stored = responses::find(site, &response)?.ok_or(Refusal::NotFound { thing: Thing::Response })?;
        if table::latest_of(site, &response)?.is_some_and(|case| case.status != CaseStatus::Closed) {
            return Err(Refusal::HasCase.into());
        }
        let assignee = assignee.map(|id| people::named(site, &id, "/assignee")).transpose()?;
        Ok(opening::opens_by_writing(site, &stored.response, "by hand", priority, assignee)?)
    }
}

/// Changes a case.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangeCase {
    /// Of the case.
    pub id: CaseId,
    /// What is to change.
    pub patch: CasePatch,
    /// Only where it is at one of these revisions.
    pub if_match: Option<IfMatch>,
}

impl Operation for ChangeCase {
    type Reply = Case;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Case, Failure> {
        let mut case = known(site, &self.id)?;
        check(&case, self.if_match.as_ref())?;
        let CasePatch { status, snoozed_until, assignee, priority, root_cause, resolution, outcome } = self.patch;
        if let Some(Some(assignee)) = &assignee {
            people::named(site, assignee, "/assignee")?;
        }
        // What is still being worked at is a note's.
        if resolution.is_some() && status.is_none() && case.status != CaseStatus::Resolved {
            let problem = Problem::of_field("/resolution", "must come with the status resolved, while the case is not");
            return Err(Refusal::Invalid { problem: Box::new(problem) }.into());
        }
        let was_resolved = case.resolution.clone();
        let mut steps = Vec::new();
        steps.extend(assignee.map(Step::Assign));
        steps.extend(priority.map(Step::Prioritise));
        steps.extend(root_cause.map(Step::Explain));
        let resolves = status == Some(CaseStatus::Resolved) || resolution.is_some();
        match (status, snoozed_until) {
            _ if resolves => steps.push(Step::Resolve(resolution)),
            (Some(CaseStatus::Open), _) => steps.push(Step::Open),
            (Some(CaseStatus::Waiting), _) => steps.push(Step::Wait),
            (Some(CaseStatus::Snoozed), Some(until)) => steps.push(Step::Snooze(until)),
            (Some(CaseStatus::Closed), _) => steps.push(Step::Close),
            _ => {}
        }
        steps.extend(outcome.map(Step::End));
        let policy = site.policy()?;
        let mut acts = Vec::new();
        for what in steps {
            acts.extend(step(&mut case, what, site.context.now, &policy.calendar)?);
        }
        // A request is one change, whatever it is made of.
        let by = site.actor.clone();
        let tells_customer =
            case.resolution != was_resolved || acts.iter().any(|act| matches!(act, CaseAct::Resolved { .. }));
        store(site, &policy, &case, acts, &by, None)?;
        // Without a word there is nothing to read.
        let has_words = case.resolution.is_some() || case.first_response_at.is_some();
        if tells_customer && has_words && case.status == CaseStatus::Resolved {
            conversations::note_resolution(site, &case)?;
        }
        Ok(case)
    }
}

/// Refuses where somebody else was faster.
pub(crate) fn check(case: &Case, if_match: Option<&IfMatch>) -> Result<(), Failure> {
    if if_match.is_none_or(|wanted| wanted.fits(case.revision)) {
        Ok(())
    } else {
        Err(Refusal::CaseChanged { revision: case.revision }.into())
    }
}

/// Writes something down for the owner's people alone.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddNote {
    /// Of the case.
    pub id: CaseId,
    /// As validated.
    pub note: NewNote,
}

impl Operation for AddNote {
    type Reply = CaseEntry;
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<CaseEntry, Failure> {
        const ACT: &str = "write a note";
        known(site, &self.id)?;
        has_room(site, &self.id)?;
        let entry = CaseEntry {
            id: 0,
            at: site.context.now,
            by: site.actor.clone(),
            act: CaseAct::Noted { text: self.note.text },
        };
        let params = [Cell::from(self.id.as_str()), Cell::json(ACT, &entry)?];
        let id = scalar(site.sql, ACT, "INSERT INTO case_history (case_id, entry) VALUES (?, ?) RETURNING id", params)?;
        Ok(CaseEntry { id: id.unwrap_or_default(), ..entry })
    }
}

fn has_room(site: &Site<'_>, id: &CaseId) -> Result<(), Failure> {
    let counting = "SELECT count(*) FROM case_history WHERE case_id = ?";
    site.has_room(Thing::CaseEntry, MAX_ENTRIES, counting, [Cell::from(id.as_str())])
}

/// Logs a call to the customer.
#[derive(Debug, Serialize, Deserialize)]
pub struct LogCall {
    /// Of the case.
    pub id: CaseId,
    /// As validated.
    pub call: Call,
}

impl Operation for LogCall {
    type Reply = Case;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Case, Failure> {
        let mut case = known(site, &self.id)?;
        has_room(site, &self.id)?;
        table::change(site, &mut case, Step::Call(self.call))?;
        Ok(case)
    }
}
