//! Storing what a customer answers.

use crate::cases::{self, Considered};
use crate::conversations;
use crate::improving;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal};
use crate::responses::{self, Beside, Kept};
use crate::site::Site;
use crate::sites::vouches;
use crate::store::{Cell, SiteError, scalar};
use crate::survey::sender::Sender;
use crate::survey::strangers::until_next_hour;
use crate::webhooks::{Audience, emit};
use heard_wire::{
    Acknowledgement, Analysis, Answers, Ask, Contact, EventKind, Limits, Rate, Response, ResponseId, Score, SiteConfig,
    Standing, StoredResponse, Submission, Suspicion, ThreadStub, Timestamp, VisitorId, reference_of,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Stores a submission and the events it gives rise to.
///
/// The highest revision wins; a replay or an older revision changes nothing and answers with what is stored. A comment
/// once sent is kept when a later revision brings none: absent means "not said", never "unsaid". A stranger changes only an
/// answer whose secret they know, and what looks wrong about how they sent it is kept apart.
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
    /// A stranger as the Worker saw them; who brought a key is trusted. `None` from a Worker of an earlier release, which
    /// knows of no token and no secret.
    #[serde(default)]
    pub sender: Option<Sender>,
    /// Whether it answers what the reply before asked back for.
    #[serde(default)]
    pub is_follow_up: bool,
    /// Whether the customer wants an answer at all: somebody who declines is promised none.
    #[serde(default = "yes")]
    pub wants_answer: bool,
}

const fn yes() -> bool {
    true
}

/// How a submission ended.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Submitted {
    /// The answer is stored.
    Stored(Box<Accepted>),
    /// Nothing is stored: listening used settings that have changed meanwhile, to these.
    Stale(Box<SiteConfig>),
}

/// An answer that is stored.
#[derive(Debug, Serialize, Deserialize)]
pub struct Accepted {
    /// As it is now.
    #[serde(flatten)]
    pub stored: StoredResponse,
    /// How much more the sender's address may send.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rate: Option<Rate>,
    /// Where the conversation about it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thread: Option<ThreadStub>,
}

/// Answers of strangers that are put aside in a day.
pub const APART_A_DAY: i64 = 2_000;
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Events that the revisions of one answer cause at most.
const MAX_TOLD: i64 = 20;

/// Words that come so soon after the score were not typed after it.
const TYPING: Duration = Duration::from_millis(250);
/// Fewer characters than these may be anything.
const TYPED: usize = 20;

impl Operation for Submit {
    type Reply = Submitted;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Submitted, Failure> {
        if self.settings_revision != site.revision {
            return Ok(Submitted::Stale(Box::new(site.config()?)));
        }
        let rate = if site.trusted { None } else { self.take_in(site)? };
        let id = self.submission.id.clone();
        // Whoever knows the secret: it is their conversation.
        let has_secret = self.submission.secret.is_some();
        let accepted = |site: &Site<'_>, stored| {
            let thread = if has_secret { conversations::stub(site, &id)? } else { None };
            Ok(Submitted::Stored(Box::new(Accepted { stored, rate, thread })))
        };
        let before = responses::find_kept(site, &self.submission.id)?;
        if before.is_none() && responses::is_erased(site, &self.submission.id)? {
            return Err(Refusal::Erased.into());
        }
        if let Some(kept) = &before {
            if !self.may_change(site, kept) {
                // Who tells all of it learns nothing.
                return if self.says_the_same(&kept.stored.response) {
                    Ok(Submitted::Stored(Box::new(Accepted { stored: kept.stored.clone(), rate, thread: None })))
                } else {
                    Err(Refusal::WrongSecret.into())
                };
            }
            if self.submission.revision <= kept.stored.response.revision {
                return accepted(site, kept.stored.clone());
            }
        }
        let suspicions = self.suspicions(site, before.as_ref());
        let is_test = self.submission.test;
        if before.is_none() && !site.trusted && (is_test || !suspicions.is_empty()) {
            self.find_room_apart(site)?;
        }
        let stored = self.store(site, before, suspicions)?;
        accepted(site, stored)
    }
}

impl Submit {
    fn address(&self) -> Option<&str> {
        self.sender.as_ref()?.address.as_deref()
    }

