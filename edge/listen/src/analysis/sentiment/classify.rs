//! How a clause feels, judged from everything there is to go by: the network, the words, what stands around it.
//!
//! Each sign is a number; what it says for criticism, a plain report or praise is learnt, see `model/en/judgement.tsv`.

use crate::analysis::acts::intents::{asks_for_contact, emptiness, points_elsewhere};
use crate::analysis::acts::suggestions::is_suggestion;
use crate::analysis::aspects::themes::Named;
use crate::analysis::sentiment::exclusions::{is_of_oneself, is_of_others, is_repaired};
use crate::analysis::sentiment::lexicon_score::{Evidence, evidence};
use crate::lexicon::NEGATIONS;
use crate::models::drivers::Gist;
use crate::models::logistic::{Weights, flag};
use crate::models::network::Feelings;
use crate::models::sentiment::Reading;
use crate::text::clauses::Clause;
use crate::text::quote::quote;
use crate::text::words::Word;
use heard_wire::{Band, Polarity, Score};
use std::ops::{Range, RangeInclusive};
use std::rc::Rc;
use std::sync::LazyLock;

/// What a clause is judged by, in the order of [`Finding::signs`](crate::Finding::signs).
pub const SIGNS: [&str; 27] = [
    "model: praise against criticism",
    "model: plain report",
    "words of praise",
    "words of criticism",
    "only wished for",
    "of the past",
    "a suggestion",
    "in a contrast",
    "how the other side of the contrast feels",
    "how the clauses beside it feel",
    "how the others feel",
    "how all feel",
    "the worst feels",
    "the best feels",
    "length in words",
    "number of clauses",
    "opens with regret",
    "negated",
    "too, only, just, still",
    "words of both",
    "plain praise",
    "plain criticism",
    "themes named",
    "model, about this: praise against criticism",
    "model, about this: plain report",
    "model, about this, in a contrast",
    "model, about this, where several themes are named",
];

const COUNT: usize = SIGNS.len();

/// Whether a sign that says yes or no says yes.
pub(crate) fn has_sign(signs: &[f32; COUNT], wanted: &str) -> bool {
    SIGNS.iter().zip(signs).any(|(name, sign)| *name == wanted && *sign > 0.0)
}

/// What one clause was judged to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judgement {
    /// How the customer felt.
    pub polarity: Polarity,
    /// 0 to 1.
    pub confidence: f32,
    /// What it was judged by, one number for each of [`SIGNS`].
    pub signs: [f32; COUNT],
}

/// What the lexicon and the model say about one clause, before anything around it is weighed.
pub(crate) struct Read {
    pub(crate) found: Evidence,
    felt: Feelings,
    /// Log odds of praise against criticism.
    pub(crate) odds: f32,
    /// The sentence it stands in.
    sentence: Rc<Reading>,
    /// What it is about by itself; `None` when no word of it is known.
    pub(crate) gist: Option<Gist>,
}

impl Read {
    /// Whether a word or turn of phrase in it carries a feeling.
    pub(crate) fn has_feeling_words(&self) -> bool {
        self.found.praise > 0.0 || self.found.criticism > 0.0
    }
}

/// Reads each clause by itself, and the sentence it stands in; `meant` are the words of the comment as they were meant. A clause
/// of two feelings comes back as two.
pub(crate) fn read<'a>(text: &str, clauses: &[Clause<'a>], meant: &[Word]) -> (Vec<Clause<'a>>, Vec<Read>) {
    let (mut all, mut read) = (Vec::with_capacity(clauses.len()), Vec::with_capacity(clauses.len()));
    for beside in clauses.chunk_by(|one, other| one.sentence == other.sentence) {
        let Some(words) = beside.first().and_then(|clause| meant.get(clause.sentence.clone())) else { continue };
        let sentence = Rc::new(Reading::new(text, words));
        for clause in beside.iter().flat_map(|clause| parted(text, clause, meant, &sentence)) {
            let (found, felt) = (evidence(as_meant_in(&clause, meant)), sentence.alone(&clause.span));
            let odds = odds(&found, &felt);
            let gist = Gist::of(sentence.pieces(&clause.span));
            read.push(Read { found, felt, odds, sentence: Rc::clone(&sentence), gist });
            all.push(clause);
        }
    }
    (all, read)
}

