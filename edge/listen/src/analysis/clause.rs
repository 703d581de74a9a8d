//! What one clause of a comment says.

use crate::analysis::acts::intents::{Emptiness, emptiness, is_grave};
use crate::analysis::aspects::attribution::Attribution;
use crate::analysis::aspects::topics::topic_of;
use crate::analysis::sentiment::classify::{Judged, Judgement, Read};
use crate::models::drivers::Gist;
use crate::text::clauses::Clause;
use heard_wire::{Polarity, Topic};

/// A clause with all that is made of it.
pub(crate) struct Said<'a> {
    pub(crate) clause: &'a Clause<'a>,
    pub(crate) read: Read,
    pub(crate) judged: Judged,
    /// The themes that it may be about.
    pub(crate) about: Vec<Attribution>,
}

/// Confidence from which a clause is taken for praise, or for criticism.
const SURELY: f32 = 0.8;

/// How likely each clause of an answer has to tell nothing for the answer to be taken so.
const EMPTY_ANSWER: f32 = 0.6;
const EMPTY_BARE: f32 = 0.2;

impl Said<'_> {
    /// What it adds to how the whole comment feels.
    pub(crate) fn lean(&self) -> f32 {
        let Judgement { polarity, confidence, .. } = self.judged.all;
        match polarity {
            Polarity::Positive => 0.3 * confidence,
            Polarity::Negative => -0.4 * confidence,
            Polarity::Neutral => 0.0,
        }
    }

    fn is_surely_praise(&self) -> bool {
        self.judged.all.polarity == Polarity::Positive && self.judged.all.confidence >= SURELY
    }

    /// Whether it tells of something that no thank-you is enough for.
    pub(crate) fn is_grave(&self) -> bool {
        !self.is_surely_praise() && is_grave(self.clause.words)
    }

    /// Whether it is about a theme, or says in one word what it is about and how it was: "slow".
    pub(crate) fn says_what(&self) -> bool {
        self.is_themed() || self.read.has_feeling_words() && self.has_driver()
    }

    /// Whether it is likely about something that customers of any industry talk about.
    fn has_driver(&self) -> bool {
        let likeliest = |gist: &Gist| gist.drivers.iter().fold(0.0_f32, |most, likely| most.max(*likely));
        self.read.gist.as_ref().is_some_and(|gist| likeliest(gist) >= 0.5)
    }

    /// Whether it tells nothing; one that is about a theme or feels something has to be surer of it.
    pub(crate) fn tells_nothing(&self) -> bool {
        let empty = self.read.gist.as_ref().map_or(0.0, |gist| gist.empty);
        let is_bare = !self.read.has_feeling_words() && !self.is_themed();
        match emptiness(self.clause.words) {
            Some(Emptiness::Whole) => true,
            Some(Emptiness::Turn) if is_bare => true,
            _ => empty >= EMPTY_ANSWER || is_bare && empty >= EMPTY_BARE,
        }
    }

    fn is_themed(&self) -> bool {
        self.about.iter().any(|about| about.is_named || about.is_stored())
    }

    /// What it is about when it feels something and is about no theme.
    pub(crate) fn topic(&self, text: &str) -> Option<Topic> {
        let polarity = self.judged.all.polarity;
        if polarity == Polarity::Neutral || self.about.iter().any(Attribution::is_stored) {
            return None;
        }
        let quote = text.get(topic_of(self.clause)?)?.to_owned();
        Some(Topic { quote, polarity })
    }
}
