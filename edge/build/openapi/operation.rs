//! One operation of the API, and the parameters that several share.

use heard_wire::api::{Access, Route};
use schemars::Schema;
use serde_json::{Value, json};

/// What one method at one path takes and answers. What it is, where it is and who may stands in the API's table.
pub(super) struct Operation {
    pub(super) route: &'static Route,
    pub(super) parameters: Vec<Value>,
    pub(super) body: Option<Schema>,
    pub(super) needs_body: bool,
    /// Whether its body is lines or a table, and not JSON.
    pub(super) takes_bytes: bool,
    pub(super) answers: Vec<(u16, &'static str, Option<Value>)>,
    pub(super) problems: Vec<u16>,
}

impl Operation {
    pub(super) fn of(route: &'static Route) -> Self {
        let mut operation = Self {
            route,
            parameters: Vec::new(),
            body: None,
            needs_body: true,
            takes_bytes: false,
            answers: Vec::new(),
            problems: Vec::new(),
        };
        // Parameters that are not known are refused everywhere.
        operation.problems.push(400);
        if route.access != Access::Public {
            operation.problems.extend([401, 403]);
        }
        for segment in route.path.split('/') {
            if let Some(name) = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                operation
                    .parameters
                    .push(json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }));
                operation.problems.push(404);
            }
        }
        if route.idempotent {
            operation.parameters.push(idempotency_key());
            operation.problems.extend([400, 422]);
        }
        operation
    }

    pub(super) fn parameters(mut self, parameters: impl IntoIterator<Item = Value>) -> Self {
        self.parameters.extend(parameters);
        self.problems.push(400);
        self
    }

    pub(super) fn takes(mut self, body: Schema) -> Self {
        self.body = Some(body);
        self.problems.extend([400, 413, 415, 422]);
        self
    }

    pub(super) fn takes_bytes(self) -> Self {
        Self { takes_bytes: true, ..self }.problems(&[400, 413, 422])
    }

    pub(super) fn may_take(self, body: Schema) -> Self {
        Self { needs_body: false, ..self.takes(body) }
    }

    pub(super) fn answers(mut self, status: u16, description: &'static str, content: Option<Value>) -> Self {
        self.answers.push((status, description, content));
        self
    }

    pub(super) fn problems(mut self, statuses: &[u16]) -> Self {
        self.problems.extend(statuses);
        self
    }
}

pub(super) fn as_json(schema: &Schema) -> Option<Value> {
    Some(json!({ "application/json": { "schema": schema } }))
}

pub(super) fn object(properties: Value) -> Option<Value> {
    let required: Vec<&String> = properties.as_object().into_iter().flatten().map(|(name, _)| name).collect();
    Some(json!({ "application/json": { "schema":
        { "type": "object", "required": required, "properties": properties } } }))
}

pub(super) fn query(name: &str, description: &str, schema: Value) -> Value {
    json!({ "name": name, "in": "query", "description": description, "schema": schema })
}

pub(super) fn page_parameters() -> Vec<Value> {
    vec![
        query("limit", "How many, 50 unless told.", json!({ "type": "integer", "minimum": 1, "maximum": 100 })),
        query("cursor", "next_cursor of an earlier page.", json!({ "type": "string" })),
    ]
}

pub(super) fn filter_parameters() -> Vec<Value> {
    let text = |max: u32| json!({ "type": "string", "minLength": 1, "maxLength": max });
    vec![
        query("score", "Exactly this score.", json!({ "type": "integer", "minimum": 0, "maximum": 10 })),
        query("band", "A score band.", json!({ "type": "string", "enum": ["promoter", "passive", "detractor"] })),
        query("theme", "A theme's id, however the customer felt about it.", text(200)),
        query(
            "since",
            "Created at this moment (RFC 3339) or later, or on this day or later in the site's time zone. A + in it is written %2B.",
            json!({ "type": "string" }),
        ),
        query("until", "Created before this moment, or before this day.", json!({ "type": "string" })),
        query("lang", "Language of the page: a BCP 47 tag or the beginning of one.", text(35)),
        query("page", "The page's address, or with a * at its end how it begins.", text(2_048)),
        query(
            "intent",
            "Something that the customer does or wants.",
            json!({ "type": "string", "example": "wants_contact" }),
        ),
        query("grave", "Whether the customer told of harm.", json!({ "type": "boolean" })),
        query("corrected", "Whether a person corrected what was heard.", json!({ "type": "boolean" })),
        query("has_suggestion", "Whether an idea was heard.", json!({ "type": "boolean" })),
        query("has_comment", "With or without a comment.", json!({ "type": "boolean" })),
        query("reference", "The reference its customer was given, in any spelling.", text(20)),
        query(
            "standing",
            "Whether it counts; counted unless told.",
            json!({ "type": "string", "enum": ["counted", "suspect", "test", "any"] }),
        ),
        query("q", "All of these words stand in the comment; the last may be unfinished.", text(200)),
    ]
}

pub(super) fn case_parameters() -> Vec<Value> {
    let text = || json!({ "type": "string" });
    let truth = || json!({ "type": "boolean" });
    vec![
        query(
            "status",
            "Where they stand.",
            json!({ "type": "string", "enum": ["new", "open", "waiting", "snoozed", "resolved", "closed"] }),
        ),
        query("unsettled", "Whether somebody still has to do something.", truth()),
        query("assignee", "Who sees to them.", text()),
        query("unassigned", "Whether nobody does.", truth()),
        query("priority", "How urgent.", json!({ "type": "string", "enum": ["low", "normal", "high", "urgent"] })),
        query("overdue", "Whether a clock runs and was missed.", truth()),
        query("visitor", "Of this customer.", text()),
        query("response", "To which this response belongs.", text()),
        query("since", "Opened at this moment or on this day, or later.", text()),
        query("until", "Opened before.", text()),
    ]
}

pub(super) fn dry_run() -> Value {
    query("dry_run", "Write nothing, and tell what would be done.", json!({ "type": "boolean" }))
}

pub(super) fn if_match() -> Value {
    json!({ "name": "If-Match", "in": "header", "description": "The ETag of what is to be changed: at another revision it is left alone, with 412.",
        "schema": { "type": "string" } })
}

fn idempotency_key() -> Value {
    json!({ "name": "Idempotency-Key", "in": "header", "description": "The same request with the same key happens once a day.",
        "schema": { "type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$" } })
}
