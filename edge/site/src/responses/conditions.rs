//! A [`ResponseFilter`] as SQL.

use crate::store::Cell;
use crate::zone::Zone;
use heard_wire::{Band, MetricsBy, ResponseFilter, Standing, Timestamp};

/// Conditions over `responses`, joined by AND, with what stands for their question marks.
#[derive(Clone)]
pub(crate) struct Conditions {
    pub(crate) sql: String,
    pub(crate) params: Vec<Cell>,
}

/// The harm that was heard in a comment.
const GRAVE: &str = "(CASE WHEN json_valid(heard) THEN heard END) ->> '$.grave.kind'";

/// The first idea that was heard in a comment.
const SUGGESTION: &str = "(CASE WHEN json_valid(heard) THEN heard END) ->> '$.suggestions[0].quote'";

/// When a person corrected what was heard.
const CORRECTED: &str = "(CASE WHEN json_valid(heard) THEN heard END) ->> '$.corrected_at'";

impl Conditions {
    pub(crate) fn of(filter: &ResponseFilter, zone: &Zone) -> Self {
        let mut all = Self::any();
        match filter.standing.only() {
            Some(Standing::Counted) => all.and("standing IS NULL", []),
            Some(standing) => all.and("standing = ?", [Cell::from(<&str>::from(standing))]),
            None => {}
        }
        if let Some(reference) = &filter.reference {
            // Read from the ids alone, which are an index of their own.
            let ids = "id IN (SELECT id FROM responses WHERE substr(id, 27) = ?)";
            all.and(ids, [Cell::from(reference.end_of_id())]);
        }
        if let Some(score) = filter.score {
            all.and("score = ?", [Cell::from(i64::from(score.get()))]);
        }
        if let Some(band) = filter.band {
            all.and(in_band(band), []);
        }
        if let Some(theme) = &filter.theme {
            let found = "number IN (SELECT number FROM themes_found WHERE theme = ?)";
            all.and(found, [Cell::from(theme.as_str())]);
        }
        if let Some(intent) = filter.intent {
            let does = "EXISTS (SELECT 1 FROM json_each(CASE WHEN json_valid(heard) THEN heard END, '$.intents') WHERE value = ?)";
            all.and(does, [Cell::from(<&str>::from(intent))]);
        }
        match filter.grave {
            Some(true) => all.and(&format!("{GRAVE} IS NOT NULL"), []),
            Some(false) => all.and(&format!("{GRAVE} IS NULL"), []),
            None => {}
        }
        match filter.has_suggestion {
            Some(true) => all.and(&format!("{SUGGESTION} IS NOT NULL"), []),
            Some(false) => all.and(&format!("{SUGGESTION} IS NULL"), []),
            None => {}
        }
        match filter.corrected {
            Some(true) => all.and(&format!("{CORRECTED} IS NOT NULL"), []),
            Some(false) => all.and(&format!("{CORRECTED} IS NULL"), []),
            None => {}
        }
        let begins = |moment| zone.begins(moment);
        all.at("created_at", filter.since.map(begins), filter.until.map(begins));
        all.language(filter.lang.as_deref());
        all.page(filter.page.as_deref());
        match filter.has_comment {
            // An empty one says that there was nothing to add.
            Some(true) => all.and("comment <> ''", []),
            Some(false) => all.and("coalesce(comment, '') = ''", []),
            None => {}
        }
        if let Some(words) = &filter.q {
            all.words(words);
        }
        all
    }

    /// Lets everything through.
    pub(crate) fn any() -> Self {
        Self { sql: String::from("1"), params: Vec::new() }
    }

    pub(crate) fn at(&mut self, column: &str, since: Option<Timestamp>, until: Option<Timestamp>) {
        if let Some(since) = since {
            self.and(&format!("{column} >= ?"), [Cell::from(since)]);
        }
        if let Some(until) = until {
            self.and(&format!("{column} < ?"), [Cell::from(until)]);
        }
    }

    pub(crate) fn language(&mut self, lang: Option<&str>) {
        let Some(lang) = lang.map(str::to_lowercase) else { return };
        let within = format!("{lang}-");
        let params = [Cell::from(lang), length(&within), Cell::from(within)];
        self.and("(lower(lang) = ? OR substr(lower(lang), 1, ?) = ?)", params);
    }

    pub(crate) fn page(&mut self, page: Option<&str>) {
        let Some(page) = page else { return };
        match page.strip_suffix('*') {
            // Not LIKE: addresses are full of its wildcards.
            Some(start) => self.and("substr(page, 1, ?) = ?", [length(start), Cell::from(start)]),
            None => self.and("page = ?", [Cell::from(page)]),
        }
    }

    /// All of these words. The index knows words by the blanks between them; where a script has none, the text itself is
    /// looked through.
    fn words(&mut self, words: &str) {
        let words = words.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty());
        let (unspaced, spaced): (Vec<&str>, Vec<&str>) = words.partition(|word| word.chars().any(is_unspaced));
        for word in unspaced {
            self.and("instr(comment, ?) > 0", [Cell::from(word)]);
        }
        if !spaced.is_empty() {
            let query = Cell::from(words_query(&spaced));
            self.and("number IN (SELECT rowid FROM comments WHERE comments MATCH ?)", [query]);
        }
    }

    pub(crate) fn and<const N: usize>(&mut self, condition: &str, params: [Cell; N]) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.params.extend(params);
    }
}

/// Each word in quotation marks, so that none is taken for an operator of the search; the last may be unfinished.
fn words_query(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("{}*", quoted.join(" "))
}

/// Of a script that is written without blanks between words: Thai, Lao, Burmese, Khmer, Japanese, Chinese; and Korean,
/// whose blanks come after particles.
const fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{e00}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{17ff}'
        | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

fn length(text: &str) -> Cell {
    Cell::count(text.chars().count())
}

/// A score's band, as a condition.
pub(crate) const fn in_band(band: Band) -> &'static str {
    match band {
        Band::Promoter => "score >= 9",
        Band::Passive => "score IN (7, 8)",
        Band::Detractor => "score <= 6",
    }
}

/// What rows are grouped by, as an expression; `column` holds their time, to which `offset` is added for that of the zone.
pub(crate) fn bucket(by: MetricsBy, column: &str, offset: &str) -> String {
    match by {
        MetricsBy::Day => format!("date({column} / 1000 + {offset}, 'unixepoch')"),
        MetricsBy::Week => format!("strftime('%G-W%V', {column} / 1000 + {offset}, 'unixepoch')"),
        MetricsBy::Theme => "theme".to_owned(),
        MetricsBy::Score => "CAST(score AS TEXT)".to_owned(),
        MetricsBy::Page => "page".to_owned(),
        MetricsBy::Language => "lang".to_owned(),
    }
}
