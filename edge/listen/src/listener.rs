use crate::amounts::amounts;
use crate::clauses::{Clause, clauses};
use crate::contacts::offers_contact;
use crate::intents::{intents, points_elsewhere};
use crate::language::language_of;
use crate::lexicon::EMPTY;
use crate::people::people;
use crate::polarity::{Evidence, evidence};
use crate::polarity_model::{Feelings, feelings};
use crate::suggestions::is_suggestion;
use crate::themes::ThemeIndex;
use crate::unquotable::is_quotable;
use crate::words::words;
use heard_wire::{Band, Heard, Polarity, Score, Suggestion, Theme, ThemeFound};
use std::ops::Range;

/// Hears comments for one list of themes; build it once and keep it.
#[derive(Debug, Clone, Default)]
pub struct Listener {
    themes: ThemeIndex,
}

/// One thing a clause says.
#[derive(Debug, Clone, PartialEq)]
pub struct Finding {
    /// Bytes of the comment that say it.
    pub span: Range<usize>,
    /// The owner's theme, or `None` when the clause fits none.
    pub theme: Option<String>,
    /// How the customer felt about it.
    pub polarity: Polarity,
    /// 0 to 1; see [`Finding::is_claimable`].
    pub confidence: f32,
}

/// All that was found in a comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Listened {
    /// What is stored for the owner.
    pub heard: Heard,
    /// Clause by clause, in the order of the comment.
    pub findings: Vec<Finding>,
    /// A sentence that may be quoted although nothing is claimed about it.
    pub quotable: Option<Range<usize>>,
    /// Whether something follows a "but" that is not praise. Then praise alone would not be an answer.
    pub has_other_side: bool,
    /// Whether the comment holds a way to reach the customer.
    pub offers_contact: bool,
}

impl Finding {
    /// Whether the reply may claim this: from a confidence tuned for precision. Praise echoed to somebody who complained
    /// hurts more than the other way round, so it has to be surer.
    #[must_use]
    pub fn is_claimable(&self) -> bool {
        match self.polarity {
            Polarity::Positive => self.confidence >= CLAIM_PRAISE,
            Polarity::Negative => self.confidence >= CLAIM_CRITICISM,
            Polarity::Neutral => false,
        }
    }
}

const CLAIM_PRAISE: f32 = 0.916;
const CLAIM_CRITICISM: f32 = 0.86;

/// How much surer the owner's own words are than a driver's, and a clause's first theme than its others.
const DRIVER_SHARE: f32 = 0.95;
const SECOND_SHARE: f32 = 0.8;

/// Longest quote, in bytes, so that a reply stays a reply.
const MAX_QUOTE_BYTES: usize = 160;
const MAX_SUGGESTIONS: usize = 5;

impl Listener {
    /// For these themes.
    #[must_use]
    pub fn new(themes: &[Theme]) -> Self {
        Self { themes: ThemeIndex::new(themes) }
    }

    /// Listens to a comment given with `score`, on a page in the BCP 47 language `page_language`.
    #[must_use]
    pub fn listen(&self, text: &str, score: Option<Score>, page_language: &str) -> Listened {
        let all_words = words(text, 0);
        let language = language_of(text, &all_words, page_language);
        if language != "en" {
            return unread(text, language, score);
        }
        let clauses = clauses(text);
        let mut findings = Vec::new();
        let mut contrast = None;
        let (feelings, mood) = feelings_of(&clauses, score);
        let mut balance = 0.5 * mood;
        for (clause, (polarity, confidence)) in clauses.iter().zip(feelings) {
            balance += match polarity {
                Polarity::Positive => 0.3 * confidence,
                Polarity::Negative => -0.4 * confidence,
                Polarity::Neutral => 0.0,
            };
            let surely_praise = polarity == Polarity::Positive && confidence >= SURELY;
            if clause.contrasts && !surely_praise && clause.words.len() >= 3 {
                contrast = contrast.or(Some(clause.span.clone()));
            }
            self.note(clause, polarity, confidence, &mut findings);
        }
        let suggestions: Vec<Suggestion> = clauses
            .iter()
            .filter(|clause| clause.words.len() >= 3 && is_suggestion(&clause.words))
            .filter_map(|clause| quote(text, &clause.span))
            .take(MAX_SUGGESTIONS)
            .map(|quote| Suggestion { quote: quote.to_owned() })
            .collect();
        let telling = all_words.iter().filter(|word| !EMPTY.contains(&word.text.as_str())).count();
        let informative = telling >= 2 || findings.iter().any(|finding| finding.theme.is_some());
        let overall = overall(balance, score);
        // What went wrong comes first, also where it is only quoted and nothing is claimed about it.
        let wrong =
            findings.iter().find(|finding| finding.polarity == Polarity::Negative && overall != Polarity::Positive);
        let quotable = contrast
            .clone()
            .or_else(|| wrong.map(|finding| finding.span.clone()))
            .or_else(|| most_telling(&clauses))
            .filter(|_| informative);
        let heard = Heard {
            language: language.to_owned(),
            informative,
            overall,
            themes: stored_themes(text, &findings),
            suggestions,
            people: people(text, &all_words, &findings),
            amounts: amounts(text, &all_words),
            intents: intents(&clauses),
        };
        Listened { heard, findings, quotable, has_other_side: contrast.is_some(), offers_contact: offers_contact(text) }
    }

