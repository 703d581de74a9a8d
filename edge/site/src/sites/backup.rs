//! A whole site, out and in: to keep a copy, and to move.

use crate::cases;
use crate::improving;
use crate::operation::{Effect, Operation};
use crate::refusal::Failure;
use crate::responses::{self, Beside};
use crate::site::Site;
use crate::sites::{keys, visitor_key, visitor_keys};
use crate::store::{Cell, Columns, Row, SiteError, one, query, run};
use crate::webhooks;
use crate::{conversations, sites};
use heard_wire::{BackupRecord, ImportReport, LineFault, SiteId, SiteSettings, TeammateId};
use serde::{Deserialize, Serialize};

/// Records of one page, and the bytes of comments beyond which it ends before.
const PAGE_RECORDS: usize = 500;

/// A page of everything that the site holds. Events and the log of attempts, which are kept for 30 days only, stay.
#[derive(Debug, Serialize, Deserialize)]
pub struct ExportSite {
    /// Where the page before ended; `None` for the first.
    pub after: Option<BackupPlace>,
}

/// A page of a site's records.
#[derive(Debug, Serialize, Deserialize)]
pub struct BackupPage {
    /// In the order in which they are imported.
    pub records: Vec<BackupRecord>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<BackupPlace>,
}

/// Where a page of records ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupPlace {
    /// Of which kind the last record was.
    section: Section,
    /// The last row's number.
    row: i64,
}

/// The kinds of rows that come a page at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Section {
    Responses,
    Messages,
    Cases,
    Announcements,
    Told,
    Erased,
    Shown,
}

impl Section {
    const fn next(self) -> Option<Self> {
        match self {
            Self::Responses => Some(Self::Messages),
            Self::Messages => Some(Self::Cases),
            Self::Cases => Some(Self::Announcements),
            Self::Announcements => Some(Self::Told),
            Self::Told => Some(Self::Erased),
            Self::Erased => Some(Self::Shown),
            Self::Shown => None,
        }
    }
}

impl Operation for ExportSite {
    type Reply = BackupPage;
    const EFFECT: Effect = Effect::Reads;

    fn carry_out(self, site: &mut Site<'_>) -> Result<BackupPage, Failure> {
        let mut records = Vec::new();
        let place = match self.after {
            Some(place) => place,
            None => {
                let settings = site.config()?.settings;
                let (site_id, exported_at) = (site.id.clone(), site.context.now);
                records.push(BackupRecord::begin(site_id, exported_at, settings));
                records.extend(cases::export_people(site)?);
                let improvements = improving::all_improvements(site)?.into_iter().map(Box::new);
                records.extend(improvements.map(|improvement| BackupRecord::Improvement { improvement }));
                records.extend(keys::export(site)?);
                records.extend(visitor_keys::export(site)?);
                records.extend(webhooks::export(site)?);
                BackupPlace { section: Section::Responses, row: 0 }
            }
        };
        let rows = section(site, &place)?;
        let next = match rows.last() {
            Some((row, _)) => Some(BackupPlace { section: place.section, row: *row }),
            None => place.section.next().map(|section| BackupPlace { section, row: 0 }),
        };
        records.extend(rows.into_iter().map(|(_, record)| record));
        Ok(BackupPage { records, next })
    }
}

