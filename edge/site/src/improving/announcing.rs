//! Telling those who said it, in the conversation that their browser has the key to, and what they say to it.

use super::announcements::find;
use super::{audience, evidence};
use crate::cases::{self, Step};
use crate::chore::{Chore, Work};
use crate::conversations::{has_mailbox, tell_announcement};
use crate::refusal::Failure;
use crate::responses::{self, Conditions};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, query, run};
use crate::webhooks::{Audience, emit};
use heard_wire::{
    Announcement, AnnouncementId, AnnouncementKind, AnnouncementVerdict, Author, Band, CaseStatus, EventKind, Message,
    MessageId, Polarity, Priority, Response, ResponseId, ThemeFound,
};
use std::time::Duration;

/// Tells them, some at a time.
pub(crate) const ANNOUNCING: Chore = Chore {
    name: "announcing",
    due: |sql, now| {
        let statement = "SELECT 1 FROM announcements WHERE finished_at IS NULL LIMIT 1";
        Ok((!run(sql, "look for announcements", statement, [])?.is_empty()).then_some(now))
    },
    no_sooner: Duration::ZERO,
    work: Work::Here(tell_some),
};

/// Answers that are looked at between two pauses.
const AT_ONCE: usize = 50;
/// Ids of answers that an event tells.
const TOLD: usize = 20;

fn tell_some(site: &mut Site<'_>) -> Result<(), SiteError> {
    const ACT: &str = "announce";
    let next =
        "SELECT id, document, after FROM announcements WHERE finished_at IS NULL ORDER BY created_at, id LIMIT 1";
    let Some(mut columns) = one(site.sql, ACT, next, [])? else { return Ok(()) };
    let (id, announcement, after) = (columns.text()?, columns.json::<Announcement>(), columns.integer()?);
    // One that does not read back must not stop the others, and is not looked at again.
    let Ok(announcement) = announcement else { return finish(site, &id) };
    let Conditions { sql, mut params } = audience::of(&announcement.new.audience, &site.zone()?);
    params.extend([Cell::from(after), Cell::from(announcement.created_at), Cell::count(AT_ONCE)]);
    let statement = format!(
        "SELECT number, id FROM responses WHERE {sql} AND number > ? AND created_at <= ? ORDER BY number LIMIT ?"
    );
    let rows = query(site.sql, ACT, &statement, params)?;
    let is_last = rows.len() < AT_ONCE;
    let same = same_words(site, &id)?;
    let mut after = after;
    for row in rows {
        let mut columns = Columns::of(row, ACT);
        let number = columns.integer()?;
        let said: ResponseId = columns.parsed()?;
        tell(site, &announcement, &said, &same)?;
        after = number;
    }
    let place = [Cell::from(after), Cell::from(id.as_str())];
    run(site.sql, ACT, "UPDATE announcements SET after = ? WHERE id = ?", place)?;
    if !is_last {
        return Ok(());
    }
    finish(site, &id)?;
    let Some(mut announcement) = find(site, &announcement.id)? else { return Ok(()) };
    announcement.new.audience.responses.truncate(TOLD);
    emit(site, EventKind::AnnouncementPublished(Box::new(announcement)), Audience::All)
}

fn finish(site: &Site<'_>, id: &str) -> Result<(), SiteError> {
    let statement = "UPDATE announcements SET finished_at = ? WHERE id = ?";
    run(site.sql, "end an announcement", statement, [Cell::from(site.context.now), Cell::from(id)]).map(drop)
}

/// Other announcements that say just the same, as a list of JSON: sent twice by a slip, or to more people.
fn same_words(site: &Site<'_>, id: &str) -> Result<Cell, SiteError> {
    const ACT: &str = "look for the same announcement";
    let statement = "SELECT json_group_array(other.id) FROM announcements this JOIN announcements other
         ON other.id <> this.id AND other.document -> '$.text' = this.document -> '$.text' WHERE this.id = ?";
    let found = one(site.sql, ACT, statement, [Cell::from(id)])?;
    Ok(Cell::from(found.map_or(Ok(None), |mut columns| columns.optional_text())?.unwrap_or_else(|| "[]".to_owned())))
}