    fn note(&self, clause: &Clause, polarity: Polarity, confidence: f32, findings: &mut Vec<Finding>) {
        let themes = self.themes.find(&clause.words);
        let span = clause.span.clone();
        if themes.is_empty() && polarity != Polarity::Neutral {
            findings.push(Finding { span, theme: None, polarity, confidence });
            return;
        }
        // A clause that names several themes speaks for sure of one: the first in the owner's own words.
        let primary = themes.iter().position(|named| named.own).unwrap_or(0);
        for (place, named) in themes.into_iter().enumerate() {
            let share = match (place == primary, named.own) {
                (true, true) => 1.0,
                (true, false) => DRIVER_SHARE,
                (false, _) => SECOND_SHARE,
            };
            let id = self.themes.id(named.theme).map(str::to_owned);
            findings.push(Finding { span: span.clone(), theme: id, polarity, confidence: confidence * share });
        }
    }
}

/// The words to show for a span, cut at a blank when too long. `None` when they are not fit to be read back.
pub(crate) fn quote<'a>(text: &'a str, span: &Range<usize>) -> Option<&'a str> {
    let cut = shortened(text.get(span.clone())?);
    is_quotable(cut).then_some(cut)
}

/// At most [`MAX_QUOTE_BYTES`] of the words, cut at a blank.
fn shortened(words: &str) -> &str {
    match words.get(..words.floor_char_boundary(MAX_QUOTE_BYTES)) {
        Some(head) if head.len() < words.len() => head.rsplit_once(char::is_whitespace).map_or("", |(kept, _)| kept),
        _ => words,
    }
}

/// How each clause feels and how sure that is, and the mood of them all in log odds.
fn feelings_of(clauses: &[Clause], score: Option<Score>) -> (Vec<(Polarity, f32)>, f32) {
    let read: Vec<Read> = clauses.iter().map(Read::new).collect();
    let (mut sum, mut weights) = (0.0, 0.0);
    for (clause, read) in clauses.iter().zip(&read) {
        #[expect(clippy::cast_precision_loss, reason = "a clause has few words")]
        let weight = (clause.words.len() as f32).sqrt();
        sum += read.odds * weight;
        weights += weight;
    }
    let mood = if weights > 0.0 { sum / weights } else { 0.0 };
    let judged = (0..clauses.len())
        .filter_map(|at| {
            let (clause, here) = (clauses.get(at)?, read.get(at)?);
            let mut odds = here.odds;
            // What stands on the other side of a "but" is likely to feel the other way.
            let before = at.checked_sub(1).and_then(|at| read.get(at)).filter(|_| clause.contrasts);
            let after = read.get(at + 1).filter(|_| clauses.get(at + 1).is_some_and(|next| next.contrasts));
            for other in before.into_iter().chain(after) {
                odds -= CONTRAST_WEIGHT * (other.odds / 2.0).clamp(-1.0, 1.0);
            }
            Some(here.judge(clause, odds, score, mood))
        })
        .collect();
    (judged, mood)
}

/// What the lexicon and the model say about one clause, before anything around it is weighed.
struct Read {
    found: Evidence,
    felt: Feelings,
    /// Log odds of praise against criticism.
    odds: f32,
}

impl Read {
    fn new(clause: &Clause) -> Self {
        let found = evidence(&clause.words);
        let felt = feelings(&clause.words);
        let odds = MODEL_WEIGHT * felt.praise() + LEXICON_WEIGHT * (found.praise - found.criticism).clamp(-3.0, 3.0);
        Self { found, felt, odds }
    }

