use crate::fields::Fields;
use crate::id::{EndpointId, ThemeId};
use crate::page::{Listed, NoCursor};
use crate::problem::{Code, Problem};
use crate::responses::{Response, Standing};
use crate::sites::{MAX_THEMES, Origin};
use crate::survey::{Band, Contact, ContactKind};
use crate::timestamp::Timestamp;
use crate::webhooks::event_type::EventType;
use crate::webhooks::signature::SignatureScheme;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A webhook endpoint of a site. Its secret is not part of it: `GET .../endpoints/{id}/secret` shows that.
///
/// ```
/// let e: heard_wire::Endpoint = serde_json::from_str(r#"{"id":"ep_00000000000000000000000000000000",
///   "url":"https://crm.example/hooks","event_types":["response.*"],"filter":{"bands":["detractor"]},
///   "created_at":"2026-11-22T09:00:00.000Z"}"#).unwrap();
/// assert!(e.settings.wants_type(heard_wire::EventType::ResponseScored));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    /// `ep_...`
    pub id: EndpointId,
    /// What the owner set.
    #[serde(flatten)]
    pub settings: EndpointSettings,
    /// When it was added.
    pub created_at: Timestamp,
    /// Since when every attempt has failed.
    #[serde(default)]
    pub failing_since: Option<Timestamp>,
    /// Since when nothing is sent to it. `PATCH` with `{"enabled": true}` starts it again.
    #[serde(default)]
    pub disabled_at: Option<Timestamp>,
    /// Why.
    #[serde(default)]
    pub disabled_reason: Option<DisabledReason>,
}

impl Listed for Endpoint {
    const MEMBER: &'static str = "endpoints";
    const PAGE: &'static str = "Endpoints";
    type Cursor = NoCursor;
}

/// Why an endpoint gets nothing.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, strum::IntoStaticStr, strum::EnumString)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DisabledReason {
    /// The owner switched it off.
    ByOwner,
    /// It answered 410 Gone.
    Gone,
    /// It failed for five days.
    Failing,
}

/// What the owner sets for an endpoint: the body of `POST /v1/sites/{site}/endpoints`.
///
/// ```
/// let e = heard_wire::EndpointSettings::from_json(br#"{"url":"https://crm.example/hooks","may_reply":true}"#).unwrap();
/// assert_eq!(e.event_types, ["*"]);
/// let mail = heard_wire::EndpointSettings::from_json(br#"{"url":"mailto:team@shop.example","format":"email"}"#).unwrap();
/// assert_eq!(mail.mail_address(), Some("team@shop.example"));
/// assert!(mail.wants_type(heard_wire::EventType::CaseOpened) && !mail.wants_type(heard_wire::EventType::ResponseScored));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointSettings {
    /// An absolute https URL, at most 2,048 bytes; with the format `email`, `mailto:` and an address.
    pub url: String,
    /// For people, at most 200 bytes.
    #[serde(default)]
    pub description: String,
    /// Names, prefixes such as `response.*`, or `*`. Untold, all of them; for mails, what somebody is to see to and the week.
    #[serde(default = "every_type")]
    pub event_types: Vec<String>,
    /// Which of these events are sent.
    #[serde(default)]
    pub filter: EventFilter,
    /// Sent with every delivery.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Whether an answer `{"reply": {"text": ...}}` becomes a message to the customer.
    #[serde(default)]
    pub may_reply: bool,
    /// What is sent: events as they are, the message of a chat, or a mail. `slack` and `teams` take the address of an
    /// incoming webhook.
    #[serde(default)]
    pub format: BodyFormat,
    /// Where the links in chats and mails lead: the origin at which people reach this Worker. Without it, the one that the
    /// endpoint was set up by; events as they are hold no links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub base_url: Option<Origin>,
    /// How deliveries are signed. It stays as it was when the endpoint was added.
    #[serde(default)]
    pub signature: SignatureScheme,
}

/// What is sent to an endpoint.
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyFormat {
    /// Events as they are (Standard Webhooks).
    #[default]
    Standard,
    /// The message of an incoming webhook of Slack.
    Slack,
    /// A card for an incoming webhook of Teams.
    Teams,
    /// A mail, by the Worker's own `send_email` binding: to the address of the endpoint, and `message.notify` to the customer
    /// who asked for it, with that address to reply to.
    Email,
}

/// Which events about responses an endpoint wants; what is empty or absent lets everything through.
///
/// ```
/// let f: heard_wire::EventFilter = serde_json::from_str(r#"{"bands":["detractor"],"themes":["speed"],"has_suggestion":true}"#).unwrap();
/// assert!(!f.is_open());
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct EventFilter {
    /// Any of these score bands.
    pub bands: Vec<Band>,
    /// Any of these themes, criticised or praised or mentioned.
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub themes: Vec<ThemeId>,
    /// Only with an idea, or only without.
    pub has_suggestion: Option<bool>,
    /// Beside those that count, `suspect` responses and `test` ones.
    pub include: Vec<Standing>,
}