fn section(site: &Site<'_>, place: &BackupPlace) -> Result<Vec<(i64, BackupRecord)>, SiteError> {
    const ACT: &str = "export the site";
    let after = Cell::from(place.row);
    match place.section {
        Section::Responses => responses::export(site, place.row, PAGE_RECORDS),
        Section::Messages => conversations::export(site, place.row, PAGE_RECORDS),
        Section::Cases => cases::export(site, place.row, PAGE_RECORDS),
        Section::Announcements => {
            let rows = improving::export_announcements(site, place.row)?;
            Ok((place.row + 1..).zip(rows).collect())
        }
        Section::Told => {
            let rows = improving::export_told(site, place.row, PAGE_RECORDS)?;
            Ok((place.row + 1..).zip(rows).collect())
        }
        Section::Erased => {
            // The table has no numbers; ids are looked up by how many come before.
            let statement = "SELECT id FROM erased ORDER BY id LIMIT ? OFFSET ?";
            let rows = run(site.sql, ACT, statement, [Cell::count(PAGE_RECORDS), after])?;
            numbered(rows, place.row, |mut columns| Ok(BackupRecord::Erased { id: columns.parsed()? }))
        }
        Section::Shown => {
            let statement = "SELECT hour, page, lang, times FROM shown ORDER BY hour, page, lang LIMIT ? OFFSET ?";
            let rows = run(site.sql, ACT, statement, [Cell::count(PAGE_RECORDS), after])?;
            numbered(rows, place.row, |mut columns| {
                let hour = columns.timestamp()?;
                let (page, lang) = (columns.text()?.parse().ok(), columns.text()?.parse().ok());
                let times = u64::try_from(columns.integer()?).unwrap_or(0);
                Ok(BackupRecord::Shown { hour, page, lang, times })
            })
        }
    }
}

fn numbered(
    rows: Vec<Row>,
    before: i64,
    read: impl Fn(Columns) -> Result<BackupRecord, SiteError>,
) -> Result<Vec<(i64, BackupRecord)>, SiteError> {
    let rows = (before + 1..).zip(rows);
    rows.map(|(number, row)| Ok((number, read(Columns::of(row, "export the site"))?))).collect()
}

/// Takes records in, as they were: with their times, without events, and any number of times.
#[derive(Debug, Serialize, Deserialize)]
pub struct ImportRecords {
    /// The site, which the first record makes where there is none.
    pub site: SiteId,
    /// Each with the number of its line.
    pub records: Vec<(u64, BackupRecord)>,
    /// Writes nothing, and tells what it would.
    pub dry_run: bool,
    /// Whether comments are heard anew, as where another tool heard nothing.
    pub hear_anew: bool,
    /// Records that were taken in before these, as the one that made the site.
    #[serde(skip)]
    pub before: u64,
}

/// What became of a record.
enum Taken {
    Added,
    Changed,
    Known,
    LeftOut(&'static str),
}

impl ImportRecords {
    /// Takes out the record that the file begins with: the settings of a site that is to be made.
    pub(crate) fn take_settings(&mut self) -> Option<SiteSettings> {
        let BackupRecord::Site { settings, .. } = &self.records.first()?.1 else { return None };
        let settings = settings.clone();
        self.records.remove(0);
        self.before += 1;
        Some(settings)
    }

    /// What it would do where there is no site yet: everything is new.
    pub(crate) fn of_nothing(&self) -> ImportReport {
        let added = u64::try_from(self.records.len()).unwrap_or(0);
        ImportReport { dry_run: true, added, ..ImportReport::default() }
    }
}

impl Operation for ImportRecords {
    type Reply = ImportReport;
    const EFFECT: Effect = Effect::Writes;

