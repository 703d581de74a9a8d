//! An example of each event, for tests of an endpoint and for the documentation.

use heard_wire::{
    AnnouncementVerdict, Author, Case, CaseEvent, CaseStatus, DisabledReason, Endpoint, ErasedResponse, Event, EventId,
    EventKind, EventType, Message, Outcome, Priority, Response, SiteId, Timestamp,
};

/// A whole event of this type, as an endpoint of this site would get it.
///
/// # Errors
/// When an example does not read, which a test rules out.
pub fn example_event(site: &SiteId, event_type: EventType) -> serde_json::Result<Event> {
    Ok(Event {
        id: EventId::from_random([7; 16]),
        sequence: 42,
        site: site.clone(),
        timestamp: Timestamp::from_millis(1_795_338_000_000),
        comment_truncated: false,
        test: false,
        kind: example(site, event_type, None)?,
    })
}

/// What an example is about.
pub(crate) fn example(
    site: &SiteId,
    event_type: EventType,
    endpoint: Option<Endpoint>,
) -> serde_json::Result<EventKind> {
    let response: Response = serde_json::from_str(RESPONSE)?;
    let response = Response { site: site.clone(), ..response };
    Ok(match event_type {
        EventType::ResponseScored => EventKind::ResponseScored(Response {
            comment: None,
            heard: None,
            completed_at: None,
            revision: 1,
            ..response
        }),
        EventType::ResponseCompleted => EventKind::ResponseCompleted(response),
        EventType::ResponseUpdated => EventKind::ResponseUpdated(response),
        EventType::ResponseErased => EventKind::ResponseErased(ErasedResponse { id: response.id }),
        EventType::MessageCreated => EventKind::MessageCreated(response, serde_json::from_str(MESSAGE)?),
        EventType::MessageReceived => {
            EventKind::MessageReceived(response, Message { author: Author::Customer, ..serde_json::from_str(THEIRS)? })
        }
        EventType::MessageNotify => {
            EventKind::MessageNotify(response, serde_json::from_str(MESSAGE)?, serde_json::from_str(NOTIFY)?)
        }
        EventType::PraiseReceived => EventKind::PraiseReceived(response, serde_json::from_str(PRAISE)?),
        EventType::ImprovementChanged => EventKind::ImprovementChanged(serde_json::from_str(IMPROVEMENT)?),
        EventType::AnnouncementPublished => EventKind::AnnouncementPublished(serde_json::from_str(ANNOUNCEMENT)?),
        EventType::AnnouncementJudged => EventKind::AnnouncementJudged(
            response,
            serde_json::from_str(ANNOUNCEMENT)?,
            AnnouncementVerdict { better: false, why: Some("On Saturdays it is as long as ever.".to_owned()) },
        ),
        EventType::HuddleReady => EventKind::HuddleReady(serde_json::from_str(HUDDLE)?),
        EventType::WatchRaised => EventKind::WatchRaised(serde_json::from_str(WATCH)?),
        EventType::EndpointDisabled => {
            let endpoint = endpoint.map_or_else(|| serde_json::from_str(ENDPOINT), Ok)?;
            EventKind::EndpointDisabled(Endpoint {
                disabled_at: Some(Timestamp::from_millis(1_795_338_000_000)),
                disabled_reason: Some(DisabledReason::Failing),
                failing_since: Some(Timestamp::from_millis(1_794_906_000_000)),
                ..endpoint.masked()
            })
        }
        case_type => case_example(case_type, response)?,
    })
}

