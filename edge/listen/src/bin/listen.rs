//! Reads comments as JSON lines on standard input and writes what was heard and the reply, one line each.
//!
//! With `--signs` it writes what each finding was judged by instead, for `train/judgement.py` to learn from: the names of
//! the signs first, then a line for each comment.

use heard_listen::{ATTRIBUTION_SIGNS, Listened, Listener, SIGNS, acknowledge};
use heard_wire::{Acknowledgement, Analysis, ResponseId, Score, SiteSettings, Theme};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;
use std::io::{BufRead as _, BufWriter, Write as _};

#[derive(Deserialize)]
struct Comment {
    id: String,
    text: String,
    score: Option<Score>,
    #[serde(default)]
    themes: Vec<Theme>,
}

fn main() -> std::io::Result<()> {
    let mut listeners: HashMap<String, Listener> = HashMap::new();
    let only_signs = std::env::args().any(|argument| argument == "--signs");
    let mut out = BufWriter::new(std::io::stdout().lock());
    if only_signs {
        writeln!(out, "{}", json!({ "feeling": SIGNS, "about": ATTRIBUTION_SIGNS }))?;
    }
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let comment: Comment = serde_json::from_str(&line)?;
        let key = serde_json::to_string(&comment.themes)?;
        let listener = listeners.entry(key).or_insert_with(|| Listener::new(&comment.themes));
        let listened = listener.listen(&comment.text, comment.score, "en");
        if only_signs {
            writeln!(out, "{}", signs(&comment.id, &listened))?;
            continue;
        }
        let Some(id) = stable_id(&comment.id) else {
            continue;
        };
        let reply =
            acknowledge(Some((&comment.text, &listened)), comment.score, &id, "en", &SiteSettings::named("Heard"));
        writeln!(out, "{}", answer(&comment.id, &listened.heard, &reply))?;
    }
    out.flush()
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
        "intents": heard.intents, "informative": heard.informative, "language": heard.language,
    })
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
