//! How a call ended, as it travels.

use crate::refusal::Refusal;
use crate::store::SiteError;
use serde::{Deserialize, Serialize};

/// What a site's object answers.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome<R> {
    /// It is done.
    Done(R),
    /// It is refused.
    Refused(Refusal),
}

/// An outcome that is good, as JSON.
pub(crate) fn done(reply: &impl Serialize) -> Result<String, SiteError> {
    written(&Outcome::Done(reply))
}

/// The same of a refusal.
pub(crate) fn refused(refusal: Refusal) -> Result<String, SiteError> {
    written(&Outcome::<()>::Refused(refusal))
}

fn written(outcome: &impl Serialize) -> Result<String, SiteError> {
    serde_json::to_string(outcome).map_err(|source| SiteError::Json { act: "write a reply", source })
}