    fn carry_out(self, site: &mut Site<'_>) -> Result<ImportReport, Failure> {
        let mut report = ImportReport { dry_run: self.dry_run, added: self.before, ..ImportReport::default() };
        for (line, record) in self.records {
            match take(site, record, self.dry_run, self.hear_anew)? {
                Taken::Added => report.added += 1,
                Taken::Changed => report.changed += 1,
                Taken::Known => report.known += 1,
                Taken::LeftOut(detail) => report.faults.push(LineFault { line, detail: detail.to_owned() }),
            }
        }
        Ok(report)
    }
}

fn take(site: &mut Site<'_>, record: BackupRecord, dry_run: bool, hear_anew: bool) -> Result<Taken, Failure> {
    const ACT: &str = "import a record";
    match record {
        BackupRecord::Site { settings, .. } => {
            if site.config().is_ok_and(|config| config.settings == settings) {
                return Ok(Taken::Known);
            }
            if !dry_run {
                let config = sites::config::take_over(site, settings)?;
                site.revision = config.revision;
            }
            Ok(Taken::Changed)
        }
        BackupRecord::Response { stored, secret_hash } => {
            let id = Cell::from(stored.response.id.as_str());
            if responses::is_erased(site, &stored.response.id)? {
                return Ok(Taken::Known);
            }
            let known = one(site.sql, ACT, "SELECT revision FROM responses WHERE id = ?", [id])?;
            let known = known.map(|mut columns| columns.integer()).transpose()?;
            if known.is_some_and(|revision| revision >= i64::from(stored.response.revision)) {
                return Ok(Taken::Known);
            }
            if !dry_run {
                // Older than any settings, so that it is heard again.
                let listened = stored.response.comment.as_ref().map(|_| if hear_anew { -1 } else { site.revision });
                responses::write(site, &stored, &Beside { listened, secret_hash, ..Beside::default() })?;
                if listened.is_some() && hear_anew {
                    responses::hear_all_again(site.sql)?;
                }
            }
            Ok(if known.is_some() { Taken::Changed } else { Taken::Added })
        }
        BackupRecord::Erased { id } => {
            let found = "SELECT 1 FROM erased WHERE id = ?";
            if one(site.sql, ACT, found, [Cell::from(id.as_str())])?.is_some() {
                return Ok(Taken::Known);
            }
            if !dry_run {
                responses::erase_one(site, &id)?;
                let params = [Cell::from(id.as_str()), Cell::from(site.context.now)];
                run(site.sql, ACT, "INSERT OR IGNORE INTO erased (id, at) VALUES (?, ?)", params)?;
            }
            Ok(Taken::Added)
        }
        BackupRecord::Key { listed, hash } => {
            let params = vec![
                Cell::from(listed.prefix),
                Cell::from(listed.name),
                Cell::from(listed.scope.as_str()),
                Cell::from(hash),
                Cell::from(listed.created_at),
                Cell::from(listed.person.as_ref().map(TeammateId::as_str)),
            ];
            let columns = "keys (prefix, name, scope, hash, created_at, person)";
            insert(site, dry_run, "SELECT 1 FROM keys WHERE prefix = ?", columns, params)
        }
        BackupRecord::VisitorKey { key, created_at, until } => {
            let is_key = key.len() == 64 && key.bytes().all(|byte| byte.is_ascii_hexdigit());
            if !is_key {
                return Ok(Taken::LeftOut("this visitor key does not read"));
            }
            // One that is used here stays what is vouched with.
            let is_used = until.is_none() && visitor_key(site)?.is_some_and(|used| used != key);
            if is_used {
                return Ok(Taken::LeftOut("another visitor key is in use here"));
            }
            let params = vec![Cell::from(key), Cell::from(created_at), Cell::from(until)];
            let columns = "visitor_keys (key, created_at, until)";
            insert(site, dry_run, "SELECT 1 FROM visitor_keys WHERE key = ?", columns, params)
        }
        BackupRecord::Endpoint { secret: None, .. } => {
            Ok(Taken::LeftOut("an endpoint without its secret: export with the owner key to take it along"))
        }
        BackupRecord::Endpoint { listed, secret: Some(secret) } => {
            if webhooks::Signer::read(&secret).is_none() {
                return Ok(Taken::LeftOut("the secret of this endpoint does not read"));
            }
            let params = vec![
                Cell::from(listed.id.as_str()),
                Cell::json(ACT, &listed.settings)?,
                Cell::from(i64::from(listed.settings.has_filter())),
                Cell::from(secret),
                Cell::from(listed.created_at),
                Cell::from(listed.disabled_at),
                Cell::from(listed.disabled_reason.map(<&str>::from)),
            ];
            let columns = "endpoints (id, settings, picky, secret, created_at, disabled_at, disabled_reason)";
            insert(site, dry_run, "SELECT 1 FROM endpoints WHERE id = ?", columns, params)
        }
        BackupRecord::Message(message) => {
            if responses::is_erased(site, &message.response)? {
                return Ok(Taken::Known);
            }
            if !responses::exists(site, &message.response)? {
                return Ok(if dry_run {
                    Taken::Added
                } else {
                    Taken::LeftOut("a message about a response that is not here")
                });
            }
            let found = "SELECT 1 FROM messages WHERE id = ?";
            let is_known = one(site.sql, ACT, found, [Cell::from(message.id.as_str())])?.is_some();
            if !is_known && !dry_run {
                conversations::take_over(site, &message)?;
            }
            Ok(if is_known { Taken::Known } else { Taken::Added })
        }
        BackupRecord::Teammate(person) => {
            let known = cases::find_teammate(site, &person.id)?;
            if known.as_ref() == Some(&person) {
                return Ok(Taken::Known);
            }
            if !dry_run {
                cases::restore_person(site, &person)?;
            }
            Ok(if known.is_some() { Taken::Changed } else { Taken::Added })
        }
        BackupRecord::Improvement { improvement } => {
            let known = improving::all_improvements(site)?.into_iter().find(|known| known.id == improvement.id);
            if known.as_ref().is_some_and(|known| known.updated_at >= improvement.updated_at) {
                return Ok(Taken::Known);
            }
            if !dry_run {
                improving::restore_improvement(site, &improvement)?;
            }
            Ok(if known.is_some() { Taken::Changed } else { Taken::Added })
        }
        BackupRecord::Announcement { announcement } => {
            Ok(if improving::restore_announcement(site, &announcement, dry_run)? { Taken::Added } else { Taken::Known })
        }
        BackupRecord::Told { ref response, ref told, .. } => {
            if responses::is_erased(site, response)? || responses::is_erased(site, told)? {
                return Ok(Taken::Known);
            }
            Ok(if improving::restore_told(site, &record, dry_run)? { Taken::Added } else { Taken::Known })
        }
        BackupRecord::Case { case, history } => {
            for response in &case.responses {
                if responses::is_erased(site, response)? {
                    return Ok(Taken::Known);
                }
                if !dry_run && !responses::exists(site, response)? {
                    return Ok(Taken::LeftOut("a case about a response that is not here"));
                }
            }
            let known = cases::find(site, &case.id)?;
            if known.as_ref().is_some_and(|known| known.revision >= case.revision) {
                return Ok(Taken::Known);
            }
            if !dry_run {
                cases::restore(site, &case, &history)?;
            }
            Ok(if known.is_some() { Taken::Changed } else { Taken::Added })
        }
        BackupRecord::Shown { hour, page, lang, times } => {
            let text = |text: Option<String>| text.unwrap_or_default();
            let (page, lang) = (text(page.map(String::from)), text(lang.map(String::from)));
            let place = || [Cell::from(hour), Cell::from(page.as_str()), Cell::from(lang.as_str())];
            let found = "SELECT times FROM shown WHERE hour = ? AND page = ? AND lang = ?";
            if one(site.sql, ACT, found, place())?.is_some() {
                return Ok(Taken::Known);
            }
            if !dry_run {
                let [hour, page, lang] = place();
                let params = [hour, page, lang, Cell::count(usize::try_from(times).unwrap_or(usize::MAX))];
                run(site.sql, ACT, "INSERT INTO shown (hour, page, lang, times) VALUES (?, ?, ?, ?)", params)?;
            }
            Ok(Taken::Added)
        }
        BackupRecord::End { .. } => Ok(Taken::Known),
    }
}

/// Inserts a row, unless there is one with the same first column.
fn insert(site: &Site<'_>, dry_run: bool, found: &str, columns: &str, params: Vec<Cell>) -> Result<Taken, Failure> {
    const ACT: &str = "import a record";
    let first = params.iter().take(1).cloned().collect();
    if !query(site.sql, ACT, found, first)?.is_empty() {
        return Ok(Taken::Known);
    }
    if !dry_run {
        let marks = vec!["?"; params.len()].join(", ");
        query(site.sql, ACT, &format!("INSERT INTO {columns} VALUES ({marks})"), params)?;
    }
    Ok(Taken::Added)
}
