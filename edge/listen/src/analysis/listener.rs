use crate::analysis::acts::intents::{declines, intents};
use crate::analysis::aspects::attribution::{Attribution, attributed};
use crate::analysis::aspects::themes::{Named, ThemeIndex};
use crate::analysis::clause::Said;
use crate::analysis::entities::amounts::amounts;
use crate::analysis::entities::people::people;
use crate::analysis::sentiment::classify::{Judgement, Read, SIGNS, has_sign, judge, mood_of, read, reasons};
use crate::analysis::sentiment::spelling::as_meant;
use crate::lexicon::EMPTY;
use crate::reply::selection::is_promoter;
use crate::text::clauses::{Clause, clauses};
use crate::text::contact_details::offers_contact;
use crate::text::language::language_of;
use crate::text::quotable::is_quotable;
use crate::text::words::words;
use heard_wire::{Analysis, Band, Polarity, Score, Suggestion, Theme, ThemeFound, ThemeId, Topic};
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
    /// The owner's theme, or `None` when the clause is about none.
    pub theme: Option<ThemeId>,
    /// Whether it is about that theme.
    pub about: Option<Attribution>,
    /// How the customer felt about it.
    pub polarity: Polarity,
    /// 0 to 1; see [`Finding::is_claimable`].
    pub confidence: f32,
    /// What the feeling was judged by, one number for each of [`SIGNS`].
    pub signs: [f32; SIGNS.len()],
}

/// All that was found in a comment.
#[derive(Debug, Clone, PartialEq)]
pub struct Listened {
    /// What is stored for the owner.
    pub heard: Analysis,
    /// Clause by clause, in the order of the comment.
    pub findings: Vec<Finding>,
    /// A sentence that may be quoted although nothing is claimed about it.
    pub quotable: Option<Range<usize>>,
    /// Words about something that no thank-you is enough for.
    pub grave: Option<Range<usize>>,
    /// Whether something stands on either side of a "but" that is not praise. Then praise alone would not be an answer.
    pub has_other_side: bool,
    /// Whether the customer would rather not say.
    pub declines: bool,
    /// Whether the comment holds a way to reach the customer.
    pub offers_contact: bool,
}

impl Finding {
    /// Whether the reply may claim this feeling. Praise echoed to somebody who complained hurts more than the other way
    /// round, so it has to be surer.
    #[must_use]
    pub fn is_claimable(&self) -> bool {
        match self.polarity {
            Polarity::Positive => {
                self.confidence >= CLAIM_PRAISE
                    || self.confidence >= CLAIM_PLAIN_PRAISE && has_sign(&self.signs, "plain praise")
            }
            Polarity::Negative => self.confidence >= CLAIM_CRITICISM,
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

    /// Whether its words hold praise and criticism.
    pub(crate) fn has_words_of_both(&self) -> bool {
        has_sign(&self.signs, "words of both")
    }

    /// Whether the feeling is so sure that the reply may say what we make of it, and name its theme.
    #[must_use]
    pub fn is_sure(&self) -> bool {
        self.confidence >= SURE_CRITICISM && self.is_claimable()
    }

    /// Whether a claim may say that it is about the theme.
    #[must_use]
    pub fn is_surely_about(&self) -> bool {
        self.is_sure() && self.is_about()
    }

    /// Whether both the feeling and the theme are likely, whatever may be claimed of it.
    pub(crate) fn is_about(&self) -> bool {
        let is_surely = |about: Attribution| {
            let likely = about.about * self.confidence;
            if about.is_named { likely >= SURELY_ABOUT } else { likely >= SURELY_MEANT }
        };
        self.about.is_some_and(is_surely)
    }
}

/// Confidence from which praise and criticism are claimed, and from which criticism is called that.
const CLAIM_PRAISE: f32 = 0.977;
/// The same in a few words that hold praise and nothing else.
const CLAIM_PLAIN_PRAISE: f32 = 0.948;
const CLAIM_CRITICISM: f32 = 0.45;
const SURE_CRITICISM: f32 = 0.88;
/// How likely both the feeling and the theme have to be for a claim to name the theme.
const SURELY_ABOUT: f32 = 0.34;
/// The same where no word names the theme.
const SURELY_MEANT: f32 = 0.5;
/// Longest quote, in bytes, so that a reply stays a reply.
const MAX_QUOTE_BYTES: usize = 160;
const MAX_SUGGESTIONS: usize = 5;
const MAX_TOPICS: usize = 5;

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
        let clauses = clauses(text, &all_words);
        let (clauses, read) = read(text, &clauses, &as_meant(text, &all_words));
        let mood = mood_of(&clauses, &read);
        let said = self.said(&clauses, read, score);
        let answered = said.windows(2).find_map(|pair| match pair {
            [one, next] => one.is_answered_by(next).then_some(one),
            _ => None,
        });
        let answered = answered.filter(|_| !is_promoter(score));
        let contrast = said.iter().find(|one| one.turns()).or(answered).map(|one| one.clause.span.clone());
        let grave = said.iter().find(|one| one.is_grave()).map(|one| one.clause.span.clone());
        let proposed = said.iter().filter(|one| one.proposes()).filter_map(|one| quote(text, &one.clause.span));
        let suggestions: Vec<Suggestion> =
            proposed.take(MAX_SUGGESTIONS).map(|quote| Suggestion { quote: quote.to_owned() }).collect();
        let telling = all_words.iter().filter(|word| !EMPTY.contains(&word.text.as_str())).count();
        let informative = grave.is_some()
            || (telling >= 2 || said.iter().any(Said::says_what))
                && !(suggestions.is_empty() && said.iter().all(Said::tells_nothing));
        let overall = overall(said.iter().fold(0.5 * mood, |balance, one| balance + one.lean()), score);
        let (mut findings, mut topics) = (Vec::new(), Vec::new());
        if informative {
            findings.extend(said.iter().flat_map(|one| self.findings(one)));
            topics.extend(said.iter().filter_map(|one| one.topic(text)));
        }
        // What went wrong comes first, also where it is only quoted and nothing is claimed about it; a promoter's praise does.
        let worth_quoting = if is_promoter(score) {
            let praise = findings.iter().filter(|finding| finding.polarity == Polarity::Positive);
            praise.max_by(|one, other| one.confidence.total_cmp(&other.confidence))
        } else {
            findings.iter().find(|finding| finding.polarity == Polarity::Negative && overall != Polarity::Positive)
        };
        let quotable = contrast
            .clone()
            .or_else(|| worth_quoting.map(|finding| finding.span.clone()))
            .or_else(|| most_telling(&clauses))
            .filter(|_| informative);
        let heard = Analysis {
            language: language.to_owned(),
            informative,
            overall,
            themes: stored_themes(text, &findings),
            topics: each_once(topics),
            suggestions,
            people: people(text, &all_words, &findings),
            amounts: amounts(text, &all_words),
            intents: intents(&clauses),
        };
        Listened {
            heard,
            findings,
            quotable,
            grave,
            has_other_side: contrast.is_some(),
            declines: clauses.iter().any(|clause| declines(clause.words)),
            offers_contact: offers_contact(text),
        }
    }

