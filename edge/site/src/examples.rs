//! An example of each event, for tests of an endpoint and for the documentation.

use crate::outbox::Subject;
use heard_wire::{
    DisabledReason, Endpoint, Event, EventData, EventId, EventType, Message, Response, SiteId, Timestamp,
};

/// A whole event of this type, as an endpoint of this site would get it.
#[must_use]
pub fn example_event(site: &SiteId, event_type: EventType) -> Event {
    let Subject { response, message, endpoint } = subject(site, event_type, None);
    Event {
        event_type,
        timestamp: Timestamp::from_millis(1_795_338_000_000),
        data: EventData {
            id: EventId::from_random([7; 16]),
            sequence: 42,
            site: site.clone(),
            comment_truncated: false,
            test: false,
            response,
            message,
            endpoint,
        },
    }
}

/// What an example is about. The texts below are read by a test, so none is missing.
pub(crate) fn subject(site: &SiteId, event_type: EventType, endpoint: Option<Endpoint>) -> Subject {
    let response =
        || serde_json::from_str(RESPONSE).ok().map(|response: Response| Response { site: site.clone(), ..response });
    let scored = || {
        response().map(|response| Response { comment: None, heard: None, completed_at: None, revision: 1, ..response })
    };
    match event_type {
        EventType::ResponseScored => Subject { response: scored(), ..Subject::default() },
        EventType::ResponseCompleted | EventType::ResponseUpdated => {
            Subject { response: response(), ..Subject::default() }
        }
        EventType::MessageCreated => {
            let message: Option<Message> = serde_json::from_str(MESSAGE).ok();
            Subject { response: response(), message, ..Subject::default() }
        }
        EventType::EndpointDisabled => {
            let endpoint = endpoint.or_else(|| serde_json::from_str(ENDPOINT).ok());
            let endpoint = endpoint.map(|endpoint| Endpoint {
                disabled_at: Some(Timestamp::from_millis(1_795_338_000_000)),
                disabled_reason: Some(DisabledReason::Failing),
                failing_since: Some(Timestamp::from_millis(1_794_906_000_000)),
                ..endpoint
            });
            Subject { endpoint, ..Subject::default() }
        }
    }
}

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
    fn every_type_has_an_example_that_is_about_something() {
        for event_type in EventType::ALL {
            let data = example_event(&"demo".parse().unwrap(), *event_type).data;
            let about_response = event_type.as_str().starts_with("response.");
            assert_eq!(data.response.is_some(), about_response || data.message.is_some(), "{event_type:?}");
            assert!(about_response || data.message.is_some() || data.endpoint.is_some(), "{event_type:?}");
        }
    }
}