/// Tells the customer of one answer, once, where their browser looks: at the last answer that it gave.
fn tell(site: &mut Site<'_>, announcement: &Announcement, said: &ResponseId, same: &Cell) -> Result<(), SiteError> {
    const ACT: &str = "tell an announcement";
    let told = responses::latest_of_customer(site.sql, said)?;
    if !has_mailbox(site, &told)? {
        return Ok(());
    }
    let before = "SELECT 1 FROM json_each(?) same CROSS JOIN announced a
         WHERE a.announcement = same.value AND (a.told = ? OR a.response = ?) LIMIT 1";
    let params = [same.clone(), Cell::from(told.as_str()), Cell::from(said.as_str())];
    if one(site.sql, ACT, before, params)?.is_some() {
        return Ok(());
    }
    let Some(response) = responses::find(site, said)?.map(|stored| stored.response) else { return Ok(()) };
    let Some(last) = responses::find(site, &told)?.map(|stored| stored.response) else { return Ok(()) };
    let id = MessageId::from_random((site.context.random)());
    let statement = "INSERT INTO announced (announcement, told, response, message, asks) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT DO NOTHING RETURNING told";
    let params = [
        Cell::from(announcement.id.as_str()),
        Cell::from(told.as_str()),
        Cell::from(said.as_str()),
        Cell::from(id.as_str()),
        Cell::from(i64::from(asks(announcement, &response))),
    ];
    if one(site.sql, ACT, statement, params)?.is_none() {
        return Ok(());
    }
    let message = Message {
        id,
        response: told,
        text: text(site, announcement, &response, response.id != last.id)?,
        author: Author::Team,
        from: None,
        person: None,
        signed: announcement.signed.clone(),
        announcement: Some(announcement.id.clone()),
        created_at: site.context.now,
        read_at: None,
    };
    tell_announcement(site, &last, &message)
}

/// Who was happy with it had nothing to be made better.
fn asks(announcement: &Announcement, response: &Response) -> bool {
    let heard_wire::Audience { theme, polarity, .. } = &announcement.new.audience;
    let themes = || response.heard.iter().flat_map(|heard| &heard.themes);
    let is_criticism = |found: &ThemeFound| Some(&found.id) == theme.as_ref() && found.polarity == Polarity::Negative;
    let criticised = *polarity == Some(Polarity::Negative) || themes().any(is_criticism);
    announcement.new.kind == AnnouncementKind::Idea || criticised || response.band != Band::Promoter
}

/// In their language, below their words where the conversation begins with others.
fn text(
    site: &Site<'_>,
    announcement: &Announcement,
    response: &Response,
    is_earlier: bool,
) -> Result<String, SiteError> {
    let heard = response.heard.as_ref().map(|heard| heard.language.as_str());
    let own = site.config()?.settings.language;
    let wanted = heard.into_iter().chain([response.lang.as_str(), own.as_str()]);
    let text = announcement.new.text.nearest(wanted).map(|(_, text)| text.to_owned()).unwrap_or_default();
    let quote = evidence::quote(response, &announcement.new.audience).map(|quote| quote.quote);
    Ok(match quote.filter(|_| is_earlier) {
        Some(quote) => format!("“{quote}”\n\n{text}"),
        None => text,
    })
}

/// What a customer is asked about an announcement.
pub(crate) struct Pending {
    announcement: AnnouncementId,
    told: String,
    /// Whether it was done, or is thought of.
    pub(crate) kind: AnnouncementKind,
}

/// The newest announcement that asks something in these conversations.
pub(crate) fn pending(site: &Site<'_>, responses: &[ResponseId]) -> Result<Option<Pending>, SiteError> {
    const ACT: &str = "look for an announcement";
    let statement = "SELECT a.announcement, a.told, p.document ->> '$.kind' FROM announced a
         JOIN announcements p ON p.id = a.announcement
         WHERE a.told IN (SELECT value FROM json_each(?)) AND a.asks = 1 AND a.judged_at IS NULL
         ORDER BY p.created_at DESC LIMIT 1";
    let Some(mut columns) = one(site.sql, ACT, statement, [Cell::json(ACT, &responses)?])? else { return Ok(None) };
    let (announcement, told, kind) = (columns.parsed()?, columns.text()?, columns.optional_text()?);
    let kind = if kind.as_deref() == Some("idea") { AnnouncementKind::Idea } else { AnnouncementKind::Done };
    Ok(Some(Pending { announcement, told, kind }))
}