fn as_meant_in<'a>(clause: &Clause<'a>, meant: &'a [Word]) -> &'a [Word] {
    meant.get(clause.first..clause.first + clause.words.len()).unwrap_or(clause.words)
}

/// Words of a clause that may be two without a verb to tell by.
const PAIR: RangeInclusive<usize> = 4..=12;

/// Places at which a clause is tried, since each asks the network.
const MAX_CUTS: usize = 3;

/// Log odds from which each half of a clause has a feeling of its own.
const APART: f32 = 0.8;

fn odds(found: &Evidence, felt: &Feelings) -> f32 {
    MODEL_WEIGHT * felt.praise() + LEXICON_WEIGHT * (found.praise - found.criticism).clamp(-3.0, 3.0)
}

/// "Good equipment, grubby showers": parted where it turns, when each half feels otherwise.
fn parted<'a>(text: &str, clause: &Clause<'a>, meant: &[Word], sentence: &Reading) -> Vec<Clause<'a>> {
    let feeling = |half: &Clause| odds(&evidence(as_meant_in(half, meant)), &sentence.alone(&half.span));
    let halves = || {
        let cuts = (2..clause.words.len() - 1).filter_map(|at| clause.parted(text, at));
        let turned = cuts.take(MAX_CUTS).find(|(left, right)| {
            let (one, other) = (feeling(left), feeling(right));
            one.min(other) < -APART && one.max(other) > APART
        });
        // Half of what is not fit to be read back is not either.
        let (left, right) = turned?;
        (quote(text, &left.span).is_some() && quote(text, &right.span).is_some()).then(|| vec![left, right])
    };
    let may_be_two = PAIR.contains(&clause.words.len());
    may_be_two.then(halves).flatten().unwrap_or_else(|| vec![clause.clone()])
}

/// The feeling of all clauses together, in log odds; longer ones count more.
pub(crate) fn mood_of(clauses: &[Clause], read: &[Read]) -> f32 {
    let (sum, weight) = summed(clauses, read);
    if weight > 0.0 { sum / weight } else { 0.0 }
}

fn summed(clauses: &[Clause], read: &[Read]) -> (f32, f32) {
    clauses.iter().zip(read).fold((0.0, 0.0), |(sum, weights), (clause, read)| {
        let weight = weight_of(clause);
        (sum + read.odds * weight, weights + weight)
    })
}

#[expect(clippy::cast_precision_loss, reason = "a clause has few words")]
fn weight_of(clause: &Clause) -> f32 {
    (clause.words.len() as f32).sqrt()
}

/// How a clause feels, and how it feels about each theme that it may be about.
pub(crate) struct Judged {
    pub(crate) all: Judgement,
    pub(crate) themes: Vec<Judgement>,
}

/// Judges each clause with what stands around it.
pub(crate) fn judge(clauses: &[Clause], read: &[Read], named: &[Vec<Named>], score: Option<Score>) -> Vec<Judged> {
    let around = Around::new(clauses, read);
    let judge_one = |at: usize| {
        let (clause, here, named) = (clauses.get(at)?, read.get(at)?, named.get(at)?);
        let in_words = named.iter().filter(|named| named.is_in_words()).count();
        let signs = around.signs(at, in_words)?;
        let nothing_said = !here.has_feeling_words();
        let says_nothing = points_elsewhere(clause.words)
            || nothing_said && (emptiness(clause.words).is_some() || asks_for_contact(clause.words));
        let is_repaired = is_repaired(clauses, at);
        let about = |span: &Range<usize>| {
            let signs = with_feeling_about(signs, here.sentence.about(span), around.in_contrast(at), in_words);
            if says_nothing {
                return Judgement { polarity: Polarity::Neutral, confidence: 0.5, signs };
            }
            let (polarity, confidence) = weigh(&signs, score);
            if polarity == Polarity::Negative && is_of_oneself(clause.words) {
                return Judgement { polarity: Polarity::Neutral, confidence: 0.5, signs };
            }
            let doubted = match polarity {
                // "Friendly? No."
                Polarity::Positive => clause.asks,
                // What was wrong and was put right, and what is wrong with others, is no complaint about the owner.
                Polarity::Negative => is_of_others(clause.words) || is_repaired,
                Polarity::Neutral => false,
            };
            Judgement { polarity, confidence: if doubted { confidence.min(DOUBTFUL) } else { confidence }, signs }
        };
        // What names one theme feels as it does about that.
        let mut in_words = named.iter().filter(|named| named.is_in_words());
        let (all, is_of_one) = match (in_words.next(), in_words.next()) {
            (Some(one), None) => (about(&mention(clause, one)), true),
            _ => (about(&clause.span), false),
        };
        let of_theme = |named: &Named| {
            if is_of_one || !named.is_in_words() { all } else { about(&mention(clause, named)) }
        };
        Some(Judged { all, themes: named.iter().map(of_theme).collect() })
    };
    (0..clauses.len()).filter_map(judge_one).collect()
}

