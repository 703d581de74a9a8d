//! A comment, from its words to what was heard in it: straight down, whatever the language.

use crate::analysis::aspects::themes::ThemeIndex;
use crate::analysis::english;
use crate::analysis::entities::amounts::amounts;
use crate::analysis::finding::Finding;
use crate::analysis::multilingual;
use crate::analysis::point::candidates::{Candidate, candidates};
use crate::analysis::point::features::Comment;
use crate::analysis::point::ranking::{Feeling, feeling, rank, rank_unread};
use crate::analysis::reading::{Grave, Outline, Reading};
use crate::analysis::sentiment::felt_words::felt_words;
use crate::models::encoder::{Encoded, Meaning};
use crate::policy::POLICY;
use crate::text::contact_details::{leaves_contact, names_a_case};
use crate::text::language::language_of;
use crate::text::no_answer::{is_lukewarm, is_no_answer};
use crate::text::quote::stored;
use crate::text::segments::{Segment, segments};
use crate::text::small_words::SmallWords;
use crate::text::words::{Word, words};
use heard_wire::{Analysis, GraveFound, Score, Suggestion, Theme, ThemeFound, Topic};
use std::ops::Range;

/// Hears comments for one list of themes; build it once and keep it.
#[derive(Debug, Clone, Default)]
pub struct Listener {
    pub(crate) themes: ThemeIndex,
}

/// All that was found in a comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Listened {
    /// What is stored for the owner.
    pub heard: Analysis,
    /// Clause by clause, in the order of the comment.
    pub findings: Vec<Finding>,
    /// What could be read back, the best first.
    pub points: Vec<Point>,
    /// Something that no thank-you is enough for.
    pub grave: Option<Grave>,
    /// Whether the comment may tell of harm without its being sure enough to say so.
    pub may_be_grave: bool,
    /// Whether harm or a death is told of in so many words, be it in thanks.
    pub tells_of_harm: bool,
    /// Bytes that propose something to the owner, the surest first, each with its log odds.
    pub ideas: Vec<(Range<usize>, f32)>,
    /// Whether the customer would rather not say.
    pub declines: bool,
    /// Whether the customer wants to hear from nobody.
    pub refuses_contact: bool,
    /// Whether the comment holds a way to reach the customer.
    pub offers_contact: bool,
    /// Whether they gave the number of a case or an order, by which somebody finds it.
    pub names_a_case: bool,
    /// Whether the language is one that is read. In others words are quoted, and never interpreted.
    pub is_read: bool,
    /// The bytes of each sentence, without what only joins it to the one before.
    pub sentences: Vec<Range<usize>>,
    /// Bytes that must not be read back: abuse, blame, commands to machines.
    pub unfit: Vec<Range<usize>>,
}

/// Words that could be read back.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Their bytes.
    pub span: Range<usize>,
    /// How much better it is to read them back than nothing, in log odds.
    pub rank: f32,
    /// How they feel to the encoder: log odds of praise against criticism.
    pub feels: f32,
    /// Whether they criticise, praise or wish for something; as good as nothing in a language that is not read.
    pub feeling: Feeling,
    /// How the worst and the best of their parts feel, in the same log odds.
    pub extremes: (f32, f32),
    /// Whether they ask for something.
    pub asks: bool,
}

const MAX_SUGGESTIONS: usize = 5;
const MAX_TOPICS: usize = 5;
/// Points that are kept, of which a reply reads back two at most.
const MAX_POINTS: usize = 16;

impl Listener {
    /// For these themes.
    #[must_use]
    pub fn new(themes: &[Theme]) -> Self {
        Self { themes: ThemeIndex::new(themes) }
    }

