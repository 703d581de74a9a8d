//! The OpenAPI document, made while building from the types that the routes read and write. A test compares it with
//! what the running Worker answers.

mod events;
mod inner_loop;
mod operation;
mod outer_loop;
mod schemas;
mod security;

pub use events::by_type;
use heard_wire::api::{OperationId, ROUTES};
use heard_wire::{
    AddedApiKey, AddedEndpoint, Admission, ApiKey, Attempt, Code, DeliveryStatus, Endpoint, EndpointSecret,
    EndpointSettings, Erasure, EventBody, ExperimentResult, FollowUpMetrics, ImportReport, Impression, List, Look,
    Message, Metrics, NewApiKey, NewMessage, NewPasskey, NewSession, Page, Passkey, PasskeyChallenge, Problem,
    QuestionMetrics, Queued, Replay, Response, ResponsePatch, Restoration, Restored, Rotation, Session, SignedIn,
    SiteConfig, SiteSettings, SiteSummary, StoredResponse, Submission, SubmittedResponse, Survey, TargetingTrial,
    TestEvent, TestQueued, Trial, Tried, TriedLook, TriedTargeting, VisitorKeys,
};
use operation::{Operation, as_json, dry_run, filter_parameters, if_match, object, page_parameters, query};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use schemas::{endpoint_change, improvement_patch, person_patch, settings_patch, sharpen, tidy};
use serde_json::{Map, Value, json};

