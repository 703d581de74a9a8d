use crate::analysis::acts::intents::{asks_for_a_person, is_grave};
use crate::analysis::listener::{Listened, quote};
use crate::reply::selection::{Told, claims_for, is_faint, is_mixed, is_promoter, is_sure, is_wish, told};
use crate::reply::templates::{Lines, Messages, messages_in};
use crate::text::words::words as cut_words;
use heard_wire::{
    Acknowledgement, Ask, Band, Claim, Intent, Language, Person, Polarity, Promise, Receipt, ResponseId, Score,
    SiteSettings, reference_of,
};

/// The reply to a comment, or to a score alone when `comment` is `None`, in the owner's voice.
///
/// It is in the comment's language where we write it, else in `page_language`, else in the site's. At most two
/// criticisms and two praises are quoted, the criticism first. Claims are made only where
/// [`Finding::is_claimable`](crate::Finding::is_claimable); below that the customer is quoted without a claim, or simply thanked.
#[must_use]
pub fn acknowledge(
    comment: Option<(&str, &Listened)>,
    score: Option<Score>,
    id: &ResponseId,
    page_language: &str,
    settings: &SiteSettings,
) -> Acknowledgement {
    let spoken = comment.map(|(_, listened)| listened.heard.language.as_str()).filter(|language| *language != "und");
    let messages =
        messages_in(Language::nearest([spoken.unwrap_or(page_language), page_language, settings.language.as_str()]));
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
        let told = told(text, listened, self.score);
        let mut reply = self.opening(text, listened, &told);
        let mut claims = Vec::new();
        for (quotes, polarity) in [(&told.criticism, Polarity::Negative), (&told.praise, Polarity::Positive)] {
            claims.extend(quotes.iter().flat_map(|words| claims_for(listened, text, words, polarity)));
        }
        for sentence in self.more(&reply, listened, &claims) {
            reply.push(' ');
            reply.push_str(&sentence);
        }
        // What nobody can read is not claimed.
        claims.retain(|claim| reply.contains(&claim.quote));
        (reply, claims)
    }

    /// The sentence that reads back what the customer said.
    fn opening(&self, text: &str, listened: &Listened, told: &Told) -> String {
        let (criticism, praise) = (self.joined(&told.criticism), self.joined(&told.praise));
        let sure = told.criticism.iter().all(|words| self.may_judge(text, listened, words));
        let line = match (told.criticism.is_empty(), told.praise.is_empty()) {
            // A wish is written down as one, not regretted.
            (false, true) if told.is_wish => self.lines.idea.first().map_or("", String::as_str),
            (false, false) if told.is_wish => self.variant(&self.lines.praise),
            (false, false) => self.variant(if sure { &self.lines.both } else { &self.lines.both_likely }),
            (false, true) => self.variant(if sure { &self.lines.criticism } else { &self.lines.likely }),
            // Praise of who was there in a hard hour is not "good to hear".
            (true, false) if is_grave(&cut_words(text, 0)) => self.variant(&self.lines.noted),
            (true, false) => self.variant(&self.lines.praise),
            (true, true) => {
                return match listened.quotable.as_ref().and_then(|span| quote(text, span)) {
                    Some(words) => self.variant(&self.lines.noted).replace("{quote}", words),
                    None => self.plain(),
                };
            }
        };
        [("{criticism}", &criticism), ("{idea}", &criticism), ("{praise}", &praise), ("{quote}", &praise)]
            .iter()
            .fold(line.to_owned(), |line, (place, words)| line.replacen(place, words, 1))
    }

    /// Two quotes as one, between the quotation marks of a line.
    fn joined(&self, quotes: &[&str]) -> String {
        match quotes {
            [one, two] => self.messages.pair.replace("{one}", one).replace("{two}", two),
            _ => quotes.concat(),
        }
    }

    /// Whether a criticism may be called one. What is only likely, or praises in the same breath, is told without judging it; a
    /// request or a question is no failure, and a promoter's complaint is a detail.
    fn may_judge(&self, text: &str, listened: &Listened, words: &str) -> bool {
        let is_asked = words.ends_with('?') || is_wish(listened, words) || asks_for_a_person(&cut_words(words, 0));
        let is_mild = is_mixed(listened, text, words) || is_faint(words) || is_asked;
        is_sure(listened, text, words) && !is_mild && !self.is_promoter()
    }

    fn is_promoter(&self) -> bool {
        is_promoter(self.score)
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
        if self.settings.language.primary() != self.messages.language.as_ref() {
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
        let wants_contact = listened.heard.intents.contains(&Intent::WantsContact);
        if wants_contact {
            return (!listened.offers_contact).then_some(Ask::Contact);
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

/// Whether a quote inside the line is part of these words.
fn overlaps(line: &str, words: &str) -> bool {
    line.split(['“', '”', '„', '«', '»']).any(|quoted| quoted.len() > 8 && words.contains(quoted.trim()))
}
