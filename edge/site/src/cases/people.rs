//! The owner's people, who answer customers.

use crate::improving;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::site::Site;
use crate::sites;
use crate::store::{Cell, Columns, SiteError, one, run};
use heard_wire::{BackupRecord, List, NewTeammate, Problem, Teammate, TeammateId, TeammatePatch};
use serde::{Deserialize, Serialize};

/// People of a site.
const MAX_PEOPLE: usize = 200;

/// Adds a person.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddTeammate {
    /// As validated.
    pub new: NewTeammate,
}

impl Operation for AddTeammate {
    type Reply = Teammate;
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Teammate, Failure> {
        site.has_room(Thing::Teammate, MAX_PEOPLE, "SELECT count(*) FROM people", [])?;
        let id = TeammateId::from_random((site.context.random)());
        let person = Teammate { id, settings: self.new, created_at: site.context.now };
        super::restore_person(site, &person)?;
        Ok(person)
    }
}

/// All people, by name.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListPeople {}

impl Operation for ListPeople {
    type Reply = List<Teammate>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<List<Teammate>, Failure> {
        let mut items = all(site)?;
        items.sort_by(|one, other| one.settings.name.cmp(&other.settings.name));
        Ok(List { items })
    }
}

/// Changes a person.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangeTeammate {
    /// Of the person.
    pub id: TeammateId,
    /// What is to change.
    pub patch: TeammatePatch,
}

impl Operation for ChangeTeammate {
    type Reply = Teammate;
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Teammate, Failure> {
        const ACT: &str = "change a person";
        let person = known(site, &self.id)?;
        let changed = self.patch.applied_to(&person.settings);
        let settings = changed.map_err(|problem| Refusal::Invalid { problem: Box::new(problem) })?;
        let params = [Cell::json(ACT, &settings)?, Cell::from(self.id.as_str())];
        run(site.sql, ACT, "UPDATE people SET settings = ? WHERE id = ?", params)?;
        Ok(Teammate { settings, ..person })
    }
}

/// Removes a person. What they wrote stays signed; their keys are revoked, their cases are nobody's, and no rule names them.
#[derive(Debug, Serialize, Deserialize)]
pub struct RemoveTeammate {
    /// Of the person.
    pub id: TeammateId,
}

impl Operation for RemoveTeammate {
    type Reply = ();
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        const ACT: &str = "remove a person";
        let id = || Cell::from(self.id.as_str());
        if one(site.sql, ACT, "DELETE FROM people WHERE id = ? RETURNING id", [id()])?.is_none() {
            return Err(Refusal::NotFound { thing: Thing::Teammate }.into());
        }
        run(site.sql, ACT, "DELETE FROM keys WHERE person = ?", [id()])?;
        improving::disown(site, &self.id)?;
        sites::forget_teammate(site, &self.id)?;
        let theirs = "SELECT document FROM cases WHERE assignee = ? AND status NOT IN ('closed')";
        for row in run(site.sql, ACT, theirs, [id()])? {
            let Ok(mut case) = Columns::of(row, ACT).json() else { continue };
            super::change(site, &mut case, super::Step::Assign(None))?;
        }
        Ok(())
    }
}

/// Everybody, oldest first.
pub(crate) fn all(site: &Site<'_>) -> Result<Vec<Teammate>, SiteError> {
    const ACT: &str = "list the people";
    let statement = "SELECT id, settings, created_at FROM people ORDER BY created_at, id";
    run(site.sql, ACT, statement, [])?.into_iter().map(|row| read(Columns::of(row, ACT))).collect()
}

/// One person.
pub(crate) fn find(site: &Site<'_>, id: &TeammateId) -> Result<Option<Teammate>, SiteError> {
    let statement = "SELECT id, settings, created_at FROM people WHERE id = ?";
    one(site.sql, "find a person", statement, [Cell::from(id.as_str())])?.map(read).transpose()
}

/// The same where they must be there.
pub(crate) fn known(site: &Site<'_>, id: &TeammateId) -> Result<Teammate, Failure> {
    find(site, id)?.ok_or_else(|| Refusal::NotFound { thing: Thing::Teammate }.into())
}

/// The same where a body names them.
pub(crate) fn named(site: &Site<'_>, id: &TeammateId, pointer: &str) -> Result<Teammate, Failure> {
    let unknown = || Refusal::Invalid {
        problem: Box::new(Problem::of_field(pointer, "must be the id of one of the site's people")),
    };
    find(site, id)?.ok_or_else(|| unknown().into())
}

/// Everybody, for a copy of the site.
pub(crate) fn export(site: &Site<'_>) -> Result<Vec<BackupRecord>, SiteError> {
    Ok(all(site)?.into_iter().map(BackupRecord::Teammate).collect())
}

fn read(mut columns: Columns) -> Result<Teammate, SiteError> {
    Ok(Teammate { id: columns.parsed()?, settings: columns.json()?, created_at: columns.timestamp()? })
}