/// The same case at several moments.
fn case_example(event_type: EventType, response: Response) -> serde_json::Result<EventKind> {
    let mut case: Case = serde_json::from_str(CASE)?;
    let at = Some(Timestamp::from_millis(1_795_338_000_000));
    if let Some(clock) = &mut case.first_response {
        match event_type {
            EventType::CaseDueSoon => clock.warned_at = at,
            EventType::CaseOverdue | EventType::CaseEscalated => (clock.warned_at, clock.missed_at) = (at, at),
            EventType::CaseOpened | EventType::CaseAssigned => {}
            _ => (clock.ended_at, case.first_response_at) = (at, at),
        }
    }
    case.status = match event_type {
        EventType::CaseReplied | EventType::CaseReopened => CaseStatus::Open,
        EventType::CaseWaiting => CaseStatus::Waiting,
        EventType::CaseSnoozed => CaseStatus::Snoozed,
        EventType::CaseResolved | EventType::CaseRecovered => CaseStatus::Resolved,
        EventType::CaseClosed => CaseStatus::Closed,
        _ => CaseStatus::New,
    };
    match event_type {
        EventType::CaseSnoozed => case.snoozed_until = at.map(|at| at.plus_millis(86_400_000)),
        EventType::CaseResolved => {
            case.resolution = Some("A second till opens on Monday.".to_owned());
            case.resolved_at = at;
        }
        EventType::CaseReopened => case.reopen_count = 1,
        EventType::CaseEscalated => (case.escalated_at, case.priority) = (at, Priority::Urgent),
        EventType::CaseClosed => case.closed_at = at,
        EventType::CaseRecovered => case.outcome = Outcome::Recovered,
        _ => {}
    }
    let event = CaseEvent::of(event_type).ok_or_else(|| serde::de::Error::custom("an event that is about no case"))?;
    Ok(EventKind::Case(event, response, Box::new(case)))
}

const CASE: &str = r#"{"id":"case_07070707070707070707070707070707","revision":1,
  "response":"0190a5c4-7a1c-7def-8123-456789abcdef","responses":["0190a5c4-7a1c-7def-8123-456789abcdef"],
  "status":"new","priority":"normal","assignee":"per_07070707070707070707070707070707","source_rule":"Unhappy",
  "sla":{"first_response":{"number":4,"unit":"business_hours"}},"sla_status":"active",
  "first_response":{"within":{"number":4,"unit":"business_hours"},"started_at":"2026-11-22T09:00:20.000Z",
    "due_at":"2026-11-23T11:00:00.000Z","warn_at":"2026-11-23T10:00:00.000Z"},
  "outcome":"unknown","opened_at":"2026-11-22T09:00:20.000Z","updated_at":"2026-11-22T10:30:00.000Z"}"#;

const PRAISE: &str = r#"{"person":"per_07070707070707070707070707070707","quote":"Maria was so kind!"}"#;

const IMPROVEMENT: &str = r#"{"id":"imp_07070707070707070707070707070707","title":"Shorter queues at noon","kind":"fix",
  "status":"completed","audience":{"theme":"waiting","polarity":"negative"},"owner":"per_07070707070707070707070707070707",
  "what_we_did":"A second till opens at eleven.","created_at":"2026-10-05T09:00:00.000Z","updated_at":"2026-11-09T09:00:00.000Z",
  "completed_at":"2026-11-09T09:00:00.000Z","evidence":{"responses":31,"customers":24,"promoters":2,"passives":8,"detractors":21,
    "nps":-61.3,"cases":12,"unsettled_cases":1,"root_causes":[{"root_cause":"One till at noon","cases":9}],
    "quotes":[{"response":"0190a5c4-7a1c-7def-8123-456789abcdef","score":3,"quote":"we waited 40 minutes at the till",
      "polarity":"negative","theme":"waiting"}],
    "change":{"before":{"percent":28.0,"low":20.4,"high":37.1},"before_of":107,"after":{"percent":11.5,"low":6.4,"high":19.8},
      "after_of":96,"difference":{"percent":-16.5,"low":-27.1,"high":-5.4}}}}"#;

