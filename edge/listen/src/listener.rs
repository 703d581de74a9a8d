use crate::amounts::amounts;
use crate::clauses::{Clause, clauses};
use crate::contacts::offers_contact;
use crate::intents::intents;
use crate::language::language_of;
use crate::lexicon::EMPTY;
use crate::people::people;
use crate::polarity::evidence;
use crate::polarity_model::log_odds;
use crate::suggestions::is_suggestion;
use crate::themes::ThemeIndex;
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

const CLAIM_PRAISE: f32 = 0.93;
const CLAIM_CRITICISM: f32 = 0.88;

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
        let whole = evidence(&all_words);
        let mood = log_odds(&all_words) + LEXICON_WEIGHT * (whole.praise - whole.criticism).clamp(-3.0, 3.0);
        let mut balance = 0.5 * log_odds(&all_words) + 0.3 * (whole.praise - whole.criticism).clamp(-3.0, 3.0);
        for clause in &clauses {
            let (polarity, confidence) = feeling(clause, score, mood);
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
    let odd = |c: char| {
        c.is_control()
            || matches!(c, '<' | '>' | '{' | '}' | '[' | ']' | '\u{200e}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let link = cut.contains("://") || cut.contains("www.");
    (!cut.is_empty() && !link && !cut.contains(odd)).then_some(cut)
}

/// At most [`MAX_QUOTE_BYTES`] of the words, cut at a blank.
fn shortened(words: &str) -> &str {
    match words.get(..words.floor_char_boundary(MAX_QUOTE_BYTES)) {
        Some(head) if head.len() < words.len() => head.rsplit_once(char::is_whitespace).map_or("", |(kept, _)| kept),
        _ => words,
    }
}

/// How a clause feels, and how sure that is: the lexicon and the model each add what they know, in log odds.
fn feeling(clause: &Clause, score: Option<Score>, mood: f32) -> (Polarity, f32) {
    let found = evidence(&clause.words);
    let odds = log_odds(&clause.words) + LEXICON_WEIGHT * (found.praise - found.criticism).clamp(-3.0, 3.0);
    let polarity = if odds > 0.0 { Polarity::Positive } else { Polarity::Negative };
    if found.praise == 0.0 && found.criticism == 0.0 && odds.abs() < NEUTRAL_BELOW {
        return (Polarity::Neutral, 0.5);
    }
    let mut odds = odds.abs();
    if found.unreal && polarity == Polarity::Positive {
        odds -= 1.5;
    }
    let said = if polarity == Polarity::Positive { found.praise } else { found.criticism };
    let unsaid = found.praise + found.criticism - said;
    if said == 0.0 {
        odds -= 2.0;
    } else if unsaid == 0.0 && !found.unreal && clause.words.len() <= PLAIN_WORDS {
        // "The waiter was friendly": short, one feeling, nothing supposed.
        odds += PLAIN_BONUS;
    }
    // What somebody should do says little of what was done.
    if is_suggestion(&clause.words) {
        odds -= 1.0;
    }
    // Both sides in one clause: whichever is told, the other is left out.
    if found.praise > 0.0 && found.criticism > 0.0 {
        odds -= 1.0;
    }
    // The comment as a whole speaks for its parts: praise inside a complaint is often politeness, or what was before.
    odds += match polarity {
        Polarity::Positive => (mood * MOOD_WEIGHT).clamp(-2.0, 0.5),
        _ => (-mood * MOOD_WEIGHT).clamp(-1.0, 0.5),
    };
    // The score is evidence too: praise beside a low score is often irony or a concession.
    odds += match (score.map(Score::band), polarity) {
        (Some(Band::Detractor), Polarity::Positive) | (Some(Band::Promoter), Polarity::Negative) => -1.2,
        (Some(Band::Detractor), _) | (Some(Band::Promoter), _) => 0.5,
        _ => 0.0,
    };
    (polarity, 1.0 / (1.0 + (-odds).exp()))
}

/// Log odds that one word of the lexicon is worth.
const LEXICON_WEIGHT: f32 = 0.8;
/// Confidence from which what follows a "but" is taken for more praise.
const SURELY: f32 = 0.9;
/// A clause this short that holds one feeling leaves little room for mishearing.
const PLAIN_WORDS: usize = 9;
const PLAIN_BONUS: f32 = 0.9;
/// How much of the whole comment's log odds rubs off on a clause.
const MOOD_WEIGHT: f32 = 0.6;
/// Log odds below which a clause without a word of feeling counts as a plain report.
const NEUTRAL_BELOW: f32 = 0.7;

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
