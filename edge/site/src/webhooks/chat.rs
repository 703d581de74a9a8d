//! Events as chats show them: the body of an incoming webhook of Slack or Teams, in place of our own.

use heard_wire::{
    BodyFormat, Case, DigestNumber, Event, EventKind, EventType, Huddle, Message, Response, Watch, WatchKind,
};
use serde_json::{Value, json};

/// Characters of what somebody wrote that a chat shows.
const SHOWN: usize = 600;

/// The body to send to an endpoint that wants this form. What does not read as an event of ours is sent as it is.
#[must_use]
pub fn body_in(format: BodyFormat, body: &str) -> String {
    let told = match format {
        BodyFormat::Standard => None,
        BodyFormat::Slack => serde_json::from_str(body).ok().map(|event| slack(&Told::of(&event))),
        BodyFormat::Teams => serde_json::from_str(body).ok().map(|event| teams(&Told::of(&event))),
    };
    told.map_or_else(|| body.to_owned(), |told: Value| told.to_string())
}

/// Characters of a title.
const TITLE: usize = 150;

/// What a chat is told of an event.
struct Told {
    title: String,
    /// In somebody's words.
    quote: Option<String>,
    facts: Vec<String>,
    /// Where it was asked.
    page: Option<String>,
}

impl Told {
    fn of(event: &Event) -> Self {
        let response = event.kind.response();
        let mut facts = Vec::new();
        if event.test {
            facts.push("A test: nothing happened".to_owned());
        }
        facts.extend(response.map(|response| response.reference.clone()));
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
                facts.extend(case_facts(case));
                (case_title(event.kind.event_type(), response, case), said(response))
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
        // Longer ones Slack does not take.
        let title = title.chars().take(TITLE).collect();
        Self { title, quote: quote.map(shortened), facts, page: response.map(|response| response.page.to_string()) }
    }
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

fn case_facts(case: &Case) -> Vec<String> {
    let mut facts = vec![format!("{} priority", <&str>::from(case.priority)), format!("rule “{}”", case.source_rule)];
    let clock = [&case.first_response, &case.next_response, &case.resolution_clock].into_iter().flatten();
    facts.extend(clock.filter(|clock| clock.is_running()).map(|clock| format!("due {}", clock.due_at)).next());
    facts
}

fn shortened(text: String) -> String {
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN).chain(['…']).collect()
}

/// Slack reads `&`, `<` and `>`, and nothing else that a customer could write would call anybody.
fn slack(told: &Told) -> Value {
    let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let mut blocks =
        vec![json!({ "type": "header", "text": { "type": "plain_text", "text": told.title, "emoji": false } })];
    if let Some(quote) = &told.quote {
        blocks.push(json!({ "type": "section", "text": { "type": "plain_text", "text": quote, "emoji": false } }));
    }
    let mut facts: Vec<String> = told.facts.iter().map(|fact| escaped(fact)).collect();
    // In a link the address is escaped, and a bar would end it.
    facts.extend(told.page.iter().map(|page| format!("<{}|the page>", escaped(&page.replace('|', "%7C")))));
    if !facts.is_empty() {
        blocks.push(json!({ "type": "context", "elements": [{ "type": "mrkdwn", "text": facts.join(" · ") }] }));
    }
    let text = told.quote.as_ref().map_or_else(|| told.title.clone(), |quote| format!("{}: {quote}", told.title));
    json!({ "text": escaped(&text), "blocks": blocks })
}

/// An adaptive card. Its texts are Markdown, of which customers write none.
fn teams(told: &Told) -> Value {
    let escaped = |text: &str| {
        let mut safe = String::with_capacity(text.len());
        for letter in text.chars() {
            if letter.is_ascii_punctuation() && !matches!(letter, '.' | ',' | '!' | '?' | ':' | ';' | '\'' | '"') {
                safe.push('\\');
            }
            safe.push(letter);
        }
        safe
    };
    let mut body = vec![
        json!({ "type": "TextBlock", "text": escaped(&told.title), "weight": "Bolder", "size": "Medium", "wrap": true }),
    ];
    if let Some(quote) = &told.quote {
        body.push(json!({ "type": "TextBlock", "text": escaped(quote), "wrap": true }));
    }
    if !told.facts.is_empty() {
        let facts = told.facts.iter().map(|fact| escaped(fact)).collect::<Vec<_>>().join(" · ");
        body.push(json!({ "type": "TextBlock", "text": facts, "isSubtle": true, "wrap": true }));
    }
    let is_web = |page: &&String| page.starts_with("https://") || page.starts_with("http://");
    let open = |page: &String| json!({ "type": "Action.OpenUrl", "title": "Open the page", "url": page });
    let actions: Vec<Value> = told.page.iter().filter(is_web).map(open).collect();
    let card = json!({ "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard",
        "version": "1.4", "body": body, "actions": actions });
    json!({ "type": "message", "attachments": [{ "contentType": "application/vnd.microsoft.card.adaptive", "content": card }] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::example_event;

    #[test]
    fn every_event_is_told_and_what_customers_write_calls_nobody() {
        for event_type in EventType::ALL {
            let mut event = example_event(&"demo".parse().unwrap(), *event_type).unwrap();
            if let Some(response) = event.kind.response_mut() {
                response.comment = Some("<!channel> [click](https://evil.example) *now* & <b>here</b> ".repeat(40));
            }
            let body = serde_json::to_string(&event).unwrap();
            let slack: Value = serde_json::from_str(&body_in(BodyFormat::Slack, &body)).unwrap();
            let text = slack["text"].as_str().unwrap();
            assert!(!text.is_empty() && !text.contains(['<', '>']), "{event_type:?}: {text}");
            for block in slack["blocks"].as_array().unwrap() {
                // Plain text is shown as it is; what is read as Slack's own language is escaped.
                let read = block["elements"][0]["text"].as_str().unwrap_or_default();
                assert!(read.matches('<').count() <= 1, "{read}");
            }
            let teams: Value = serde_json::from_str(&body_in(BodyFormat::Teams, &body)).unwrap();
            let card = &teams["attachments"][0]["content"];
            assert_eq!((card["type"].as_str(), card["version"].as_str()), (Some("AdaptiveCard"), Some("1.4")));
            assert!(!card.to_string().contains("](https"), "{card}");
            assert_eq!(body_in(BodyFormat::Standard, &body), body);
        }
    }
}
