use crate::cases::table;
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::site::Site;
use heard_wire::{CaseEntry, CaseId, List};
use serde::{Deserialize, Serialize};

/// What happened to a case, oldest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListHistory {
    /// Of the case.
    pub id: CaseId,
}

impl Operation for ListHistory {
    type Reply = List<CaseEntry>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<List<CaseEntry>, Failure> {
        table::known(site, &self.id)?;
        Ok(List { items: table::history(site, &self.id)? })
    }
}
