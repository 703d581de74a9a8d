//! What one clause of a comment says.

use crate::analysis::acts::intents::{Emptiness, asks_for_a_person, emptiness, is_grave};
use crate::analysis::acts::suggestions::{holds_no_idea, is_suggestion};
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

/// How likely a clause has to propose something by itself, and by a turn of phrase that mostly does.
const IDEA: f32 = 0.8;
const NO_IDEA: f32 = 0.1;

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

    fn is_surely_criticism(&self) -> bool {
        self.judged.all.polarity == Polarity::Negative && self.judged.all.confidence >= SURELY
    }

    /// Whether it tells of something that no thank-you is enough for.
    pub(crate) fn is_grave(&self) -> bool {
        !self.is_surely_praise() && is_grave(self.clause.words)
    }

    /// Whether it follows a "but" and is not more praise.
    pub(crate) fn turns(&self) -> bool {
        self.clause.contrasts && self.is_another_side()
    }

    /// Whether it is answered by the next clause, "but the seats are comfy", and is about the business and not more praise.
    pub(crate) fn is_answered_by(&self, next: &Self) -> bool {
        let beside = self.clause.sentence == next.clause.sentence;
        beside && next.clause.contrasts && next.is_surely_praise() && self.is_another_side() && self.has_driver()
    }

    fn is_another_side(&self) -> bool {
        // "Bit dear" is short, and told all the same.
        let says_enough = self.clause.words.len() >= 3 || self.judged.all.polarity == Polarity::Negative;
        says_enough && !self.is_surely_praise()
    }

    /// Whether it proposes something: by how it is put, or by what it says.
    pub(crate) fn proposes(&self) -> bool {
        let (words, idea) = (self.clause.words, self.read.gist.as_ref().map_or(0.5, |gist| gist.idea));
        // What is put as a complaint, and what only a person can see to, are none.
        let is_meant = idea >= IDEA && !holds_no_idea(words) && !self.is_surely_criticism();
        words.len() >= 3 && (is_meant || idea >= NO_IDEA && is_suggestion(words)) && !asks_for_a_person(words)
    }

    /// How likely it proposes something, as log odds.
    pub(crate) fn idea(&self) -> f32 {
        let likely = self.read.gist.as_ref().map_or(0.5, |gist| gist.idea).clamp(0.001, 0.999);
        (likely / (1.0 - likely)).ln()
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
