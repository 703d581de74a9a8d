//! What a customer does that a reply answers by itself: asks for something, leaves, told us before.

use crate::analysis::listener::Listened;
use heard_wire::{Band, Intent, Score};

/// What a customer does that is answered by itself.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub(crate) enum Answers {
    /// Told us before.
    Told,
    Leaving,
    Request,
    Question,
}

/// What of what the customer did is answered by itself: what comes of it, and that it was told before.
pub(super) fn answers(listened: &Listened, score: Option<Score>) -> Vec<Answers> {
    let does = |intent: Intent| listened.heard.intents.contains(&intent);
    let is_happy = score.is_some_and(|score| score.band() == Band::Promoter);
    // Who is content and goes has moved away, or goes on.
    let is_unhappy = score.is_none_or(|score| score.band() == Band::Detractor);
    if listened.grave.is_some() {
        return Vec::new();
    }
    // "what bus?" tells nothing, and asks.
    let is_told = listened.heard.informative;
    let told = (does(Intent::AlreadyTold) && !is_happy && is_told).then_some(Answers::Told);
    let comes_of_it = match () {
        () if does(Intent::Request) || does(Intent::WantsContact) => Some(Answers::Request),
        () if does(Intent::WillLeave) && is_unhappy && is_told => Some(Answers::Leaving),
        () if does(Intent::Question) => Some(Answers::Question),
        () => None,
    };
    comes_of_it.into_iter().chain(told).collect()
}
