//! Responses as lines of RFC 4180, safe to open in a spreadsheet.

use heard_wire::{Polarity, Response};

/// The names of the columns.
#[must_use]
pub fn csv_header() -> &'static str {
    "id,reference,created_at,completed_at,score,band,comment,overall,themes,topics,suggestions,people,intents,page,lang,visitor\r\n"
}

/// One response.
#[must_use]
pub fn csv_line(response: &Response) -> String {
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
    let cells = [
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
    ];
    let cells: Vec<String> = cells.iter().map(|text| cell(text)).collect();
    cells.join(",") + "\r\n"
}

/// A cell in quotation marks. What a spreadsheet would take for a formula gets an apostrophe in front (OWASP, CSV
/// injection).
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    let mark = if formula { "'" } else { "" };
    format!("\"{mark}{}\"", text.replace('"', "\"\""))
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
        ] {
            assert_eq!(cell(text), written);
        }
    }
}
