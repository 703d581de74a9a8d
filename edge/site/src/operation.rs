//! What can be asked of a site: typed operations, of which each has its own reply.

use crate::outcome::done;
use crate::refusal::Failure;
use crate::site::Site;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Something that can be asked of a site.
pub trait Operation {
    /// What it answers when it is not refused.
    type Reply: Serialize + DeserializeOwned;

    /// Whether it writes.
    const EFFECT: Effect;

    /// Does it.
    ///
    /// # Errors
    /// A refusal, or a failure on our side; nothing of it may then be committed.
    fn carry_out(self, site: &mut Site<'_>) -> Result<Self::Reply, Failure>;

    /// Does it, and gives the outcome as JSON.
    ///
    /// # Errors
    /// As [`Operation::carry_out`].
    fn told(self, site: &mut Site<'_>) -> Result<String, Failure>
    where
        Self: Sized,
    {
        Ok(done(&self.carry_out(site)?)?)
    }
}

/// What an operation does to the tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Writes nothing.
    Reads,
    /// Writes what no chore of the alarm waits for.
    Counts,
    /// Writes, and there may be something to do for the alarm.
    Writes,
}
