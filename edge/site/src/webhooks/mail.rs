//! Events as mails: what stands in one, to whom it goes, and what the service that sends it may say.

use crate::conversations::{no_more_mails, notify_texts};
use crate::webhooks::deliveries::Delivery;
use crate::webhooks::letterhead::Letterhead;
use crate::webhooks::told::Told;
use heard_wire::{EndpointSettings, Event, EventKind, Language, Notify, Response};

/// Characters of a subject: more, and programs cut it themselves.
const SUBJECT: usize = 150;

/// A mail in plain text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// To whom: one address.
    pub to: String,
    /// What who sends it is called, where that is not for the Worker to say.
    pub from_name: Option<String>,
    /// Where an answer to it goes, if not to where it came from.
    pub reply_to: Option<String>,
    /// One line.
    pub subject: String,
    /// What it says.
    pub text: String,
    /// Where a single `POST` ends them (RFC 8058); mails to the endpoint's own address have none.
    pub unsubscribe: Option<String>,
}

/// The mail for a delivery to an endpoint of this kind.
///
/// # Errors
/// Why there can be none, in words.
pub fn mail_of(delivery: &Delivery) -> Result<Mail, &'static str> {
    let event = serde_json::from_str(&delivery.body).map_err(|_| "the event does not read as one of ours")?;
    compose(&event, &delivery.settings, &delivery.letterhead)
}

fn compose(event: &Event, settings: &EndpointSettings, letterhead: &Letterhead) -> Result<Mail, &'static str> {
    let team = settings.mail_address().ok_or("the endpoint has no address for mails")?;
    match &event.kind {
        EventKind::MessageNotify(response, _, notify) => {
            let mail = to_customer(response, notify, settings, letterhead, team)?;
            Ok(if event.test { shown_to_team(mail, response, letterhead, team) } else { mail })
        }
        _ => Ok(to_team(event, settings, letterhead, team)),
    }
}

/// An example names somebody whom nobody knows, and a shop that is not the owner's.
fn shown_to_team(mail: Mail, response: &Response, letterhead: &Letterhead, team: &str) -> Mail {
    let language = Language::nearest([response.lang.as_str()]);
    Mail {
        to: team.to_owned(),
        subject: format!("[Test] {}", notify_texts(language, &letterhead.name).subject),
        text: format!("A test: nothing happened. Customers get mails like this one.\n\n{}", mail.text),
        ..mail
    }
}

fn to_customer(
    response: &Response,
    notify: &Notify,
    settings: &EndpointSettings,
    letterhead: &Letterhead,
    team: &str,
) -> Result<Mail, &'static str> {
    // Nobody gets mails that do not end.
    let base = settings.base_url.as_ref().ok_or("the endpoint has no base_url for the link that ends these mails")?;
    let path = notify.unsubscribe.as_deref().ok_or("the event does not say how these mails end")?;
    let unsubscribe = format!("{}{path}", base.as_str());
    let stop = no_more_mails(Language::nearest([response.lang.as_str()]));
    let text = format!("{}\n\n{}\n\n-- \n{stop}: {unsubscribe}\n", notify.text, notify.page);
    Ok(Mail {
        to: notify.email.to_string(),
        // One Worker may write for several sites.
        from_name: Some(in_one_line(&letterhead.name)).filter(|name| !name.is_empty()),
        reply_to: Some(team.to_owned()),
        subject: in_one_line(&notify.subject),
        text,
        unsubscribe: Some(unsubscribe),
    })
}

fn to_team(event: &Event, settings: &EndpointSettings, letterhead: &Letterhead, team: &str) -> Mail {
    let told = Told::of(event, letterhead, settings.base_url.as_ref());
    let quote = told.quote.iter().map(|quote| quote.lines().map(|line| format!("> {line}\n")).collect());
    let facts = told.facts.iter().map(|fact| format!("- {fact}\n")).collect::<String>();
    let links = told.links.iter().map(|link| format!("{}: {}\n", link.heading(), link.url)).collect::<String>();
    let rooms: Vec<String> = std::iter::once(format!("{}\n", told.title))
        .chain(quote)
        .chain([facts, links])
        .filter(|it| !it.is_empty())
        .collect();
    Mail {
        to: team.to_owned(),
        from_name: None,
        reply_to: None,
        subject: in_one_line(&format!("[{}] {}", event.site, told.title)),
        text: rooms.join("\n"),
        unsubscribe: None,
    }
}

/// A break in a subject would begin another header.
fn in_one_line(text: &str) -> String {
    let text: String = text.chars().map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SUBJECT).collect()
}

/// What a code of Cloudflare's Email Service comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailError {
    /// The status that a server would answer with.
    pub status: u16,
    /// What to do about it.
    pub words: &'static str,
    /// Whether it is about whom the mail goes to, so that the next one may go well.
    pub is_of_recipient: bool,
}

