//! What reading a comment needs, and what it finds, whoever reads it.

use crate::analysis::acts::ideas::IDEA_SIGNS;
use crate::analysis::finding::Finding;
use crate::analysis::listener::Grave;
use crate::analysis::sentiment::lexicon_score::Evidence;
use crate::models::encoder::{Does, Encoded, Meaning};
use crate::policy::POLICY;
use crate::text::segments::Segment;
use crate::text::small_words::SmallWords;
use crate::text::words::Word;
use heard_wire::{Band, GraveKind, Intent, Person, Polarity, Score, Topic};
use std::ops::Range;

/// A comment, cut and encoded.
pub(crate) struct Outline<'a> {
    pub(crate) text: &'a str,
    pub(crate) score: Option<Score>,
    pub(crate) words: &'a [Word],
    pub(crate) language: &'static str,
    /// Whether the language is one that is read.
    pub(crate) is_read: bool,
    pub(crate) small: &'a SmallWords,
    pub(crate) segments: &'a [Segment],
    /// What each segment means; `None` where no word of it says anything.
    pub(crate) meanings: &'a [Option<Meaning>],
    pub(crate) encoded: &'a Encoded,
    /// The sentences: their bytes, and what each means as a whole. What a customer does takes a sentence to be told.
    pub(crate) sentences: &'a [(Range<usize>, Meaning)],
}

/// What was found.
pub(crate) struct Reading {
    pub(crate) informative: bool,
    pub(crate) overall: Polarity,
    pub(crate) findings: Vec<Finding>,
    pub(crate) topics: Vec<Topic>,
    pub(crate) people: Vec<Person>,
    pub(crate) intents: Vec<Intent>,
    /// Bytes that propose something, each with its log odds.
    pub(crate) ideas: Vec<(Range<usize>, f32)>,
    pub(crate) grave: Option<Grave>,
    pub(crate) declines: bool,
    /// The clauses as they were read in English: their bytes, log odds of praise, and words of feeling.
    pub(crate) clauses: Vec<(Range<usize>, f32, Evidence)>,
    /// By what each of them was taken for an idea.
    pub(crate) idea_signs: Vec<[f32; IDEA_SIGNS.len()]>,
}

/// The kinds of harm, as the encoder knows them.
const GRAVE: [(Does, GraveKind); 7] = [
    (Does::GraveInjury, GraveKind::Injury),
    (Does::GraveBereavement, GraveKind::Bereavement),
    (Does::GraveSelfHarm, GraveKind::SelfHarm),
    (Does::GraveDiscrimination, GraveKind::Discrimination),
    (Does::GraveHarassment, GraveKind::Harassment),
    (Does::GraveSafety, GraveKind::Safety),
    (Does::GraveThreat, GraveKind::Threat),
];

/// What customers do that is stored as an intent.
const INTENTS: [(Does, Intent); 9] = [
    (Does::Request, Intent::Request),
    (Does::Question, Intent::Question),
    (Does::Leaving, Intent::WillLeave),
    (Does::AlreadyTold, Intent::AlreadyTold),
    (Does::WantsContact, Intent::WantsContact),
    (Does::WarningToOthers, Intent::WarnsOthers),
    (Does::ThanksPerson, Intent::ThanksPerson),
    (Does::ComplainsOfPerson, Intent::ComplainsOfPerson),
    (Does::Declines, Intent::Declines),
];

impl Outline<'_> {
    /// The segments with what they mean.
    pub(crate) fn meant(&self) -> impl Iterator<Item = (&Segment, &Meaning)> {
        self.segments.iter().zip(self.meanings).filter_map(|(segment, meaning)| Some((segment, meaning.as_ref()?)))
    }

    /// How some segments feel together: log odds of praise against criticism.
    pub(crate) fn feels(&self, segments: Range<usize>) -> f32 {
        let here = self.segments.iter().zip(self.meanings).skip(segments.start).take(segments.len());
        let felt =
            here.filter_map(|(segment, meaning)| Some((meaning.as_ref()?.feelings.praise(), segment.words.len())));
        #[expect(clippy::cast_precision_loss, reason = "a segment has few words")]
        let (sum, words) = felt.fold((0.0, 0.0), |(sum, words), (felt, length)| {
            (sum + felt.clamp(-6.0, 6.0) * length as f32, words + length as f32)
        });
        if words > 0.0 { sum / words } else { 0.0 }
    }

    /// The harm that was told of, if any.
    pub(crate) fn grave(&self) -> Option<Grave> {
        let of = |(span, meaning): &(Range<usize>, Meaning)| {
            let likeliest = GRAVE.map(|(what, kind)| (meaning.does(what), kind));
            let (odds, kind) = likeliest.into_iter().max_by(|(one, _), (other, _)| one.total_cmp(other))?;
            Some((odds, Grave { kind, span: span.clone() }))
        };
        let found = self.sentences.iter().filter_map(of).max_by(|(one, _), (other, _)| one.total_cmp(other));
        found.filter(|(odds, _)| *odds >= POLICY.grave).map(|(_, grave)| grave)
    }

    /// Whether any segment does this.
    pub(crate) fn does(&self, what: Does) -> bool {
        self.sentences.iter().any(|(_, meaning)| meaning.does(what) >= POLICY.does)
    }

    /// What the customer does, as intents.
    pub(crate) fn intents(&self) -> Vec<Intent> {
        INTENTS.into_iter().filter(|(what, _)| self.does(*what)).map(|(_, intent)| intent).collect()
    }
}

/// How all of a comment feels: the balance of its parts, in log odds, and the score.
pub(crate) fn overall(balance: f32, score: Option<Score>) -> Polarity {
    let prior = match score.map(Score::band) {
        Some(Band::Detractor) => -0.7,
        Some(Band::Promoter) => 0.7,
        _ => 0.0,
    };
    match balance + prior {
        sum if sum > 0.05 => Polarity::Positive,
        sum if sum < -0.05 => Polarity::Negative,
        _ => Polarity::Neutral,
    }
}
