//! Looking at what was put aside.

use crate::cases;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses::{Beside, stored};
use crate::site::Site;
use crate::webhooks::{Audience, emit};
use heard_wire::{EventKind, ResponseId, Standing, StoredResponse, Suspicion};
use serde::{Deserialize, Serialize};

/// Lets a response count, or puts it aside.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReviewResponse {
    /// Of the response.
    pub id: ResponseId,
    /// What it is from now on.
    pub standing: Standing,
}

impl Operation for ReviewResponse {
    type Reply = StoredResponse;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<StoredResponse, Failure> {
        let kept = stored::find_kept(site, &self.id)?.ok_or(Refusal::NotFound { thing: Thing::Response })?;
        let (mut stored, told) = (kept.stored, kept.told);
        // What the customer says later was not looked at.
        let cleared = match self.standing {
            Standing::Counted => stored.response.suspect.clone(),
            Standing::Suspect | Standing::Test => Vec::new(),
        };
        let before = stored.response.standing();
        if before == self.standing {
            return Ok(stored);
        }
        stored.response.updated_at = site.context.now;
        stored.response.test = self.standing == Standing::Test;
        stored.response.suspect = match self.standing {
            Standing::Suspect => vec![Suspicion::ByOwner],
            Standing::Counted | Standing::Test => Vec::new(),
        };
        stored::write(site, &stored, &Beside { told, cleared, ..Beside::default() })?;
        let response = &stored.response;
        match (before, self.standing) {
            // Whoever waits for answers has not heard of this one.
            (_, Standing::Counted) => {
                let completed = response.completed_at.map(|_| EventKind::ResponseCompleted(response.clone()));
                for kind in [Some(EventKind::ResponseScored(response.clone())), completed].into_iter().flatten() {
                    emit(site, kind, Audience::All)?;
                }
                let complete = response.completed_at.is_some();
                if let Some(considered) = complete.then(|| cases::consider(site, response, None)).transpose()?.flatten()
                {
                    considered.store(site, response)?;
                }
            }
            (Standing::Counted, _) => {
                emit(site, EventKind::ResponseUpdated(response.clone()), Audience::WhoHeardOfIt)?;
            }
            _ => {}
        }
        Ok(stored)
    }
}