    /// Listens to a comment given with `score`, on a page in the BCP 47 language `page_language`.
    #[must_use]
    pub fn listen(&self, text: &str, score: Option<Score>, page_language: &str) -> Listened {
        let outlined = Outlined::new(text, page_language);
        let outline = outlined.outline(text, score);
        let reading = self.read(&outline);
        let (ranked, unfit) = Self::ranked(&outline, &reading);
        let suggestions = reading.ideas.iter().filter_map(|(span, _)| text.get(span.clone()));
        let suggestions = suggestions.map(|words| Suggestion { quote: stored(words).to_owned() });
        let grave = reading.grave.clone();
        let tells_nothing =
            is_no_answer(outline.words) || is_lukewarm(outline.words) || outline.is_bare_insult() && grave.is_none();
        let heard = Analysis {
            corrected_at: None,
            language: outline.language.to_owned(),
            informative: reading.informative && !tells_nothing,
            overall: reading.overall,
            themes: stored_themes(text, &reading.findings),
            topics: each_once(reading.topics),
            suggestions: suggestions.take(MAX_SUGGESTIONS).collect(),
            people: reading.people,
            amounts: amounts(text, outline.words),
            intents: reading.intents,
            grave: grave.as_ref().and_then(|grave| {
                let quote = stored(text.get(grave.span.clone())?).to_owned();
                Some(GraveFound { kind: grave.kind, quote })
            }),
        };
        Listened {
            heard,
            findings: reading.findings,
            points: ranked,
            may_be_grave: outline.may_be_grave(),
            tells_of_harm: reading.is_marked || outline.tells_of_harm(),
            grave,
            ideas: reading.ideas,
            declines: (reading.declines || is_no_answer(outline.words)) && !is_lukewarm(outline.words),
            refuses_contact: reading.refuses_contact,
            offers_contact: leaves_contact(text),
            names_a_case: names_a_case(text),
            is_read: outline.is_read,
            sentences: outline.sentences.iter().map(|(span, _)| outline.headless(span)).collect(),
            unfit,
        }
    }

    fn read(&self, outline: &Outline) -> Reading {
        match outline.language {
            "en" => english::read(&self.themes, outline),
            _ if outline.is_read => multilingual::read(&self.themes, outline),
            _ => multilingual::unread(outline),
        }
    }

    /// What could be read back, the best first, and what must not be.
    fn ranked(outline: &Outline, reading: &Reading) -> (Vec<Point>, Vec<Range<usize>>) {
        let comment = Comment::new(outline, &reading.clauses);
        let is_english = outline.language == "en";
        let rank_of = |candidate: &Candidate| {
            if outline.is_read { rank(&comment.features(candidate), is_english) } else { rank_unread(candidate) }
        };
        let found = candidates(outline.text, outline.words, outline.segments, outline.language).into_iter();
        let mut ranked: Vec<(f32, Candidate)> = found.map(|candidate| (rank_of(&candidate), candidate)).collect();
        ranked.sort_by(|(one, _), (other, _)| other.total_cmp(one));
        let mut unfit = Vec::new();
        // What they mean is asked of the best alone, since it costs most.
        let point = |(rank, candidate): (f32, Candidate)| {
            let meaning = outline.encoded.meaning(candidate.words.clone()).filter(|_| outline.is_read);
            let is_unfit =
                outline.is_blame(&candidate, &reading.people) || outline.is_spoilt(&candidate, meaning.as_ref());
            if is_unfit {
                unfit.push(candidate.span);
                return None;
            }
            let (feels, asks) = (outline.feels(candidate.segments.clone()), outline.asks(&candidate, meaning.as_ref()));
            let feeling =
                if outline.is_read { feeling(&comment.features(&candidate), is_english) } else { Feeling::default() };
            let extremes = outline.extremes(candidate.segments.clone());
            Some(Point { rank, feels, feeling, extremes, asks, span: candidate.span })
        };
        let points = ranked.into_iter().filter_map(point).take(MAX_POINTS).collect();
        (points, unfit)
    }

    /// What each sentence of a comment does, in log odds.
    pub(crate) fn acts(&self, text: &str, page_language: &str) -> Vec<(Range<usize>, Vec<f32>)> {
        let outlined = Outlined::new(text, page_language);
        outlined.sentences.iter().map(|(span, meaning)| (span.clone(), meaning.acts.to_vec())).collect()
    }

    /// The clauses of an English comment, with what speaks for an idea in each.
    pub(crate) fn idea_signs(&self, text: &str, score: Option<Score>) -> Vec<(Range<usize>, Vec<f32>)> {
        let outlined = Outlined::new(text, "en");
        let reading = english::read(&self.themes, &outlined.outline(text, score));
        let clauses = reading.clauses.iter().map(|(span, ..)| span.clone());
        clauses.zip(reading.idea_signs.iter().map(|signs| signs.to_vec())).collect()
    }