impl EventFilter {
    /// Whether it lets everything through.
    #[must_use]
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// Whether an event about this response is wanted.
    #[must_use]
    pub fn lets_through(&self, response: &Response) -> bool {
        let heard = response.heard.as_ref();
        let themes = || heard.into_iter().flat_map(|heard| &heard.themes);
        let suggests = heard.is_some_and(|heard| !heard.suggestions.is_empty());
        let standing = response.standing();
        (standing == Standing::Counted || self.include.contains(&standing))
            && (self.bands.is_empty() || self.bands.contains(&response.band))
            && (self.themes.is_empty() || themes().any(|found| self.themes.contains(&found.id)))
            && self.has_suggestion.is_none_or(|wanted| wanted == suggests)
    }
}

impl std::fmt::Debug for EndpointSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Values of headers are often tokens, and URLs often hold one.
        let headers: Vec<&String> = self.headers.keys().collect();
        f.debug_struct("EndpointSettings")
            .field("event_types", &self.event_types)
            .field("filter", &self.filter)
            .field("headers", &headers)
            .field("may_reply", &self.may_reply)
            .field("signature", &self.signature)
            .finish_non_exhaustive()
    }
}

impl EndpointSettings {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        Self::read(Fields::read(body)?)
    }

    /// The same for a body that is read as JSON already.
    pub(super) fn from_members(members: Map<String, Value>) -> Result<Self, Problem> {
        Self::read(Fields::of(members))
    }

    fn read(mut fields: Fields) -> Result<Self, Problem> {
        let url = fields.required_text("url", MAX_URL_BYTES);
        let format = fields.optional("format").unwrap_or_default();
        if let Some(detail) = url.as_ref().and_then(|url| fault_in_url(url, format)) {
            fields.invalid("url", detail);
        }
        if url.as_ref().is_some_and(|url| url.contains(|c: char| c.is_control() || c.is_whitespace())) {
            fields.invalid("url", "must not hold blanks or control characters");
        }
        if url.as_ref().is_some_and(|url| url.ends_with(MASK)) {
            fields.invalid("url", "must have its own path and query, not the mask of one");
        }
        let description = fields.optional_text("description", 200).unwrap_or_default();
        let event_types = fields.optional("event_types").unwrap_or_else(|| usual_types(format));
        if let Some(detail) = fault_in_types(&event_types) {
            fields.invalid("event_types", &detail);
        }
        let filter: EventFilter = fields.optional_object("filter").unwrap_or_default();
        if filter.themes.len() > MAX_THEMES || filter.bands.len() > 3 || filter.include.len() > 3 {
            fields.invalid("filter", &format!("must have at most {MAX_THEMES} themes and 3 bands"));
        }
        let headers: BTreeMap<String, String> = fields.optional_object("headers").unwrap_or_default();
        if headers.values().any(|value| value == MASK) {
            fields.invalid("headers", "must have values of their own, not the mask of one");
        }
        if let Some(detail) = fault_in_headers(&headers) {
            fields.invalid("headers", detail);
        }
        let may_reply = fields.optional("may_reply").unwrap_or_default();
        if format == BodyFormat::Email && (may_reply || !headers.is_empty()) {
            let field = if may_reply { "may_reply" } else { "headers" };
            fields.invalid(field, "must be left out where mails are sent");
        }
        let base_url = fields.optional_text("base_url", MAX_URL_BYTES);
        // What stands for many places in a site's settings is none to lead to.
        let leads = |origin: &Origin| origin.as_str().starts_with("http") && !origin.as_str().contains('*');
        let origin = |text: &String| text.parse::<Origin>().ok().filter(leads);
        let place = base_url.as_ref().and_then(origin);
        if base_url.is_some() && place.is_none() {
            fields.invalid("base_url", "must be an origin such as https://heard.example.com, without *");
        }
        let base_url = place;
        let signature = fields.optional("signature").unwrap_or_default();
        fields.finish(|| {
            Some(Self { url: url?, description, event_types, filter, headers, may_reply, format, base_url, signature })
        })
    }

    /// The same settings, read as strictly as if they came by the API.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub(crate) fn checked(&self) -> Result<Self, Problem> {
        match serde_json::to_value(self) {
            Ok(Value::Object(members)) => Self::from_members(members),
            _ => Err(Problem::new(Code::Internal, "The settings of the endpoint cannot be written.")),
        }
    }

    /// The address that mails are sent to.
    #[must_use]
    pub fn mail_address(&self) -> Option<&str> {
        self.url.strip_prefix(MAILTO).filter(|_| self.format == BodyFormat::Email)
    }

    /// Whether events of this type are wanted.
    #[must_use]
    pub fn wants_type(&self, event_type: EventType) -> bool {
        self.event_types.iter().any(|pattern| fits(pattern, event_type))
    }

    /// Whether it tells customers of news: asked to by name, or since it sends mails. To a program that asks for everything,
    /// `message.notify` may mean nothing.
    #[must_use]
    pub fn tells_customers(&self) -> bool {
        let notify = EventType::MessageNotify;
        self.event_types.iter().any(|pattern| pattern == notify.as_str())
            || self.format == BodyFormat::Email && self.wants_type(notify)
    }

    /// Whether it looks at each event before taking it. Of those that send mails one is enough to tell a customer.
    #[must_use]
    pub fn has_filter(&self) -> bool {
        let takes_all = self.event_types.iter().any(|pattern| pattern == "*");
        !self.filter.is_open() || !takes_all || self.format == BodyFormat::Email
    }

    /// Without what may be a secret: the values of headers, and the query of the URL.
    #[must_use]
    pub fn masked(mut self) -> Self {
        self.headers.values_mut().for_each(|value| MASK.clone_into(value));
        if self.url.starts_with(MAILTO) {
            self.url = format!("{MAILTO}{MASK}");
        }
        // Chats put their tokens into the path, others into the query, and some into the name of a user.
        if let Some((scheme, rest)) = self.url.split_once("://") {
            let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            let host = authority.rsplit('@').next().unwrap_or_default();
            let path = if matches!(path, "" | "/") { path } else { "/***" };
            self.url = format!("{scheme}://{host}{path}");
        }
        self
    }
}