/// The bytes that name a theme.
fn mention(clause: &Clause, named: &Named) -> Range<usize> {
    let words = clause.words.get(named.at..named.at + named.length);
    match words.and_then(|words| words.first().zip(words.last())) {
        Some((first, last)) => first.start..last.end,
        None => clause.span.clone(),
    }
}

fn with_feeling_about(mut signs: [f32; COUNT], felt: Feelings, in_contrast: bool, themes: usize) -> [f32; COUNT] {
    let [.., praise, report, against, among] = &mut signs;
    *praise = felt.praise();
    *report = felt.neutral - felt.positive.max(felt.negative);
    *against = if in_contrast { felt.praise() } else { 0.0 };
    *among = if themes > 1 { felt.praise() } else { 0.0 };
    signs
}

/// The signs that spoke most for this feeling rather than the two others, and by how much log odds.
pub(crate) fn reasons(polarity: Polarity, signs: &[f32; COUNT]) -> Vec<(&'static str, f32)> {
    let said = SIGNS.iter().zip(signs.iter().zip(WEIGHTS.of_signs()));
    let mut reasons: Vec<(&'static str, f32)> = said
        .map(|(name, (sign, [criticism, report, praise]))| {
            let weight = match polarity {
                Polarity::Negative => criticism - (report + praise) / 2.0,
                Polarity::Neutral => report - (criticism + praise) / 2.0,
                Polarity::Positive => praise - (criticism + report) / 2.0,
            };
            (*name, sign * weight)
        })
        .filter(|(_, odds)| *odds > 0.0)
        .collect();
    reasons.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    reasons.truncate(3);
    reasons
}

struct Around<'a> {
    clauses: &'a [Clause<'a>],
    read: &'a [Read],
    sum: f32,
    weight: f32,
    worst: f32,
    best: f32,
}

impl<'a> Around<'a> {
    fn new(clauses: &'a [Clause<'a>], read: &'a [Read]) -> Self {
        let (sum, weight) = summed(clauses, read);
        let worst = read.iter().fold(0.0_f32, |worst, read| worst.min(read.odds));
        let best = read.iter().fold(0.0_f32, |best, read| best.max(read.odds));
        Self { clauses, read, sum, weight, worst, best }
    }

    fn in_contrast(&self, at: usize) -> bool {
        let contrasts = |at: usize| self.clauses.get(at).is_some_and(|clause| clause.contrasts);
        contrasts(at) || contrasts(at + 1)
    }

    #[expect(clippy::cast_precision_loss, reason = "a comment has few clauses of few words")]
    fn signs(&self, at: usize, themes: usize) -> Option<[f32; COUNT]> {
        let (clause, here) = (self.clauses.get(at)?, self.read.get(at)?);
        let (found, felt) = (here.found, here.felt);
        let odds_at =
            |at: Option<usize>| at.and_then(|at| self.read.get(at)).map_or(0.0, |read| read.odds.clamp(-2.0, 2.0));
        let (before, after) = (odds_at(at.checked_sub(1)), odds_at(Some(at + 1)));
        let stood_against = self.clauses.get(at + 1).is_some_and(|next| next.contrasts);
        // Whichever side of a "but" comes first, the other speaks for it alike.
        let other_side = if clause.contrasts { before } else { 0.0 } + if stood_against { after } else { 0.0 };
        let weight = weight_of(clause);
        let others = if self.clauses.len() > 1 {
            (self.sum - here.odds * weight) / (self.weight - weight).max(1.0)
        } else {
            0.0
        };
        let has = |words: &[&str], most: usize| {
            clause.words.iter().take(most).any(|word| words.contains(&word.text.as_str()))
        };
        let plain = clause.words.len() <= PLAIN_WORDS && !found.unreal;
        Some([
            felt.praise(),
            felt.neutral - felt.positive.max(felt.negative),
            found.praise.min(3.0),
            found.criticism.min(3.0),
            flag(found.unreal),
            flag(is_past(clause)),
            flag(is_suggestion(clause.words)),
            flag(self.in_contrast(at)),
            other_side,
            before + after,
            others,
            self.sum / self.weight.max(1.0),
            self.worst,
            self.best,
            (clause.words.len() as f32).ln(),
            (self.clauses.len() as f32).ln(),
            flag(has(REGRETS, 4)),
            flag(has(NEGATIONS, usize::MAX)),
            flag(has(SHADES, usize::MAX)),
            flag(found.praise > 0.0 && found.criticism > 0.0),
            flag(plain && found.praise > 0.0 && found.criticism == 0.0),
            flag(plain && found.criticism > 0.0 && found.praise == 0.0),
            themes.min(4) as f32,
            // Not of the clause as a whole, see `with_feeling_about`.
            0.0,
            0.0,
            0.0,
            0.0,
        ])
    }
}

