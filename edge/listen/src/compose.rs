use crate::intents::is_grave;
use crate::listener::{Finding, Listened, quote, shortened};
use crate::messages::{Lines, Messages, messages_in, primary};
use crate::words::words;
use heard_wire::{
    Acknowledgement, Ask, Band, Claim, Person, Polarity, Promise, Receipt, ResponseId, Score, SiteSettings,
    reference_of,
};
use std::cmp::Ordering;

/// The reply to a comment, or to a score alone when `comment` is `None`, in the owner's voice.
///
/// It is in the comment's language where we write it, else in `page_language`, else in the site's. At most two
/// criticisms and two praises are quoted, the criticism first. Claims are made only where [`Finding::is_claimable`], and
/// of praise that stands in the words of a criticism; below that the customer is quoted without a claim, or simply thanked.
#[must_use]
pub fn acknowledge(
    comment: Option<(&str, &Listened)>,
    score: Option<Score>,
    id: &ResponseId,
    page_language: &str,
    settings: &SiteSettings,
) -> Acknowledgement {
    let spoken = comment.map(|(_, listened)| listened.heard.language.as_str()).filter(|language| *language != "und");
    let messages = messages_in(&[spoken.unwrap_or(page_language), page_language, &settings.language]);
    let composer = Composer { lines: messages.lines(settings.voice.tone), messages, score, id, settings };
    let (text, claims) = match comment {
        Some((text, listened)) if listened.heard.informative => composer.reply(text, listened),
        _ => (composer.plain(), Vec::new()),
    };
    let promise = |part: fn(&Promise) -> &Option<String>| settings.promise.as_ref().and_then(|all| part(all).clone());
    Acknowledgement {
        text,
        ask: comment.and_then(|(_, listened)| composer.ask(listened, &claims)),
        claims,
        receipt: Receipt {
            reference: reference_of(id),
            answered_by: promise(|promise| &promise.answered_by),
            by_when: promise(|promise| &promise.by_when),
        },
    }
}

struct Composer<'a> {
    messages: &'a Messages,
    lines: &'a Lines,
    score: Option<Score>,
    id: &'a ResponseId,
    settings: &'a SiteSettings,
}

/// Confidence from which a criticism that is not quoted keeps the reply from praise, and praise quoted with a criticism from
/// calling it one.
const DOUBTED: f32 = 0.4;

/// Confidence from which praise is among what the customer reads back, where it is not told as praise.
const IN_ONE_BREATH: f32 = 0.9;

/// Score up to which praise is told only beside a criticism.
const SOUR: u8 = 3;

/// Sentences after the one that quotes, so that a reply stays a reply.
const MAX_MORE: usize = 2;

