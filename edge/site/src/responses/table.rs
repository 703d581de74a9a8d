//! Tables of other tools, read as responses: columns are found by their names, or by those the owner tells.

use crate::responses::times::{Clock, is_day_first, moment};
use crate::zone::Zone;
use heard_wire::{
    Acknowledgement, Answers, BackupRecord, Contact, ImportedRow, LanguageTag, LineFault, PageUrl, Response,
    ResponseId, Score, SiteConfig, Standing, StoredResponse, Suspicion, Timestamp, VisitorId, checked_comment,
    reference_of,
};
use hmac_sha256::Hash;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// What a row is read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Column {
    /// The score, 0 to 10.
    Score,
    /// The verbatim.
    Comment,
    /// When it was given.
    CreatedAt,
    /// The other tool's id of the answer, so that a second import adds nothing.
    Id,
    /// The owner's id of the visitor.
    Visitor,
    /// The language of the comment.
    Lang,
    /// Where it was asked.
    Page,
    /// Whether it counts, as a table of our own tells it.
    Standing,
    /// Where the customer wants to be reached, as a table of our own tells it.
    Contact,
}

impl Column {
    /// All of them, by the names of the parameters that map them.
    pub const ALL: [(&'static str, Self); 9] = [
        ("score", Self::Score),
        ("comment", Self::Comment),
        ("created_at", Self::CreatedAt),
        ("id", Self::Id),
        ("visitor", Self::Visitor),
        ("lang", Self::Lang),
        ("page", Self::Page),
        ("standing", Self::Standing),
        ("contact", Self::Contact),
    ];

    /// What other tools call it, in small letters and without what is neither letter nor digit: exactly so, or in part of
    /// a question.
    const fn names(self) -> (&'static [&'static str], &'static [&'static str]) {
        match self {
            Self::Score => (
                &["score", "nps", "npsscore", "rating", "npsrating", "recommend"],
                &["howlikely", "likelyareyou", "recommend"],
            ),
            Self::Comment => (
                &["comment", "comments", "feedback", "answer", "verbatim", "openendedresponse", "reason", "why"],
                &["reasonforyourscore", "whydidyou", "tellusmore", "feedback", "comment"],
            ),
            Self::CreatedAt => (
                &[
                    "respondedat",
                    "responsedate",
                    "createdat",
                    "recordeddate",
                    "enddate",
                    "datemodified",
                    "submittedat",
                    "completedat",
                    "created",
                    "date",
                    "timestamp",
                    "time",
                ],
                &[],
            ),
            Self::Id => (&["responseid", "respondentid", "surveyresponseid", "id"], &[]),
            Self::Visitor => (VISITORS, &[]),
            Self::Lang => (&["lang", "language", "locale", "userlanguage"], &[]),
            Self::Page => (&["page", "url", "pageurl"], &[]),
            Self::Standing => (&["standing"], &[]),
            Self::Contact => (&["contact"], &[]),
        }
    }
}

/// A table as it is understood.
#[derive(Debug, Default)]
pub struct Table {
    /// The rows, each with the number of its line.
    pub records: Vec<(u64, BackupRecord)>,
    /// Lines that are left out.
    pub faults: Vec<LineFault>,
    /// Which column was taken for what.
    pub columns: BTreeMap<String, String>,
    /// The rows again, for people to look at.
    pub preview: Vec<ImportedRow>,
}

/// Where imported answers were asked, when nothing is told.
const NOWHERE: &str = "app://import";
const PREVIEWED: usize = 20;
/// Written after the last row, which is whole when this is a row of its own.
const END: &str = "the end of this table";
/// Ids before addresses, which change.
const VISITORS: &[&str] = &[
    "visitor",
    "visitorid",
    "userid",
    "personid",
    "customerid",
    "externalreference",
    "externaldatareference",
    "email",
    "emailaddress",
    "recipientemail",
];

