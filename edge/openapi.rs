//! The OpenAPI document, made while building from the types that the routes read and write. A test compares it with
//! what the running Worker answers.

mod operation;
mod schemas;

use heard_wire::{
    ApiKey, AttemptPage, Code, Endpoint, EndpointChange, EndpointSecret, EndpointSettings, Event, Message, Messages,
    Metrics, NewApiKey, NewMessage, Problem, Replay, Response, ResponsePage, Shown, SitePage, SiteSettings, Submission,
    Survey, TestEvent,
};
use operation::{Operation, as_json, filter_parameters, idempotency_key, of, page_parameters, query};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use schemas::{sharpen, tidy};
use serde_json::{Map, Value, json};

/// The whole document.
pub fn document(version: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut describe = Describe { types: settings.into_generator(), paths: Map::new() };
    describe.customers();
    describe.owners();
    describe.endpoints();
    let event = describe.body::<Event>();
    let mut schemas = Value::Object(describe.types.take_definitions(true));
    tidy(&mut schemas);
    sharpen(&mut schemas);
    let mut paths = Value::Object(describe.paths);
    tidy(&mut paths);
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Heard",
            "version": version,
            "summary": "NPS answers, what was heard in them, and webhooks.",
            "description": "Every error is a problem document (RFC 9457) with a stable `code`. Owners authenticate with the owner key or an API key; customers' pages need none. Webhooks follow Standard Webhooks.",
            "license": { "name": "MIT OR Apache-2.0" },
        },
        "paths": paths,
        "webhooks": {
            "event": { "post": {
                "operationId": "event",
                "summary": "An event, sent to every endpoint that wants it",
                "description": "Signed per Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature. Any 2xx is success; anything else is tried again.",
                "requestBody": { "required": true, "content": { "application/json": { "schema": event } } },
                "responses": { "2XX": { "description": "Taken. An endpoint that may reply answers {\"reply\": {\"text\": ...}} to write to the customer." } },
            } },
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": { "key": { "type": "http", "scheme": "bearer", "description": "The owner key, or an API key (hk_...)." } },
        },
    })
}

struct Describe {
    types: SchemaGenerator,
    paths: Map<String, Value>,
}

impl Describe {
    fn body<T: JsonSchema>(&mut self) -> Schema {
        self.types.subschema_for::<T>()
    }