/// The whole document.
pub fn document(version: &str) -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut describe = Describe { types: settings.into_generator(), paths: Map::new() };
    for route in ROUTES {
        let operation = describe.shapes(Operation::of(route));
        describe.add(operation);
    }
    describe.body::<EventBody>();
    let mut schemas = Value::Object(describe.types.take_definitions(true));
    endpoint_change(&mut schemas);
    settings_patch(&mut schemas);
    person_patch(&mut schemas);
    improvement_patch(&mut schemas);
    events::add(&mut schemas);
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
        "webhooks": events::webhooks(),
        "components": {
            "schemas": schemas,
            "securitySchemes": security::schemes(),
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
        let route = operation.route;
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
            "operationId": route.operation.as_str(),
            "summary": route.summary,
            "parameters": operation.parameters,
            "responses": answers,
        });
        if let Some(fields) = described.as_object_mut() {
            if operation.takes_bytes {
                // Of any type; this is the one that every generator of clients writes.
                let schema = json!({ "type": "string", "format": "binary" });
                let content = json!({ "application/octet-stream": { "schema": schema } });
                fields.insert("requestBody".into(), json!({ "required": true, "content": content }));
            }
            if let Some(body) = operation.body {
                let content = json!({ "application/json": { "schema": body } });
                let required = operation.needs_body;
                fields.insert("requestBody".into(), json!({ "required": required, "content": content }));
            }
            if let Some((security, description)) = security::needed(route.access) {
                fields.insert("security".into(), security);
                fields.insert("description".into(), description.into());
            }
        }
        let path = self.paths.entry(route.path).or_insert_with(|| json!({}));
        if let Some(methods) = path.as_object_mut() {
            methods.insert(route.method.as_str().to_lowercase(), described);
        }
    }

    /// What each operation takes and answers.
    fn shapes(&mut self, operation: Operation) -> Operation {
        match operation.route.operation {
            OperationId::ReadSurvey => {
                let lang = "The page's language; what is not offered falls to the site's.";
                operation
                    .parameters([query("lang", lang, json!({ "type": "string" }))])
                    .answers(200, "The survey.", self.json::<Survey>())
                    .answers(304, "It is as the ETag says.", None)
                    .problems(&[403, 410])
            }
            OperationId::Submit => operation
                .takes(self.body::<Submission>())
                .answers(
                    200,
                    "Stored. A replay of the same revision answers the same.",
                    self.json::<SubmittedResponse>(),
                )
                .problems(&[401, 403, 410, 429]),
            OperationId::TryListening => operation.takes(self.body::<Trial>()).answers(
                200,
                "What would be heard, and what the customer would read.",
                self.json::<Tried>(),
            ),
            OperationId::CountShown => operation
                .takes(self.body::<Impression>())
                .answers(200, "Whether it may be shown, where `admission` was asked for.", self.json::<Admission>())
                .answers(204, "Taken. Whether it counts, nobody is told.", None)
                .problems(&[403, 410, 429]),
            OperationId::TryLook => operation.takes(self.body::<Look>()).answers(
                200,
                "The colours, and a style sheet.",
                self.json::<TriedLook>(),
            ),
            OperationId::TryTargeting => operation.takes(self.body::<TargetingTrial>()).answers(
                200,
                "Whether they would be asked, and what each rule decided.",
                self.json::<TriedTargeting>(),
            ),
            OperationId::ListEventTypes => {
                let item = json!({ "type": "object", "required": ["type", "example", "schema"], "properties": {
                    "type": { "$ref": "#/components/schemas/EventType" },
                    "example": { "$ref": "#/components/schemas/Event" },
                    "schema": { "type": "object", "description": "JSON Schema 2020-12 of its bodies." },
                } });
                let types = json!({ "event_types": { "type": "array", "items": item } });
                operation.answers(200, "The types.", object(types))
            }
            OperationId::ReadOpenapi => {
                operation.answers(200, "OpenAPI 3.1.", as_json(&schemars::json_schema!({ "type": "object" })))
            }
            OperationId::SignIn => operation
                .takes(self.body::<NewSession>())
                .answers(201, "The cookie is set.", self.json::<SignedIn>())
                .problems(&[401, 403, 429, 501]),
            OperationId::MakeChallenge => {
                operation.answers(200, "What is to be signed.", self.json::<PasskeyChallenge>())
            }
            OperationId::AddPasskey => operation
                .takes(self.body::<NewPasskey>())
                .answers(201, "It can be signed in with.", self.json::<Passkey>())
                .problems(&[409]),
            OperationId::ListPasskeys => {
                operation.answers(200, "Passkeys, the oldest first.", self.json::<List<Passkey>>())
            }
            OperationId::RemovePasskey => operation.answers(204, "It opens nothing any more.", None),
            OperationId::ReadSession => operation.answers(200, "Who is signed in.", self.json::<SignedIn>()),
            OperationId::SignOut => operation.answers(204, "The cookie is worth nothing any more.", None),
            OperationId::ListSessions => {
                operation.answers(200, "Sessions, the one used last first.", self.json::<List<Session>>())
            }
            OperationId::EndSession => operation.answers(204, "They are signed out.", None),
            OperationId::ListSites => {
                operation.parameters(page_parameters()).answers(200, "A page, by id.", self.json::<Page<SiteSummary>>())
            }
            OperationId::ReadSite => {
                operation.answers(200, "The settings and their revision.", self.json::<SiteConfig>())
            }
            OperationId::WriteSite => operation
                .parameters([if_match()])
                .takes(self.body::<SiteSettings>())
                .answers(200, "The settings and their revision.", self.json::<SiteConfig>())
                .problems(&[412]),
            OperationId::ChangeSite => operation
                .parameters([if_match()])
                .takes(schemars::json_schema!({ "$ref": "#/components/schemas/SettingsPatch" }))
                .answers(200, "The settings and their revision.", self.json::<SiteConfig>())
                .problems(&[412]),
            OperationId::EraseSite => operation.answers(204, "It is no more.", None),
            OperationId::ListResponses => operation
                .parameters(filter_parameters())
                .parameters(page_parameters())
                .answers(200, "A page.", self.json::<Page<Response>>()),
            OperationId::ListVisitorResponses => {
                operation.parameters(page_parameters()).answers(200, "A page.", self.json::<Page<Response>>())
            }
            OperationId::ExportCsv => {
                let separators = json!({ "type": "string", "enum": ["comma", "semicolon"] });
                let separator = query(
                    "separator",
                    "Between cells; semicolon where a spreadsheet expects it, as in most of Europe.",
                    separators,
                );
                let bom = query(
                    "bom",
                    "Begin with a byte order mark, by which Excel knows UTF-8.",
                    json!({ "type": "boolean" }),
                );
                export(operation.parameters([separator, bom]), "text/csv")
            }
            OperationId::ExportNdjson => export(operation, "application/x-ndjson"),
            OperationId::ReadMetrics => {
                let by = json!({ "type": "string", "enum": ["day", "week", "theme", "score", "page", "language"] });
                let tz = "In whose days and weeks, by its name in the IANA database; the site's own unless told.";
                let tz = query("tz", tz, json!({ "type": "string" }));
                operation.parameters(filter_parameters()).parameters([query("by", "Also by groups.", by), tz]).answers(
                    200,
                    "Counts and NPS.",
                    self.json::<Metrics>(),
                )
            }
            OperationId::ReadQuestionMetrics => {
                let tz = "In whose days, by its name in the IANA database; the site's own unless told.";
                operation
                    .parameters(filter_parameters())
                    .parameters([query("tz", tz, json!({ "type": "string" }))])
                    .answers(200, "Counts, means and shares.", self.json::<QuestionMetrics>())
            }
            OperationId::ReadFollowUpMetrics => {
                let tz = "In whose days, by its name in the IANA database; the site's own unless told.";
                operation
                    .parameters(filter_parameters())
                    .parameters([query("tz", tz, json!({ "type": "string" }))])
                    .answers(200, "Counts and rates.", self.json::<FollowUpMetrics>())
            }
            OperationId::ReadExperiment => operation
                .parameters([query("name", "Which; the one that runs unless told.", json!({ "type": "string" }))])
                .answers(200, "Both sides, and how far they differ.", self.json::<ExperimentResult>()),
            OperationId::ReviewResponse => operation.takes(self.body::<ResponsePatch>()).answers(
                200,
                "As it is now.",
                self.json::<StoredResponse>(),
            ),
            OperationId::EraseResponse => operation.answers(204, "Erased.", None),
            OperationId::EraseResponses => {
                operation.parameters(filter_parameters()).answers(200, "How many were erased.", self.json::<Erasure>())
            }
            OperationId::EraseVisitor => operation.answers(200, "How many were erased.", self.json::<Erasure>()),
            OperationId::ReadResponse => {
                operation.answers(200, "The response and what its customer was shown.", self.json::<StoredResponse>())
            }
            OperationId::ListMessages => operation.answers(200, "The messages.", self.json::<List<Message>>()),
            OperationId::AddMessage => operation
                .takes(self.body::<NewMessage>())
                .answers(201, "Written.", self.json::<Message>())
                .problems(&[409]),
            OperationId::TryAudience
            | OperationId::Announce
            | OperationId::ListAnnouncements
            | OperationId::ReadAnnouncement
            | OperationId::TakeBackAnnouncement
            | OperationId::AddImprovement
            | OperationId::ListImprovements
            | OperationId::ReadImprovement
            | OperationId::ChangeImprovement
            | OperationId::RemoveImprovement
            | OperationId::ListIdeas
            | OperationId::ReadBrightSpots
            | OperationId::ReadHuddle
            | OperationId::ListWatches => outer_loop::shapes(self, operation),
            OperationId::ListPeople
            | OperationId::AddPerson
            | OperationId::ChangePerson
            | OperationId::RemovePerson
            | OperationId::ListCases
            | OperationId::OpenCase
            | OperationId::ReadLoop
            | OperationId::ReadCase
            | OperationId::ChangeCase
            | OperationId::ListCaseHistory
            | OperationId::ReplyToCase
            | OperationId::AddNote
            | OperationId::LogCall
            | OperationId::ListCalls
            | OperationId::ReadThread
            | OperationId::ChangeThread
            | OperationId::EraseThread
            | OperationId::WriteToTeam
            | OperationId::MarkRead
            | OperationId::Judge
            | OperationId::ReadNews
            | OperationId::RevokeThread
            | OperationId::AskToStop
            | OperationId::StopNotifying => inner_loop::shapes(self, operation),
            OperationId::ReadVisitorKey => operation.answers(200, "Them.", self.json::<VisitorKeys>()),
            OperationId::RotateVisitorKey => operation.answers(201, "The new one.", self.json::<VisitorKeys>()),
            OperationId::ExportSite => {
                let lines = json!({ "application/x-ndjson": { "schema": { "type": "string" } } });
                operation.answers(200, "Streamed. Each line is an object with a `kind`: site, person, key, endpoint, response, message, improvement, case, announcement, told, erased, shown, and at last end.", Some(lines))
            }
            OperationId::ImportSite => operation.parameters([dry_run()]).takes_bytes().answers(
                200,
                "What was done, or would be.",
                self.json::<ImportReport>(),
            ),
            OperationId::RestoreSite => operation
                .takes(self.body::<Restoration>())
                .answers(202, "The site begins anew, as it was then.", self.json::<Restored>())
                .problems(&[501]),
            OperationId::ImportResponses => {
                let column = |name| {
                    query(
                        name,
                        "The name of the column that holds it; found by its name unless told.",
                        json!({ "type": "string" }),
                    )
                };
                let names = ["score", "comment", "created_at", "id", "visitor", "lang", "page", "contact"];
                let says = "Whether 03/04/2026 is in April, where no date of the table tells.";
                let day_first = query("day_first", says, json!({ "type": "boolean" }));
                operation.parameters([dry_run(), day_first]).parameters(names.map(column)).takes_bytes().answers(
                    200,
                    "What was done, or would be.",
                    self.json::<ImportReport>(),
                )
            }
            OperationId::ListKeys => operation.answers(200, "The keys.", self.json::<List<ApiKey>>()),
            OperationId::AddKey => operation
                .takes(self.body::<NewApiKey>())
                .answers(201, "The key, whole for the only time.", self.json::<AddedApiKey>())
                .problems(&[409]),
            OperationId::RevokeKey => operation.answers(204, "Revoked.", None),
            OperationId::ListEndpoints => operation.answers(200, "All.", self.json::<List<Endpoint>>()),
            OperationId::AddEndpoint => operation
                .takes(self.body::<EndpointSettings>())
                .answers(
                    201,
                    "Added, with its signing secret, or for `v1a` its public key.",
                    self.json::<AddedEndpoint>(),
                )
                .problems(&[409]),
            OperationId::ReadEndpoint => operation.answers(200, "It.", self.json::<Endpoint>()),
            OperationId::ChangeEndpoint => operation
                .takes(schemars::json_schema!({ "$ref": "#/components/schemas/EndpointChange" }))
                .answers(200, "As it is now.", self.json::<Endpoint>()),
            OperationId::RemoveEndpoint => operation.answers(204, "Removed.", None),
            OperationId::ReadSecret => operation.answers(200, "It.", self.json::<EndpointSecret>()),
            OperationId::RotateSecret => {
                operation.may_take(self.body::<Rotation>()).answers(200, "The new one.", self.json::<EndpointSecret>())
            }
            OperationId::ListEvents => operation
                .parameters([
                    query("type", "Only of this type.", json!({ "type": "string" })),
                    query("response", "Only about this response.", json!({ "type": "string" })),
                ])
                .parameters(page_parameters())
                .answers(200, "A page.", self.json::<Page<EventBody>>()),
            OperationId::ReadEvent => operation.answers(200, "The event.", self.json::<EventBody>()),
            OperationId::ListDeliveries => operation
                .parameters([
                    query(
                        "state",
                        "Only those that stand so.",
                        json!({ "type": "string", "enum": ["pending", "delivered", "failed"] }),
                    ),
                    query("endpoint", "Only of this endpoint.", json!({ "type": "string" })),
                    query("event", "Only of this event.", json!({ "type": "string" })),
                ])
                .parameters(page_parameters())
                .answers(200, "A page.", self.json::<Page<DeliveryStatus>>()),
            OperationId::ListAttempts => operation
                .parameters([query("event", "Only of this event.", json!({ "type": "string" }))])
                .parameters(page_parameters())
                .answers(200, "A page.", self.json::<Page<Attempt>>()),
            OperationId::SendTest => operation
                .takes(self.body::<TestEvent>())
                .answers(202, "On its way.", self.json::<TestQueued>())
                .problems(&[409]),
            OperationId::Replay => operation
                .takes(self.body::<Replay>())
                .answers(202, "On their way; next_since tells from when to go on.", self.json::<Queued>())
                .problems(&[409]),
            OperationId::Resend => operation.answers(202, "On its way.", self.json::<Queued>()).problems(&[409]),
        }
    }

    fn json<T: JsonSchema>(&mut self) -> Option<Value> {
        as_json(&self.body::<T>())
    }
}

fn export(operation: Operation, content_type: &str) -> Operation {
    let content = json!({ content_type: { "schema": { "type": "string" } } });
    operation.parameters(filter_parameters()).answers(200, "Streamed.", Some(content))
}
