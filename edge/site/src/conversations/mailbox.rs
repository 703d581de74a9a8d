//! Whether a customer has news: all that a page learns without the customer's secret is a count.

use crate::conversations::texts::notify_texts;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::responses;
use crate::site::Site;
use crate::sites;
use crate::store::{Cell, Columns, SiteError, one, run, scalar};
use crate::webhooks::{Audience, emit};
use heard_wire::{
    Case, Contact, EndpointSettings, EventKind, Language, MailboxId, Message, News, Notify, Response, ResponseId,
    Standing, ThreadStub, Timestamp,
};
use hmac_sha256::Hash;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often one customer is told by email that there is news which they have not read.
const NOTIFY_AGAIN: Duration = Duration::from_secs(10 * 60);
/// And how often who reads all of it: a conversation in the page is no reason for a mail at each turn.
const NOTIFY_READER: Duration = Duration::from_secs(60);

/// How much is new for a customer's page; nothing where there is no such mailbox, which is told in the same way.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadNews {
    /// Where the page looks.
    pub mailbox: MailboxId,
}

impl Operation for ReadNews {
    type Reply = News;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<News, Failure> {
        let statement = "SELECT news FROM threads WHERE mailbox = ?";
        let news = scalar(site.sql, "look for news", statement, [Cell::from(self.mailbox.as_str())])?;
        Ok(News { news: news.and_then(|news| u32::try_from(news).ok()).unwrap_or(0) })
    }
}

/// Tells a customer nothing more by email.
#[derive(Debug, Serialize, Deserialize)]
pub struct StopNotifying {
    /// As the mail told it.
    pub mailbox: MailboxId,
}

impl Operation for StopNotifying {
    type Reply = ();
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        let statement = "UPDATE threads SET notify = NULL WHERE mailbox = ?";
        run(site.sql, "stop telling by email", statement, [Cell::from(self.mailbox.as_str())])?;
        Ok(())
    }
}

/// Lets no browser into the conversation any more with what it kept, nor tells news where it asked for that: the answers of one
/// case are one conversation, and each of them opens it.
#[derive(Debug, Serialize, Deserialize)]
pub struct RevokeThread {
    /// About which the conversation is.
    pub response: ResponseId,
}

impl Operation for RevokeThread {
    type Reply = ();
    const EFFECT: Effect = Effect::Counts;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        let Self { response } = self;
        if !responses::exists(site, &response)? {
            return Err(Refusal::NotFound { thing: Thing::Response }.into());
        }
        const ACT: &str = "forget mailboxes";
        let case = crate::cases::latest_of(site, &response)?;
        let together = Cell::json(ACT, &together(&response, case.as_ref()))?;
        responses::forget_secrets(site.sql, &together)?;
        let statement = "DELETE FROM threads WHERE response IN (SELECT value FROM json_each(?))";
        run(site.sql, ACT, statement, [together])?;
        Ok(())
    }
}

/// Of an answer and its browser's secret, by its hash: who knows the one cannot find the other. A secret alone would not do,
/// since whoever sends answers may send the same with several.
fn mailbox_of(response: &ResponseId, secret_hash: &str) -> MailboxId {
    let hash = Hash::hash(format!("mailbox\n{response}\n{secret_hash}").as_bytes());
    let mut half = [0; 16];
    half.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    MailboxId::from_random(half)
}

/// Where the conversation about a response is, if a browser has one.
pub(crate) fn stub(site: &Site<'_>, response: &ResponseId) -> Result<Option<ThreadStub>, SiteError> {
    let Some(mailbox) = mailbox(site, response)? else { return Ok(None) };
    let case = crate::cases::latest_of(site, response)?;
    Ok(Some(ThreadStub { mailbox, is_open: case.is_some_and(|case| case.status.is_unsettled()) }))
}

/// Where a page learns of news about a response.
pub(super) fn mailbox(site: &Site<'_>, response: &ResponseId) -> Result<Option<MailboxId>, SiteError> {
    let statement = "SELECT mailbox, secret, verified FROM responses LEFT JOIN threads ON response = id WHERE id = ?";
    let found = one(site.sql, "find a mailbox", statement, [Cell::from(response.as_str())])?;
    let Some(mut columns) = found else { return Ok(None) };
    if let Some(kept) = columns.optional_text()?.and_then(|kept| kept.parse().ok()) {
        return Ok(Some(kept));
    }
    // An answer that was taken over with a key is no browser's,
    if let Some(secret) = columns.optional_text()?.filter(|secret| secret.len() > 1) {
        return Ok(Some(mailbox_of(response, &secret)));
    }
    // but its customer's all the same, where the owner's server vouches for them.
    let is_vouched = columns.optional_integer()? == Some(1);
    let key = if is_vouched { sites::visitor_key(site)? } else { None };
    Ok(key.map(|key| mailbox_of(response, &key)))
}

/// Whether a browser has the key to the conversation about a response.
pub(crate) fn has_mailbox(site: &Site<'_>, response: &ResponseId) -> Result<bool, SiteError> {
    Ok(mailbox(site, response)?.is_some())
}

/// Where news of a conversation is told by email.
pub(super) fn notify(site: &Site<'_>, response: &ResponseId) -> Result<Option<Contact>, SiteError> {
    let statement = "SELECT notify FROM threads WHERE response = ?";
    let found = one(site.sql, "find where news is told", statement, [Cell::from(response.as_str())])?;
    Ok(found.map_or(Ok(None), |mut columns| columns.optional_text())?.and_then(|text| text.parse().ok()))
}