    /// Counts a stranger's request, or refuses it.
    fn take_in(&self, site: &Site<'_>) -> Result<Option<Rate>, Failure> {
        let Some(strangers) = site.strangers else { return Ok(None) };
        let bytes = self.submission.comment.as_ref().map_or(0, String::len);
        let taken = strangers.borrow_mut().request(site.context.now, self.address(), bytes);
        taken.map_err(|rate| Refusal::TooMany { rate }.into())
    }

    /// Who begins an answer may change it. One that was begun without a secret, by a page that was open when the site was
    /// upgraded, can still be changed for a day.
    fn may_change(&self, site: &Site<'_>, kept: &Kept) -> bool {
        site.trusted
            || kept.opens_with(self.submission.secret.as_ref())
            || !kept.has_secret() && (self.sender.is_none() || !is_strict(site))
    }

    fn says_the_same(&self, stored: &Response) -> bool {
        let Submission { revision, score, comment, page, lang, visitor, contact, answers, .. } = &self.submission;
        (*revision, *score, comment, page, lang)
            == (stored.revision, stored.score, &stored.comment, &stored.page, &stored.lang)
            && (visitor, contact, answers) == (&stored.visitor, &stored.contact, &stored.answers)
    }

    /// What looks wrong about an answer, with this revision.
    fn suspicions(&self, site: &Site<'_>, before: Option<&Kept>) -> Vec<Suspicion> {
        if site.trusted {
            return Vec::new();
        }
        let earlier = before.map(|kept| &kept.stored.response);
        if let Some(earlier) = earlier.filter(|earlier| earlier.standing() == Standing::Suspect) {
            return earlier.suspect.clone();
        }
        let cleared = before.map(|kept| kept.cleared.as_slice()).unwrap_or_default();
        let mut found: Vec<Suspicion> = self.sender.iter().flat_map(|sender| &sender.suspicions).copied().collect();
        // A token and a challenge are good for a time, and for once: they count for the beginning. The rest must hold always.
        found.retain(|suspicion| match suspicion {
            // What the owner let count did so as it was.
            again if cleared.contains(again) => true,
            Suspicion::NoToken => earlier.is_none() && is_strict(site),
            Suspicion::ChallengeFailed => earlier.is_none(),
            _ => true,
        });
        let began = earlier.map(|earlier| earlier.created_at);
        // Nobody says why before the score; and after it, not in an instant.
        let instant = began.is_none_or(|began| site.context.now.since(began) < TYPING);
        let says_much = self.submission.comment.as_ref().is_some_and(|comment| comment.chars().count() >= TYPED);
        let is_first_comment = earlier.is_none_or(|earlier| earlier.comment.is_none());
        // A phone that was offline sends its words first, as a later revision.
        if instant && says_much && is_first_comment && (began.is_some() || self.submission.revision == 1) {
            found.push(Suspicion::TooFast);
        }
        if found.is_empty() && earlier.is_none() && !self.submission.test {
            let limit = self.sender.as_ref().map(|sender| sender.answers_per_address).filter(|limit| *limit > 0);
            let limit = limit.unwrap_or(Limits::default().answers_per_address);
            let address = self.address();
            let counts = site.strangers.is_none_or(|sent| sent.borrow_mut().answer_counts(address, limit));
            if !counts {
                found.push(Suspicion::TooMany);
            }
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What is put aside has a bound, by number and by bytes, so that nobody fills the site.
    fn find_room_apart(&self, site: &Site<'_>) -> Result<(), Failure> {
        let now: Timestamp = site.context.now;
        let counting = "SELECT count(*) FROM responses WHERE standing IN ('suspect', 'test')
             AND created_at > ?";
        let apart = scalar(site.sql, "count what is put aside", counting, [Cell::from(now - DAY)])?.unwrap_or(0);
        let bytes = self.submission.comment.as_ref().map_or(0, String::len);
        let address = self.address();
        let fits = site.strangers.is_none_or(|sent| sent.borrow_mut().has_room_apart(address, bytes));
        if apart < APART_A_DAY && fits {
            return Ok(());
        }
        let rate = Rate { limit: 0, remaining: 0, resets_in: until_next_hour(now) };
        Err(Refusal::TooMany { rate }.into())
    }

    fn store(
        self,
        site: &mut Site<'_>,
        before: Option<Kept>,
        suspicions: Vec<Suspicion>,
    ) -> Result<StoredResponse, Failure> {
        let earlier = self.earlier(site)?;
        let is_vouched = self.is_vouched_for(site)?;
        let wants_answer = self.wants_answer;
        let is_follow_up = self.is_follow_up;
        let is_said = self.submission.comment.is_some();
        let listened = self.submission.comment.as_ref().map(|_| site.revision);
        let secret = self.submission.secret.as_ref();
        let secret_hash =
            if site.trusted { Some(responses::hash_with_key(secret)) } else { secret.map(responses::hash) };
        let told = before.as_ref().map_or(0, |kept| kept.told);
        let (before, cleared) = before.map_or((None, Vec::new()), |kept| (Some(kept.stored), kept.cleared));
        let cleared = if site.trusted { Vec::new() } else { cleared };
        let mut after = self.merged(site, before.as_ref());
        after.response.suspect = suspicions;
        after.response.visitor_verified |= is_vouched;
        let is_complete = after.response.completed_at.is_some();
        let considered = if is_complete { cases::consider(site, &after.response, earlier.as_ref())? } else { None };
        let was_complete = before.as_ref().is_some_and(|before| before.response.completed_at.is_some());
        let is_reached = wants_answer && after.response.has_words();
        Considered::promise(considered.as_ref(), is_reached, &mut after.acknowledgement);
        let before = before.map(|stored| stored.response);
        let asked = after.acknowledgement.ask.filter(|_| is_said).map(<&str>::from);
        let heard_before = before.as_ref().and_then(|before| before.heard.as_ref());
        let added =
            is_follow_up.then(|| after.response.heard.as_ref().is_some_and(|now| tells_more(heard_before, now)));
        let counted = before.as_ref().is_some_and(|before| before.standing() == Standing::Counted);
        let is_withdrawn = counted && after.response.standing() != Standing::Counted;
        // Whoever waits for answers has not heard of one that counts only now.
        let told_before = before.as_ref().filter(|_| counted || after.response.standing() != Standing::Counted);
        let events = match is_withdrawn {
            true => vec![EventKind::ResponseUpdated(after.response.clone())],
            false => events_between(told_before, &after.response),
        };
        let events: Vec<EventKind> = events.into_iter().filter(|_| is_withdrawn || told < MAX_TOLD).collect();
        let told = told + i64::try_from(events.len()).unwrap_or(0);
        responses::write(site, &after, &Beside { listened, secret_hash, told, cleared, earlier, asked, added })?;
        for event in events {
            emit(site, event, if is_withdrawn { Audience::WhoHeardOfIt } else { Audience::All })?;
        }
        if let Some(considered) = considered {
            considered.store(site, &after.response)?;
        }
        if is_complete && !was_complete {
            improving::tell_praise(site, &after.response)?;
        }
        Ok(after)
    }

    /// The answer before this one from the same browser, which shows its secret.
    fn earlier(&self, site: &Site<'_>) -> Result<Option<ResponseId>, SiteError> {
        let Some(key) = &self.submission.earlier else { return Ok(None) };
        Ok(responses::opens(site.sql, site.context.now, key)?.then(|| key.response.clone()))
    }

    /// Whether the visitor is who the page says.
    fn is_vouched_for(&self, site: &Site<'_>) -> Result<bool, SiteError> {
        let Submission { visitor, visitor_proof, .. } = &self.submission;
        match (visitor, visitor_proof) {
            // A proof is looked at whoever brings it: the owner's own server may take a page's word on.
            (Some(visitor), Some(proof)) => vouches(site.sql, site.context.now, visitor, proof),
            (Some(_), None) => Ok(site.trusted),
            _ => Ok(false),
        }
    }

    fn merged(self, site: &Site<'_>, before: Option<&StoredResponse>) -> StoredResponse {
        let Self { submission, heard, acknowledgement, .. } = self;
        let now: Timestamp = site.context.now;
        let earlier = before.map(|stored| &stored.response);
        // Where a stranger was asked, and as whom they answer, stays as it began.
        let begun = earlier.filter(|_| !site.trusted);
        let comment_is_new = submission.comment.is_some();
        let named = submission.visitor.clone();
        // What a person heard in these very words is not heard anew.
        let is_corrected = earlier.is_some_and(|earlier| {
            earlier.comment == submission.comment
                && earlier.heard.as_ref().is_some_and(|heard| heard.corrected_at.is_some())
        });
        let contact_is_new = submission.contact.is_some()
            && submission.contact.as_ref() != earlier.and_then(|earlier| earlier.contact.as_ref());
        let acknowledgement = match before {
            Some(stored) if !comment_is_new && !contact_is_new && stored.response.comment.is_some() => {
                stored.acknowledgement.clone()
            }
            _ => acknowledgement,
        };
        let is_reached = submission.contact.is_none() && earlier.is_some_and(|earlier| earlier.contact.is_some());
        let mut acknowledgement = acknowledgement;
        if is_reached && acknowledgement.ask == Some(Ask::Contact) {
            // Told in a revision before.
            (acknowledgement.ask, acknowledgement.question) = (None, None);
        }
        let response = Response {
            reference: reference_of(&submission.id),
            id: submission.id,
            site: site.id.clone(),
            revision: submission.revision,
            score: submission.score,
            band: submission.score.band(),
            page: begun.map_or(submission.page, |response| response.page.clone()),
            lang: begun.map_or(submission.lang, |response| response.lang.clone()),
            created_at: earlier.map_or(now, |response| response.created_at),
            updated_at: now,
            completed_at: earlier.and_then(|response| response.completed_at).or_else(|| comment_is_new.then_some(now)),
            comment: submission.comment.or_else(|| earlier.and_then(|response| response.comment.clone())),
            visitor: (begun.and_then(|response| response.visitor.clone()))
                .or(submission.visitor)
                .or_else(|| earlier.and_then(|response| response.visitor.clone())),
            // One that is named later is vouched for then.
            visitor_verified: earlier.is_some_and(|earlier| {
                earlier.visitor_verified && (earlier.visitor == named || earlier.visitor.is_some() && named.is_none())
            }),
            time_zone: submission.time_zone.or_else(|| earlier.and_then(|response| response.time_zone.clone())),
            answers: {
                let mut answers = earlier.map(|response| response.answers.clone()).unwrap_or_default();
                answers.take_over(submission.answers);
                answers
            },
            // What a visitor got stays as it began.
            variant: earlier.map_or(submission.variant, |response| response.variant.clone()),
            contact: submission.contact.or_else(|| earlier.and_then(|response| response.contact.clone())),
            heard: if comment_is_new && !is_corrected {
                heard
            } else {
                earlier.and_then(|response| response.heard.clone())
            },
            suspect: Vec::new(),
            test: begun.map_or(submission.test, |response| response.test),
        };
        StoredResponse { response, acknowledgement }
    }
}

/// Whether pages that were open when the site was upgraded have had their day.
pub(super) fn is_strict(site: &Site<'_>) -> bool {
    site.context.now >= site.strict_from
}

/// Whether there is a theme, a topic, a person or an amount in it that was not there before.
fn tells_more(before: Option<&Analysis>, now: &Analysis) -> bool {
    let Some(before) = before else {
        return !(now.themes.is_empty() && now.topics.is_empty() && now.people.is_empty() && now.amounts.is_empty());
    };
    now.themes.iter().any(|theme| before.themes.iter().all(|known| known.id != theme.id))
        || now.topics.iter().any(|topic| !before.topics.contains(topic))
        || now.people.iter().any(|person| before.people.iter().all(|known| known.name != person.name))
        || now.amounts.iter().any(|amount| !before.amounts.contains(amount))
}

/// What a receiver hears of.
fn said(response: &Response) -> (Score, Option<&str>, Option<&Contact>, Option<&VisitorId>, &Answers) {
    let Response { score, comment, contact, visitor, answers, .. } = response;
    (*score, comment.as_deref(), contact.as_ref(), visitor.as_ref(), answers)
}

fn events_between(before: Option<&Response>, after: &Response) -> Vec<EventKind> {
    let scored = before.is_none().then(|| EventKind::ResponseScored(after.clone()));
    let was_complete = before.is_some_and(|response| response.completed_at.is_some());
    let said_otherwise = before.is_some_and(|before| said(before) != said(after));
    let then = match (was_complete, after.completed_at.is_some()) {
        (false, true) => Some(EventKind::ResponseCompleted(after.clone())),
        (true, _) if said_otherwise => Some(EventKind::ResponseUpdated(after.clone())),
        _ => None,
    };
    scored.into_iter().chain(then).collect()
}
