//! Events as chats show them: the body of an incoming webhook of Slack or Teams, in place of our own.

use crate::webhooks::deliveries::Delivery;
use crate::webhooks::letterhead::Letterhead;
use crate::webhooks::told::{Link, Told};
use heard_wire::{BodyFormat, EndpointSettings};
use serde_json::{Value, json};

/// The body to send to an endpoint, in the form it wants. What does not read as an event of ours is sent as it is.
#[must_use]
pub fn body_of(delivery: &Delivery) -> String {
    body_in(&delivery.settings, &delivery.letterhead, &delivery.body)
}

fn body_in(settings: &EndpointSettings, letterhead: &Letterhead, body: &str) -> String {
    let told = || Some(Told::of(&serde_json::from_str(body).ok()?, letterhead, settings.base_url.as_ref()));
    let told = match settings.format {
        // A mail is no body: see `mail_of`.
        BodyFormat::Standard | BodyFormat::Email => None,
        BodyFormat::Slack => told().map(|told| slack(&told)),
        BodyFormat::Teams => told().map(|told| teams(&told)),
    };
    told.map_or_else(|| body.to_owned(), |told: Value| told.to_string())
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
    facts.extend(told.links.iter().map(|link| format!("<{}|{}>", escaped(&link.url.replace('|', "%7C")), link.label)));
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
    let is_web = |link: &&Link| link.url.starts_with("https://") || link.url.starts_with("http://");
    let open = |link: &Link| json!({ "type": "Action.OpenUrl", "title": link.heading(), "url": link.url });
    let actions: Vec<Value> = told.links.iter().filter(is_web).map(open).collect();
    let card = json!({ "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard",
        "version": "1.4", "body": body, "actions": actions });
    json!({ "type": "message", "attachments": [{ "contentType": "application/vnd.microsoft.card.adaptive", "content": card }] })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::example_event;
    use heard_wire::EventType;

    #[test]
    fn every_event_is_told_and_what_customers_write_calls_nobody() {
        for event_type in EventType::ALL {
            let mut event = example_event(&"demo".parse().unwrap(), *event_type).unwrap();
            if let Some(response) = event.kind.response_mut() {
                response.comment = Some("<!channel> [click](https://evil.example) *now* & <b>here</b> ".repeat(40));
            }
            let body = serde_json::to_string(&event).unwrap();
            let settings = |format: &str| {
                let settings =
                    format!(r#"{{"url":"https://a.example/","format":"{format}","base_url":"https://nps.example"}}"#);
                EndpointSettings::from_json(settings.as_bytes()).unwrap()
            };
            let letterhead = Letterhead { name: "Corner Café".into(), time_zone: "Europe/Berlin".into() };
            let body_in = |format: &str| super::body_in(&settings(format), &letterhead, &body);
            let slack: Value = serde_json::from_str(&body_in("slack")).unwrap();
            let text = slack["text"].as_str().unwrap();
            assert!(!text.is_empty() && !text.contains(['<', '>']), "{event_type:?}: {text}");
            for block in slack["blocks"].as_array().unwrap() {
                // Plain text is shown as it is; what is read as Slack's own language is escaped.
                let read = block["elements"][0]["text"].as_str().unwrap_or_default();
                assert!(read.matches('<').count() <= 2, "{read}");
            }
            let teams: Value = serde_json::from_str(&body_in("teams")).unwrap();
            let card = &teams["attachments"][0]["content"];
            assert_eq!((card["type"].as_str(), card["version"].as_str()), (Some("AdaptiveCard"), Some("1.4")));
            assert!(!card.to_string().contains("](https"), "{card}");
            assert!(card["actions"].to_string().contains("https://nps.example/desk/demo"), "{event_type:?}: {card}");
            assert_eq!(body_in("standard"), body);
        }
    }
}