/// Whether somebody tells customers of news by email.
pub(super) fn may_notify(site: &Site<'_>) -> Result<bool, SiteError> {
    const ACT: &str = "find a mailer";
    let rows = run(site.sql, ACT, "SELECT settings FROM endpoints WHERE disabled_at IS NULL", [])?;
    // One that does not read back sends nothing either.
    let mut settings = rows.into_iter().filter_map(|row| Columns::of(row, ACT).json::<EndpointSettings>().ok());
    Ok(settings.any(|settings| settings.tells_customers()))
}

/// Tells news of a conversation there from now on, or nowhere.
pub(super) fn set_notify(site: &Site<'_>, response: &ResponseId, to: Option<&Contact>) -> Result<(), SiteError> {
    let Some(mailbox) = mailbox(site, response)? else { return Ok(()) };
    let statement = "INSERT INTO threads (response, mailbox, news, notify) VALUES (?, ?, 0, ?)
         ON CONFLICT (response) DO UPDATE SET notify = excluded.notify";
    let params = [Cell::from(response.as_str()), Cell::from(mailbox.as_str()), Cell::from(to.map(Contact::as_str))];
    run(site.sql, "note where news is told", statement, params).map(drop)
}

/// Counts one more thing that the customer has not seen.
pub(super) fn count_news(site: &Site<'_>, response: &ResponseId) -> Result<(), SiteError> {
    let Some(mailbox) = mailbox(site, response)? else { return Ok(()) };
    let statement = "INSERT INTO threads (response, mailbox, news) VALUES (?, ?, 1)
         ON CONFLICT (response) DO UPDATE SET news = news + 1";
    run(site.sql, "count news", statement, [Cell::from(response.as_str()), Cell::from(mailbox.as_str())]).map(drop)
}

/// A message for the customer: counted, and told by email where the customer wants that.
pub(super) fn note_message(site: &mut Site<'_>, response: &Response, message: &Message) -> Result<(), SiteError> {
    const ACT: &str = "tell of news by email";
    count_news(site, &message.response)?;
    let Some(email) = notify(site, &message.response)? else { return Ok(()) };
    let now: Timestamp = site.context.now;
    // Counted already: the first that is unread is news to who has read what was before.
    let due = "UPDATE threads SET notified_at = ? WHERE response = ?
         AND coalesce(notified_at, 0) <= CASE WHEN news <= 1 THEN ? ELSE ? END RETURNING mailbox";
    let again = [NOTIFY_READER, NOTIFY_AGAIN].map(|since| Cell::from(now - since));
    let [reader, unread] = again;
    let params = [Cell::from(now), Cell::from(message.response.as_str()), reader, unread];
    let Some(mut columns) = one(site.sql, ACT, due, params)? else { return Ok(()) };
    let mailbox: MailboxId = columns.parsed()?;
    if response.standing() != Standing::Counted {
        return Ok(());
    }
    let name = site.config()?.settings.name;
    let texts = notify_texts(Language::nearest([response.lang.as_str()]), &name);
    let notify = Notify {
        email,
        page: response.page.clone(),
        subject: texts.subject,
        text: texts.text,
        unsubscribe: Some(format!("/v1/sites/{}/news/{mailbox}/unsubscribe", site.id)),
    };
    emit(site, EventKind::MessageNotify(response.clone(), message.clone(), notify), Audience::All)
}

/// That a case was resolved is news to its customer, where they wrote last.
pub(crate) fn note_resolution(site: &Site<'_>, case: &Case) -> Result<(), SiteError> {
    count_news(site, case.responses.last().unwrap_or(&case.response))
}

/// The customer has seen all of it, in this conversation and those of the same case.
pub(super) fn seen(site: &Site<'_>, responses: &[ResponseId]) -> Result<(), SiteError> {
    const ACT: &str = "note what was seen";
    let ids = || Cell::json(ACT, &responses);
    let now = Cell::from(site.context.now);
    let read = "UPDATE messages SET read_at = ? WHERE read_at IS NULL AND coalesce(author, 'team') = 'team'
         AND response IN (SELECT value FROM json_each(?))";
    run(site.sql, ACT, read, [now, ids()?])?;
    let news = "UPDATE threads SET news = 0 WHERE news > 0 AND response IN (SELECT value FROM json_each(?))";
    run(site.sql, ACT, news, [ids()?]).map(drop)
}

/// Erases the conversations about these responses.
pub(crate) fn erase(site: &Site<'_>, ids: &Cell) -> Result<(), SiteError> {
    const ACT: &str = "erase conversations";
    for table in ["messages", "threads"] {
        let statement = format!("DELETE FROM {table} WHERE response IN (SELECT value FROM json_each(?))");
        run(site.sql, ACT, &statement, [ids.clone()])?;
    }
    Ok(())
}

/// The answers that are one conversation: those of one case, which are the same customer's.
pub(super) fn together(id: &ResponseId, case: Option<&Case>) -> Vec<ResponseId> {
    let mut together = case.map_or_else(Vec::new, |case| case.responses.clone());
    if !together.contains(id) {
        together.push(id.clone());
    }
    together
}

/// The customer that asks: whose answer it is.
pub(super) fn customer(site: &Site<'_>) -> Result<ResponseId, Failure> {
    site.customer.clone().ok_or_else(|| Refusal::UnknownThread.into())
}

/// The rows of a query, as they are read.
pub(super) fn read_rows<T>(
    rows: Vec<crate::store::Row>,
    act: &'static str,
    read: impl Fn(Columns) -> Result<T, SiteError>,
) -> Result<Vec<T>, SiteError> {
    rows.into_iter().map(|row| read(Columns::of(row, act))).collect()
}
