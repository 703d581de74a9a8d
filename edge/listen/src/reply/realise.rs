//! A plan, put into words: in the owner's voice, and the customer's language where we write it.

use crate::analysis::listener::Listened;
use crate::reply::answers::Answers;
use crate::reply::selection::{Opening, Plan, Quotes, Taken, answering, select};
use crate::reply::templates::{Lines, Messages, messages_in};
use heard_wire::{
    Acknowledgement, Arm, Ask, Band, Claim, Contact, ContactKind, Intent, Language, Polarity, Promise, Receipt,
    ReplyKind, ResponseId, Score, SiteSettings, Variant, reference_of,
};

/// Who answered, as far as it matters to the reply.
///
/// ```
/// let customer = heard_listen::Customer { page_language: "nl", ..Default::default() };
/// assert!(customer.score.is_none() && customer.contact.is_none());
/// ```
#[derive(Clone, Copy, Default)]
pub struct Customer<'a> {
    /// The score they gave.
    pub score: Option<Score>,
    /// BCP 47, of the page.
    pub page_language: &'a str,
    /// Where they want to be reached.
    pub contact: Option<&'a Contact>,
    /// Whether the owner knows who they are.
    pub is_known: bool,
    /// What the reply before had asked and these words answer: nothing more is asked then.
    pub asked: Option<Ask>,
    /// All they have said, where the reply is about a part of it.
    pub comment: Option<&'a Listened>,
    /// What they got of the site's experiment.
    pub variant: Option<&'a Variant>,
}

/// The reply to a comment, or to a score alone when `comment` is `None`, in the owner's voice.
///
/// It is in the comment's language where we write it, else in `page_language`, else in the site's. At most two quotes are
/// read back, a criticism before praise. A theme is claimed only where
/// [`Finding::is_claimable`](crate::Finding::is_claimable), and a feeling where that or [`Feeling`](crate::Feeling) is sure and neither
/// speaks against it; below that the customer is quoted without a claim, or simply thanked.
/// Who only tells where they can be reached is told what becomes of that. The owner's promise is made to who can be reached.
#[must_use]
pub fn acknowledge(
    comment: Option<(&str, &Listened)>,
    customer: &Customer<'_>,
    id: &ResponseId,
    settings: &SiteSettings,
) -> Acknowledgement {
    let Customer { score, page_language, asked, .. } = *customer;
    let spoken =
        customer.comment.or(comment.map(|(_, listened)| listened)).map(|listened| listened.heard.language.as_str());
    let spoken = spoken.filter(|language| *language != "und");
    let messages =
        messages_in(Language::nearest([spoken.unwrap_or(page_language), page_language, settings.language.as_str()]));
    let writer = Writer { lines: messages.lines(settings.voice.tone), messages, score, id, settings };
    let plan = comment.map(|(text, listened)| {
        let plan = select(text, listened, score, settings);
        match asked {
            Some(asked) => answering(plan, text, listened, asked),
            None => plan,
        }
    });
    let promise = settings.promise.as_ref();
    let said = customer.comment.or(comment.map(|(_, listened)| listened));
    let promise = promise.filter(|_| said.is_some_and(|said| expects_answer(said, customer)));
    let text = match (&plan, customer.contact) {
        (_, Some(contact)) if comment.is_none() => writer.reached(contact, promise.is_some()).to_owned(),
        (Some(plan), _) => writer.reply(plan),
        (None, _) => writer.plain(false).to_owned(),
    };
    let ask = plan.as_ref().and_then(|plan| plan.ask);
    let ask =
        ask.filter(|ask| asked.is_none() && (*ask != Ask::Contact || customer.contact.is_none() && promise.is_none()));
    Acknowledgement {
        disclosure: plan.as_ref().and_then(|_| writer.disclosure(&text)),
        text,
        kind: Some(plan.as_ref().map_or(ReplyKind::Thanks, |plan| plan.opening.kind())),
        ask,
        lang: Some(messages.language.into()),
        questions: Vec::new(),
        copy: None,
        question: ask.and_then(|ask| writer.question(ask, customer.variant)),
        claims: plan.map_or_else(Vec::new, |plan| plan.claims),
        receipt: Receipt {
            reference: reference_of(id),
            answered_by: promise.and_then(|promise| promise.answered_by.clone()),
            by_when: promise.and_then(|promise| writer.by_when(promise)),
            due_at: None,
        },
    }
}

