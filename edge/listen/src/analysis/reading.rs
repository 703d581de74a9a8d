//! What reading a comment needs, and what it finds, whoever reads it.

use crate::analysis::acts::harm::told_plainly;
use crate::analysis::acts::ideas::IDEA_SIGNS;
use crate::analysis::acts::intents::asks_for_a_person;
use crate::analysis::acts::leaving::is_open;
use crate::analysis::finding::Finding;
use crate::analysis::point::candidates::Candidate;
use crate::analysis::sentiment::lexicon_score::Evidence;
use crate::models::encoder::{Does, Encoded, Meaning};
use crate::policy::POLICY;
use crate::text::never::holds_never;
use crate::text::quotable::commands_a_machine;
use crate::text::segments::Segment;
use crate::text::small_words::{Role, SmallWords};
use crate::text::words::Word;
use heard_wire::{Band, GraveKind, Intent, Person, Polarity, Score, Topic};
use std::ops::{Range, RangeInclusive};

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
    /// Whether a turn of phrase of harm or of a death stands anywhere.
    pub(crate) is_marked: bool,
    pub(crate) declines: bool,
    /// "Please don't call me."
    pub(crate) refuses_contact: bool,
    /// The clauses as they were read in English: their bytes, log odds of praise, and words of feeling.
    pub(crate) clauses: Vec<(Range<usize>, f32, Evidence)>,
    /// By what each of them was taken for an idea.
    pub(crate) idea_signs: Vec<[f32; IDEA_SIGNS.len()]>,
}

/// By which questions begin.
const QUESTIONS: &[&str] = &[
    "who",
    "whose",
    "what",
    "what's",
    "whats",
    "when",
    "where",
    "where's",
    "wheres",
    "why",
    "how",
    "how's",
    "which",
    "can",
    "can't",
    "cant",
    "could",
    "couldn't",
    "will",
    "won't",
    "would",
    "wouldn't",
    "do",
    "don't",
    "does",
    "doesn't",
    "did",
    "didn't",
    "is",
    "isn't",
    "are",
    "aren't",
    "was",
    "wasn't",
    "were",
    "has",
    "have",
    "haven't",
    "had",
    "should",
    "shouldn't",
    "may",
    "any",
    "anyone",
    "anybody",
    "please",
    "pls",
];

/// By which a question is answered by who asked it.
const ANSWERS: &[&str] = &["no", "nope", "never", "nein", "nee", "non", "não", "sì"];

/// By which a sentence turns against the one before.
const TURNS: &[&str] = &["but", "aber", "doch", "mais", "pero", "mas", "maar", "ma"];

/// Sentences that are read together.
const TOGETHER: RangeInclusive<usize> = 2..=4;

/// Words that may be nothing but an insult.
const BARE: usize = 2;

/// Words of a sentence that abuse spoils as a whole.
const SHORT: usize = 8;

/// Harm that was told of.
#[derive(Debug, Clone, PartialEq)]
pub struct Grave {
    /// Of which kind.
    pub kind: GraveKind,
    /// The bytes that tell of it.
    pub span: Range<usize>,
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

