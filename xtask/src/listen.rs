//! `cargo xtask listen`: shows why a comment is answered as it is.

use anyhow::{Context as _, Result};
use heard_listen::{Customer, Listener, acknowledge};
use heard_wire::{Polarity, Score, SiteSettings, Theme};

/// Prints what was found, clause by clause, and the reply.
pub fn listen(comment: &str, score: Option<u8>, themes: &[String]) -> Result<()> {
    let score = score.map(|score| Score::new(score).context("a score is 0 to 10")).transpose()?;
    let themes = themes.iter().map(|label| Ok(Theme::labelled(label.parse()?, label))).collect::<Result<Vec<_>>>()?;
    let listened = Listener::new(&themes).listen(comment, score, "en");
    for finding in &listened.findings {
        let sign = match finding.polarity {
            Polarity::Positive => '+',
            Polarity::Negative => '-',
            Polarity::Neutral => ' ',
        };
        let sure = match (finding.is_claimable(), finding.is_surely_about()) {
            (false, _) => "holds back",
            (true, false) => "claims",
            (true, true) => "claims, with its theme",
        };
        let about = finding.about.map_or(String::new(), |about| format!(" (about it: {:.2})", about.about));
        let (span, theme) = (&finding.span, finding.theme.as_ref().map_or("no theme", |theme| theme.as_str()));
        println!("{sign} {:.2} {}", finding.confidence, comment.get(span.clone()).unwrap_or_default());
        println!("       bytes {}..{}, {theme}{about}, {sure}", span.start, span.end);
        let reasons = finding.reasons().into_iter().map(|(sign, odds)| format!("{sign} +{odds:.1}"));
        println!("       {}", reasons.collect::<Vec<_>>().join(", "));
    }
    let heard = &listened.heard;
    println!("  language {}, overall {:?}, informative {}", heard.language, heard.overall, heard.informative);
    println!("  topics {:?}", heard.topics.iter().map(|topic| &topic.quote).collect::<Vec<_>>());
    println!("  ideas {:?}", heard.suggestions.iter().map(|suggestion| &suggestion.quote).collect::<Vec<_>>());
    println!("  people {:?}, amounts {:?}, intents {:?}", heard.people, heard.amounts, heard.intents);
    let id = "0190a5c4-7a1c-7def-8123-456789abcdef".parse()?;
    let reply = acknowledge(
        Some((comment, &listened)),
        &Customer { score, page_language: "en", ..Customer::default() },
        &id,
        &SiteSettings::named("Heard"),
    );
    println!("\n{}\n  asks {:?}", reply.text, reply.ask);
    Ok(())
}
