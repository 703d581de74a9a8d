//! The customer's side: who holds the secret of an answer reads the conversation, writes, says whether it is better, corrects
//! and erases.

use crate::cases::{self, Step};
use crate::conversations::mailbox::{self, customer, together};
use crate::conversations::messages;
use crate::conversations::texts::{announced, texts};
use crate::improving;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal};
use crate::responses::{self, Beside};
use crate::site::Site;
use crate::store::{Cell, scalar};
use crate::webhooks::{Audience, emit};
use heard_wire::{
    Acknowledgement, Analysis, AnnouncementVerdict, Author, Band, Case, CaseStatus, Contact, EventKind, Language,
    Message, MessageId, NewThreadMessage, NewVerdict, Priority, Problem, Rate, ResponseId, Thread, ThreadCase,
    ThreadMessage,
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Reads the conversation, and with it all that is kept about the answer.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadThread {}

impl Operation for ReadThread {
    type Reply = Thread;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Thread, Failure> {
        let id = customer(site)?;
        let stored = responses::find(site, &id)?.ok_or(Refusal::UnknownThread)?;
        let case = cases::latest_of(site, &id)?;
        let config = site.config()?.settings;
        let asks_again_at = match &case {
            Some(case) if case.status.is_unsettled() => None,
            Some(case) => {
                let days = u32::from(config.cases.recovery_days);
                let since = case.resolved_at.or(case.closed_at).unwrap_or(case.updated_at);
                Some(since + Duration::from_secs(24 * 3_600) * days)
            }
            None => Some(stored.response.created_at),
        };
        let band = stored.response.band;
        let ids = together(&id, case.as_ref());
        let messages = messages::of(site, &ids)?;
        let pending = improving::pending(site, &ids)?;
        let heard = stored.response.heard.as_ref().map(|heard| heard.language.as_str());
        let language = Language::nearest(heard.into_iter().chain([stored.response.lang.as_str()]));
        let mut copy = texts(language).thread;
        let mut case = case.map(|case| thread_case(site, &case, band)).transpose()?;
        if let Some(pending) = pending {
            announced(language, pending.kind, &mut copy);
            let case = case.get_or_insert_with(ThreadCase::default);
            case.asks |= !case.is_open;
            // One question at a time, below its own words.
            case.resolution = None;
        }
        Ok(Thread {
            messages: messages.into_iter().map(shown).collect(),
            response: stored.response,
            mailbox: mailbox::mailbox(site, &id)?,
            name: config.name,
            case,
            asks_again_at,
            may_notify: mailbox::may_notify(site)?,
            notify: mailbox::notify(site, &id)?,
            lang: language.into(),
            copy,
        })
    }
}

fn shown(message: Message) -> ThreadMessage {
    let Message { id, author, text, signed, created_at, read_at, .. } = message;
    let is_new = author == Author::Team && read_at.is_none();
    ThreadMessage { id, author, text, signed, created_at, is_new }
}

/// Whether a person has answered, or told what was changed.
fn is_told(case: &Case) -> bool {
    case.resolution.is_some() || case.first_response_at.is_some()
}

fn thread_case(site: &Site<'_>, case: &Case, band: Band) -> Result<ThreadCase, Failure> {
    let assignee = case.assignee.as_ref().map(|id| cases::find_teammate(site, id)).transpose()?.flatten();
    let is_resolved = case.status == CaseStatus::Resolved;
    // Whose turn it is not is promised by nobody.
    let waits = case.first_response_at.is_none() || case.customer_waits_since.is_some();
    let clock = [&case.first_response, &case.next_response].into_iter().flatten().find(|clock| clock.is_running());
    Ok(ThreadCase {
        is_open: case.status.is_unsettled(),
        resolution: case.resolution.clone().filter(|_| !case.status.is_unsettled()),
        answered_by: assignee.filter(|_| waits).map(|person| person.signature()),
        due_at: clock.filter(|clock| !clock.is_missed() && clock.due_at > site.context.now).map(|clock| clock.due_at),
        // Who was happy had nothing to be made better.
        asks: is_resolved && case.verdict.is_none() && band != Band::Promoter && is_told(case),
        better: case.verdict.as_ref().map(|verdict| verdict.better),
    })
}

/// The customer has seen what there is.
#[derive(Debug, Serialize, Deserialize)]
pub struct MarkRead {}

impl Operation for MarkRead {
    type Reply = ();
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        let id = customer(site)?;
        let case = cases::latest_of(site, &id)?;
        Ok(mailbox::seen(site, &together(&id, case.as_ref()))?)
    }
}

