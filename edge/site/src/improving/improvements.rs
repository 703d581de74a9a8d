//! Improvements: items above cases and ideas.

use super::{audience, evidence};
use crate::cases;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, run};
use crate::webhooks::{Audience, emit};
use heard_wire::http::IfMatch;
use heard_wire::{
    EventKind, Improvement, ImprovementId, ImprovementPatch, ImprovementStatus, List, NewImprovement, TeammateId,
};
use serde::{Deserialize, Serialize};

/// Improvements of a site.
const MAX_IMPROVEMENTS: usize = 200;
/// Ids of answers that an event tells.
const TOLD: usize = 20;

/// Adds an improvement.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddImprovement {
    /// As validated.
    pub new: NewImprovement,
}

impl Operation for AddImprovement {
    type Reply = Improvement;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Improvement, Failure> {
        site.has_room(Thing::Improvement, MAX_IMPROVEMENTS, "SELECT count(*) FROM improvements", [])?;
        check_owner(site, &self.new)?;
        audience::check_theme(site, &self.new.audience)?;
        let now = site.context.now;
        let is_done = self.new.status == ImprovementStatus::Completed;
        let improvement = Improvement {
            id: ImprovementId::from_random((site.context.random)()),
            settings: self.new,
            created_at: now,
            updated_at: now,
            completed_at: is_done.then_some(now),
            evidence: None,
        };
        restore(site, &improvement)?;
        tell(site, improvement)
    }
}

/// All improvements, those changed last first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListImprovements {}

impl Operation for ListImprovements {
    type Reply = List<Improvement>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<List<Improvement>, Failure> {
        Ok(List { items: all(site)? })
    }
}

/// One improvement.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadImprovement {
    /// Its id.
    pub id: ImprovementId,
}

impl Operation for ReadImprovement {
    type Reply = Improvement;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Improvement, Failure> {
        let improvement = known(site, &self.id)?;
        Ok(with_evidence(site, improvement)?)
    }
}

/// Changes an improvement.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangeImprovement {
    /// Its id.
    pub id: ImprovementId,
    /// What is to change.
    pub patch: ImprovementPatch,
    /// Only where it is at one of these revisions.
    #[serde(default)]
    pub if_match: Option<IfMatch>,
}

impl Operation for ChangeImprovement {
    type Reply = Improvement;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Improvement, Failure> {
        let before = known(site, &self.id)?;
        let revision = before.revision();
        if self.if_match.is_some_and(|wanted| !wanted.fits(revision)) {
            return Err(Refusal::ImprovementChanged { revision }.into());
        }
        let changed = self.patch.applied_to(&before.settings);
        let settings = changed.map_err(|problem| Refusal::Invalid { problem: Box::new(problem) })?;
        if settings == before.settings {
            return Ok(with_evidence(site, before)?);
        }
        if settings.owner != before.settings.owner {
            check_owner(site, &settings)?;
        }
        if settings.audience.theme != before.settings.audience.theme {
            audience::check_theme(site, &settings.audience)?;
        }
        let now = site.context.now;
        let completed_at = match settings.status {
            ImprovementStatus::Completed => before.completed_at.or(Some(now)),
            _ => None,
        };
        // Later than before, also within a millisecond: by it the next change is told from this one.
        let updated_at = now.max(before.updated_at.plus_millis(1));
        let improvement = Improvement { settings, updated_at, completed_at, ..before };
        restore(site, &improvement)?;
        tell(site, improvement)
    }
}

/// Removes an improvement. What was announced about it stays.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveImprovement {
    /// Its id.
    pub id: ImprovementId,
}

impl Operation for RemoveImprovement {
    type Reply = ();
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        let statement = "DELETE FROM improvements WHERE id = ? RETURNING id";
        let gone = one(site.sql, "remove an improvement", statement, [Cell::from(self.id.as_str())])?;
        if gone.is_some() { Ok(()) } else { Err(Refusal::NotFound { thing: Thing::Improvement }.into()) }
    }
}

fn check_owner(site: &Site<'_>, settings: &NewImprovement) -> Result<(), Failure> {
    settings.owner.as_ref().map_or(Ok(()), |owner| cases::named_teammate(site, owner, "/owner").map(drop))
}

/// Tells the endpoints how an improvement stands, and gives it.
fn tell(site: &mut Site<'_>, improvement: Improvement) -> Result<Improvement, Failure> {
    let improvement = with_evidence(site, improvement)?;
    emit(site, EventKind::ImprovementChanged(Box::new(shortened(improvement.clone()))), Audience::All)?;
    Ok(improvement)
}

/// With as many ids as an event holds.
pub(super) fn shortened(mut improvement: Improvement) -> Improvement {
    improvement.settings.audience.responses.truncate(TOLD);
    improvement
}

pub(super) fn with_evidence(site: &Site<'_>, improvement: Improvement) -> Result<Improvement, SiteError> {
    let evidence = evidence::of(site, &improvement.settings.audience, improvement.completed_at)?;
    Ok(Improvement { evidence: Some(evidence), ..improvement })
}

/// All, those changed last first, as they are kept: without what stands behind them.
pub(crate) fn all(site: &Site<'_>) -> Result<Vec<Improvement>, SiteError> {
    const ACT: &str = "list the improvements";
    let statement = "SELECT document FROM improvements ORDER BY updated_at DESC, id";
    // One of a later release hides no other.
    Ok(run(site.sql, ACT, statement, [])?.into_iter().filter_map(|row| Columns::of(row, ACT).json().ok()).collect())
}

fn known(site: &Site<'_>, id: &ImprovementId) -> Result<Improvement, Failure> {
    let statement = "SELECT document FROM improvements WHERE id = ?";
    let found = one(site.sql, "find an improvement", statement, [Cell::from(id.as_str())])?;
    let found = found.map(|mut columns| columns.json()).transpose()?;
    found.ok_or_else(|| Refusal::NotFound { thing: Thing::Improvement }.into())
}

/// Whether there is such an improvement.
pub(super) fn exists(site: &Site<'_>, id: &ImprovementId) -> Result<bool, SiteError> {
    let statement = "SELECT count(*) FROM improvements WHERE id = ?";
    Ok(audience::number(site, statement, vec![Cell::from(id.as_str())])? > 0)
}

/// Leaves the improvements of a person who goes to nobody.
pub(crate) fn disown(site: &Site<'_>, person: &TeammateId) -> Result<(), SiteError> {
    for mut improvement in
        all(site)?.into_iter().filter(|improvement| improvement.settings.owner.as_ref() == Some(person))
    {
        improvement.settings.owner = None;
        restore(site, &improvement)?;
    }
    Ok(())
}

/// Writes one down as it is.
pub(crate) fn restore(site: &Site<'_>, improvement: &Improvement) -> Result<(), SiteError> {
    const ACT: &str = "write an improvement";
    let kept = Improvement { evidence: None, ..improvement.clone() };
    let params = [
        Cell::from(kept.id.as_str()),
        Cell::json(ACT, &kept)?,
        Cell::from(kept.created_at),
        Cell::from(kept.updated_at),
        Cell::from(kept.completed_at),
    ];
    let statement = "INSERT OR REPLACE INTO improvements (id, document, created_at, updated_at, completed_at)
         VALUES (?, ?, ?, ?, ?)";
    run(site.sql, ACT, statement, params).map(drop)
}
