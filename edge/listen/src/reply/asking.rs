//! The one question that a reply asks, if any.

use crate::analysis::finding::Finding;
use crate::analysis::listener::{Listened, Point};
use crate::policy::POLICY;
use heard_wire::{Ask, Band, Claim, Intent, Polarity, Score, SiteSettings};

/// Score up to which praise alone is taken for bitterness.
pub(super) const SOUR: u8 = 2;

/// Score from which an unhappy customer without a reason is lukewarm.
const LUKEWARM: u8 = 5;

/// The one thing missing. Nothing is asked of a customer who has told it, or without a score to go by.
pub(super) fn ask(listened: &Listened, given: Option<Score>, claims: &[Claim], settings: &SiteSettings) -> Option<Ask> {
    let score = given?;
    let band = score.band();
    let does = |intent: Intent| listened.heard.intents.contains(&intent);
    let contact = (!listened.offers_contact && !listened.refuses_contact).then_some(Ask::Contact);
    if listened.grave.is_some() {
        return contact;
    }
    // Who asks for something and left no number is asked for it, whatever the owner promises.
    if does(Intent::WantsContact) || does(Intent::Request) || does(Intent::Question) {
        // By its number somebody finds it, and answers where they wrote. Who is happy and asks to thank somebody waits for none.
        let wants_answer = does(Intent::WantsContact) || does(Intent::Question) || band != Band::Promoter;
        return contact.filter(|_| wants_answer && !listened.names_a_case);
    }
    // Who names somebody has told what stood out.
    let is_happy = |person: &heard_wire::Person| person.polarity != Polarity::Negative;
    if band == Band::Promoter && !listened.heard.informative && listened.heard.people.iter().any(is_happy) {
        return None;
    }
    if !listened.heard.informative {
        return (!listened.declines && !does(Intent::AlreadyTold)).then_some(match band {
            Band::Promoter => Ask::WhatStoodOut,
            Band::Passive => Ask::WhatWouldHelp,
            // A 5 or 6 without a reason is no accident that anybody could tell of.
            Band::Detractor if score.get() >= LUKEWARM => Ask::WhatWouldHelp,
            Band::Detractor => Ask::WhatHappened,
        });
    }
    if contradicts(listened, score) {
        return Some(Ask::CheckScore);
    }
    // What may be harm is not answered by asking for advice.
    if listened.may_be_grave {
        return contact.filter(|_| settings.promise.is_some());
    }
    let complained = claims.iter().any(|claim| claim.polarity == Polarity::Negative);
    if band != Band::Detractor || !complained {
        return None;
    }
    // Asking how to reach somebody says that somebody will: only where the owner promises an answer. What would help is not
    // asked below words that were just read back: whoever says what went wrong has said it.
    contact.filter(|_| settings.promise.is_some())
}

/// Whether every word speaks against the score: all praise with a 0 to 2, all complaint with a 9 or 10.
fn contradicts(listened: &Listened, score: Score) -> bool {
    let likely = |polarity: Polarity| {
        let mut here = listened.findings.iter().filter(|finding| finding.polarity == polarity);
        here.any(|finding| finding.confidence >= POLICY.likely)
    };
    let surely = |polarity: Polarity| {
        let mut here = listened.findings.iter().filter(|finding| finding.polarity == polarity);
        here.any(Finding::is_claimable)
    };
    let points = || listened.points.iter().take(3);
    let feels = points().map(|point| point.feels);
    let (worst, best) = (feels.clone().fold(0.0, f32::min), feels.fold(0.0, f32::max));
    let all = |of: fn(&Point) -> f32| points().map(of).fold(1.0, f32::min) >= POLICY.contradicts;
    match score.get() {
        0..=SOUR => {
            surely(Polarity::Positive)
                && !likely(Polarity::Negative)
                && worst > -0.5
                && best > 1.0
                && all(|point| point.feeling.praise)
        }
        // A wish of a happy customer is none.
        9.. if listened.ideas.is_empty() && !listened.points.iter().any(|point| point.asks) => {
            surely(Polarity::Negative)
                && !likely(Polarity::Positive)
                && best < 0.3
                && worst < -1.0
                && all(|point| point.feeling.criticism)
        }
        _ => false,
    }
}
