//! The other languages are read segment by segment, by the encoder and the score; a language that is not known is not read.

use crate::analysis::aspects::attribution::{Attribution, attributed_plainly};
use crate::analysis::aspects::themes::ThemeIndex;
use crate::analysis::entities::names::people;
use crate::analysis::finding::Finding;
use crate::analysis::reading::{Outline, Reading, overall};
use crate::analysis::sentiment::classify::SIGNS;
use crate::models::encoder::{Does, Meaning};
use crate::policy::POLICY;
use crate::text::quotable::is_quotable;
use heard_wire::{Band, Polarity, Score};

/// Words of a comment that says something.
const TELLING: usize = 3;
/// The same in letters of scripts that part no words, and where those begin.
const TELLING_LETTERS: usize = 6;
const UNPARTED: u32 = 0x3000;

/// Reads a comment in a language that the encoder was taught.
pub(crate) fn read(themes: &ThemeIndex, outline: &Outline) -> Reading {
    let tells_nothing =
        |meaning: &Meaning| meaning.does(Does::NothingTold) >= 0.0 || meaning.does(Does::Declines) >= 0.0;
    let mut said = outline.meant().peekable();
    let grave = outline.grave(&[]);
    let informative = grave.is_some() || said.peek().is_some() && !said.all(|(_, meaning)| tells_nothing(meaning));
    let mut findings = Vec::new();
    let (mut sum, mut weights) = (0.0, 0.0);
    for (segment, meaning) in outline.meant() {
        let odds = felt(meaning, outline.score);
        #[expect(clippy::cast_precision_loss, reason = "a segment has few words")]
        let weight = (segment.words.len() as f32).sqrt();
        (sum, weights) = (sum + odds.clamp(-4.0, 4.0) * weight, weights + weight);
        if !informative {
            continue;
        }
        let (polarity, confidence) = judged(meaning, outline.score);
        let words = outline.words.get(segment.words.clone()).unwrap_or_default();
        let named = attributed_plainly(&themes.find_in(words, meaning));
        let finding = |theme: Option<usize>, about: Option<Attribution>| Finding {
            span: segment.span.clone(),
            theme: theme.and_then(|theme| themes.id(theme)).cloned(),
            about,
            polarity,
            confidence,
            feels: meaning.feelings.praise(),
            signs: [0.0; SIGNS.len()],
        };
        if named.is_empty() {
            findings.extend((polarity != Polarity::Neutral).then(|| finding(None, None)));
        }
        findings.extend(named.into_iter().map(|about| finding(Some(about.theme), Some(about))));
    }
    let ideas = outline.meant().filter_map(|(segment, meaning)| {
        // Told where it is as sure as an English one has to be.
        let odds = meaning.does(Does::Idea);
        let is_meant = odds >= POLICY.others_idea_stored
            && meaning.does(Does::Request).max(meaning.does(Does::WarningToOthers)) < odds;
        let words = outline.text.get(segment.span.clone())?;
        (is_meant && segment.words.len() >= 3 && is_quotable(words))
            .then(|| (segment.span.clone(), odds - POLICY.others_idea_told + POLICY.idea_told))
    });
    Reading {
        informative,
        overall: overall(if weights > 0.0 { 0.5 * sum / weights } else { 0.0 }, outline.score),
        findings,
        topics: Vec::new(),
        people: people(outline),
        intents: outline.intents(),
        ideas: ideas.collect(),
        grave,
        is_marked: false,
        declines: outline.does(Does::Declines),
        refuses_contact: false,
        clauses: Vec::new(),
        idea_signs: Vec::new(),
    }
}

/// The log odds of praise against criticism, with what the score says.
fn felt(meaning: &Meaning, score: Option<Score>) -> f32 {
    let prior = match score.map(Score::band) {
        Some(Band::Detractor) => -0.9,
        Some(Band::Promoter) => 0.9,
        _ => 0.0,
    };
    meaning.feelings.praise() + prior
}

/// How a segment feels, and how sure that is on the scale of [`Finding::is_claimable`]: against what the score says it takes
/// more.
fn judged(meaning: &Meaning, score: Option<Score>) -> (Polarity, f32) {
    let band = score.map(Score::band);
    let odds = meaning.feelings.praise();
    let (praise, criticism) = match band {
        Some(Band::Promoter) => (POLICY.others_praise, 2.5 * POLICY.others_criticism),
        Some(Band::Detractor) => (2.0 * POLICY.others_praise, POLICY.others_criticism),
        Some(Band::Passive) | None => (1.5 * POLICY.others_praise, 2.0 * POLICY.others_criticism),
    };
    match odds {
        odds if odds >= praise => (Polarity::Positive, POLICY.claim_praise),
        odds if odds <= criticism => (Polarity::Negative, POLICY.claim_criticism.max(0.6)),
        odds if odds >= 1.0 => (Polarity::Positive, 0.6),
        odds if odds <= POLICY.others_criticism => (Polarity::Negative, 0.4),
        _ => (Polarity::Neutral, 0.5),
    }
}

/// A comment in a language that is not known: stored, and quoted by the score.
pub(crate) fn unread(outline: &Outline) -> Reading {
    Reading {
        informative: outline.words.len() >= TELLING
            || outline.text.chars().filter(|letter| *letter as u32 >= UNPARTED).count() >= TELLING_LETTERS,
        overall: overall(0.0, outline.score),
        findings: Vec::new(),
        topics: Vec::new(),
        people: Vec::new(),
        intents: Vec::new(),
        ideas: Vec::new(),
        grave: None,
        is_marked: false,
        declines: false,
        refuses_contact: false,
        clauses: Vec::new(),
        idea_signs: Vec::new(),
    }
}