/// Takes down what a customer says to an announcement. What is not better yet is somebody's business again.
pub(crate) fn judge(
    site: &mut Site<'_>,
    pending: &Pending,
    response: &Response,
    verdict: AnnouncementVerdict,
) -> Result<(), Failure> {
    const ACT: &str = "note what a customer says to an announcement";
    let better = verdict.better;
    let params = [
        Cell::from(i64::from(better)),
        Cell::from(site.context.now),
        Cell::from(pending.announcement.as_str()),
        Cell::from(pending.told.as_str()),
    ];
    let statement = "UPDATE announced SET better = ?, judged_at = ? WHERE announcement = ? AND told = ?";
    run(site.sql, ACT, statement, params)?;
    // Who judges it has seen it.
    let read = "UPDATE messages SET read_at = ? WHERE read_at IS NULL AND id =
         (SELECT message FROM announced WHERE announcement = ? AND told = ?)";
    let params =
        [Cell::from(site.context.now), Cell::from(pending.announcement.as_str()), Cell::from(pending.told.as_str())];
    run(site.sql, ACT, read, params)?;
    let why = verdict.why.clone();
    if let Some(mut announcement) = find(site, &pending.announcement)? {
        announcement.new.audience.responses.truncate(TOLD);
        let kind = EventKind::AnnouncementJudged(response.clone(), Box::new(announcement), verdict);
        emit(site, kind, Audience::All)?;
    }
    if pending.kind == AnnouncementKind::Idea {
        return Ok(());
    }
    match cases::latest_of(site, &response.id)? {
        Some(case) if case.status == CaseStatus::Resolved && case.verdict.is_none() => {
            cases::change_of(site, &response.id, Step::Judge { better, why })?;
        }
        Some(case) if case.status == CaseStatus::Resolved && !better => {
            cases::change_of(site, &response.id, Step::Open)?;
        }
        Some(case) if case.status.is_unsettled() => {}
        _ if better => {}
        _ => drop(cases::opens_by_writing(site, response, "not better yet", Priority::Normal, None)?),
    }
    Ok(())
}

/// Takes words that were corrected or taken back out of what was told above a later conversation.
pub(crate) fn unquote(site: &Site<'_>, response: &ResponseId) -> Result<(), SiteError> {
    let statement = "UPDATE messages SET text = substr(text, instr(text, char(10) || char(10)) + 2)
         WHERE instr(text, char(10) || char(10)) > 0 AND substr(text, 1, 1) = '“'
             AND id IN (SELECT message FROM announced WHERE response = ? AND told <> response)";
    run(site.sql, "take words out of what was told", statement, [Cell::from(response.as_str())]).map(drop)
}

/// Forgets what these erased answers were told.
pub(crate) fn erase(site: &Site<'_>, ids: &Cell) -> Result<(), SiteError> {
    const ACT: &str = "erase what was announced";
    for statement in [
        "DELETE FROM announced WHERE told IN (SELECT value FROM json_each(?))",
        "UPDATE responses SET earlier = NULL WHERE earlier IN (SELECT value FROM json_each(?))",
    ] {
        run(site.sql, ACT, statement, [ids.clone()])?;
    }
    // Their words may stand in a message that lies in a later conversation of the same customer.
    let elsewhere = "DELETE FROM messages WHERE id IN
         (SELECT message FROM announced WHERE response IN (SELECT value FROM json_each(?)))";
    run(site.sql, ACT, elsewhere, [ids.clone()])?;
    let told = "DELETE FROM announced WHERE response IN (SELECT value FROM json_each(?))";
    run(site.sql, ACT, told, [ids.clone()]).map(drop)
}