    /// What of a comment could be read back, with what each candidate is ranked by.
    pub(crate) fn candidates(
        &self,
        text: &str,
        score: Option<Score>,
        page_language: &str,
    ) -> Vec<(Candidate, Vec<f32>)> {
        let outlined = Outlined::new(text, page_language);
        let outline = outlined.outline(text, score);
        let reading = self.read(&outline);
        let comment = Comment::new(&outline, &reading.clauses);
        let found = candidates(text, outline.words, outline.segments, outline.language).into_iter();
        found.map(|candidate| (candidate.clone(), comment.features(&candidate))).collect()
    }
}

/// What an [`Outline`] is made of.
struct Outlined {
    words: Vec<Word>,
    language: &'static str,
    is_read: bool,
    segments: Vec<Segment>,
    meanings: Vec<Option<Meaning>>,
    encoded: Encoded,
    sentences: Vec<(Range<usize>, Meaning)>,
}

impl Outlined {
    fn new(text: &str, page_language: &str) -> Self {
        let words = words(text, 0);
        let encoded = Encoded::new(&words);
        let language = language_of(text, &words, &encoded, page_language);
        let is_read = SmallWords::is_known(language);
        let segments = segments(text, &words, SmallWords::of(language));
        let meaning = |segment: &Segment| meaning_of(&words, segment.words.clone(), language, &encoded);
        let meanings = if is_read { segments.iter().map(meaning).collect() } else { vec![None; segments.len()] };
        let sentences = if is_read { meant(&segments, &words, language, &encoded) } else { Vec::new() };
        Self { words, language, is_read, segments, meanings, encoded, sentences }
    }

    fn outline<'a>(&'a self, text: &'a str, score: Option<Score>) -> Outline<'a> {
        Outline {
            text,
            score,
            words: &self.words,
            language: self.language,
            is_read: self.is_read,
            small: SmallWords::of(self.language),
            segments: &self.segments,
            meanings: &self.meanings,
            encoded: &self.encoded,
            sentences: &self.sentences,
        }
    }
}

/// What some words mean. What they feel like by their parts is put right by the words that are known.
fn meaning_of(words: &[Word], range: Range<usize>, language: &str, encoded: &Encoded) -> Option<Meaning> {
    let mut meaning = encoded.meaning(range.clone())?;
    let felt = POLICY.felt_word * felt_words(words.get(range).unwrap_or_default(), language);
    meaning.feelings.positive += felt.max(0.0);
    meaning.feelings.negative += (-felt).max(0.0);
    Some(meaning)
}

/// Each sentence, and what it means as a whole.
fn meant(segments: &[Segment], words: &[Word], language: &str, encoded: &Encoded) -> Vec<(Range<usize>, Meaning)> {
    let whole = segments.chunk_by(|one, other| one.sentence == other.sentence).filter_map(|segments| {
        let (first, last) = (segments.first()?, segments.last()?);
        let meaning = meaning_of(words, first.words.start..last.words.end, language, encoded)?;
        Some((first.span.start..last.span.end, meaning))
    });
    whole.collect()
}

fn each_once(topics: Vec<Topic>) -> Vec<Topic> {
    let mut kept: Vec<Topic> = Vec::new();
    for topic in topics {
        if kept.len() < MAX_TOPICS && !kept.iter().any(|other| other.quote.eq_ignore_ascii_case(&topic.quote)) {
            kept.push(topic);
        }
    }
    kept
}

/// One entry a theme and polarity; the surest finding speaks.
fn stored_themes(text: &str, findings: &[Finding]) -> Vec<ThemeFound> {
    let mut themes: Vec<ThemeFound> = Vec::new();
    for finding in findings {
        let (Some(id), Some(about)) = (&finding.theme, finding.about) else { continue };
        if !about.is_stored() {
            continue;
        }
        let confidence = finding.confidence * about.about;
        let words = || text.get(finding.span.clone()).map_or_else(String::new, |words| stored(words).to_owned());
        match themes.iter_mut().find(|theme| theme.id == *id && theme.polarity == finding.polarity) {
            Some(theme) if theme.confidence >= confidence => {}
            Some(theme) => {
                theme.confidence = confidence;
                theme.quote = words();
            }
            None => themes.push(ThemeFound { id: id.clone(), polarity: finding.polarity, confidence, quote: words() }),
        }
    }
    themes
}
