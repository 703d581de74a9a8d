//! What the schemas of the types say, made fit for the document.

use serde_json::{Map, Value, json};

/// Cuts the examples of doc comments, which are Rust, off the descriptions.
pub(super) fn tidy(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("description") {
                let kept = text.split("```").next().unwrap_or_default().replace("[`", "`").replace("`]", "`");
                *text = kept.trim().to_owned();
            }
            fields.values_mut().for_each(tidy);
            name_choices(fields);
        }
        Value::Array(values) => values.iter_mut().for_each(tidy),
        _ => {}
    }
}

/// A choice of constants is an enumeration, which every generator of clients understands; what each means goes into the
/// description.
fn name_choices(fields: &mut Map<String, Value>) {
    let Some(choices) = fields.get("oneOf").and_then(Value::as_array) else { return };
    let mut names = Vec::new();
    let mut meanings = Vec::new();
    for choice in choices {
        let Some(name) = choice.get("const").and_then(Value::as_str) else {
            // Several names that say no more of each.
            let Some(several) = choice.get("enum").and_then(Value::as_array) else { return };
            names.extend(several.iter().cloned());
            continue;
        };
        names.push(json!(name));
        let meaning = choice.get("description").and_then(Value::as_str).unwrap_or_default();
        meanings.push(format!("`{name}`: {meaning}"));
    }
    let own = fields.get("description").and_then(Value::as_str).unwrap_or_default();
    let description = format!("{own}\n\n{}", meanings.join(" "));
    fields.remove("oneOf");
    fields.insert("type".to_owned(), json!("string"));
    fields.insert("enum".to_owned(), Value::Array(names));
    fields.insert("description".to_owned(), json!(description.trim()));
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

/// What `PATCH` takes of a site: its settings, none of them required, each of which may be `null`.
pub(super) fn settings_patch(schemas: &mut Value) {
    let says = "The body of `PATCH /v1/sites/{site}`: a merge patch (RFC 7396) of its settings.";
    merge_patch(schemas, "SiteSettings", "SettingsPatch", says);
}

/// The same of a person.
pub(super) fn person_patch(schemas: &mut Value) {
    let says = "The body of `PATCH /v1/sites/{site}/people/{person}`: a merge patch (RFC 7396) of a person.";
    merge_patch(schemas, "NewTeammate", "TeammatePatch", says);
}

/// The same of an improvement.
pub(super) fn improvement_patch(schemas: &mut Value) {
    let says =
        "The body of `PATCH /v1/sites/{site}/improvements/{improvement}`: a merge patch (RFC 7396) of an improvement.";
    merge_patch(schemas, "NewImprovement", "ImprovementPatch", says);
}

fn merge_patch(schemas: &mut Value, of: &str, name: &str, says: &str) {
    let Some(mut patch) = schemas.get(of).cloned() else { return };
    if let Some(fields) = patch.as_object_mut() {
        fields.insert("description".to_owned(), json!(says));
        fields.remove("required");
    }
    let properties = patch.get_mut("properties").and_then(Value::as_object_mut);
    properties
        .into_iter()
        .flat_map(|all| all.values_mut())
        .filter_map(Value::as_object_mut)
        .for_each(|property| drop(property.remove("default")));
    if let Some(all) = schemas.as_object_mut() {
        all.insert(name.to_owned(), patch);
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
    for name in PARTS.iter().chain(BODIES) {
        let properties = schemas.get_mut(*name).and_then(|schema| schema.get_mut("properties"));
        let properties = properties.and_then(Value::as_object_mut).into_iter().flat_map(|all| all.values_mut());
        properties.filter_map(Value::as_object_mut).for_each(say_default);
    }
    for part in PARTS {
        if let Some(part) = schemas.get_mut(*part).and_then(Value::as_object_mut) {
            part.insert("additionalProperties".to_owned(), json!(false));
            // What may be null may be absent.
            let properties = part.get("properties").cloned().unwrap_or_default();
            let may_lack = |name: &Value| name.as_str().and_then(|name| properties.get(name)).is_some_and(may_be_null);
            if let Some(required) = part.get_mut("required").and_then(Value::as_array_mut) {
                required.retain(|name| !may_lack(name));
            }
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
            if !may_be_null(property) {
                *property = json!({ "anyOf": [property.take(), { "type": "null" }] });
            }
        }
    }
}

/// Puts a default into words: generators of types take what has one for what must be there.
fn say_default(property: &mut Map<String, Value>) {
    let Some(default) = property.remove("default").filter(|default| !default.is_null()) else { return };
    if default.is_object() {
        return;
    }
    let own = property.get("description").and_then(Value::as_str).unwrap_or_default();
    let description = format!("{own} Unless told: `{default}`.");
    property.insert("description".to_owned(), json!(description.trim()));
}

fn may_be_null(property: &Value) -> bool {
    let null = json!("null");
    let of_types = property.get("type").and_then(Value::as_array).is_some_and(|types| types.contains(&null));
    let choices = property.get("anyOf").and_then(Value::as_array);
    of_types || choices.is_some_and(|choices| choices.iter().any(|choice| choice.get("type") == Some(&null)))
}

/// The types within bodies of which the same is true.
const PARTS: &[&str] = &[
    "AskRules",
    "Audience",
    "BusinessHours",
    "CaseConditions",
    "CaseRule",
    "CaseSettings",
    "ContactNotice",
    "EventFilter",
    "Experiment",
    "FollowUp",
    "Limits",
    "PageRule",
    "Period",
    "Promise",
    "PropertyRule",
    "Question",
    "QuestionOption",
    "Quota",
    "Restoration",
    "ReviewLink",
    "Situation",
    "SlaPolicy",
    "Targeting",
    "Theme",
    "ThemeCondition",
    "Voice",
    "Within",
];

/// The types whose readers refuse what they do not know.
const BODIES: &[&str] = &[
    "SiteSettings",
    "SettingsPatch",
    "TargetingTrial",
    "Look",
    "Rotation",
    "Restoration",
    "Submission",
    "EndpointSettings",
    "EndpointChange",
    "ResponsePatch",
    "NewMessage",
    "NewApiKey",
    "NewTeammate",
    "TeammatePatch",
    "NewImprovement",
    "ImprovementPatch",
    "NewAnnouncement",
    "NewCase",
    "CasePatch",
    "NewNote",
    "Call",
    "NewThreadMessage",
    "NewVerdict",
    "ThreadPatch",
    "TestEvent",
    "Replay",
];
