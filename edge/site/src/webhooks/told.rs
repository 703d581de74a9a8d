//! What people are told of an event, in place of its JSON.

use crate::cases;
use crate::webhooks::letterhead::Letterhead;
use heard_wire::{
    Case, DigestNumber, Event, EventKind, EventType, Huddle, Message, Origin, Response, Watch, WatchKind,
};

/// Characters of what somebody wrote that are shown.
const SHOWN: usize = 600;

/// Characters of a title.
const TITLE: usize = 150;

/// What people are told of an event, in a chat or by a mail.
pub(super) struct Told {
    pub(super) title: String,
    /// In somebody's words.
    pub(super) quote: Option<String>,
    pub(super) facts: Vec<String>,
    pub(super) links: Vec<Link>,
}

/// Where there is more.
pub(super) struct Link {
    /// Behind "Open".
    pub(super) label: &'static str,
    pub(super) url: String,
}

impl Link {
    /// Before its address.
    pub(super) fn heading(&self) -> String {
        format!("Open {}", self.label)
    }
}

impl Told {
    /// With links into the desk, where it is known where that is.
    pub(super) fn of(event: &Event, letterhead: &Letterhead, base_url: Option<&Origin>) -> Self {
        let response = event.kind.response();
        let mut facts = Vec::new();
        if event.test {
            facts.push("A test: nothing happened".to_owned());
        }
        facts.extend(response.map(|response| format!("reference {}", response.reference)));
        let said = |response: &Response| response.comment.clone().filter(|comment| !comment.trim().is_empty());
        let (title, quote) = match &event.kind {
            EventKind::ResponseScored(response) => (format!("{} out of 10", response.score.get()), None),
            EventKind::ResponseCompleted(response) => (format!("{} out of 10", response.score.get()), said(response)),
            EventKind::ResponseUpdated(response) => {
                (format!("{} out of 10, changed", response.score.get()), said(response))
            }
            EventKind::ResponseErased(_) => ("An answer was erased".to_owned(), None),
            EventKind::MessageCreated(_, message) => {
                (format!("{} wrote to the customer", signed(message)), Some(message.text.clone()))
            }
            EventKind::MessageReceived(_, message) => {
                ("The customer wrote back".to_owned(), Some(message.text.clone()))
            }
            EventKind::MessageNotify(_, message, _) => {
                ("A customer wants to be told by email".to_owned(), Some(message.text.clone()))
            }
            EventKind::Case(_, response, case) => {
                facts.extend(case_facts(case, letterhead));
                let is_new = event.kind.event_type() == EventType::CaseOpened;
                // Later on it is what the case is about, and not what happened now.
                let about = said(response).map(|said| if is_new { said } else { format!("They had said: {said}") });
                (case_title(event.kind.event_type(), response, case), about)
            }
            EventKind::PraiseReceived(_, praise) => ("Praise for one of us".to_owned(), Some(praise.quote.clone())),
            EventKind::ImprovementChanged(improvement) => {
                let settings = &improvement.settings;
                let evidence = improvement.evidence.as_ref();
                facts.extend(
                    evidence.map(|evidence| format!("answers: {}, cases: {}", evidence.responses, evidence.cases)),
                );
                let status = <&str>::from(settings.status).replace('_', " ");
                (format!("Improvement, {status}: {}", settings.title), settings.what_we_did.clone())
            }
            EventKind::AnnouncementPublished(announcement) => {
                facts.push(format!("customers: {}", announcement.reach.told));
                let text = announcement.new.text.nearest(["en"]).map(|(_, text)| text.to_owned());
                ("Those who said it were told".to_owned(), text)
            }
            EventKind::AnnouncementJudged(_, _, verdict) => {
                let title = if verdict.better { "A customer says: better" } else { "A customer says: not yet" };
                (title.to_owned(), verdict.why.clone())
            }
            EventKind::HuddleReady(huddle) => {
                facts.extend(week_facts(huddle));
                ("The week, for the huddle".to_owned(), week_words(huddle))
            }
            EventKind::WatchRaised(watch) => {
                facts.push(format!("{} now, {} before", watch.now, watch.before));
                (watch_title(watch), None)
            }
            EventKind::EndpointDisabled(_) => ("A webhook endpoint was switched off".to_owned(), None),
        };
        // Whoever is to see to somebody needs no other page for it.
        if matches!(&event.kind, EventKind::Case(..) | EventKind::MessageReceived(..)) {
            let contact = response.and_then(|response| response.contact.as_ref());
            facts.extend(contact.map(|contact| format!("to reach at {}", contact.as_str())));
        }
        // Longer ones Slack does not take.
        let title = title.chars().take(TITLE).collect();
        let desk = base_url.map(|base| Link { label: "the desk", url: format!("{}{}", base.as_str(), in_desk(event)) });
        let page = response.map(|response| Link { label: "the page", url: response.page.to_string() });
        Self { title, quote: quote.map(shortened), facts, links: desk.into_iter().chain(page).collect() }
    }
}