impl Composer<'_> {
    fn reply(&self, text: &str, listened: &Listened) -> (String, Vec<Claim>) {
        if let Some(span) = listened.grave.as_ref().filter(|_| !self.is_promoter()) {
            let Some(words) = quote(text, span) else {
                return (self.variant(&self.lines.sorry).to_owned(), Vec::new());
            };
            let claims = claims_for(listened, text, words, Polarity::Negative);
            return (self.variant(&self.lines.grave).replace("{criticism}", words), claims);
        }
        // A promoter's words that may be a criticism more often are none.
        let is_unlikely = |words: &&str| self.is_promoter() && !is_sure(listened, text, words);
        let mut criticism = surest(listened, text, Polarity::Negative);
        criticism.retain(|words| listened.has_other_side || !is_unlikely(words));
        // Praise beside a criticism that could not be quoted would sound as if the criticism had not been heard.
        let unquoted_criticism = criticism.is_empty()
            && (listened.has_other_side
                || listened.heard.overall == Polarity::Negative
                || listened
                    .findings
                    .iter()
                    .any(|finding| finding.polarity == Polarity::Negative && finding.confidence >= DOUBTED));
        // "Love it." beside a 1 is more often meant bitterly than well.
        let bitter = criticism.is_empty() && self.score.is_some_and(|score| score.get() <= SOUR);
        let praise = if unquoted_criticism || bitter { Vec::new() } else { surest(listened, text, Polarity::Positive) };
        // "Otherwise fine" beside a complaint is politeness: praise is told there only when it is about something.
        let praise = if criticism.is_empty() || about_a_theme(listened, text, &praise) { praise } else { Vec::new() };
        let joined = |quotes: &[&str]| match quotes {
            [one, two] => self.messages.pair.replace("{one}", one).replace("{two}", two),
            _ => quotes.concat(),
        };
        let sure = criticism.iter().all(|words| self.may_judge(text, listened, words));
        let is_plain_wish = |words: &str| {
            let mut here = listened.findings.iter().filter(|finding| says(text, finding, words));
            is_wish(listened, words) && !words.ends_with('?') && !here.any(Finding::has_words_of_criticism)
        };
        let is_idea = matches!(criticism.as_slice(), [one] if is_plain_wish(one));
        let lines = match (criticism.is_empty(), praise.is_empty()) {
            // A wish is written down as one, not regretted.
            (false, false) if is_idea => Some(&self.lines.praise),
            (false, true) if is_idea => None,
            (false, false) => Some(if sure { &self.lines.both } else { &self.lines.both_likely }),
            (false, true) => Some(if sure { &self.lines.criticism } else { &self.lines.likely }),
            (true, false) => Some(&self.lines.praise),
            (true, true) => None,
        };
        // Praise of who was there in a hard hour is not "good to hear".
        let is_grave = criticism.is_empty() && !praise.is_empty() && is_grave(&words(text, 0));
        let mut reply = match (lines, listened.quotable.as_ref().and_then(|span| quote(text, span))) {
            (None, _) if is_idea => {
                self.lines.idea.first().map_or_else(String::new, |line| line.replace("{idea}", &joined(&criticism)))
            }
            (Some(_), _) if is_grave => self.variant(&self.lines.noted).replace("{quote}", &joined(&praise)),
            (Some(lines), _) => {
                let line = self.variant(lines).replace("{criticism}", &joined(&criticism));
                line.replace("{praise}", &joined(&praise))
            }
            (None, Some(words)) => self.variant(&self.lines.noted).replace("{quote}", words),
            (None, None) => self.plain(),
        };
        let in_one_breath: Vec<Claim> =
            criticism.iter().flat_map(|words| praise_within(listened, text, words)).collect();
        let mut claims = Vec::new();
        for (quoted, polarity) in [(criticism, Polarity::Negative), (praise, Polarity::Positive)] {
            for quoted in quoted {
                claims.extend(claims_for(listened, text, quoted, polarity));
            }
        }
        for sentence in self.more(&reply, listened, &claims) {
            reply.push(' ');
            reply.push_str(&sentence);
        }
        claims.extend(in_one_breath);
        // What nobody can read is not claimed.
        claims.retain(|claim| reply.contains(&claim.quote));
        (reply, claims)
    }

    /// Whether a criticism may be called one. What is only likely, or praises in the same breath, is told without judging it; a
    /// request or a question is no failure, and a promoter's complaint is a detail.
    fn may_judge(&self, text: &str, listened: &Listened, words: &str) -> bool {
        let any = |is: fn(&Finding) -> bool| {
            let mut alike = listened.findings.iter().filter(|finding| is(finding));
            alike.any(|finding| says(text, finding, words))
        };
        let is_mixed = any(Finding::has_words_of_both)
            || any(|finding| finding.polarity == Polarity::Positive && finding.confidence >= DOUBTED);
        let is_asked = words.ends_with('?') || is_wish(listened, words);
        is_sure(listened, text, words) && !is_mixed && !is_asked && !self.is_promoter()
    }

    fn is_promoter(&self) -> bool {
        self.score.map(Score::band) == Some(Band::Promoter)
    }

    /// What is said after the quote, at most [`MAX_MORE`] sentences: the owner's own line about what was told, an idea
    /// as an idea, a thank-you to who was praised by name, and else who reads this.
    fn more(&self, reply: &str, listened: &Listened, claims: &[Claim]) -> Vec<String> {
        // An idea is written down as an idea, unless the customer has just read those words.
        let ideas = listened.heard.suggestions.iter();
        let idea = ideas
            .filter(|idea| !reply.contains(&idea.quote) && !overlaps(reply, &idea.quote))
            .map(|idea| self.variant(&self.lines.idea).replace("{idea}", &idea.quote))
            .next();
        let reader = self.settings.voice.reader.as_ref();
        let reader = reader.map(|reader| self.variant(&self.lines.reader).replace("{reader}", reader.trim()));
        let sentences: Vec<String> = [self.owners_line(claims), idea, self.thanks_by_name(reply, listened, claims)]
            .into_iter()
            .flatten()
            .collect();
        if sentences.is_empty() { reader.into_iter().collect() } else { sentences.into_iter().take(MAX_MORE).collect() }
    }

    /// What the owner wrote for the first claim that has a line; only beside replies in the owner's own language.
    fn owners_line(&self, claims: &[Claim]) -> Option<String> {
        if primary(&self.settings.language) != self.messages.language {
            return None;
        }
        claims.iter().find_map(|claim| {
            let theme = self.settings.themes.iter().find(|theme| Some(&theme.id) == claim.theme.as_ref())?;
            let line = match claim.polarity {
                Polarity::Negative => theme.when_criticised.as_ref(),
                Polarity::Positive => theme.when_praised.as_ref(),
                Polarity::Neutral => None,
            };
            line.map(|line| line.trim().to_owned())
        })
    }

    /// Thanks whoever is named in words that the reply echoes as praise.
    fn thanks_by_name(&self, reply: &str, listened: &Listened, claims: &[Claim]) -> Option<String> {
        let told = |polarity: Polarity, name: &str| {
            claims.iter().any(|claim| claim.polarity == polarity && claim.quote.contains(name))
        };
        // Whom a promoter names is praised, also in words that are not sure to be praise.
        let is_praised = |person: &&Person| {
            let is_kindly_named =
                self.is_promoter() && person.polarity != Polarity::Negative && is_named_as_staff(reply, &person.name);
            (told(Polarity::Positive, &person.name) || is_kindly_named) && !told(Polarity::Negative, &person.name)
        };
        let names = listened.heard.people.iter().filter(is_praised).map(|person| person.name.as_str());
        let names: Vec<String> = names.map(with_a_capital).collect();
        let names = match names.as_slice() {
            [] => return None,
            [one] => one.clone(),
            [one, two, ..] => self.messages.names.replace("{one}", one).replace("{two}", two),
        };
        Some(self.variant(&self.lines.person).replace("{name}", &names))
    }

    /// The one thing missing. Nothing is asked of a customer who has told it, or without a score to go by.
    fn ask(&self, listened: &Listened, claims: &[Claim]) -> Option<Ask> {
        let band = self.score?.band();
        if !listened.heard.informative {
            return (!listened.declines).then_some(match band {
                Band::Promoter => Ask::WhatStoodOut,
                Band::Passive => Ask::WhatWouldHelp,
                Band::Detractor => Ask::WhatHappened,
            });
        }
        // Who asks to be called and left no number is asked for it, whatever the owner promises.
        let wants_contact = listened.heard.intents.iter().any(|intent| intent == "wants_contact");
        if wants_contact && !listened.offers_contact {
            return Some(Ask::Contact);
        }
        let complained = claims.iter().any(|claim| claim.polarity == Polarity::Negative);
        if band != Band::Detractor || !complained && listened.grave.is_none() {
            return None;
        }
        // Asking how to reach somebody says that somebody will: only where the owner promises an answer.
        if self.settings.promise.is_some() && !listened.offers_contact {
            return Some(Ask::Contact);
        }
        (listened.heard.suggestions.is_empty() && listened.grave.is_none()).then_some(Ask::WhatWouldHelp)
    }

    fn plain(&self) -> String {
        let lines = match self.score.map(Score::band) {
            Some(Band::Promoter) => &self.lines.happy,
            Some(Band::Detractor) => &self.lines.unhappy,
            _ => &self.lines.thanks,
        };
        self.variant(lines).to_owned()
    }

    /// The same response always reads the same line.
    fn variant<'b>(&self, lines: &'b [String]) -> &'b str {
        let id = self.id.as_str().bytes();
        let seed = id.fold(0_usize, |seed, byte| seed.wrapping_mul(31).wrapping_add(usize::from(byte)));
        let place = seed.checked_rem(lines.len()).unwrap_or(0);
        lines.get(place).map_or("", String::as_str)
    }
}

