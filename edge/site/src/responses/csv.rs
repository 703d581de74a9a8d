//! Responses as lines of RFC 4180, safe to open in a spreadsheet.

use heard_wire::{Polarity, QuestionId, Response};

/// How a file of CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CsvDialect {
    /// Between cells: `,` or `;`.
    pub separator: char,
    /// Whether the file begins with a byte order mark, by which spreadsheets know UTF-8.
    pub has_mark: bool,
}

const COLUMNS: [&str; 22] = [
    "id",
    "reference",
    "created_at",
    "completed_at",
    "score",
    "band",
    "comment",
    "overall",
    "themes",
    "topics",
    "suggestions",
    "people",
    "intents",
    "page",
    "lang",
    "visitor",
    "suspect",
    "standing",
    "grave",
    "language",
    "contact",
    "variant",
];

impl CsvDialect {
    /// The names of the columns, with one for each of the owner's own questions.
    #[must_use]
    pub fn header(self, questions: &[QuestionId]) -> String {
        let mark = if self.has_mark { "\u{feff}" } else { "" };
        let names: Vec<String> = COLUMNS.map(str::to_owned).into_iter().chain(questions.iter().map(column)).collect();
        format!("{mark}{}\r\n", names.join(&self.separator.to_string()))
    }

    /// One response.
    #[must_use]
    pub fn line(self, response: &Response, questions: &[QuestionId]) -> String {
        let answer = |id| response.answers.get(id).map(ToString::to_string).unwrap_or_default();
        let all = cells(response).into_iter().chain(questions.iter().map(answer));
        let cells: Vec<String> = all.map(|text| cell(&text)).collect();
        cells.join(&self.separator.to_string()) + "\r\n"
    }
}

/// The column of a question of the owner's.
fn column(question: &QuestionId) -> String {
    format!("answers.{question}")
}

fn cells(response: &Response) -> [String; 22] {
    let heard = response.heard.as_ref();
    let felt = |polarity: Polarity| <&str>::from(polarity);
    let all = |texts: Vec<String>| texts.join("; ");
    let themes = heard.into_iter().flat_map(|heard| &heard.themes);
    let themes = themes.map(|theme| format!("{} {}", theme.id, felt(theme.polarity))).collect();
    let topics = heard.into_iter().flat_map(|heard| &heard.topics);
    let topics = topics.map(|topic| format!("{} {}", topic.quote, felt(topic.polarity))).collect();
    let ideas = heard.into_iter().flat_map(|heard| &heard.suggestions).map(|idea| idea.quote.clone()).collect();
    let people = heard.into_iter().flat_map(|heard| &heard.people).map(|person| person.name.clone()).collect();
    let intents = heard.into_iter().flat_map(|heard| &heard.intents);
    let intents = intents.map(|intent| <&str>::from(*intent).to_owned()).collect();
    let suspicions = response.suspect.iter().filter_map(|reason| serde_json::to_value(reason).ok());
    let suspicions = suspicions.filter_map(|reason| reason.as_str().map(str::to_owned)).collect();
    [
        response.id.to_string(),
        response.reference.clone(),
        response.created_at.to_string(),
        response.completed_at.map(|at| at.to_string()).unwrap_or_default(),
        response.score.get().to_string(),
        <&str>::from(response.band).to_owned(),
        response.comment.clone().unwrap_or_default(),
        heard.map(|heard| felt(heard.overall).to_owned()).unwrap_or_default(),
        all(themes),
        all(topics),
        all(ideas),
        all(people),
        all(intents),
        response.page.to_string(),
        response.lang.to_string(),
        response.visitor.as_ref().map(ToString::to_string).unwrap_or_default(),
        all(suspicions),
        <&str>::from(response.standing()).to_owned(),
        heard
            .and_then(|heard| heard.grave.as_ref())
            .map(|grave| <&str>::from(grave.kind).to_owned())
            .unwrap_or_default(),
        heard.map(|heard| heard.language.clone()).unwrap_or_default(),
        response.contact.as_ref().map(ToString::to_string).unwrap_or_default(),
        response.variant.as_ref().map(ToString::to_string).unwrap_or_default(),
    ]
}

/// A cell in quotation marks. What a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV injection),
/// also after what separates cells where somebody else reads the file: a semicolon, a tab, a line.
fn cell(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    let mut begins = true;
    for letter in text.chars() {
        if begins && matches!(letter, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠') {
            written.push('\'');
        }
        if letter == '"' {
            written.push('"');
        }
        written.push(letter);
        begins = matches!(letter, ';' | '\t' | '\r' | '\n') || begins && letter == ' ';
    }
    written.push('"');
    written
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn a_formula_is_only_text() {
        for (text, written) in [
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("@SUM(A1)", "\"'@SUM(A1)\""),
            ("-1+1", "\"'-1+1\""),
            ("two\nlines, \"quoted\"", "\"two\nlines, \"\"quoted\"\"\""),
            ("", "\"\""),
            // Split at semicolons, as spreadsheets in most of Europe do.
            ("nice;=cmd|' /C calc'!A0;bye", "\"nice;'=cmd|' /C calc'!A0;bye\""),
            ("nice; \t@x", "\"nice; '\t'@x\""),
            ("good, -but", "\"good, -but\""),
            ("two\n=1+1", "\"two\n'=1+1\""),
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