/// Where the desk shows what an event is about: a path.
fn in_desk(event: &Event) -> String {
    let place = match &event.kind {
        EventKind::Case(_, _, case) => format!("inbox/{}?view=waiting", case.id),
        EventKind::ImprovementChanged(_) | EventKind::AnnouncementPublished(_) => "improve".to_owned(),
        EventKind::HuddleReady(_) => "huddle".to_owned(),
        EventKind::WatchRaised(_) => "today".to_owned(),
        EventKind::EndpointDisabled(_) => "developers".to_owned(),
        // Of an erased one there is nothing to see.
        EventKind::ResponseErased(_) => "inbox?view=all".to_owned(),
        other => match other.response() {
            Some(response) => format!("inbox/{}?view=all", response.id),
            None => "today".to_owned(),
        },
    };
    format!("/desk/{}/{place}", event.site)
}

fn signed(message: &Message) -> &str {
    message.signed.as_ref().map_or("Somebody", |signed| &signed.name)
}

fn case_title(event_type: EventType, response: &Response, case: &Case) -> String {
    let score = response.score.get();
    match event_type {
        EventType::CaseOpened => format!("New case: {score} out of 10"),
        EventType::CaseAssigned if case.assignee.is_none() => "A case is nobody's".to_owned(),
        EventType::CaseAssigned => "A case is somebody's".to_owned(),
        EventType::CaseReplied => "The customer was answered".to_owned(),
        EventType::CaseWaiting => "A case waits for its customer".to_owned(),
        EventType::CaseSnoozed => "A case sleeps".to_owned(),
        EventType::CaseDueSoon => "A case is due soon".to_owned(),
        EventType::CaseOverdue => "A case is overdue".to_owned(),
        EventType::CaseEscalated => "A case was handed up".to_owned(),
        EventType::CaseResolved => "A case is resolved".to_owned(),
        EventType::CaseReopened => "A case is open again".to_owned(),
        EventType::CaseClosed => "A case is closed".to_owned(),
        EventType::CaseRecovered => "A customer is won back".to_owned(),
        other => other.as_str().to_owned(),
    }
}

/// The five numbers, each with that of the week before.
fn week_facts(huddle: &Huddle) -> Vec<String> {
    let told = |number: Option<f64>| number.map_or_else(|| "–".to_owned(), |number| number.to_string());
    let fact = |name: &str, number: DigestNumber, unit: &str| {
        format!("{name} {}{unit} ({}{unit})", told(number.now), told(number.before))
    };
    vec![
        fact("NPS", huddle.nps, ""),
        fact("shown", huddle.shown, ""),
        fact("answers", huddle.responses, ""),
        fact("response rate", huddle.response_rate, " %"),
        fact("with a comment", huddle.comment_rate, " %"),
    ]
}

/// What says it best, and what lay behind it.
fn week_words(huddle: &Huddle) -> Option<String> {
    let quotes = huddle.quotes.iter().map(|quote| format!("{}: “{}”", quote.score.get(), quote.quote));
    let causes = huddle.root_causes.iter().map(|cause| format!("{} ({} cases)", cause.root_cause, cause.cases));
    let lines: Vec<String> = quotes.chain(causes).collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
}

fn watch_title(watch: &Watch) -> String {
    let subject = watch.subject.clone().unwrap_or_default();
    match watch.kind {
        WatchKind::ScoreRegression => "The score fell".to_owned(),
        WatchKind::VolumeDrop => "Far fewer answers than usual".to_owned(),
        WatchKind::Abandonment => "Fewer answer of those who are asked".to_owned(),
        WatchKind::TargetingDrift => format!("The question is shown elsewhere: {subject}"),
        WatchKind::NewTopic => format!("Criticised far more often than before: {subject}"),
    }
}

fn case_facts(case: &Case, letterhead: &Letterhead) -> Vec<String> {
    let mut facts = vec![format!("{} priority", <&str>::from(case.priority))];
    // One of the owner's own; ours has no name that would tell anything.
    let rule = Some(&case.source_rule).filter(|rule| *rule != cases::DEFAULT_RULE);
    facts.extend(rule.map(|rule| format!("opened by “{rule}”")));
    let clock = [&case.first_response, &case.next_response, &case.resolution_clock].into_iter().flatten();
    facts.extend(
        clock.filter(|clock| clock.is_running()).map(|clock| format!("due {}", letterhead.shows(clock.due_at))).next(),
    );
    facts
}

fn shortened(text: String) -> String {
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}