/// Whether a name stands in the reply, and not after a word that makes it a place or a relative.
fn is_named_as_staff(reply: &str, name: &str) -> bool {
    let before = reply
        .split_once(name)
        .and_then(|(before, _)| before.rsplit([' ', '“', '„', '«']).find(|word| !word.is_empty()));
    before.is_some_and(|before| !NOT_STAFF.contains(&before.to_lowercase().as_str()))
}

const NOT_STAFF: &[&str] = &[
    "to", "from", "at", "near", "via", "into", "around", "my", "son", "daughter", "husband", "wife", "mum", "dad",
    "mother", "father", "sister", "brother", "friend", "baby", "dog", "cat", "st", "saint", "san",
];

/// A name, as it is written by who has the time.
fn with_a_capital(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    name.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}

/// Whether these words are surely a criticism.
fn is_sure(listened: &Listened, text: &str, words: &str) -> bool {
    let mut here = listened.findings.iter().filter(|finding| says(text, finding, words));
    here.any(|finding| finding.polarity == Polarity::Negative && finding.is_sure())
}

/// Whether these words propose something.
fn is_wish(listened: &Listened, words: &str) -> bool {
    listened.heard.suggestions.iter().any(|idea| idea.quote == words)
}

/// Whether praise in these words is about one of the owner's themes.
fn about_a_theme(listened: &Listened, text: &str, quotes: &[&str]) -> bool {
    let themed = |quoted: &&str| {
        claims_for(listened, text, quoted, Polarity::Positive).iter().any(|claim| claim.theme.is_some())
    };
    quotes.iter().any(themed)
}

