//! A whole site, out and in; another tool's answers; and the way back to an earlier moment.

use super::incoming::Incoming;
use crate::credential::in_development;
use crate::http::{headers, internal, json};
use crate::runtime::now;
use crate::{directory, site_client};
use futures_util::{StreamExt as _, stream};
use heard_site::Credential;
use heard_site::responses::{Column, read_table};
use heard_site::sites::{BackupPage, DirectoryCommand, ExportSite, ImportRecords, ReadSite};
use heard_site::webhooks::refusal;
use heard_wire::{BackupRecord, Code, ImportReport, LineFault, Problem, Restoration, Restored, SiteConfig};
use std::collections::BTreeMap;
use worker::Response;

/// `GET /v1/sites/{site}/backup`: everything, one JSON a line. Answers at once with the first page, and reads on while the
/// client does.
pub(crate) async fn export(incoming: &Incoming<'_>) -> Result<Response, Problem> {
    let first = incoming.call(ExportSite { after: None }).await?;
    let (env, site) = (incoming.env.clone(), incoming.site()?.clone());
    let count = first.records.len();
    let start = lines(&first);
    let is_last = first.next.is_none();
    let rest = stream::unfold((first.next, count, env, site), |(after, count, env, site)| async move {
        let after = Some(after?);
        // The first page was read with the key, and holds all that only some may see.
        match site_client::call(&env, &site, Credential::Owner, None, ExportSite { after }).await {
            Ok(page) => {
                let count = count + page.records.len();
                let mut text = lines(&page);
                if page.next.is_none() {
                    text.push_str(&end(count));
                }
                Some((Ok(text.into_bytes()), (page.next, count, env, site)))
            }
            // The connection breaks off, so that nobody takes a part for the whole.
            Err(problem) => Some((Err(worker::Error::RustError(problem.detail)), (None, count, env, site))),
        }
    });
    let start = if is_last { start + &end(count) } else { start };
    let body = stream::iter([Ok(start.into_bytes())]).chain(rest);
    let headers = headers(&[
        ("content-type", "application/x-ndjson"),
        ("cache-control", "no-store"),
        ("content-disposition", "attachment; filename=\"backup.ndjson\""),
    ])?;
    Response::from_stream(Box::pin(body))
        .map(|answer| answer.with_headers(headers))
        .map_err(|_| internal("begin the export"))
}

fn lines(page: &BackupPage) -> String {
    page.records.iter().filter_map(|record| serde_json::to_string(record).ok()).map(|line| line + "\n").collect()
}

fn end(count: usize) -> String {
    let records = u64::try_from(count).unwrap_or(0);
    let line = serde_json::to_string(&BackupRecord::End { records });
    line.map(|line| line + "\n").unwrap_or_default()
}

/// Records of one call of the object, and the bytes beyond which it gets fewer.
const AT_ONCE: usize = 200;
const BYTES_AT_ONCE: usize = 500_000;
/// The longest line: a comment of 205 kB that an early release let in, quoted several times.
const LONGEST_LINE: usize = 4_000_000;

/// `POST /v1/sites/{site}/backup?dry_run=`: reads the body line by line, however long it is.
pub(crate) async fn import(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let dry_run = incoming.parameters().named("dry_run", "true or false")?.unwrap_or(false);
    if !dry_run && incoming.is_owner() {
        directory::check_jurisdiction(incoming.env).await?;
    }
    let mut import = Import::new(dry_run);
    let Some(mut body) = incoming.stream() else { return Err(nothing_came()) };
    let mut unread: Vec<u8> = Vec::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Problem::new(Code::MalformedJson, "Reading the body failed part of the way."))?;
        for piece in chunk.split_inclusive(|byte| *byte == b'\n') {
            unread.extend(piece);
            if piece.ends_with(b"\n") {
                import.take(incoming, &unread).await?;
                unread.clear();
            }
        }
        if unread.len() > LONGEST_LINE {
            return Err(Problem::new(Code::BodyTooLarge, format!("A line has at most {LONGEST_LINE} bytes.")));
        }
    }
    import.take(incoming, &unread).await?;
    import.send(incoming).await?;
    if import.line == 0 {
        return Err(nothing_came());
    }
    if import.read == 0 {
        return Err(Problem::new(Code::MalformedJson, "No line of the body can be read as a record of a backup."));
    }
    if !dry_run {
        enter(incoming).await?;
    }
    json(&import.report, 200)
}

fn nothing_came() -> Problem {
    Problem::new(Code::MissingField, "Send the lines of a backup as the body.")
}

/// The site is there by now, and in the directory from now on.
async fn enter(incoming: &Incoming<'_>) -> Result<(), Problem> {
    let id = incoming.site()?.clone();
    let config = site_client::call_made(incoming.env, &id, Credential::Owner, ReadSite {}).await?;
    let config = site_client::remember(config);
    let SiteConfig { revision, settings, .. } = &config.config;
    let (name, archived) = (settings.name.clone(), settings.archived);
    directory::call(incoming.env, &DirectoryCommand::Enter { id, name, archived, revision: *revision }).await?;
    Ok(())
}

/// An import under way.
struct Import {
    dry_run: bool,
    line: u64,
    /// Lines that are records, without the last that counts them.
    read: u64,
    records: Vec<(u64, BackupRecord)>,
    bytes: usize,
    report: ImportReport,
}

