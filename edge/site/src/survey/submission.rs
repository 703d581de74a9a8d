//! Storing what a customer answers.

use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::responses;
use crate::site::Site;
use crate::webhooks::{Audience, emit};
use heard_wire::{
    Acknowledgement, Analysis, EventKind, Response, SiteConfig, SiteId, StoredResponse, Submission, Timestamp,
    reference_of,
};
use serde::{Deserialize, Serialize};

/// Stores a submission and the events it gives rise to.
///
/// The highest revision wins; a replay or an older revision changes nothing and answers with what is stored. A comment
/// once sent is kept when a later revision brings none: absent means "not said", never "unsaid".
#[derive(Debug, Serialize, Deserialize)]
pub struct Submit {
    /// As validated.
    pub submission: Submission,
    /// What listening found.
    pub heard: Option<Analysis>,
    /// What to show.
    pub acknowledgement: Acknowledgement,
    /// The revision of the settings that listening used.
    pub settings_revision: i64,
}

/// How a submission ended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Submitted {
    /// The answer is stored.
    Stored(Box<StoredResponse>),
    /// Nothing is stored: listening used settings that have changed meanwhile, to these.
    Stale(Box<SiteConfig>),
}

impl Operation for Submit {
    type Reply = Submitted;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Submitted, Failure> {
        if self.settings_revision != site.revision {
            return Ok(Submitted::Stale(Box::new(site.config()?)));
        }
        let before = responses::find(site, &self.submission.id)?;
        if let Some(stored) = &before
            && self.submission.revision <= stored.response.revision
        {
            return Ok(Submitted::Stored(Box::new(stored.clone())));
        }
        let listened = self.submission.comment.as_ref().map(|_| site.revision);
        let after = self.merged(site.context.now, &site.id, before.as_ref());
        responses::write(site, &after, listened)?;
        for event in events_between(before.map(|stored| stored.response).as_ref(), &after.response) {
            emit(site, event, Audience::All)?;
        }
        Ok(Submitted::Stored(Box::new(after)))
    }
}

impl Submit {
    fn merged(self, now: Timestamp, site: &SiteId, before: Option<&StoredResponse>) -> StoredResponse {
        let Self { submission, heard, acknowledgement, .. } = self;
        let earlier = before.map(|stored| &stored.response);
        let comment_is_new = submission.comment.is_some();
        let acknowledgement = match before {
            Some(stored) if !comment_is_new && stored.response.comment.is_some() => stored.acknowledgement.clone(),
            _ => acknowledgement,
        };
        let response = Response {
            reference: reference_of(&submission.id),
            id: submission.id,
            site: site.clone(),
            revision: submission.revision,
            score: submission.score,
            band: submission.score.band(),
            page: submission.page,
            lang: submission.lang,
            created_at: earlier.map_or(now, |response| response.created_at),
            updated_at: now,
            completed_at: earlier.and_then(|response| response.completed_at).or_else(|| comment_is_new.then_some(now)),
            comment: submission.comment.or_else(|| earlier.and_then(|response| response.comment.clone())),
            visitor: submission.visitor.or_else(|| earlier.and_then(|response| response.visitor.clone())),
            heard: if comment_is_new { heard } else { earlier.and_then(|response| response.heard.clone()) },
        };
        StoredResponse { response, acknowledgement }
    }
}

fn events_between(before: Option<&Response>, after: &Response) -> Vec<EventKind> {
    let scored = before.is_none().then(|| EventKind::ResponseScored(after.clone()));
    let was_complete = before.is_some_and(|response| response.completed_at.is_some());
    let said_otherwise =
        before.is_some_and(|response| response.score != after.score || response.comment != after.comment);
    let then = match (was_complete, after.completed_at.is_some()) {
        (false, true) => Some(EventKind::ResponseCompleted(after.clone())),
        (true, _) if said_otherwise => Some(EventKind::ResponseUpdated(after.clone())),
        _ => None,
    };
    scored.into_iter().chain(then).collect()
}