/// Reads a code of Cloudflare's Email Service, as its documentation lists them.
#[must_use]
pub fn mail_error(code: &str) -> MailError {
    let (status, words, is_of_recipient) = match code {
        "E_RECIPIENT_SUPPRESSED" => (422, "earlier mails to this address bounced or were reported as spam", true),
        "E_RECIPIENT_NOT_ALLOWED" => (422, "the binding does not allow this address to be written to", true),
        "E_VALIDATION_ERROR" => (422, "the address or the mail is not valid", true),
        "E_DELIVERY_FAILED" => (502, "the receiving server took no mail for this address", true),
        "E_SENDER_NOT_VERIFIED" | "E_SENDER_DOMAIN_NOT_AVAILABLE" => {
            (403, "the domain of HEARD_EMAIL_FROM is not set up for sending: add it to Email Service", false)
        }
        "E_RATE_LIMIT_EXCEEDED" => (429, "too many mails at once", false),
        "E_DAILY_LIMIT_EXCEEDED" => (429, "the account has sent its mails for today", false),
        "E_HEADER_NOT_ALLOWED" => (400, "a header of the mail was refused", false),
        _ => (502, "the mail could not be handed over", false),
    };
    MailError { status, words, is_of_recipient }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::webhooks::example_event;
    use heard_wire::EventType;

    const TEAM: &[u8] = br#"{"url":"mailto:team@shop.example","format":"email","base_url":"https://nps.example"}"#;

    fn settings() -> EndpointSettings {
        EndpointSettings::from_json(TEAM).unwrap()
    }

    fn compose(event: &Event, settings: &EndpointSettings) -> Result<Mail, &'static str> {
        super::compose(event, settings, &Letterhead { name: "Zebra".into(), time_zone: "Europe/Berlin".into() })
    }

    #[test]
    fn a_mail_to_the_team_names_clocks_people_and_ways_to_reach_them() {
        let mut event = example_event(&"demo".parse().unwrap(), EventType::CaseOverdue).unwrap();
        event.kind.response_mut().unwrap().contact = Some("+31 20 123 4567".parse().unwrap());
        let text = compose(&event, &settings()).unwrap().text;
        for told in ["due 2026-11-23 12:00 Europe/Berlin", "opened by “Unhappy”", "reference CY4T-QKFF"] {
            assert!(text.contains(told), "{told}: {text}");
        }
        assert!(text.contains("to reach at +31") && text.contains("They had said: The cake"), "{text}");
        let EventKind::Case(_, _, case) = &mut event.kind else { panic!() };
        case.source_rule = "default".to_owned();
        assert!(!compose(&event, &settings()).unwrap().text.contains("default"), "a name that tells nothing");
    }

    #[test]
    fn every_event_makes_a_mail_whose_subject_is_one_line() {
        for event_type in EventType::ALL {
            let mut event = example_event(&"demo".parse().unwrap(), *event_type).unwrap();
            event.test = false;
            if let EventKind::ImprovementChanged(improvement) = &mut event.kind {
                improvement.settings.title = "A second till\r\nBcc: everybody@evil.example".to_owned();
            }
            let mail = compose(&event, &settings()).unwrap();
            let is_for_customer = *event_type == EventType::MessageNotify;
            assert_eq!(mail.to == "team@shop.example", !is_for_customer, "{event_type:?}: {mail:?}");
            assert_eq!(mail.unsubscribe.is_some(), is_for_customer);
            assert!(!mail.subject.contains(['\r', '\n']) && !mail.subject.is_empty(), "{mail:?}");
            assert!(mail.text.contains("https://"), "{event_type:?}: {mail:?}");
        }
    }

    #[test]
    fn a_customer_is_written_to_in_their_language_and_can_end_it() {
        let mut event = example_event(&"demo".parse().unwrap(), EventType::MessageNotify).unwrap();
        event.kind.response_mut().unwrap().lang = "nl".parse().unwrap();
        // A test is sent to the team: an example names somebody whom nobody knows.
        event.test = true;
        let shown = compose(&event, &settings()).unwrap();
        assert_eq!(
            (shown.to.as_str(), shown.subject.as_str()),
            ("team@shop.example", "[Test] Zebra heeft u geantwoord")
        );
        event.test = false;
        let mail = compose(&event, &settings()).unwrap();
        assert_eq!((mail.reply_to.as_deref(), mail.from_name.as_deref()), (Some("team@shop.example"), Some("Zebra")));
        let stop = mail.unsubscribe.clone().unwrap();
        assert!(
            stop.starts_with("https://nps.example/v1/sites/")
                && mail.text.contains(&format!("Geen mails meer: {stop}")),
            "{mail:?}"
        );
        let nowhere = EndpointSettings { base_url: None, ..settings() };
        assert!(compose(&event, &nowhere).is_err());
    }
}