impl Endpoint {
    /// As those may see it who hold no `admin` key, and other endpoints.
    #[must_use]
    pub fn masked(self) -> Self {
        Self { settings: self.settings.masked(), ..self }
    }
}

/// Stands for a secret.
const MASK: &str = "***";

fn every_type() -> Vec<String> {
    vec!["*".to_owned()]
}

/// What an owner gets who names no types: programs all of it, and people no flood.
fn usual_types(format: BodyFormat) -> Vec<String> {
    if format != BodyFormat::Email {
        return every_type();
    }
    let types = ["case.opened", "case.overdue", "message.received", "message.notify", "huddle.ready", "watch.raised"];
    types.map(str::to_owned).into()
}

fn fits(pattern: &str, event_type: EventType) -> bool {
    match pattern.strip_suffix('*') {
        Some("") => true,
        Some(prefix) => prefix.ends_with('.') && event_type.as_str().starts_with(prefix),
        None => pattern == event_type.as_str(),
    }
}

const MAX_URL_BYTES: usize = 2_048;
const MAILTO: &str = "mailto:";
const MAX_HEADERS: usize = 10;

fn fault_in_url(url: &str, format: BodyFormat) -> Option<&'static str> {
    match url.strip_prefix(MAILTO) {
        None if format == BodyFormat::Email => Some("must be mailto: and the address that mails are sent to"),
        None => {
            let is_web = url.starts_with("https://") || url.starts_with("http://");
            (!is_web).then_some("must be an absolute URL beginning with https://")
        }
        Some(_) if format != BodyFormat::Email => Some("must begin with https:// unless the format is email"),
        Some(MASK) => None,
        Some(address) => {
            let is_one = address.parse::<Contact>().is_ok_and(|contact| contact.kind() == ContactKind::Email);
            // What stands behind a question mark would be more headers.
            (!is_one || address.contains(['?', '%', '&'])).then_some("must be mailto: and one email address")
        }
    }
}

fn fault_in_types(types: &[String]) -> Option<String> {
    let unknown = |pattern: &String| !EventType::ALL.iter().any(|known| fits(pattern, *known));
    (types.is_empty() || types.len() > 20 || types.iter().any(unknown)).then(|| {
        let known: Vec<&str> = EventType::ALL.iter().map(|known| known.as_str()).collect();
        format!("must be at least one of *, a prefix such as response.*, and {}", known.join(", "))
    })
}

fn fault_in_headers(headers: &BTreeMap<String, String>) -> Option<&'static str> {
    let is_token = |name: &String| {
        (1..=100).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
    };
    let ours = |name: &String| {
        let name = name.to_ascii_lowercase();
        // Those that say how a request is carried, of which the runtime would send none at all for some.
        let carries = ["host", "connection", "upgrade", "keep-alive", "te", "trailer", "transfer-encoding", "expect"];
        ["webhook-", "content-", "proxy-"].iter().any(|prefix| name.starts_with(prefix))
            || carries.contains(&name.as_str())
    };
    if headers.len() > MAX_HEADERS || !headers.keys().all(is_token) {
        return Some("must be at most 10 headers with names of letters, digits, -, _ and .");
    }
    if headers.keys().any(ours) {
        return Some(
            "must not set webhook-*, content-* or proxy-* headers, nor those that say how a request is carried",
        );
    }
    let printable = |value: &String| value.len() <= 1_000 && value.bytes().all(|b| (0x20..0x7f).contains(&b));
    (!headers.values().all(printable)).then_some("must have values of at most 1,000 printable ASCII characters")
}
