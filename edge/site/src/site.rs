use crate::context::Context;
use crate::refusal::{Failure, Refusal, Thing};
use crate::store::{Cell, SiteError, Sql, one, scalar};
use crate::survey::Strangers;
use heard_wire::{Actor, ResponseId, Scope, SiteConfig, SiteId, Timestamp};
use std::cell::RefCell;

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
    /// Whether who asks is the owner.
    pub(crate) is_owner: bool,
    /// What who asks may do.
    pub(crate) allows: Scope,
    /// Whether who asks has a key.
    pub(crate) trusted: bool,
    /// Who asks, as the history of cases names them.
    pub(crate) actor: Actor,
    /// The answer whose customer asks.
    pub(crate) customer: Option<ResponseId>,
    /// What strangers have sent lately, where that is counted.
    pub(crate) strangers: Option<&'a RefCell<Strangers>>,
    /// From when on strangers need a token and a secret.
    pub(crate) strict_from: Timestamp,
    /// The place of the newest event there ever was.
    pub(crate) last_sequence: i64,
    /// Whether an endpoint looks at each event before it wants it.
    pub(crate) has_filters: bool,
}

/// The row of `site` holds how far events had come when the newest of them were taken away.
pub(crate) const OPEN: &str = "SELECT id, revision, strict_from,
         max(last_sequence, coalesce((SELECT max(sequence) FROM events), 0)),
         EXISTS (SELECT 1 FROM endpoints WHERE picky = 1 AND disabled_at IS NULL)
     FROM site";

pub(crate) const SETTINGS: &str = "SELECT settings FROM site";

impl<'a> Site<'a> {
    /// Opens the site whose tables these are; `None` when they hold none.
    ///
    /// # Errors
    /// When the row cannot be read.
    pub fn open(sql: &'a dyn Sql, context: Context<'a>) -> Result<Option<Self>, SiteError> {
        let Some(mut columns) = one(sql, "open the site", OPEN, [])? else { return Ok(None) };
        Ok(Some(Self {
            sql,
            context,
            id: columns.parsed()?,
            revision: columns.integer()?,
            reveals_secrets: false,
            is_owner: false,
            allows: Scope::Read,
            trusted: false,
            actor: Actor::Rule,
            customer: None,
            strangers: None,
            strict_from: columns.timestamp()?,
            last_sequence: columns.integer()?,
            has_filters: columns.integer()? != 0,
        }))
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
        let columns = one(self.sql, ACT, SETTINGS, [])?;
        let settings = columns.ok_or(SiteError::Unreadable { act: ACT })?.json()?;
        Ok(SiteConfig { id: self.id.clone(), revision: self.revision, settings })
    }
}