/// Reads a table of CSV, with one row of names, or two as SurveyMonkey writes them, or three as Qualtrics does. `mapped` are
/// the names of columns that the owner tells, and `day_first` whether 03/04 is in April, where the table itself does not tell.
///
/// # Errors
/// What is missing, in words.
pub fn read_table(
    text: &str,
    mapped: &BTreeMap<Column, String>,
    day_first: bool,
    site: &SiteConfig,
    now: Timestamp,
) -> Result<Table, String> {
    let text = text.trim_start_matches('\u{feff}');
    let first_line = text.lines().next().unwrap_or_default();
    let count = |letter: char| first_line.matches(letter).count();
    let separators = [(b',', count(',')), (b';', count(';')), (b'\t', count('\t'))];
    let separator = separators.iter().max_by_key(|(_, count)| *count).map_or(b',', |(separator, _)| *separator);
    // Lines end in several ways, and only one of them is counted.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let ended = format!("{text}\n{END}\n");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(separator).from_reader(ended.as_bytes());
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|_| "The table cannot be read as CSV in UTF-8.".to_owned())?;
        let line = record.position().map_or(0, csv::Position::line);
        rows.push((line, record));
    }
    let is_open = rows.pop_if(|(_, row)| row == &[END][..]).is_none();
    let heads = heads(&rows);
    let names: Vec<Vec<String>> = rows.iter().take(heads).map(|(_, row)| row.iter().map(plain).collect()).collect();
    let find = |column: Column| place(&names, column, mapped.get(&column));
    let mut places = BTreeMap::new();
    for (name, column) in Column::ALL {
        match find(column) {
            Some(place) => drop(places.insert(column, place)),
            None if mapped.contains_key(&column) => {
                return Err(format!("There is no column of the name that {name} is mapped to."));
            }
            None if column == Column::Score => {
                return Err("No column looks like a score from 0 to 10: name it with score=COLUMN.".to_owned());
            }
            None => {}
        }
    }
    let dates = places.get(&Column::CreatedAt).copied();
    let dates = dates.into_iter().flat_map(|place| rows.iter().skip(heads).filter_map(move |(_, row)| row.get(place)));
    let clock =
        Clock { zone: Zone::named(&site.settings.time_zone), day_first: is_day_first(dates).unwrap_or(day_first) };
    let width = names.iter().map(Vec::len).max().unwrap_or(0);
    let mut table = Table { columns: columns(&rows, heads, &places), ..Table::default() };
    let last = rows.len().saturating_sub(1);
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ids: BTreeSet<&str> = BTreeSet::new();
    for (number, (line, row)) in rows.iter().enumerate().skip(heads) {
        let cell = |column: Column| {
            let text = places.get(&column).and_then(|place| row.get(*place)).map(str::trim).unwrap_or_default();
            Some(text).filter(|text| !text.is_empty())
        };
        let times = seen.entry(row.as_slice()).or_insert(0_usize);
        *times += 1;
        let has_lines = row.iter().any(|cell| cell.contains('\n'));
        let is_known = cell(Column::Id).is_some_and(|id| !ids.insert(id));
        let read = match row.len().cmp(&width) {
            Ordering::Greater => Err("more cells than there are columns: a quotation mark may be missing"),
            // What opens and does not close takes the rows after it along.
            Ordering::Less if has_lines => Err("a quotation mark is not closed here: it goes on over the next lines"),
            _ if is_open && has_lines && number == last => Err("a quotation mark is not closed here"),
            _ if is_known => Err("a row before has the same id"),
            _ => read_row(&cell, row, *times, site, &clock, now),
        };
        match read {
            Ok(stored) => {
                let response = &stored.response;
                if table.preview.len() < PREVIEWED {
                    table.preview.push(ImportedRow {
                        line: *line,
                        score: response.score.get(),
                        comment: response.comment.clone(),
                        created_at: response.created_at,
                        visitor: response.visitor.clone().map(String::from),
                        lang: response.lang.as_str().to_owned(),
                        page: response.page.as_str().to_owned(),
                    });
                }
                table.records.push((*line, BackupRecord::Response { stored, secret_hash: None }));
            }
            Err(detail) => table.faults.push(LineFault { line: *line, detail: detail.to_owned() }),
        }
    }
    Ok(table)
}

/// What each column is called in the table, by what it is read as.
fn columns(
    rows: &[(u64, csv::StringRecord)],
    heads: usize,
    places: &BTreeMap<Column, usize>,
) -> BTreeMap<String, String> {
    let named = |place: usize| {
        let names = rows.iter().take(heads).filter_map(|(_, row)| row.get(place));
        names.map(str::trim).find(|name| !name.is_empty()).unwrap_or_default().to_owned()
    };
    let read_as = Column::ALL.into_iter().filter_map(|(name, column)| Some((name, *places.get(&column)?)));
    read_as.map(|(name, place)| (name.to_owned(), named(place))).collect()
}

/// How many rows are names: Qualtrics has the question in the second and ids in the third, SurveyMonkey kinds of answers in
/// the second.
fn heads(rows: &[(u64, csv::StringRecord)]) -> usize {
    let row = |number: usize| rows.get(number).map(|(_, row)| row);
    let is_qualtrics = row(2).is_some_and(|row| row.iter().any(|cell| cell.trim_start().starts_with("{\"ImportId\"")));
    let is_survey_monkey = row(1).is_some_and(|row| {
        row.get(0).is_some_and(str::is_empty) && row.iter().any(|cell| plain(cell).ends_with("response"))
    });
    match (is_qualtrics, is_survey_monkey) {
        (true, _) => 3,
        (_, true) => 2,
        _ => 1,
    }
}