    fn judge(&self, clause: &Clause, odds: f32, score: Option<Score>, mood: f32) -> (Polarity, f32) {
        let found = self.found;
        let polarity = if odds > 0.0 { Polarity::Positive } else { Polarity::Negative };
        if points_elsewhere(&clause.words) {
            return (Polarity::Neutral, 0.5);
        }
        let report = self.felt.neutral - self.felt.positive.max(self.felt.negative);
        if found.praise == 0.0 && found.criticism == 0.0 && (odds.abs() < NEUTRAL_BELOW || report > 0.0) {
            return (Polarity::Neutral, 0.5);
        }
        let mut odds = odds.abs();
        odds -= REPORT_WEIGHT * (report + 1.5).max(0.0);
        // Praise for what is only supposed, or for what was before.
        if polarity == Polarity::Positive && (found.unreal || is_past(clause)) {
            odds -= 1.5;
        }
        let said = if polarity == Polarity::Positive { found.praise } else { found.criticism };
        let unsaid = found.praise + found.criticism - said;
        // "The waiter was friendly": short, one feeling, nothing supposed.
        if said > 0.0 && unsaid == 0.0 && !found.unreal && clause.words.len() <= PLAIN_WORDS {
            odds += PLAIN_BONUS;
        }
        // What somebody should do says little of what was done.
        if is_suggestion(&clause.words) {
            odds -= 1.0;
        }
        // The comment as a whole speaks for its parts: praise inside a complaint is often politeness.
        odds += match polarity {
            Polarity::Positive => (mood * MOOD_WEIGHT).clamp(-2.0, 0.5),
            _ => (-mood * MOOD_WEIGHT).clamp(-1.3, 0.5),
        };
        // The score is evidence too: praise beside a low score is often irony or a concession.
        odds += match (score.map(Score::band), polarity) {
            (Some(Band::Detractor), Polarity::Positive) | (Some(Band::Promoter), Polarity::Negative) => -1.2,
            (Some(Band::Detractor), _) | (Some(Band::Promoter), _) => 0.5,
            _ => 0.0,
        };
        (polarity, 1.0 / (1.0 + (-odds).exp()))
    }
}

/// Words that tell of a feeling that is over, or is somebody else's.
const PAST: &[&str] = &["initially", "previously", "formerly", "until", "originally", "heard", "once"];

fn is_past(clause: &Clause) -> bool {
    let used_to = clause.words.windows(2).any(|pair| matches!(pair, [one, two] if (one.text == "used" && two.text == "to") || (one.text == "at" && two.text == "first")));
    used_to || clause.words.iter().any(|word| PAST.contains(&word.text.as_str()))
}

/// What the model's log odds and one word of the lexicon are worth; both were measured on comments of many industries.
const MODEL_WEIGHT: f32 = 0.6;
const LEXICON_WEIGHT: f32 = 0.83;
/// Confidence from which what follows a "but" is taken for more praise.
const SURELY: f32 = 0.9;
/// A clause this short that holds one feeling leaves little room for mishearing.
const PLAIN_WORDS: usize = 9;
const PLAIN_BONUS: f32 = 0.75;
/// How much of the whole comment's log odds rubs off on a clause.
const MOOD_WEIGHT: f32 = 0.54;
/// How much the clause on the other side of a "but" says about this one.
const CONTRAST_WEIGHT: f32 = 1.26;
/// Log odds below which a clause without a word of feeling counts as a plain report.
const NEUTRAL_BELOW: f32 = 0.8;
/// How much a clause that sounds like a plain report counts against its feeling.
const REPORT_WEIGHT: f32 = 0.44;

fn overall(balance: f32, score: Option<Score>) -> Polarity {
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

/// A comment in a language that is detected and not read: stored, quoted nowhere, never interpreted.
fn unread(text: &str, language: &str, score: Option<Score>) -> Listened {
    let heard = Heard {
        language: language.to_owned(),
        informative: words(text, 0).len() >= 3,
        overall: overall(0.0, score),
        themes: Vec::new(),
        suggestions: Vec::new(),
        people: Vec::new(),
        amounts: Vec::new(),
        intents: Vec::new(),
    };
    Listened {
        heard,
        findings: Vec::new(),
        quotable: None,
        has_other_side: false,
        offers_contact: offers_contact(text),
    }
}

fn most_telling(clauses: &[Clause]) -> Option<Range<usize>> {
    let telling = |clause: &&Clause| clause.words.iter().filter(|word| !EMPTY.contains(&word.text.as_str())).count();
    clauses.iter().filter(|clause| clause.words.len() >= 3).max_by_key(telling).map(|clause| clause.span.clone())
}

/// One entry a theme and polarity; the surest finding speaks.
fn stored_themes(text: &str, findings: &[Finding]) -> Vec<ThemeFound> {
    let mut themes: Vec<ThemeFound> = Vec::new();
    for finding in findings {
        let Some(id) = &finding.theme else { continue };
        let words = || text.get(finding.span.clone()).map_or_else(String::new, |words| shortened(words).to_owned());
        match themes.iter_mut().find(|theme| theme.id == *id && theme.polarity == finding.polarity) {
            Some(theme) if theme.confidence >= finding.confidence => {}
            Some(theme) => {
                theme.confidence = finding.confidence;
                theme.quote = words();
            }
            None => themes.push(ThemeFound {
                id: id.clone(),
                polarity: finding.polarity,
                confidence: finding.confidence,
                quote: words(),
            }),
        }
    }
    themes
}