/// Writes to the owner's people.
#[derive(Debug, Serialize, Deserialize)]
pub struct WriteToTeam {
    /// As validated.
    pub message: NewThreadMessage,
    /// Whether it asks for an answer, as "thanks, bye" does not.
    pub wants_answer: bool,
}

impl Operation for WriteToTeam {
    type Reply = ThreadMessage;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<ThreadMessage, Failure> {
        let response = customer(site)?;
        let NewThreadMessage { id, text } = self.message;
        if let Some(known) = messages::find(site, &id)? {
            // It arrived before. Somebody else's with the same id is told nothing of.
            return if known.response == response && known.author == Author::Customer {
                Ok(shown(known))
            } else {
                Err(Refusal::MessageIdTaken.into())
            };
        }
        messages::has_room(site, &response)?;
        check_pace(site, &response)?;
        let stored = responses::find(site, &response)?.ok_or(Refusal::UnknownThread)?;
        let message = from_customer(site, id, response, text);
        messages::write(site, &message, None)?;
        emit(site, EventKind::MessageReceived(stored.response.clone(), message.clone()), Audience::All)?;
        let wants_answer = self.wants_answer;
        let step = Step::CustomerWrites { message: message.id.clone(), wants_answer };
        if cases::change_of(site, &message.response, step)?.is_none() && wants_answer {
            cases::opens_by_writing(site, &stored.response, "wrote back", Priority::Normal, None)?;
        }
        Ok(shown(message))
    }
}

/// Says whether it is better.
#[derive(Debug, Serialize, Deserialize)]
pub struct JudgeCase {
    /// As validated.
    pub verdict: NewVerdict,
}

impl Operation for JudgeCase {
    type Reply = Thread;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Thread, Failure> {
        let id = customer(site)?;
        let NewVerdict { better, why } = self.verdict;
        let case = cases::latest_of(site, &id)?;
        if let Some(pending) = improving::pending(site, &together(&id, case.as_ref()))? {
            let response = responses::find(site, &id)?.ok_or(Refusal::UnknownThread)?.response;
            improving::judge(site, &pending, &response, AnnouncementVerdict { better, why: why.clone() })?;
            if let Some(text) = why {
                tell_why(site, id, text)?;
            }
            return ReadThread {}.carry_out(site);
        }
        // Of what nobody has told them, they cannot say whether it is better.
        let case = case.filter(is_told).ok_or(Refusal::NothingToJudge)?;
        // Said twice is said once.
        let said = case.verdict.as_ref().is_some_and(|verdict| verdict.better == better && verdict.why == why);
        if !said {
            let said = why.clone();
            cases::change_of(site, &id, Step::Judge { better, why })?.ok_or(Refusal::NothingToJudge)?;
            if let Some(text) = said {
                tell_why(site, id, text)?;
            }
        }
        ReadThread {}.carry_out(site)
    }
}

/// Messages of one customer in an hour: each is told to every receiver, and somebody reads it.
const AN_HOUR: u32 = 30;

fn check_pace(site: &Site<'_>, response: &ResponseId) -> Result<(), Failure> {
    let counting = "SELECT count(*) FROM messages WHERE response = ? AND author = 'customer' AND created_at > ?";
    let since = Cell::from(site.context.now - Duration::from_secs(3_600));
    let sent = scalar(site.sql, "count what a customer wrote", counting, [Cell::from(response.as_str()), since])?;
    if sent.is_some_and(|sent| sent >= i64::from(AN_HOUR)) {
        let rate = Rate { limit: AN_HOUR, remaining: 0, resets_in: 3_600 };
        return Err(Refusal::TooMany { rate }.into());
    }
    Ok(())
}