/// In small letters, and only letters and digits.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn place(names: &[Vec<String>], column: Column, mapped: Option<&String>) -> Option<usize> {
    let first = |fits: &dyn Fn(&str) -> bool| {
        names.iter().find_map(|row| row.iter().position(|name| !name.is_empty() && fits(name)))
    };
    if let Some(mapped) = mapped.map(|name| plain(name)) {
        return first(&|name| name == mapped);
    }
    let (exact, part) = column.names();
    let by_name = exact.iter().find_map(|known| first(&|name| name == *known));
    by_name.or_else(|| part.iter().find_map(|known| first(&|name| name.contains(known) && !name.ends_with("group"))))
}

fn read_row<'a>(
    cell: &impl Fn(Column) -> Option<&'a str>,
    row: &csv::StringRecord,
    times: usize,
    site: &SiteConfig,
    clock: &Clock,
    now: Timestamp,
) -> Result<StoredResponse, &'static str> {
    let score = cell(Column::Score).ok_or("no score was given")?;
    let score = score.strip_suffix(".0").unwrap_or(score).parse().ok().and_then(Score::new);
    let score = score.ok_or("the score is no whole number from 0 to 10")?;
    let created_at = match cell(Column::CreatedAt) {
        Some(text) => moment(text, clock).ok_or("the time is in no known form, such as 2024-01-31 13:45:00")?,
        None => now,
    };
    if created_at > now {
        return Err("the time lies ahead");
    }
    let days = site.settings.keep_days.map(|days| Duration::from_secs(24 * 3_600) * u32::from(days));
    if days.is_some_and(|days| created_at + days <= now) {
        return Err("the answer is older than the keep_days of the site's settings");
    }
    let standing = cell(Column::Standing).map_or(Ok(Standing::Counted), str::parse);
    let standing = standing.map_err(|_| "the standing is not counted, suspect or test")?;
    let comment = cell(Column::Comment).map(|comment| checked_comment(unguarded(comment))).transpose();
    let comment = comment.map_err(|_| "the comment has more than 5,000 characters or 20,000 bytes")?;
    let lang: Option<LanguageTag> = cell(Column::Lang).and_then(|lang| lang.parse().ok());
    let page: Option<PageUrl> = cell(Column::Page).and_then(|page| page.parse().ok());
    let page = page.or_else(|| NOWHERE.parse().ok()).ok_or("the page cannot be told")?;
    let visitor: Option<VisitorId> = cell(Column::Visitor).and_then(|visitor| visitor.parse().ok());
    let contact: Option<Contact> = cell(Column::Contact).and_then(|contact| unguarded(contact).parse().ok());
    let id = id_of(cell(Column::Id), row, times, cell(Column::CreatedAt).map(|_| created_at));
    let response = Response {
        visitor_verified: false,
        time_zone: None,
        reference: reference_of(&id),
        id,
        site: site.id.clone(),
        revision: 1,
        score,
        band: score.band(),
        comment,
        page,
        lang: lang.unwrap_or_else(|| site.settings.language.clone()),
        visitor,
        contact,
        answers: Answers::default(),
        variant: None,
        created_at,
        updated_at: created_at,
        completed_at: Some(created_at),
        heard: None,
        suspect: if standing == Standing::Suspect { vec![Suspicion::ByOwner] } else { Vec::new() },
        test: standing == Standing::Test,
    };
    let acknowledgement = Acknowledgement::silent(&response.id);
    Ok(StoredResponse { response, acknowledgement })
}

/// Without the apostrophe that keeps a spreadsheet from taking words for a formula, as our own tables have it.
fn unguarded(text: &str) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// The same row gets the same id, however often the table is imported; one that stands in it several times has several.
fn id_of(id: Option<&str>, row: &csv::StringRecord, times: usize, created_at: Option<Timestamp>) -> ResponseId {
    // A table of our own comes back as it left.
    if let Some(id) = id.and_then(|id| id.parse().ok()) {
        return id;
    }
    let mut hash = Hash::new();
    match id {
        Some(id) => hash.update(id),
        None => {
            row.iter().for_each(|cell| {
                hash.update(cell);
                hash.update([0]);
            });
            hash.update(times.to_string());
        }
    }
    let random = hash.finalize().into_iter().take(10).fold(0_u128, |bits, byte| (bits << 8) | u128::from(byte));
    let millis = created_at.and_then(|at| u64::try_from(at.as_millis()).ok());
    ResponseId::from_parts(millis.unwrap_or(0), random)
}
