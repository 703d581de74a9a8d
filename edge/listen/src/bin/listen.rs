//! Reads comments as JSON lines on standard input and writes what was heard and the reply, one line each.
//!
//! For training, so that scripts cut text as the listener does: with `--signs` it writes what each finding was judged by,
//! for `train/judgement.py`: the names of the signs first, then a line for each comment. `--candidates` and `--ideas` do the same for `train/points.py` and `train/ideas.py`; `--rows` writes the rows of
//! each word, for `train/encoder.py`. `--points` adds what could be read back, by rank.

use heard_listen::{ATTRIBUTION_SIGNS, Customer, Feeling, Listened, Listener, SIGNS, acknowledge, training};
use heard_wire::{Acknowledgement, Analysis, ResponseId, Score, SiteSettings, Theme};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::io::{BufRead as _, BufWriter, Write as _};
use std::ops::Range;

#[derive(Deserialize)]
struct Comment {
    id: String,
    text: String,
    score: Option<Score>,
    /// The language of the page.
    #[serde(default = "english")]
    lang: String,
    #[serde(default)]
    themes: Vec<Theme>,
}

fn english() -> String {
    "en".to_owned()
}

fn main() -> std::io::Result<()> {
    let mut listeners: HashMap<String, Listener> = HashMap::new();
    let is_asked_for = |what: &str| std::env::args().any(|argument| argument == what);
    let (only_signs, only_rows) = (is_asked_for("--signs"), is_asked_for("--rows"));
    let only_acts = is_asked_for("--acts");
    let (only_candidates, only_ideas) = (is_asked_for("--candidates"), is_asked_for("--ideas"));
    let mut out = BufWriter::new(std::io::stdout().lock());
    if only_candidates {
        writeln!(out, "{}", json!(training::feature_names()))?;
    }
    if only_ideas {
        writeln!(out, "{}", json!(training::idea_names()))?;
    }
    if only_signs {
        writeln!(out, "{}", json!({ "feeling": SIGNS, "about": ATTRIBUTION_SIGNS }))?;
    }
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let comment: Comment = serde_json::from_str(&line)?;
        if only_rows {
            writeln!(out, "{}", json!({ "id": comment.id, "rows": training::rows(&comment.text) }))?;
            continue;
        }
        let key = serde_json::to_string(&comment.themes)?;
        let listener = listeners.entry(key).or_insert_with(|| Listener::new(&comment.themes));
        if only_candidates {
            let found = training::candidates(listener, &comment.text, comment.score, &comment.lang);
            writeln!(out, "{}", spans(&comment, found))?;
            continue;
        }
        if only_acts {
            writeln!(out, "{}", spans(&comment, training::acts(listener, &comment.text, &comment.lang)))?;
            continue;
        }
        if only_ideas {
            writeln!(out, "{}", spans(&comment, training::idea_signs(listener, &comment.text, comment.score)))?;
            continue;
        }
        let listened = listener.listen(&comment.text, comment.score, &comment.lang);
        if only_signs {
            writeln!(out, "{}", signs(&comment.id, &listened))?;
            continue;
        }
        let Some(id) = stable_id(&comment.id) else {
            continue;
        };
        let customer = Customer { score: comment.score, page_language: &comment.lang, ..Customer::default() };
        let reply = acknowledge(Some((&comment.text, &listened)), &customer, &id, &SiteSettings::named("Heard"));
        let mut told = answer(&comment.id, &listened.heard, &reply);
        if is_asked_for("--points") {
            let found = points(&comment.text, &listened);
            told.as_object_mut().and_then(|members| members.insert("points".to_owned(), found));
        }
        writeln!(out, "{told}")?;
    }
    out.flush()
}

/// Stretches of a comment with numbers, where they stand told in letters: scripts count no bytes.
fn spans(comment: &Comment, found: Vec<(Range<usize>, Vec<f32>)>) -> serde_json::Value {
    let letters = |bytes: usize| comment.text.get(..bytes).map_or(0, |before| before.chars().count());
    let found: Vec<_> =
        found.iter().map(|(span, numbers)| json!([letters(span.start), letters(span.end), numbers])).collect();
    json!({ "id": comment.id, "spans": found })
}

fn signs(id: &str, listened: &Listened) -> serde_json::Value {
    let findings = listened.findings.iter();
    let findings: Vec<_> = findings
        .map(|finding| {
            let about = finding.about.map(|about| about.signs);
            json!({ "theme": finding.theme, "start": finding.span.start, "feeling": finding.signs, "about": about })
        })
        .collect();
    json!({ "id": id, "findings": findings })
}

fn answer(id: &str, heard: &Analysis, reply: &Acknowledgement) -> serde_json::Value {
    let suggestions: Vec<&str> = heard.suggestions.iter().map(|suggestion| suggestion.quote.as_str()).collect();
    let people: Vec<&str> = heard.people.iter().map(|person| person.name.as_str()).collect();
    json!({
        "id": id,
        "reply": { "text": reply.text, "claims": reply.claims, "ask": reply.ask },
        "themes": heard.themes, "topics": heard.topics, "overall": heard.overall, "suggestions": suggestions, "people": people,
        "intents": heard.intents, "grave": heard.grave, "informative": heard.informative, "language": heard.language,
    })
}

/// What could be read back, the best first, with how likely it is criticism, praise or a wish.
fn points(text: &str, listened: &Listened) -> serde_json::Value {
    let points = listened.points.iter().map(|point| {
        let Feeling { criticism, praise, wish } = point.feeling;
        json!([text.get(point.span.clone()), point.rank, criticism, praise, wish, point.extremes])
    });
    points.collect()
}

/// A response id that is the same for the same comment id, so that a run can be repeated.
fn stable_id(text: &str) -> Option<ResponseId> {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!(
        "0190a5c4-7a1c-7{:03x}-8{:03x}-{:012x}",
        hash & 0xfff,
        (hash >> 12) & 0xfff,
        (hash >> 16) & 0xffff_ffff_ffff
    )
    .parse()
    .ok()
}
