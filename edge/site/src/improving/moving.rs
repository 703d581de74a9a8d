//! Announcements out and in, for a copy of the site.

use crate::site::Site;
use crate::store::{Cell, Columns, SiteError, one, run};
use heard_wire::{Announcement, BackupRecord};

/// As large as they may be, so many fit into memory.
const ANNOUNCEMENTS: usize = 50;

/// Announcements, from this place on.
pub(crate) fn export_announcements(site: &Site<'_>, from: i64) -> Result<Vec<BackupRecord>, SiteError> {
    const ACT: &str = "export the announcements";
    let statement = "SELECT document, finished_at FROM announcements ORDER BY created_at, id LIMIT ? OFFSET ?";
    let mut records = Vec::new();
    for row in run(site.sql, ACT, statement, [Cell::count(ANNOUNCEMENTS), Cell::from(from)])? {
        let mut columns = Columns::of(row, ACT);
        let announcement: Announcement = columns.json()?;
        let finished_at = columns.optional_timestamp()?;
        records
            .push(BackupRecord::Announcement { announcement: Box::new(Announcement { finished_at, ..announcement }) });
    }
    Ok(records)
}

/// Takes an announcement in: it tells nobody anew. Tells whether it is new here.
pub(crate) fn restore_announcement(
    site: &Site<'_>,
    announcement: &Announcement,
    dry_run: bool,
) -> Result<bool, SiteError> {
    const ACT: &str = "import an announcement";
    let id = || Cell::from(announcement.id.as_str());
    let is_known = one(site.sql, ACT, "SELECT 1 FROM announcements WHERE id = ?", [id()])?.is_some();
    if is_known || dry_run {
        return Ok(!is_known);
    }
    let finished_at = announcement.finished_at.unwrap_or(announcement.created_at);
    let params = [id(), Cell::json(ACT, announcement)?, Cell::from(announcement.created_at), Cell::from(finished_at)];
    let statement = "INSERT INTO announcements (id, document, created_at, finished_at) VALUES (?, ?, ?, ?)";
    run(site.sql, ACT, statement, params)?;
    Ok(true)
}

/// Who was told what, from this place on.
pub(crate) fn export_told(site: &Site<'_>, from: i64, limit: usize) -> Result<Vec<BackupRecord>, SiteError> {
    const ACT: &str = "export who was told";
    let statement = "SELECT announcement, told, response, message, asks, better, judged_at FROM announced
         ORDER BY announcement, told LIMIT ? OFFSET ?";
    let read = |row| {
        let mut columns = Columns::of(row, ACT);
        Ok(BackupRecord::Told {
            announcement: columns.parsed()?,
            told: columns.parsed()?,
            response: columns.parsed()?,
            message: columns.parsed()?,
            asks: columns.integer()? == 1,
            better: columns.optional_integer()?.map(|better| better == 1),
            judged_at: columns.optional_timestamp()?,
        })
    };
    run(site.sql, ACT, statement, [Cell::count(limit), Cell::from(from)])?.into_iter().map(read).collect()
}

/// Takes in that somebody was told. Tells whether it is new here.
pub(crate) fn restore_told(site: &Site<'_>, record: &BackupRecord, dry_run: bool) -> Result<bool, SiteError> {
    const ACT: &str = "import who was told";
    let BackupRecord::Told { announcement, told, response, message, asks, better, judged_at } = record else {
        return Ok(false);
    };
    let key = || [Cell::from(announcement.as_str()), Cell::from(told.as_str())];
    let known = "SELECT 1 FROM announced WHERE announcement = ? AND told = ?";
    let is_known = one(site.sql, ACT, known, key())?.is_some();
    if is_known || dry_run {
        return Ok(!is_known);
    }
    let [announcement, told] = key();
    let params = [
        announcement,
        told,
        Cell::from(response.as_str()),
        Cell::from(message.as_str()),
        Cell::from(i64::from(*asks)),
        Cell::from(better.map(i64::from)),
        Cell::from(*judged_at),
    ];
    let statement = "INSERT INTO announced (announcement, told, response, message, asks, better, judged_at)
         VALUES (?, ?, ?, ?, ?, ?, ?)";
    run(site.sql, ACT, statement, params)?;
    Ok(true)
}