    fn add(&mut self, mut operation: Operation) {
        let mut parameters = operation.parameters;
        for segment in operation.path.split('/') {
            if let Some(name) = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                parameters
                    .push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
                operation.problems.push(404);
            }
        }
        if parameters.iter().any(|parameter| parameter["name"] == "Idempotency-Key") {
            operation.problems.extend([400, 422]);
        }
        let mut answers = Map::new();
        for (status, description, content) in operation.answers {
            let mut answer = json!({ "description": description });
            if let (Some(content), Some(fields)) = (content, answer.as_object_mut()) {
                fields.insert("content".into(), content);
            }
            answers.insert(status.to_string(), answer);
        }
        let problem = self.body::<Problem>();
        operation.problems.extend([500, 503]);
        operation.problems.sort_unstable();
        operation.problems.dedup();
        for status in operation.problems {
            let codes = Code::ALL.iter().filter(|code| code.status() == status);
            let names: Vec<String> = codes.map(|code| format!("`{}`", code.as_str())).collect();
            let content = json!({ "application/problem+json": { "schema": problem } });
            answers.insert(status.to_string(), json!({ "description": names.join(", "), "content": content }));
        }
        let mut described = json!({
            "operationId": operation.id,
            "summary": operation.summary,
            "parameters": parameters,
            "responses": answers,
        });
        if let Some(fields) = described.as_object_mut() {
            if let Some(body) = operation.body {
                let content = json!({ "application/json": { "schema": body } });
                fields.insert("requestBody".into(), json!({ "required": true, "content": content }));
            }
            if let Some(scope) = operation.scope {
                fields.insert("security".into(), json!([{ "key": [] }]));
                let needs = match scope {
                    "owner" => "Needs the owner key.".to_owned(),
                    scope => format!("Needs the owner key, or a key with the scope `{scope}`."),
                };
                fields.insert("description".into(), needs.into());
            }
        }
        let path = self.paths.entry(operation.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(operation.method.to_owned(), described);
        }
    }

    fn customers(&mut self) {
        let (submission, survey) = (self.body::<Submission>(), self.body::<Survey>());
        let stored = self.stored();
        let lang =
            query("lang", "The page's language; what is not offered falls to the site's.", json!({ "type": "string" }));
        self.add(
            Operation::new("get", "/v1/sites/{site}/survey", "readSurvey", "What the widget asks, in one language")
                .parameters([lang])
                .answers(200, "The survey.", as_json(&survey))
                .answers(304, "It is as the ETag says.", None)
                .problems(&[403, 410]),
        );
        self.add(
            Operation::new("post", "/v1/sites/{site}/responses", "submit", "Store an answer and hear what was said")
                .takes(submission)
                .answers(200, "Stored. A replay of the same revision answers the same.", Some(stored))
                .problems(&[403, 410]),
        );
        let shown = self.body::<Shown>();
        self.add(
            Operation::new("post", "/v1/sites/{site}/shown", "countShown", "Count that the question was shown")
                .takes(shown)
                .answers(204, "Counted.", None)
                .problems(&[403, 410]),
        );
        let types = json!({ "event_types": { "type": "array", "items": { "type": "object" } } });
        self.add(
            Operation::new("get", "/v1/event-types", "listEventTypes", "Every type of event with an example").answers(
                200,
                "The types.",
                of(types),
            ),
        );
    }

    fn stored(&mut self) -> Value {
        let response = self.body::<Response>();
        let acknowledgement = self.body::<heard_wire::Acknowledgement>();
        of(json!({ "response": response, "acknowledgement": acknowledgement })).unwrap_or_default()
    }

    fn owners(&mut self) {
        let (settings, page) = (self.body::<SiteSettings>(), self.body::<ResponsePage>());
        let configured =
            of(json!({ "id": { "type": "string" }, "revision": { "type": "integer" }, "settings": settings }));
        let sites = self.body::<SitePage>();
        self.add(
            Operation::new("get", "/v1/sites", "listSites", "Every site of this Worker; for the owner key alone")
                .scope("owner")
                .parameters(page_parameters())
                .answers(200, "A page, by id.", as_json(&sites)),
        );
        let site = "/v1/sites/{site}";
        self.add(Operation::new("get", site, "readSite", "The site's settings").scope("read").answers(
            200,
            "The settings and their revision.",
            configured.clone(),
        ));
        self.add(
            Operation::new("put", site, "writeSite", "Create the site or replace its settings")
                .scope("admin")
                .takes(settings)
                .answers(200, "The settings and their revision.", configured),
        );
        self.add(
            Operation::new("get", "/v1/sites/{site}/responses", "listResponses", "Responses, newest first")
                .scope("read")
                .parameters(filter_parameters())
                .parameters(page_parameters())
                .answers(200, "A page.", as_json(&page)),
        );
        for (path, id, name, content_type) in [
            ("/v1/sites/{site}/responses.csv", "exportCsv", "All responses as CSV", "text/csv"),
            (
                "/v1/sites/{site}/responses.ndjson",
                "exportNdjson",
                "All responses, one JSON a line",
                "application/x-ndjson",
            ),
        ] {
            let content = json!({ content_type: { "schema": { "type": "string" } } });
            self.add(Operation::new("get", path, id, name).scope("read").parameters(filter_parameters()).answers(
                200,
                "Streamed.",
                Some(content),
            ));
        }
        let metrics = self.body::<Metrics>();
        let by = query("by", "Also by groups.", json!({ "enum": ["day", "week", "theme", "page", "language"] }));
        self.add(
            Operation::new("get", "/v1/sites/{site}/metrics", "readMetrics", "What the responses add up to")
                .scope("read")
                .parameters(filter_parameters())
                .parameters([by])
                .answers(200, "Counts and NPS.", as_json(&metrics)),
        );
        let stored = self.stored();
        self.add(
            Operation::new("get", "/v1/sites/{site}/responses/{response}", "readResponse", "One response")
                .scope("read")
                .answers(200, "The response and what its customer was shown.", Some(stored)),
        );
        let (new, message, messages) = (self.body::<NewMessage>(), self.body::<Message>(), self.body::<Messages>());
        let path = "/v1/sites/{site}/responses/{response}/messages";
        self.add(
            Operation::new("get", path, "listMessages", "What the customer was told, oldest first")
                .scope("read")
                .answers(200, "The messages.", as_json(&messages)),
        );
        self.add(
            Operation::new("post", path, "addMessage", "Write to the customer")
                .scope("write")
                .takes(new)
                .parameters([idempotency_key()])
                .answers(201, "Written.", as_json(&message))
                .problems(&[409]),
        );
        let (new, key) = (self.body::<NewApiKey>(), self.body::<ApiKey>());
        let path = "/v1/sites/{site}/keys";
        let keys = of(json!({ "keys": { "type": "array", "items": key } }));
        self.add(Operation::new("get", path, "listKeys", "API keys").scope("admin").answers(200, "The keys.", keys));
        let whole = json!({ "application/json": { "schema": { "allOf": [key, { "type": "object",
            "required": ["key"], "properties": { "key": { "type": "string" } } }] } } });
        self.add(
            Operation::new("post", path, "addKey", "Make an API key")
                .scope("admin")
                .takes(new)
                .answers(201, "The key, whole for the only time.", Some(whole))
                .problems(&[409]),
        );
        self.add(
            Operation::new("delete", "/v1/sites/{site}/keys/{prefix}", "revokeKey", "Revoke an API key at once")
                .scope("admin")
                .answers(204, "Revoked.", None),
        );
    }

    fn endpoints(&mut self) {
        let (settings, endpoint) = (self.body::<EndpointSettings>(), self.body::<Endpoint>());
        let path = "/v1/sites/{site}/endpoints";
        let all = of(json!({ "endpoints": { "type": "array", "items": endpoint } }));
        self.add(
            Operation::new("get", path, "listEndpoints", "Webhook endpoints").scope("read").answers(200, "All.", all),
        );
        let added = json!({ "application/json": { "schema": { "allOf": [endpoint, { "type": "object",
            "properties": { "secret": { "type": "string" }, "public_key": { "type": "string" } } }] } } });
        self.add(
            Operation::new("post", path, "addEndpoint", "Add an endpoint")
                .scope("admin")
                .takes(settings)
                .parameters([idempotency_key()])
                .answers(201, "Added, with its signing secret, or for `v1a` its public key.", Some(added))
                .problems(&[409]),
        );
        let one = "/v1/sites/{site}/endpoints/{endpoint}";
        let read = as_json(&endpoint);
        self.add(Operation::new("get", one, "readEndpoint", "One endpoint").scope("read").answers(
            200,
            "It.",
            read.clone(),
        ));
        let change = self.body::<EndpointChange>();
        self.add(
            Operation::new("patch", one, "changeEndpoint", "Change, disable or enable an endpoint")
                .scope("admin")
                .takes(change)
                .parameters([idempotency_key()])
                .answers(200, "As it is now.", read),
        );
        self.add(
            Operation::new("delete", one, "removeEndpoint", "Remove an endpoint and its log")
                .scope("admin")
                .answers(204, "Removed.", None),
        );
        let (secret, log) = (self.body::<EndpointSecret>(), self.body::<AttemptPage>());
        let path = "/v1/sites/{site}/endpoints/{endpoint}/secret";
        let shown = as_json(&secret);
        self.add(
            Operation::new("get", path, "readSecret", "Its signing secret, or for v1a its public key")
                .scope("admin")
                .answers(200, "It.", shown.clone()),
        );
        self.add(
            Operation::new("post", path, "rotateSecret", "Give it a new secret; both sign for 24 hours")
                .scope("admin")
                .parameters([idempotency_key()])
                .answers(200, "The new one.", shown),
        );
        let event = query("event", "Only of this event.", json!({ "type": "string" }));
        self.add(
            Operation::new(
                "get",
                "/v1/sites/{site}/endpoints/{endpoint}/attempts",
                "listAttempts",
                "Every attempt of 30 days, newest first",
            )
            .scope("read")
            .parameters([event])
            .parameters(page_parameters())
            .answers(200, "A page.", as_json(&log)),
        );
        let queued = of(json!({ "queued": { "type": "integer" }, "next_since": { "type": ["string", "null"] } }));
        let (test, replay) = (self.body::<TestEvent>(), self.body::<Replay>());
        self.add(
            Operation::new(
                "post",
                "/v1/sites/{site}/endpoints/{endpoint}/test",
                "sendTest",
                "Send an example of an event",
            )
            .scope("write")
            .takes(test)
            .parameters([idempotency_key()])
            .answers(202, "On its way.", of(json!({ "event": { "type": "string" } })))
            .problems(&[409]),
        );
        self.add(
            Operation::new(
                "post",
                "/v1/sites/{site}/endpoints/{endpoint}/replay",
                "replay",
                "Send a range of events again, 5,000 at a time",
            )
            .scope("write")
            .takes(replay)
            .parameters([idempotency_key()])
            .answers(202, "On their way; next_since tells from when to go on.", queued.clone())
            .problems(&[409]),
        );
        self.add(
            Operation::new(
                "post",
                "/v1/sites/{site}/endpoints/{endpoint}/events/{event}/resend",
                "resend",
                "Send one event again",
            )
            .scope("write")
            .parameters([idempotency_key()])
            .answers(202, "On its way.", queued)
            .problems(&[409, 422]),
        );
    }
}
