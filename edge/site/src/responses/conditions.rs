//! A [`ResponseFilter`] as SQL.

use crate::store::Cell;
use heard_wire::{Band, MetricsBy, ResponseFilter, Timestamp};

/// Conditions over `responses`, joined by AND, with what stands for their question marks.
#[derive(Clone)]
pub(crate) struct Conditions {
    pub(crate) sql: String,
    pub(crate) params: Vec<Cell>,
}

impl Conditions {
    pub(crate) fn of(filter: &ResponseFilter) -> Self {
        let mut all = Self::any();
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
        all.at("created_at", filter.since, filter.until);
        all.language(filter.lang.as_deref());
        all.page(filter.page.as_deref());
        match filter.has_comment {
            Some(true) => all.and("comment IS NOT NULL", []),
            Some(false) => all.and("comment IS NULL", []),
            None => {}
        }
        if let Some(words) = &filter.q {
            all.and("number IN (SELECT rowid FROM comments WHERE comments MATCH ?)", [Cell::from(words_query(words))]);
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

    pub(crate) fn and<const N: usize>(&mut self, condition: &str, params: [Cell; N]) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
        self.params.extend(params);
    }
}

/// Each word in quotation marks, so that none is taken for an operator of the search; the last may be unfinished.
fn words_query(words: &str) -> String {
    let words: Vec<&str> =
        words.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    format!("{}*", quoted.join(" "))
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

/// What rows are grouped by, as an expression; `column` holds their time.
pub(crate) fn bucket(by: MetricsBy, column: &str) -> String {
    match by {
        MetricsBy::Day => format!("date({column} / 1000, 'unixepoch')"),
        MetricsBy::Week => format!("strftime('%G-W%V', {column} / 1000, 'unixepoch')"),
        MetricsBy::Theme => "theme".to_owned(),
        MetricsBy::Page => "page".to_owned(),
        MetricsBy::Language => "lang".to_owned(),
    }
}