/// Whether the owner's promise of an answer is for this customer: one who can be reached, and said something that wants one.
fn expects_answer(listened: &Listened, customer: &Customer<'_>) -> bool {
    let asks = [Intent::WantsContact, Intent::Request, Intent::Question];
    let is_reached = customer.contact.is_some() || listened.offers_contact || customer.is_known;
    let is_happy = customer.score.is_some_and(|score| score.band() == Band::Promoter);
    let wants = customer.asked == Some(Ask::Contact)
        || listened.grave.is_some()
        || asks.iter().any(|intent| listened.heard.intents.contains(intent))
        || !is_happy && listened.heard.informative;
    is_reached && wants && !listened.declines && !listened.refuses_contact
}

struct Writer<'a> {
    messages: &'a Messages,
    lines: &'a Lines,
    score: Option<Score>,
    id: &'a ResponseId,
    settings: &'a SiteSettings,
}

/// Sentences after the one that quotes, so that a reply stays a reply.
const MAX_MORE: usize = 2;

impl Writer<'_> {
    /// What becomes of an email address or a phone number. Only who promised an answer gives one.
    fn reached(&self, contact: &Contact, is_promised: bool) -> &str {
        let lines = &self.messages.reached;
        match (contact.kind(), is_promised) {
            (ContactKind::Email, true) => &lines.email,
            (ContactKind::Phone, true) => &lines.phone,
            (ContactKind::Email, false) => &lines.email_noted,
            (ContactKind::Phone, false) => &lines.phone_noted,
        }
    }

    /// By when, where it can be told in the language of the reply.
    fn by_when(&self, promise: &Promise) -> Option<String> {
        let in_owners_words = || {
            let is_theirs = Language::nearest([self.settings.language.as_str()]) == self.messages.language;
            promise.by_when.clone().filter(|_| is_theirs)
        };
        promise.within.map(|within| self.messages.within.told(within, self.messages.language)).or_else(in_owners_words)
    }

    /// What asks back: in the owner's words where there are some, and in those of the experiment for who is on its other side.
    fn question(&self, ask: Ask, variant: Option<&Variant>) -> Option<String> {
        let Self { messages, settings, .. } = self;
        let name = format!("ask.{}", <&str>::from(ask));
        let lang = messages.language.as_ref();
        let other = settings.experiment.as_ref().filter(|experiment| {
            variant.is_some_and(|variant| variant.arm == Arm::B && variant.experiment == experiment.name)
        });
        let own = other.and_then(|experiment| experiment.copy.text(&name, lang)).or(settings.copy.text(&name, lang));
        let own = own.map(|text| text.replace("{name}", &settings.name));
        own.or_else(|| messages.ask.as_ref().map(|prompts| prompts.of(ask).to_owned()))
    }

    fn reply(&self, plan: &Plan) -> String {
        let opening = self.opening(plan);
        [opening].into_iter().chain(self.more(plan)).collect::<Vec<_>>().join(" ")
    }

    /// The sentence that reads back what the customer said.
    fn opening(&self, plan: &Plan) -> String {
        let lines = self.lines;
        match &plan.opening {
            Opening::Plain => self.plain(plan.declines).to_owned(),
            Opening::Sorry(None) => self.variant(&lines.sorry).to_owned(),
            Opening::Sorry(Some(words)) => self.variant(&lines.grave).replacen("{criticism}", words, 1),
            Opening::Noted(quotes) => self.quoting(&lines.noted, "{quote}", quotes),
            Opening::Idea(words) => {
                let idea = lines.idea.first().map_or("", String::as_str).replacen("{idea}", words, 1);
                format!("{} {idea}", self.plain(false))
            }
            Opening::Praise(quotes) => self.quoting(&lines.praise, "{praise}", quotes),
            Opening::Criticism(quotes, taken) => {
                let lines = match (taken, quotes.second) {
                    (Taken::Regret, _) if !lines.regret.is_empty() => &lines.regret,
                    (Taken::Regret | Taken::Heard, _) => &lines.likely,
                    (Taken::Failure, None) => &lines.criticism,
                    (Taken::Failure, Some(_)) => &lines.criticisms,
                };
                self.quoting(lines, "{criticism}", quotes)
            }
            Opening::Both(criticism, praise, sure) => {
                let line = self.variant(if *sure { &lines.both } else { &lines.both_likely });
                line.replacen("{criticism}", criticism, 1).replacen("{praise}", praise, 1)
            }
        }
    }

    fn quoting(&self, lines: &[String], place: &str, quotes: &Quotes) -> String {
        let words = match quotes.second {
            Some(second) => self.messages.pair.replacen("{one}", quotes.first, 1).replacen("{two}", second, 1),
            None => quotes.first.to_owned(),
        };
        self.variant(lines).replacen(place, &words, 1)
    }

    /// What is said after the quote, at most [`MAX_MORE`] sentences: the owner's own line about what was told, an idea
    /// as an idea, an answer to what the customer did, a thank-you to who was praised by name, and else who reads this.
    fn more(&self, plan: &Plan) -> Vec<String> {
        if matches!(plan.opening, Opening::Sorry(_)) {
            return Vec::new();
        }
        let idea = plan.idea.map(|idea| self.variant(&self.lines.idea).replacen("{idea}", idea, 1));
        let answers = plan.answers.iter().map(|answers| {
            let lines = match answers {
                Answers::Told => &self.lines.told,
                Answers::Leaving => &self.lines.leaving,
                Answers::Request => &self.lines.request,
                Answers::Question => &self.lines.question,
            };
            self.variant(lines).to_owned()
        });
        let said =
            [self.owners_line(&plan.claims), self.thanks(&plan.thanks, &plan.opening), idea].into_iter().flatten();
        let said: Vec<String> = said.chain(answers).take(MAX_MORE).collect();
        if !said.is_empty() || plan.opening == Opening::Plain {
            return said;
        }
        let reader = self.settings.voice.reader.as_ref();
        reader
            .map(|reader| self.variant(&self.lines.reader).replacen("{reader}", reader.trim(), 1))
            .into_iter()
            .collect()
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

    /// Thanks whoever was praised by name; below a complaint nothing is theirs.
    fn thanks(&self, names: &[&str], opening: &Opening) -> Option<String> {
        let title = names.first().and_then(|name| name.split(' ').next()).unwrap_or_default();
        let to = self.messages.titled.get(title.trim_end_matches('.').to_lowercase().as_str());
        let names = match names {
            [] => return None,
            [one] => with_a_capital(one),
            [one, two, ..] => self.messages.names.replacen("{one}", &with_a_capital(one), 1).replacen(
                "{two}",
                &with_a_capital(two),
                1,
            ),
        };
        let person = &self.lines.person;
        let line = match opening {
            Opening::Criticism(..) => person.first().map_or("", String::as_str),
            _ => self.variant(person),
        };
        let line = to.map_or_else(|| line.to_owned(), |to| line.replacen("a {name}", &format!("{to} {{name}}"), 1));
        Some(line.replacen("{name}", &names, 1))
    }

    /// That the text was put together automatically, and who reads the answer, unless the text says so.
    fn disclosure(&self, text: &str) -> Option<String> {
        let voice = &self.settings.voice;
        let reader = voice.reader.as_deref().map(str::trim).filter(|reader| !text.contains(reader));
        let reads = reader.map(|reader| self.messages.reads.replacen("{reader}", reader, 1));
        let said = [Some(self.messages.automatic.clone()), reads].into_iter().flatten();
        voice.disclosure.then(|| said.collect::<Vec<_>>().join(" "))
    }

    /// What is said where nothing can be read back; to who told nothing, no more than thanks.
    fn plain(&self, declines: bool) -> &str {
        let lines = match self.score.map(Score::band) {
            _ if declines => &self.lines.thanks,
            Some(Band::Promoter) => &self.lines.happy,
            Some(Band::Detractor) => &self.lines.unhappy,
            _ => &self.lines.thanks,
        };
        self.variant(lines)
    }

    /// The same response always reads the same line.
    fn variant<'b>(&self, lines: &'b [String]) -> &'b str {
        let id = self.id.as_str().bytes();
        let seed = id.fold(0_usize, |seed, byte| seed.wrapping_mul(31).wrapping_add(usize::from(byte)));
        let place = seed.checked_rem(lines.len()).unwrap_or(0);
        lines.get(place).map_or("", String::as_str)
    }
}

/// A name, as it is written by who has the time.
fn with_a_capital(name: &str) -> String {
    if name.chars().any(char::is_uppercase) {
        return name.to_owned();
    }
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    name.split(' ').map(capital).collect::<Vec<_>>().join(" ")
}