const ANNOUNCEMENT: &str = r#"{"id":"ann_07070707070707070707070707070707","kind":"done","text":{"en":"A second till opens at eleven."},
  "audience":{"theme":"waiting","polarity":"negative"},"improvement":"imp_07070707070707070707070707070707",
  "signed":{"name":"Maria Lopez","role":"Shop manager"},"created_at":"2026-11-09T09:05:00.000Z",
  "finished_at":"2026-11-09T09:05:02.000Z","reach":{"told":24,"seen":9,"better":5,"not_yet":1}}"#;

const HUDDLE: &str = r#"{"since":"2026-11-15T00:00:00.000Z","until":"2026-11-22T00:00:00.000Z","nps":{"now":31.0,"before":24.0},
  "shown":{"now":412.0,"before":398.0},"responses":{"now":61.0,"before":55.0},"response_rate":{"now":14.8,"before":13.8},
  "comment_rate":{"now":70.5,"before":66.0},"root_causes":[{"root_cause":"One till at noon","cases":4,"before":9}],
  "themes":[{"theme":"waiting","praised":1,"criticised":5,"criticised_before":9}],
  "quotes":[{"response":"0190a5c4-7a1c-7def-8123-456789abcdef","score":3,"quote":"we waited 40 minutes at the till",
    "polarity":"negative","theme":"waiting"}],"improvements":[],
  "praised":[{"name":"Maria","times":3,"quotes":[]}],
  "talked_to":[{"person":"per_07070707070707070707070707070707","customers":6,"messages":7,"calls":2}],"unsettled_cases":2}"#;

const WATCH: &str = r#"{"kind":"new_topic","subject":"parking","now":9.0,"before":1.5,"query":"theme=parking&since=2026-11-15",
  "raised_at":"2026-11-22T06:00:00.000Z"}"#;

const THEIRS: &str = r#"{"id":"msg_08080808080808080808080808080808","response":"0190a5c4-7a1c-7def-8123-456789abcdef",
  "text":"Thank you, that would help.","from":null,"created_at":"2026-11-22T11:00:00.000Z"}"#;

const NOTIFY: &str = r#"{"email":"jo@customer.example","page":"https://cafe.example/menu",
  "subject":"Corner Café has answered you","text":"You can read the answer on the page where you wrote, and answer there.",
  "unsubscribe":"/v1/sites/demo/news/mbx_07070707070707070707070707070707/unsubscribe"}"#;

const RESPONSE: &str = r#"{"id":"0190a5c4-7a1c-7def-8123-456789abcdef","site":"demo","revision":2,"score":3,
  "band":"detractor","comment":"The cake was lovely, but we waited 40 minutes at the till. Add a second one!",
  "page":"https://cafe.example/menu","lang":"en","visitor":null,"reference":"CY4T-QKFF",
  "heard":{"language":"en","informative":true,"overall":"negative",
    "themes":[{"id":"food","polarity":"positive","confidence":0.97,"quote":"The cake was lovely"},
              {"id":"waiting","polarity":"negative","confidence":0.95,"quote":"we waited 40 minutes at the till"}],
    "topics":[],"suggestions":[{"quote":"Add a second one!"}],"people":[],
    "amounts":[{"kind":"duration","quote":"40 minutes"}],"intents":[]},
  "created_at":"2026-11-22T09:00:00.000Z","updated_at":"2026-11-22T09:00:20.000Z",
  "completed_at":"2026-11-22T09:00:20.000Z"}"#;

const MESSAGE: &str = r#"{"id":"msg_07070707070707070707070707070707","response":"0190a5c4-7a1c-7def-8123-456789abcdef",
  "text":"We are sorry about the wait. A second till opens on Monday. Maria","from":null,
  "created_at":"2026-11-22T10:30:00.000Z"}"#;

const ENDPOINT: &str = r#"{"id":"ep_07070707070707070707070707070707","url":"https://crm.example/hooks",
  "created_at":"2026-10-01T08:00:00.000Z"}"#;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_has_an_example() {
        for event_type in EventType::ALL {
            let event = example_event(&"demo".parse().unwrap(), *event_type).unwrap();
            assert_eq!(event.kind.event_type(), *event_type);
        }
    }
}
