//! Announcements: what was done, or an idea, told to those who said it.

use super::{audience, improvements};
use crate::cases;
use crate::operation::{Effect, Operation};
use crate::refusal::{Failure, Refusal, Thing};
use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, run};
use heard_wire::{Actor, Announcement, AnnouncementId, List, NewAnnouncement, Reach, Signature};
use serde::{Deserialize, Serialize};

/// Announcements of a site.
const MAX_ANNOUNCEMENTS: usize = 1_000;

/// Writes an announcement; the alarm tells those whom it is for.
#[derive(Debug, Serialize, Deserialize)]
pub struct Announce {
    /// As validated.
    pub new: NewAnnouncement,
}

impl Operation for Announce {
    type Reply = Announcement;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Announcement, Failure> {
        const ACT: &str = "write an announcement";
        site.has_room(Thing::Announcement, MAX_ANNOUNCEMENTS, "SELECT count(*) FROM announcements", [])?;
        if let Some(improvement) = &self.new.improvement
            && !improvements::exists(site, improvement)?
        {
            return Err(Refusal::NotFound { thing: Thing::Improvement }.into());
        }
        audience::check_theme(site, &self.new.audience)?;
        let announcement = Announcement {
            id: AnnouncementId::from_random((site.context.random)()),
            new: self.new,
            signed: signature(site)?,
            created_at: site.context.now,
            finished_at: None,
            reach: Reach::default(),
        };
        let params = [
            Cell::from(announcement.id.as_str()),
            Cell::json(ACT, &announcement)?,
            Cell::from(announcement.created_at),
        ];
        run(site.sql, ACT, "INSERT INTO announcements (id, document, created_at) VALUES (?, ?, ?)", params)?;
        Ok(announcement)
    }
}

/// Who announces, as customers are told.
fn signature(site: &Site<'_>) -> Result<Option<Signature>, SiteError> {
    let Actor::Person { person } = &site.actor else { return Ok(None) };
    Ok(cases::find_teammate(site, person)?.map(|person| person.signature()))
}

/// All announcements, the newest first.
#[derive(Debug, Serialize, Deserialize)]
pub struct ListAnnouncements {}

impl Operation for ListAnnouncements {
    type Reply = List<Announcement>;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<List<Announcement>, Failure> {
        const ACT: &str = "list the announcements";
        let statement = format!("{SELECT} ORDER BY created_at DESC, id");
        let rows = run(site.sql, ACT, &statement, [])?;
        // One of a later release hides no other.
        Ok(List { items: rows.into_iter().filter_map(|row| read(Columns::of(row, ACT)).ok()).collect() })
    }
}

/// One announcement, and how far it came.
#[derive(Debug, Serialize, Deserialize)]
pub struct ReadAnnouncement {
    /// Its id.
    pub id: AnnouncementId,
}

impl Operation for ReadAnnouncement {
    type Reply = Announcement;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<Announcement, Failure> {
        find(site, &self.id)?.ok_or_else(|| Refusal::NotFound { thing: Thing::Announcement }.into())
    }
}

/// Takes an announcement back: who has not seen it, does not. What was seen stays with who saw it, and asks nothing more.
#[derive(Debug, Serialize, Deserialize)]
pub struct TakeBackAnnouncement {
    /// Its id.
    pub id: AnnouncementId,
}

impl Operation for TakeBackAnnouncement {
    type Reply = ();
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<(), Failure> {
        const ACT: &str = "take an announcement back";
        let id = || Cell::from(self.id.as_str());
        if one(site.sql, ACT, "DELETE FROM announcements WHERE id = ? RETURNING id", [id()])?.is_none() {
            return Err(Refusal::NotFound { thing: Thing::Announcement }.into());
        }
        for statement in [
            "UPDATE threads SET news = max(0, news - 1) WHERE response IN
                 (SELECT response FROM messages WHERE announcement = ? AND read_at IS NULL)",
            "DELETE FROM messages WHERE announcement = ? AND read_at IS NULL",
            "DELETE FROM announced WHERE announcement = ?",
        ] {
            run(site.sql, ACT, statement, [id()])?;
        }
        Ok(())
    }
}

const SELECT: &str = "SELECT document, finished_at,
         (SELECT count(*) FROM announced WHERE announcement = announcements.id),
         (SELECT count(*) FROM announced JOIN messages ON messages.id = announced.message
             WHERE announced.announcement = announcements.id AND read_at IS NOT NULL),
         (SELECT count(*) FROM announced WHERE announcement = announcements.id AND better = 1),
         (SELECT count(*) FROM announced WHERE announcement = announcements.id AND better = 0)
     FROM announcements";

/// The announcement with this id.
pub(super) fn find(site: &Site<'_>, id: &AnnouncementId) -> Result<Option<Announcement>, SiteError> {
    let statement = format!("{SELECT} WHERE id = ?");
    one(site.sql, "find an announcement", &statement, [Cell::from(id.as_str())])?.map(read).transpose()
}

fn read(mut columns: Columns) -> Result<Announcement, SiteError> {
    let announcement: Announcement = columns.json()?;
    let finished_at = columns.optional_timestamp()?;
    let mut count = || columns.integer().map(|count| u64::try_from(count).unwrap_or(0));
    let reach = Reach { told: count()?, seen: count()?, better: count()?, not_yet: count()? };
    Ok(Announcement { finished_at, reach, ..announcement })
}
