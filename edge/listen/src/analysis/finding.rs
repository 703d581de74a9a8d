//! One thing that a clause says.

use crate::analysis::aspects::attribution::Attribution;
use crate::analysis::sentiment::classify::{SIGNS, has_sign, reasons};
use crate::policy::POLICY;
use heard_wire::{Polarity, ThemeId};
use std::ops::Range;

/// One thing a clause says.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Bytes of the comment that say it.
    pub span: Range<usize>,
    /// The owner's theme, or `None` when the clause is about none.
    pub theme: Option<ThemeId>,
    /// Whether it is about that theme.
    pub about: Option<Attribution>,
    /// How the customer felt about it.
    pub polarity: Polarity,
    /// 0 to 1; see [`Finding::is_claimable`].
    pub confidence: f32,
    /// How its words feel to the encoder: log odds of praise against criticism.
    pub feels: f32,
    /// What the feeling was judged by, one number for each of [`SIGNS`].
    pub signs: [f32; SIGNS.len()],
}

impl Finding {
    /// Whether the reply may claim this feeling. Praise echoed to somebody who complained hurts more than the other way
    /// round, so it has to be surer.
    #[must_use]
    pub fn is_claimable(&self) -> bool {
        match self.polarity {
            Polarity::Positive => {
                self.confidence >= POLICY.claim_praise
                    || self.confidence >= POLICY.claim_plain_praise && has_sign(&self.signs, "plain praise")
            }
            Polarity::Negative => self.confidence >= POLICY.claim_criticism,
            Polarity::Neutral => false,
        }
    }

    /// The signs that spoke most for the feeling, each with the log odds that it added.
    #[must_use]
    pub fn reasons(&self) -> Vec<(&'static str, f32)> {
        reasons(self.polarity, &self.signs)
    }

    /// Whether a word or turn of phrase of it criticises.
    pub(crate) fn has_words_of_criticism(&self) -> bool {
        has_sign(&self.signs, "words of criticism")
    }

    /// Whether the feeling is so sure that the reply may say what we make of it, and name its theme.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.confidence >= POLICY.sure_criticism && self.is_claimable()
    }

    /// Whether a claim may say that it is about the theme.
    #[must_use]
    pub fn is_surely_about(&self) -> bool {
        self.is_sure() && self.is_about()
    }

    /// Whether both the feeling and the theme are likely, whatever may be claimed of it.
    fn is_about(&self) -> bool {
        let is_surely = |about: Attribution| {
            let likely = about.about * self.confidence;
            if about.is_named { likely >= POLICY.surely_about } else { likely >= POLICY.surely_meant }
        };
        self.about.is_some_and(is_surely)
    }
}