/// Why it is not better is said like everything else: both sides read it in the conversation.
fn tell_why(site: &mut Site<'_>, response: ResponseId, text: String) -> Result<(), Failure> {
    messages::has_room(site, &response)?;
    let stored = responses::find(site, &response)?.ok_or(Refusal::UnknownThread)?;
    let id = MessageId::from_random((site.context.random)());
    let message = from_customer(site, id, response, text);
    messages::write(site, &message, None)?;
    Ok(emit(site, EventKind::MessageReceived(stored.response, message), Audience::All)?)
}

fn from_customer(site: &Site<'_>, id: MessageId, response: ResponseId, text: String) -> Message {
    Message {
        id,
        response,
        text,
        author: Author::Customer,
        from: None,
        person: None,
        signed: None,
        announcement: None,
        created_at: site.context.now,
        read_at: None,
    }
}

/// Corrects what was said, takes it back, or tells where to be reached.
#[derive(Debug, Serialize, Deserialize)]
pub struct ChangeThread {
    /// New words, or none.
    pub correction: Option<Correction>,
    /// Where to be reached from now on; nowhere.
    #[serde(default, with = "heard_wire::nullable", skip_serializing_if = "Option::is_none")]
    pub contact: Option<Option<Contact>>,
    /// Where news is told; nowhere.
    #[serde(default, with = "heard_wire::nullable", skip_serializing_if = "Option::is_none")]
    pub notify: Option<Option<Contact>>,
    /// The revision of the settings that listening used.
    pub settings_revision: i64,
}

/// What a customer says in place of what they said.
#[derive(Debug, Serialize, Deserialize)]
pub struct Correction {
    /// The new words; `None` where the old ones are taken back.
    pub comment: Option<String>,
    /// What was heard in them.
    pub heard: Option<Analysis>,
    /// What is said to them.
    pub acknowledgement: Acknowledgement,
}

impl Operation for ChangeThread {
    type Reply = Thread;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Thread, Failure> {
        let id = customer(site)?;
        if matches!(self.notify, Some(Some(_))) && !mailbox::may_notify(site)? {
            let problem = Problem::of_field("/notify", "must be left out here: no endpoint of this site sends mails");
            return Err(Refusal::Invalid { problem: Box::new(problem) }.into());
        }
        let kept = responses::find_kept(site, &id)?.ok_or(Refusal::UnknownThread)?;
        let (told, cleared) = (kept.told, kept.cleared);
        let mut stored = kept.stored;
        let before = stored.response.clone();
        let listened = self.correction.as_ref().and_then(|new| new.comment.as_ref()).map(|_| self.settings_revision);
        if let Some(Correction { comment, heard, acknowledgement }) = self.correction {
            improving::unquote(site, &id)?;
            let receipt = std::mem::replace(&mut stored.acknowledgement, acknowledgement).receipt;
            stored.acknowledgement.receipt = receipt;
            // What was sent stays sent; nothing is left of the words, nor of what is still to be sent, nor of what was said to them.
            if comment.is_none() {
                responses::forget_told(site, &id)?;
                stored.acknowledgement.text.clear();
            }
            stored.response.comment = Some(comment.unwrap_or_default());
            stored.response.heard = heard;
        }
        if let Some(contact) = self.contact {
            stored.response.contact = contact;
        }
        if stored.response != before {
            stored.response.revision += 1;
            stored.response.updated_at = site.context.now;
            responses::write(site, &stored, &Beside { listened, told: told + 1, cleared, ..Beside::default() })?;
            if before.completed_at.is_some() {
                emit(site, EventKind::ResponseUpdated(stored.response.clone()), Audience::All)?;
            }
        }
        if let Some(notify) = &self.notify {
            mailbox::set_notify(site, &id, notify.as_ref())?;
        }
        ReadThread {}.carry_out(site)
    }
}

/// Erases the conversation: all answers that were shown in it, with all that belongs to them.
#[derive(Debug, Serialize, Deserialize)]
pub struct EraseThread {}

impl Operation for EraseThread {
    type Reply = ();
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        let id = customer(site)?;
        let case = cases::latest_of(site, &id)?;
        for response in together(&id, case.as_ref()) {
            responses::erase_one(site, &response)?;
        }
        Ok(())
    }
}
