//! What the schemas of the types say, made fit for the document.

use serde_json::{Value, json};

/// Cuts the examples of doc comments, which are Rust, off the descriptions.
pub(super) fn tidy(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                let kept = text.split("```").next().unwrap_or_default().replace("[`", "`").replace("`]", "`");
                *text = kept.trim().to_owned();
            }
            fields.values_mut().for_each(tidy);
        }
        Value::Array(values) => values.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// What `PATCH` takes of an endpoint: its settings without the signature, none of them required, and `enabled`.
pub(super) fn endpoint_change(schemas: &mut Value) {
    let Some(mut change) = schemas.get("EndpointSettings").cloned() else { return };
    if let Some(fields) = change.as_object_mut() {
        fields.insert(
            "description".to_owned(),
            json!("The body of `PATCH /v1/sites/{site}/endpoints/{id}`: what is absent stays as it is."),
        );
        fields.remove("required");
    }
    if let Some(properties) = change.get_mut("properties").and_then(Value::as_object_mut) {
        properties.remove("signature");
        properties.values_mut().filter_map(Value::as_object_mut).for_each(|property| drop(property.remove("default")));
        properties
            .insert("enabled".to_owned(), json!({ "type": "boolean", "description": "Whether anything is sent." }));
    }
    if let Some(all) = schemas.as_object_mut() {
        all.insert("EndpointChange".to_owned(), change);
    }
}

/// What the readers of bodies check beyond their types.
pub(super) fn sharpen(schemas: &mut Value) {
    for (pointer, value) in [
        ("/Score/maximum", json!(10)),
        ("/SiteSettings/required", json!(["name"])),
        ("/Replay/required", json!(["since"])),
    ] {
        let Some((parent, name)) = pointer.rsplit_once('/') else { continue };
        if let Some(fields) = schemas.pointer_mut(parent).and_then(Value::as_object_mut) {
            fields.insert(name.to_owned(), value);
        }
    }
    for part in PARTS {
        if let Some(part) = schemas.get_mut(*part).and_then(Value::as_object_mut) {
            part.insert("additionalProperties".to_owned(), json!(false));
        }
    }
    for body in BODIES {
        let Some(body) = schemas.get_mut(*body).and_then(Value::as_object_mut) else { continue };
        body.insert("additionalProperties".to_owned(), json!(false));
        let required = body.get("required").cloned().unwrap_or_default();
        let is_required = |name: &String| required.as_array().is_some_and(|all| all.contains(&json!(name)));
        // What may be absent may also be null.
        let properties = body.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten();
        for (_, property) in properties.filter(|(name, _)| !is_required(name)) {
            *property = json!({ "anyOf": [property.take(), { "type": "null" }] });
        }
    }
}

/// The types within bodies of which the same is true.
const PARTS: &[&str] = &["AskRules", "EventFilter", "Promise", "Theme", "Voice"];

/// The types whose readers refuse what they do not know.
const BODIES: &[&str] = &[
    "SiteSettings",
    "Submission",
    "EndpointSettings",
    "EndpointChange",
    "NewMessage",
    "NewApiKey",
    "TestEvent",
    "Replay",
];