impl Import {
    fn new(dry_run: bool) -> Self {
        let report = ImportReport { dry_run, ..ImportReport::default() };
        Self { dry_run, line: 0, read: 0, records: Vec::new(), bytes: 0, report }
    }

    async fn take(&mut self, incoming: &Incoming<'_>, line: &[u8]) -> Result<(), Problem> {
        let line = line.trim_ascii();
        if line.is_empty() {
            return Ok(());
        }
        self.line += 1;
        match record(line, incoming) {
            Ok(BackupRecord::End { records }) if records == self.line - 1 => self.report.complete = true,
            Ok(BackupRecord::End { records }) => {
                self.fault(format!("counts {records} lines, and {} came before it: some are missing", self.line - 1));
            }
            Ok(record) => {
                self.read += 1;
                self.records.push((self.line, record));
            }
            Err(detail) => {
                self.fault(detail);
            }
        }
        self.bytes += line.len();
        if self.records.len() >= AT_ONCE || self.bytes >= BYTES_AT_ONCE {
            self.send(incoming).await?;
        }
        Ok(())
    }

    fn fault(&mut self, detail: String) {
        let faults = vec![LineFault { line: self.line, detail }];
        let dry_run = self.dry_run;
        self.report = std::mem::take(&mut self.report).and(ImportReport { dry_run, faults, ..ImportReport::default() });
    }

    async fn send(&mut self, incoming: &Incoming<'_>) -> Result<(), Problem> {
        if self.records.is_empty() {
            return Ok(());
        }
        let (records, site) = (std::mem::take(&mut self.records), incoming.site()?.clone());
        self.bytes = 0;
        let operation =
            ImportRecords { site: site.clone(), records, dry_run: self.dry_run, hear_anew: false, before: 0 };
        let report = site_client::call_made(incoming.env, &site, Credential::Owner, operation).await?;
        self.report = std::mem::take(&mut self.report).and(report);
        Ok(())
    }
}

/// One line, checked as what comes by the API is.
fn record(line: &[u8], incoming: &Incoming<'_>) -> Result<BackupRecord, String> {
    let record: BackupRecord = serde_json::from_slice(line).map_err(|error| {
        // serde_json's own text may quote the line, so only the place is told.
        format!("cannot be read as a record of a backup, at column {}", error.column())
    })?;
    let record = record.checked(now())?;
    if let BackupRecord::Endpoint { listed, .. } = &record
        && let Some(refusal) = refusal(&listed.settings.url, in_development(incoming.env))
    {
        return Err(format!("/url {refusal}"));
    }
    Ok(record)
}

/// The largest table: some twenty thousand answers.
const LARGEST_TABLE: usize = 10_000_000;

/// `POST /v1/sites/{site}/responses.csv?dry_run=&score=&comment=...`: another tool's answers.
pub(crate) async fn import_table(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let mut given = incoming.parameters();
    let dry_run = given.named("dry_run", "true or false")?.unwrap_or(false);
    let day_first = given.named("day_first", "true or false")?.unwrap_or(false);
    let mut mapped = BTreeMap::new();
    for (name, column) in Column::ALL {
        mapped.extend(given.0.remove(name).map(|text| (column, text)));
    }
    let config = incoming.call(ReadSite {}).await?;
    let mut text = Vec::new();
    let Some(mut body) = incoming.stream() else { return Err(nothing_came()) };
    while let Some(chunk) = body.next().await {
        text.extend(chunk.map_err(|_| Problem::new(Code::InvalidUtf8, "Reading the body failed part of the way."))?);
        if text.len() > LARGEST_TABLE {
            return Err(Problem::new(
                Code::BodyTooLarge,
                format!("A table has at most {LARGEST_TABLE} bytes: send it in parts."),
            ));
        }
    }
    let text = String::from_utf8(text).map_err(|error| {
        let detail = format!(
            "Byte {} of the table does not belong to UTF-8 text: save it as UTF-8.",
            error.utf8_error().valid_up_to()
        );
        Problem::new(Code::InvalidUtf8, detail)
    })?;
    let table = read_table(&text, &mapped, day_first, &config, now())
        .map_err(|detail| Problem::new(Code::InvalidParameter, detail))?;
    let (columns, preview) = if dry_run { (table.columns, table.preview) } else { Default::default() };
    let mut report = ImportReport { dry_run, faults: table.faults, columns, preview, ..ImportReport::default() };
    let mut records = table.records.into_iter().peekable();
    let site = incoming.site()?.clone();
    while records.peek().is_some() {
        let records = records.by_ref().take(AT_ONCE).collect();
        let operation = ImportRecords { site: site.clone(), records, dry_run, hear_anew: true, before: 0 };
        report = report.and(incoming.call(operation).await?);
    }
    report = report.and(ImportReport { complete: true, ..ImportReport::default() });
    json(&report, 200)
}

/// `POST /v1/sites/{site}/restore`: sets everything back to a moment, or to where it was before that.
pub(crate) async fn restore(incoming: &mut Incoming<'_>) -> Result<Response, Problem> {
    let restoration = Restoration::from_json(&incoming.body().await?)?;
    // Only where there is a site, and before anything changes.
    incoming.call(ReadSite {}).await?;
    let site = incoming.site()?.clone();
    let bookmark = site_client::restore(incoming.env, &site, &restoration).await?;
    site_client::forget(&site);
    json(&Restored { undo: bookmark }, 202)
}
