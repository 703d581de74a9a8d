//! A schema for each type of event: what its `data` holds, and nothing else.

use heard_wire::EventType;
use serde_json::{Map, Value, json};

/// The members of `data` that events of a type have beside those of all.
const fn members(event_type: EventType) -> &'static [&'static str] {
    match event_type {
        EventType::ResponseScored | EventType::ResponseCompleted | EventType::ResponseUpdated => &["response"],
        EventType::ResponseErased => &["erased"],
        EventType::MessageCreated | EventType::MessageReceived => &["response", "message"],
        EventType::MessageNotify => &["response", "message", "notify"],
        EventType::PraiseReceived => &["response", "praise"],
        EventType::ImprovementChanged => &["improvement"],
        EventType::AnnouncementPublished => &["announcement"],
        EventType::AnnouncementJudged => &["response", "announcement", "verdict"],
        EventType::HuddleReady => &["huddle"],
        EventType::WatchRaised => &["watch"],
        EventType::EndpointDisabled => &["endpoint"],
        // Of a case.
        _ => &["response", "case"],
    }
}

/// Those that events of one type have and others have not.
const MEMBERS: [&str; 12] = [
    "response",
    "erased",
    "message",
    "notify",
    "case",
    "praise",
    "improvement",
    "announcement",
    "verdict",
    "huddle",
    "watch",
    "endpoint",
];

/// As in `ResponseScoredEvent`.
pub(super) fn name(event_type: EventType) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    event_type.as_str().split(['.', '_']).map(word).collect::<String>() + "Event"
}

/// Adds a schema for each type to those of all.
pub(super) fn add(schemas: &mut Value) {
    let Some(all) = schemas.as_object().cloned() else { return };
    for event_type in EventType::ALL {
        let (Some(mut event), Some(mut data)) = (all.get("Event").cloned(), all.get("EventData").cloned()) else {
            return;
        };
        let members = members(*event_type);
        if let Some(properties) = data.get_mut("properties").and_then(Value::as_object_mut) {
            for member in MEMBERS {
                if !members.contains(&member) {
                    properties.remove(member);
                } else if let Some(property) = properties.get_mut(member) {
                    *property = without_null(property);
                }
            }
        }
        if let Some(required) = data.get_mut("required").and_then(Value::as_array_mut) {
            required.extend(members.iter().map(|member| json!(member)));
        }
        let says = described(&all, *event_type);
        if let Some(properties) = event.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert("type".into(), json!({ "type": "string", "enum": [event_type.as_str()] }));
            properties.insert("data".into(), data);
        }
        if let Some(fields) = event.as_object_mut() {
            fields.insert("description".into(), says.into());
        }
        if let Some(schemas) = schemas.as_object_mut() {
            schemas.insert(name(*event_type), event);
        }
    }
}

/// What an event of this type says, as its type's documentation tells it.
fn described(all: &Map<String, Value>, event_type: EventType) -> String {
    let told = all.get("EventType").and_then(|types| types.get("oneOf")).and_then(Value::as_array);
    let of_type = |one: &&Value| one.get("const").and_then(Value::as_str) == Some(event_type.as_str());
    let said = told.into_iter().flatten().find(of_type).and_then(|one| one.get("description"));
    said.and_then(Value::as_str).unwrap_or_default().to_owned()
}

/// A member that is always there.
fn without_null(property: &Value) -> Value {
    let choices = property.get("anyOf").and_then(Value::as_array);
    let there = choices.and_then(|choices| choices.iter().find(|choice| choice.get("$ref").is_some()));
    let mut there = there.unwrap_or(property).clone();
    if let (Some(fields), Some(description)) = (there.as_object_mut(), property.get("description")) {
        fields.insert("description".into(), description.clone());
    }
    there
}

/// The webhooks of the document, one a type.
pub(super) fn webhooks() -> Value {
    let of_type = |event_type: &EventType| {
        let reference = format!("#/components/schemas/{}", name(*event_type));
        let described = json!({ "post": {
            "operationId": name(*event_type),
            "summary": format!("`{}`, sent to every endpoint that wants it", event_type.as_str()),
            "description": "Signed per Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature. Any 2xx is success; anything else is tried again.",
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": reference } } } },
            "responses": { "2XX": { "description": "Taken. An endpoint that may reply answers {\"reply\": {\"text\": ...}} to write to the customer." } },
        } });
        (event_type.as_str().to_owned(), described)
    };
    Value::Object(EventType::ALL.iter().map(of_type).collect())
}

/// Each type's schema by itself (JSON Schema 2020-12), with what it refers to.
pub fn by_type(document: &Value) -> Value {
    let all = document.pointer("/components/schemas").and_then(Value::as_object);
    let whole = |event_type: &EventType| {
        let mut schema = all.and_then(|all| all.get(&name(*event_type))).cloned().unwrap_or_default();
        let mut needed = Map::new();
        let mut open = vec![schema.clone()];
        while let Some(next) = open.pop() {
            for name in references(&next) {
                if let (false, Some(found)) = (needed.contains_key(&name), all.and_then(|all| all.get(&name))) {
                    open.push(found.clone());
                    needed.insert(name, found.clone());
                }
            }
        }
        if let Some(fields) = schema.as_object_mut() {
            fields.insert("$schema".into(), "https://json-schema.org/draft/2020-12/schema".into());
            fields.insert("$defs".into(), Value::Object(needed));
        }
        let text = schema.to_string().replace("#/components/schemas/", "#/$defs/");
        (event_type.as_str().to_owned(), serde_json::from_str(&text).unwrap_or_default())
    };
    Value::Object(EventType::ALL.iter().map(whole).collect())
}

fn references(schema: &Value) -> Vec<String> {
    match schema {
        Value::Object(fields) => {
            let own = fields.get("$ref").and_then(Value::as_str).and_then(|path| path.rsplit('/').next());
            own.map(str::to_owned).into_iter().chain(fields.values().flat_map(references)).collect()
        }
        Value::Array(values) => values.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}