/// What all signs together say, and how likely that is.
fn weigh(signs: &[f32; COUNT], score: Option<Score>) -> (Polarity, f32) {
    let mut odds = WEIGHTS.weigh(signs);
    let [criticism, _, praise] = &mut odds;
    // The score is evidence too: praise beside a low score is often irony or a concession.
    match score.map(Score::band) {
        Some(Band::Detractor) => {
            *praise -= SCORE_AGAINST;
            *criticism += SCORE_FOR;
        }
        Some(Band::Promoter) => {
            *praise += SCORE_FOR;
            *criticism -= SCORE_AGAINST;
        }
        _ => {}
    }
    let top = odds.iter().fold(f32::NEG_INFINITY, |top, odds| top.max(*odds));
    let [criticism, report, praise] = odds.map(|odds| (odds - top).exp());
    let all = criticism + report + praise;
    if report >= criticism.max(praise) {
        (Polarity::Neutral, report / all)
    } else if praise > criticism {
        (Polarity::Positive, praise / all)
    } else {
        (Polarity::Negative, criticism / all)
    }
}

const TABLE: &str = include_str!("../../../model/en/judgement.tsv");

static WEIGHTS: LazyLock<Weights<COUNT, 3>> = LazyLock::new(|| Weights::read(TABLE, SIGNS));

/// Confidence of a feeling that there is a reason to doubt; nothing is claimed with it.
const DOUBTFUL: f32 = 0.44;

/// Words that tell of a feeling that is over, or is somebody else's.
const PAST: &[&str] = &["initially", "previously", "formerly", "until", "originally", "heard", "once"];

/// Words near the start that tell that something was missed.
const REGRETS: &[&str] = &["unfortunately", "except", "shame", "pity", "wish"];

/// Words that shade a feeling, mostly for the worse.
const SHADES: &[&str] = &["too", "only", "just", "still", "again"];

fn is_past(clause: &Clause) -> bool {
    let used_to = clause.words.windows(2).any(|pair| matches!(pair, [one, two] if (one.text == "used" && two.text == "to") || (one.text == "at" && two.text == "first")));
    used_to || clause.words.iter().any(|word| PAST.contains(&word.text.as_str()))
}

/// What the model's log odds and one word of the lexicon are worth beside each other.
const MODEL_WEIGHT: f32 = 0.6;
const LEXICON_WEIGHT: f32 = 0.83;
/// A clause this short that holds one feeling leaves little room for mishearing.
const PLAIN_WORDS: usize = 9;
/// What the score's band adds to the log odds of what it speaks for, and takes from what it speaks against.
const SCORE_FOR: f32 = 0.25;
const SCORE_AGAINST: f32 = 1.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_has_been_learnt() {
        assert!(WEIGHTS.are_complete(TABLE));
    }
}