    /// How the worst and the best of some segments feel: log odds of praise against criticism, 0 where nothing does.
    pub(crate) fn extremes(&self, segments: Range<usize>) -> (f32, f32) {
        let here = self.meanings.get(segments).unwrap_or_default().iter().flatten();
        let felt = here.map(|meaning| (meaning.feelings.praise(), meaning.feelings.praise()));
        felt.reduce(|(worst, best), (one, other)| (worst.min(one), best.max(other))).unwrap_or_default()
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

    /// Whether a candidate asks for something or somebody.
    pub(crate) fn asks(&self, candidate: &Candidate, meaning: Option<&Meaning>) -> bool {
        let words = self.words.get(candidate.words.clone()).unwrap_or_default();
        let by_meaning = meaning.is_some_and(|meaning| {
            let asks = [Does::Request, Does::Question, Does::WantsContact].map(|what| meaning.does(what));
            asks.into_iter().fold(f32::NEG_INFINITY, f32::max) >= POLICY.does
        });
        let is_polite = words.first().is_some_and(|word| matches!(word.text.as_str(), "please" | "pls" | "kindly"));
        self.language == "en" && (is_polite || asks_for_a_person(words)) || by_meaning
    }

    /// Whether somebody is blamed there by a full name.
    pub(crate) fn is_blame(&self, candidate: &Candidate, people: &[Person]) -> bool {
        let words = self.text.get(candidate.span.clone()).unwrap_or_default();
        let is_full = |person: &&Person| {
            let after = words.split_once(person.name.as_str()).map_or("", |(_, after)| after);
            after.strip_prefix(' ').is_some_and(|after| after.starts_with(char::is_uppercase))
        };
        people.iter().filter(is_full).any(|person| person.polarity == Polarity::Negative)
    }

    /// Whether it stands in a sentence that commands a machine, or in a short one that abuses: half of what is not fit to be
    /// read back is not either.
    pub(crate) fn is_spoilt(&self, candidate: &Candidate, meaning: Option<&Meaning>) -> bool {
        let Some(segment) = self.segments.get(candidate.segments.start) else { return false };
        let beside = || self.segments.iter().filter(|other| other.sentence == segment.sentence);
        let (first, last) = (beside().map(|one| one.words.start).min(), beside().map(|one| one.words.end).max());
        let words = first.zip(last).and_then(|(first, last)| self.words.get(first..last)).unwrap_or_default();
        let must_not =
            |meaning: &Meaning| meaning.does(Does::Insult).max(meaning.does(Does::ContactDetails)) >= POLICY.never;
        commands_a_machine(words)
            || words.len() <= SHORT && holds_never(words, self.language)
            || meaning.is_some_and(must_not)
    }

    /// Whether all there is is an insult: nobody reads that back, and what happened is still to be told.
    pub(crate) fn is_bare_insult(&self) -> bool {
        let insults = |(_, meaning): &(_, Meaning)| meaning.does(Does::Insult) >= POLICY.bare_insult;
        self.words.len() <= BARE && self.sentences.iter().any(insults)
    }

    /// A sentence without the words that only join it to the one before.
    pub(crate) fn headless(&self, span: &Range<usize>) -> Range<usize> {
        let words = self.words_of(span);
        let joins = |word: &&Word| {
            let turns = self.small.is(&word.text, Role::But) && TURNS.contains(&word.text.as_str());
            turns || self.small.first_of(&word.text, [Role::And, Role::Adverb]).is_some()
        };
        let joined = words.iter().take_while(joins).count();
        let first = words.get(joined).filter(|_| (1..=2).contains(&joined) && words.len() > joined + BARE);
        first.map_or(span.start, |word| word.start)..span.end
    }

    /// The harm that was told of, if any; a turn of phrase of it stands at the spans that are `marked`.
    pub(crate) fn grave(&self, marked: &[Range<usize>]) -> Option<Grave> {
        // Who is glad and tells of a death or a fall thanks for what was done about it.
        let is_happy = self.score.is_some_and(|score| score.band() == Band::Promoter);
        let is_past = |grave: &Grave| {
            is_happy && matches!(grave.kind, GraveKind::Bereavement | GraveKind::Injury | GraveKind::Safety)
        };
        // And what only sounds like harm is none to who is glad.
        self.told_plainly().or_else(|| self.likely_grave(marked).filter(|_| !is_happy)).filter(|grave| !is_past(grave))
    }

    /// Whether harm or a death is told of in so many words, whatever came of it.
    pub(crate) fn tells_of_harm(&self) -> bool {
        told_plainly(self.words, self.language).is_some()
    }

    /// Harm in so many words, unless they praise.
    fn told_plainly(&self) -> Option<Grave> {
        self.sentences.iter().find_map(|(span, meaning)| {
            let kind = told_plainly(self.words_of(span), self.language)?;
            let is_glad = meaning.feelings.praise() > POLICY.gladly && kind != GraveKind::SelfHarm;
            (!is_glad).then(|| Grave { kind, span: span.clone() })
        })
    }

    /// Harm by what the sentences mean.
    fn likely_grave(&self, marked: &[Range<usize>]) -> Option<Grave> {
        self.gravest(marked).filter(|(odds, _)| *odds >= POLICY.grave).map(|(_, grave)| grave)
    }

    /// Whether harm may have been told of, without its being sure.
    pub(crate) fn may_be_grave(&self) -> bool {
        self.gravest(&[]).is_some_and(|(odds, _)| odds >= POLICY.may_be_grave)
    }

    /// What is most likely harm, with its log odds.
    fn gravest(&self, marked: &[Range<usize>]) -> Option<(f32, Grave)> {
        let of = |span: &Range<usize>, meaning: &Meaning| {
            let likeliest = GRAVE.map(|(what, kind)| (meaning.does(what), kind));
            let (odds, kind) = likeliest.into_iter().max_by(|(one, _), (other, _)| one.total_cmp(other))?;
            Some((odds, Grave { kind, span: span.clone() }))
        };
        let by_itself = |(span, meaning): &(Range<usize>, Meaning)| {
            let is_marked = marked.iter().any(|mark| mark.start < span.end && span.start < mark.end);
            of(span, meaning).map(|(odds, grave)| (odds + if is_marked { POLICY.marked_grave } else { 0.0 }, grave))
        };
        let together = |pair: &[(Range<usize>, Meaning)]| {
            let span = pair.first()?.0.start..pair.last()?.0.end;
            let meaning = self.encoded.meaning(self.words_within(&span))?;
            of(&span, &meaning).map(|(odds, grave)| (odds - POLICY.grave_together, grave))
        };
        // Some harm takes several sentences to be told: "The bolt came out. My daughter is home from hospital now."
        let runs = TOGETHER.flat_map(|count| self.sentences.windows(count)).filter_map(together);
        let all = self.sentences.iter().filter_map(by_itself).chain(runs);
        all.max_by(|(one, _), (other, _)| one.total_cmp(other))
    }

    /// Whether any segment does this.
    pub(crate) fn does(&self, what: Does) -> bool {
        let is_unhappy = self.score.is_some_and(|score| score.band() == Band::Detractor);
        let least = match what {
            Does::ThanksPerson | Does::ComplainsOfPerson | Does::WarningToOthers | Does::Declines => {
                POLICY.does_quietly
            }
            Does::Request | Does::WantsContact if is_unhappy => POLICY.does_ask,
            Does::AlreadyTold => POLICY.told_before,
            _ => POLICY.does,
        };
        let does = |(at, (span, meaning)): (usize, &(Range<usize>, Meaning))| {
            let ends = self.text.get(span.clone()).is_some_and(|text| text.ends_with('?'));
            let asks =
                what == Does::Question && (ends && self.is_put_as_a_question(span, meaning) || self.asks_plainly(span));
            let is_polite = || self.words_of(span).iter().any(|word| self.small.is(&word.text, Role::Polite));
            let politely = if what == Does::Request && is_polite() { POLICY.politely } else { 0.0 };
            let is_none = match what {
                Does::WantsContact | Does::AlreadyTold => self.denies(span),
                Does::Leaving => is_open(self.words_of(span), self.language),
                Does::Question => self.is_rhetorical(at),
                _ => false,
            };
            (asks || meaning.does(what) + politely >= least) && !is_none
        };
        self.sentences.iter().enumerate().any(does)
    }

    /// "£12.99, and adverts as well?" is none. Of English it is known how questions begin; elsewhere one has to mean what asks.
    fn is_put_as_a_question(&self, span: &Range<usize>, meaning: &Meaning) -> bool {
        if self.language != "en" {
            let asks = [Does::Question, Does::Request, Does::WantsContact, Does::Idea];
            return asks.iter().any(|what| meaning.does(*what) >= POLICY.asks_for_an_answer);
        }
        let is_joined = |word: &&str| self.small.is(word, Role::And) || self.small.is(word, Role::But) || *word == "so";
        let asks = |words: &[Word]| {
            let mut words = words.iter().map(|word| word.text.as_str());
            words.find(|word| !is_joined(word)).is_some_and(|first| QUESTIONS.contains(&first))
        };
        let after_comma = |text: &str| span.start + text.rfind([',', ':', '(', '-', '–']).map_or(0, |at| at + 1);
        let last = self.text.get(span.clone()).map_or(span.start, after_comma)..span.end;
        asks(self.words_of(span)) || asks(self.words_of(&last))
    }

    /// "why do you need this", "Where is it.": asked without the mark.
    fn asks_plainly(&self, span: &Range<usize>) -> bool {
        let words = self.words_of(span);
        let [first, second, ..] = words else { return false };
        let is_asked = matches!(first.text.as_str(), "why" | "where" | "when" | "how");
        self.language == "en" && words.len() <= SHORT && is_asked && self.small.is(&second.text, Role::Aux)
    }

    /// "Closed at two??" exclaims, and "Stop? No, never." has its answer.
    fn is_rhetorical(&self, sentence: usize) -> bool {
        let Some((span, _)) = self.sentences.get(sentence) else { return false };
        let marks = self.text.get(span.end.saturating_sub(1)..).unwrap_or_default();
        let marks = marks.chars().take_while(|letter| matches!(letter, '?' | '!')).count();
        let next = self.sentences.get(sentence + 1).and_then(|(span, _)| self.words_of(span).first());
        marks > 1 || next.is_some_and(|word| ANSWERS.contains(&word.text.as_str()))
    }

    fn words_of(&self, span: &Range<usize>) -> &[Word] {
        self.words.get(self.words_within(span)).unwrap_or_default()
    }

    fn words_within(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.words.partition_point(|word| word.start < span.start);
        first..self.words.partition_point(|word| word.end <= span.end)
    }

    /// Whether a short sentence holds a negation: "please don't call me".
    pub(crate) fn denies(&self, span: &Range<usize>) -> bool {
        let here = self.words.iter().filter(|word| word.start >= span.start && word.end <= span.end);
        let words: Vec<&Word> = here.take(SHORT + 1).collect();
        words.len() <= SHORT && words.iter().any(|word| self.small.is(&word.text, Role::Not))
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