/// Whether a quote inside the line is part of these words.
fn overlaps(line: &str, words: &str) -> bool {
    line.split(['“', '”', '„', '«', '»']).any(|quoted| quoted.len() > 8 && words.contains(quoted.trim()))
}

/// The one or two quotes to lead with: about a theme before about none, then the surest, then the first. A second one
/// must be about another theme, and short. Praise in one breath with a criticism is not told as praise.
fn surest<'a>(listened: &Listened, text: &'a str, polarity: Polarity) -> Vec<&'a str> {
    let mut ranked: Vec<(&Finding, &'a str)> = claimable(listened, polarity)
        .filter_map(|finding| Some((finding, quote(text, &finding.span)?)))
        .filter(|(finding, _)| !is_doubted(listened, finding))
        // A word alone ("slow") is told when there is no doubt about it.
        .filter(|(finding, words)| finding.is_sure() || words.split_whitespace().count() >= 2)
        .collect();
    let rank = |finding: &Finding| (finding.is_surely_about(), finding.confidence);
    ranked.sort_by(|(one, _), (two, _)| rank(two).partial_cmp(&rank(one)).unwrap_or(Ordering::Equal));
    let Some((lead, first)) = ranked.first() else {
        return Vec::new();
    };
    let second = ranked.iter().find(|(finding, words)| {
        finding.span != lead.span
            && finding.is_surely_about()
            && finding.theme != lead.theme
            && !words.eq_ignore_ascii_case(first)
            && first.len() + words.len() <= MAX_PAIR_BYTES
    });
    match second {
        // In the order in which the customer said it.
        Some((finding, words)) if finding.span.start < lead.span.start => vec![words, first],
        Some((_, words)) => vec![first, words],
        None => vec![first],
    }
}

/// Whether praise stands in one breath with what may be a criticism.
fn is_doubted(listened: &Listened, praise: &Finding) -> bool {
    let mut beside = listened.findings.iter().filter(|finding| finding.span == praise.span);
    praise.polarity == Polarity::Positive
        && beside.any(|beside| beside.polarity == Polarity::Negative && beside.confidence >= DOUBTED)
}

/// Longest two quotes together, so that a reply stays a reply.
const MAX_PAIR_BYTES: usize = 140;

fn claimable(listened: &Listened, polarity: Polarity) -> impl Iterator<Item = &Finding> {
    listened.findings.iter().filter(move |finding| finding.polarity == polarity && finding.is_claimable())
}

/// The praise in words that are quoted as a criticism: read back with it, and called neither.
fn praise_within<'a>(listened: &'a Listened, text: &'a str, quoted: &'a str) -> impl Iterator<Item = Claim> + 'a {
    let praise = listened.findings.iter().filter(|finding| {
        finding.polarity == Polarity::Positive && finding.confidence >= IN_ONE_BREATH && finding.is_about()
    });
    let here = praise.filter(move |finding| says(text, finding, quoted));
    here.map(|finding| Claim { theme: finding.theme.clone(), polarity: Polarity::Positive, quote: quoted.to_owned() })
}

/// Whether these words, which may be quoted, are the finding's.
fn says(text: &str, finding: &Finding, quoted: &str) -> bool {
    text.get(finding.span.clone()).is_some_and(|words| shortened(words) == quoted)
}

/// What the reply says with this quote: a claim for each theme it is surely about, or one without a theme.
fn claims_for(listened: &Listened, text: &str, quoted: &str, polarity: Polarity) -> Vec<Claim> {
    let here = || claimable(listened, polarity).filter(|finding| says(text, finding, quoted));
    let claim = |theme| Claim { theme, polarity, quote: quoted.to_owned() };
    let mut claims: Vec<Claim> = Vec::new();
    for finding in here().filter(|finding| finding.is_surely_about()) {
        if !claims.iter().any(|claim| claim.theme == finding.theme) {
            claims.push(claim(finding.theme.clone()));
        }
    }
    if claims.is_empty() && here().next().is_some() {
        claims.push(claim(None));
    }
    claims
}