    /// What each clause says.
    fn said<'a>(&self, clauses: &'a [Clause<'a>], read: Vec<Read>, score: Option<Score>) -> Vec<Said<'a>> {
        let named: Vec<Vec<Named>> = clauses
            .iter()
            .zip(&read)
            .map(|(clause, read)| self.themes.find(clause.words, read.gist.as_ref()))
            .collect();
        let judged = judge(clauses, &read, &named, score);
        let about = attributed(clauses, &named);
        let all = clauses.iter().zip(read).zip(judged.into_iter().zip(about));
        all.map(|((clause, read), (judged, about))| Said { clause, read, judged, about }).collect()
    }

    fn findings(&self, said: &Said) -> Vec<Finding> {
        let finding = |theme, about, judgement: &Judgement| {
            let Judgement { polarity, confidence, signs } = *judgement;
            Finding { span: said.clause.span.clone(), theme, about, polarity, confidence, signs }
        };
        if said.about.is_empty() {
            let feels = said.judged.all.polarity != Polarity::Neutral;
            return feels.then(|| finding(None, None, &said.judged.all)).into_iter().collect();
        }
        let themed = said.about.iter().zip(&said.judged.themes).map(|(attribution, judgement)| {
            finding(self.themes.id(attribution.theme).cloned(), Some(*attribution), judgement)
        });
        themed.collect()
    }
}

/// The words to show for a span, cut at a blank when too long. `None` when they are not fit to be read back.
pub(crate) fn quote<'a>(text: &'a str, span: &Range<usize>) -> Option<&'a str> {
    let cut = shortened(text.get(span.clone())?);
    is_quotable(cut).then_some(cut)
}

/// At most [`MAX_QUOTE_BYTES`] of the words, cut at a blank, and nothing from a comma on that leads to a way to reach somebody.
pub(crate) fn shortened(words: &str) -> &str {
    let words = before_contact(words);
    match words.get(..words.floor_char_boundary(MAX_QUOTE_BYTES)) {
        Some(head) if head.len() < words.len() => head.rsplit_once(char::is_whitespace).map_or("", |(kept, _)| kept),
        _ => words,
    }
}

/// The words up to the comma from which on they lead to a way to reach somebody. Beyond a quote's length it does not matter.
fn before_contact(words: &str) -> &str {
    // Asked of each quote many times, and most hold neither.
    if !words.bytes().any(|byte| byte.is_ascii_digit() || byte == b'@') {
        return words;
    }
    let mut end = 0;
    for part in words.split_inclusive([',', ';']) {
        if end > MAX_QUOTE_BYTES {
            return words;
        }
        if offers_contact(part) {
            return words.get(..end).unwrap_or_default().trim_end_matches([',', ';']);
        }
        end += part.len();
    }
    // "07700, 900123".
    if offers_contact(words) { "" } else { words }
}

/// Like [`shortened`], but never nothing: one endless word is cut within.
fn stored(words: &str) -> &str {
    let head = words.get(..words.floor_char_boundary(MAX_QUOTE_BYTES)).unwrap_or_default();
    Some(shortened(words)).filter(|kept| !kept.is_empty()).unwrap_or(head)
}

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
    let heard = Analysis {
        language: language.to_owned(),
        informative: words(text, 0).len() >= 3,
        overall: overall(0.0, score),
        themes: Vec::new(),
        topics: Vec::new(),
        suggestions: Vec::new(),
        people: Vec::new(),
        amounts: Vec::new(),
        intents: Vec::new(),
    };
    Listened {
        heard,
        findings: Vec::new(),
        quotable: None,
        grave: None,
        declines: false,
        has_other_side: false,
        offers_contact: offers_contact(text),
    }
}

fn most_telling(clauses: &[Clause]) -> Option<Range<usize>> {
    let telling = |clause: &&Clause| clause.words.iter().filter(|word| !EMPTY.contains(&word.text.as_str())).count();
    clauses.iter().filter(|clause| clause.words.len() >= 3).max_by_key(telling).map(|clause| clause.span.clone())
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
