use crate::context::Context;
use crate::refusal::{Failure, Refusal, Thing};
use crate::store::{Cell, SiteError, Sql, one, scalar};
use heard_wire::{SiteConfig, SiteId};

/// One site, opened for one call or one chore.
pub struct Site<'a> {
    pub(crate) sql: &'a dyn Sql,
    pub(crate) context: Context<'a>,
    /// Its id, by which events name it.
    pub id: SiteId,
    /// The revision of its settings.
    pub revision: i64,
    /// Whether who asks may see the secrets of endpoints.
    pub(crate) reveals_secrets: bool,
}

impl<'a> Site<'a> {
    /// Opens the site whose tables these are; `None` when they hold none.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn open(sql: &'a dyn Sql, context: Context<'a>) -> Result<Option<Self>, SiteError> {
        let Some(mut columns) = one(sql, "open the site", "SELECT id, revision FROM site", [])? else {
            return Ok(None);
        };
        let (id, revision) = (columns.parsed()?, columns.integer()?);
        Ok(Some(Self { sql, context, id, revision, reveals_secrets: false }))
    }

    /// Refuses where a statement counts as many things of a kind as there can be.
    pub(crate) fn has_room<const N: usize>(
        &self,
        thing: Thing,
        most: usize,
        counting: &str,
        params: [Cell; N],
    ) -> Result<(), Failure> {
        let count = scalar(self.sql, "look for room", counting, params)?.unwrap_or(0);
        if usize::try_from(count).is_ok_and(|count| count < most) {
            Ok(())
        } else {
            Err(Refusal::Full { thing, most }.into())
        }
    }

    /// The settings, with the revision they are at.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn config(&self) -> Result<SiteConfig, SiteError> {
        const ACT: &str = "read the site's settings";
        let columns = one(self.sql, ACT, "SELECT settings FROM site", [])?;
        let settings = columns.ok_or(SiteError::Unreadable { act: ACT })?.json()?;
        Ok(SiteConfig { id: self.id.clone(), revision: self.revision, settings })
    }
}
