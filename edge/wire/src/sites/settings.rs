use crate::asking::{AskRules, Experiment};
use crate::cases::{BusinessHours, CaseSettings};
use crate::fields::{Fault, Fields, object};
use crate::id::SiteId;
use crate::language::{Language, LanguageTag};
use crate::problem::Problem;
use crate::sites::limits::Limits;
use crate::sites::look::Look;
use crate::sites::origin::Origin;
use crate::sites::promise::Promise;
use crate::sites::theme::{Theme, fault_in_themes};
use crate::sites::voice::Voice;
use crate::survey::{ContactNotice, OwnCopy, Question, ReviewLink, fault_in_questions};
use crate::text::is_line;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What an owner sets for a site: the body of `PUT /v1/sites/{site}`.
///
/// ```
/// let s = heard_wire::SiteSettings::from_json(r#"{"name":"Corner Café","origins":["https://cafe.example"],
///   "themes":[{"id":"coffee","label":"coffee","phrases":["espresso","flat white"]}],
///   "promise":{"answered_by":"Maria","by_when":"within two working days"}}"#.as_bytes()).unwrap();
/// assert_eq!(s.language.as_str(), "en");
/// assert!(s.allows_origin("https://cafe.example"));
/// assert!(!s.allows_origin("https://evil.example"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteSettings {
    /// What customers call it, as in "recommend Corner Café".
    pub name: String,
    /// Origins that may show the survey, such as `https://shop.example` or `https://*.shop.example`; empty: all.
    #[serde(default)]
    #[cfg_attr(feature = "schema", schemars(with = "Vec<String>"))]
    pub origins: Vec<Origin>,
    /// BCP 47 language used when the page's is not offered.
    pub language: LanguageTag,
    /// What the owner wants to hear about.
    #[serde(default)]
    pub themes: Vec<Theme>,
    /// How replies sound.
    #[serde(default)]
    pub voice: Voice,
    /// Printed on the receipt, only when the owner means it.
    pub promise: Option<Promise>,
    /// When to ask, and whom.
    #[serde(default)]
    pub ask: AskRules,
    /// The owner's own questions, which follow the thank-you; at most 12.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    /// Another wording or moment, to be held against this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub experiment: Option<Experiment>,
    /// How the widget looks.
    #[serde(default, skip_serializing_if = "Look::is_plain")]
    pub look: Look,
    /// The owner's own words for some of the widget's, by language and by the name of the text.
    #[serde(default, skip_serializing_if = "OwnCopy::is_empty")]
    pub copy: OwnCopy,
    /// Where customers may say it in public, too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewLink>,
    /// What stands below the field for an email address or a phone number.
    #[serde(default)]
    pub contact: ContactNotice,
    /// Asks nobody any more and takes no answers; what is there can still be read.
    #[serde(default)]
    pub archived: bool,
    /// In which days begin, by its name in the IANA database, such as `Europe/Berlin`; `UTC` unless told.
    #[serde(default = "utc")]
    pub time_zone: String,
    /// Days after which an answer is erased with all that belongs to it, 1 to 3,650; absent: kept until somebody erases it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keep_days: Option<u16>,
    /// When somebody is there to answer; absent: at any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub business_hours: Option<BusinessHours>,
    /// When an answer becomes a case, and what happens around it.
    #[serde(default)]
    pub cases: CaseSettings,
    /// How much strangers may send.
    #[serde(default)]
    pub limits: Limits,
    /// Whether answers of strangers that bring no solved challenge of Cloudflare Turnstile are suspect. The page gives it with
    /// `heard("challenge", token)`, and the Worker's secret `HEARD_TURNSTILE_SECRET` verifies it.
    #[serde(default)]
    pub turnstile: bool,
}

fn utc() -> String {
    "UTC".to_owned()
}

const MAX_ORIGINS: usize = 100;

impl SiteSettings {
    /// Reads and checks a body; what is absent gets its default.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        Self::from_members(object(body)?)
    }

    /// The same for a body that is read as JSON already.
    pub(super) fn from_members(members: Map<String, Value>) -> Result<Self, Problem> {
        let mut fields = Fields::of(members);
        let name = fields.required_text("name", 200).map(|name| name.trim().to_owned());
        if name.as_deref().is_some_and(str::is_empty) {
            fields.invalid("name", "must not be empty");
        }
        let given: Vec<String> = fields.optional("origins").unwrap_or_default();
        if given.len() > MAX_ORIGINS {
            fields.invalid("origins", &format!("must be at most {MAX_ORIGINS} origins"));
        }
        let origins: Option<Vec<Origin>> =
            given.iter().enumerate().map(|(place, origin)| fields.checked_within("origins", place, origin)).collect();
        let language = fields.optional_checked("language");
        let themes: Vec<Theme> = fields.optional("themes").unwrap_or_default();
        if let Some(detail) = fault_in_themes(&themes) {
            fields.invalid("themes", &detail);
        }
        let voice: Voice = fields.optional_object("voice").unwrap_or_default();
        if voice.reader.as_ref().is_some_and(|reader| !is_line(reader, 80)) {
            fields.invalid("voice", "must have a reader of 1 to 80 bytes on one line");
        }
        let promise: Option<Promise> = fields.optional_object("promise");
        let promised = promise.iter().flat_map(|promise| [&promise.answered_by, &promise.by_when]).flatten();
        if promised.into_iter().any(|text| !is_line(text, 200)) {
            fields.invalid("promise", "must have texts of 1 to 200 bytes on one line");
        }
        if promise
            .as_ref()
            .and_then(|promise| promise.within)
            .is_some_and(|within| !(1..=1_000).contains(&within.number) || !within.unit.is_promised())
        {
            fields.invalid("promise", "must have a number from 1 to 1000 in within, of hours, days or working_days");
        }
        let business_hours: Option<BusinessHours> = fields.optional_object("business_hours");
        if let Some(detail) = business_hours.as_ref().and_then(BusinessHours::fault) {
            fields.invalid("business_hours", &detail);
        }
        let cases: CaseSettings = fields.optional_object("cases").unwrap_or_default();
        if let Some(detail) = cases.fault() {
            fields.invalid("cases", &detail);
        }
        let contact: ContactNotice = fields.optional_object("contact").unwrap_or_default();
        if contact.text.as_ref().is_some_and(|text| !is_line(text, 200)) {
            fields.invalid("contact", "must have a text of 1 to 200 bytes on one line");
        }
        if contact.url.as_ref().is_some_and(|url| !is_line(url, 500) || !is_link(url)) {
            fields.invalid("contact", "must have a url that begins with https:// and has at most 500 bytes");
        }
        let ask: AskRules = fields.optional_object("ask").unwrap_or_default();
        if let Some(fault) = ask.fault() {
            fields.invalid_within("ask", &fault);
        }
        let questions: Vec<Question> = fields.optional("questions").unwrap_or_default();
        if let Some(fault) = fault_in_questions(&questions) {
            fields.invalid_within("questions", &fault);
        }
        let experiment: Option<Experiment> = fields.optional_object("experiment");
        if let Some(fault) = experiment.as_ref().and_then(Experiment::fault) {
            fields.invalid_within("experiment", &fault);
        }
        let look: Look = fields.optional_object("look").unwrap_or_default();
        if let Some(fault) = look.fault() {
            fields.invalid_within("look", &fault);
        }
        let copy: OwnCopy = fields.optional_object("copy").unwrap_or_default();
        if let Some(fault) = copy.fault() {
            fields.invalid_within("copy", &fault);
        }
        let review: Option<ReviewLink> = fields.optional_object("review");
        if review.as_ref().is_some_and(|review| !is_line(&review.url, 500) || !is_link(&review.url)) {
            fields.invalid_within(
                "review",
                &Fault::at("/url", "must be a url that begins with https:// and has at most 500 bytes"),
            );
        }
        let archived = fields.optional("archived").unwrap_or_default();
        let time_zone = fields.optional_text("time_zone", 64).unwrap_or_else(utc);
        let keep_days: Option<u16> = fields.optional("keep_days");
        if keep_days.is_some_and(|days| !(1..=3_650).contains(&days)) {
            fields.invalid("keep_days", "must be from 1 to 3650 days");
        }
        let limits: Limits = fields.optional_object("limits").unwrap_or_default();
        if !(1..=10_000).contains(&limits.answers_per_address) {
            fields.invalid("limits", "must have answers_per_address from 1 to 10000");
        }
        let turnstile = fields.optional("turnstile").unwrap_or_default();
        fields.finish(|| {
            let language = language.unwrap_or_else(|| Language::default().into());
            let (name, origins) = (name?, origins?);
            Some(Self {
                name,
                origins,
                language,
                themes,
                voice,
                promise,
                ask,
                questions,
                experiment,
                look,
                copy,
                review,
                contact,
                archived,
                time_zone,
                keep_days,
                business_hours,
                cases,
                limits,
                turnstile,
            })
        })
    }

    /// A site with this name and everything else as it comes.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            origins: Vec::new(),
            language: Language::default().into(),
            themes: Vec::new(),
            voice: Voice::default(),
            promise: None,
            ask: AskRules::default(),
            questions: Vec::new(),
            experiment: None,
            look: Look::default(),
            copy: OwnCopy::default(),
            review: None,
            contact: ContactNotice::default(),
            archived: false,
            time_zone: utc(),
            keep_days: None,
            business_hours: None,
            cases: CaseSettings::default(),
            limits: Limits::default(),
            turnstile: false,
        }
    }

    /// Whether a page of this origin may show the survey. Schemes and hosts compare without case.
    #[must_use]
    pub fn allows_origin(&self, origin: &str) -> bool {
        self.origins.is_empty() || self.origins.iter().any(|allowed| allowed.allows(origin))
    }
}

/// Whether a customer can be sent there: nothing that a browser would run.
fn is_link(url: &str) -> bool {
    url.starts_with("https://") && url::Url::parse(url).is_ok()
}

/// A site's settings with the revision they are at, so that a cached copy can be told from the current one.
///
/// ```
/// let c: heard_wire::SiteConfig = serde_json::from_str(r#"{"id":"shop","revision":3,
///   "settings":{"name":"Corner Shop","language":"en"}}"#).unwrap();
/// assert_eq!(c.settings.ask.again_after_days, 90);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SiteConfig {
    /// The site.
    pub id: SiteId,
    /// Counts up with every change.
    pub revision: i64,
    /// What the owner set.
    pub settings: SiteSettings,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_may_come_from_a_later_release() {
        let stored = r#"{"name":"a","origins":["https://*"],"language":"en","colour":1,"themes":[{"id":"x","label":"x","icon":"y"}],
            "voice":{"tone":"warm","pitch":"low"},"promise":{"by_when":"soon","how":"mail"},"ask":{"on":"exit"},"archived":false}"#;
        let settings: SiteSettings = serde_json::from_str(stored).unwrap();
        assert_eq!((settings.themes.len(), settings.ask.delay_seconds), (1, 3));
        assert!(!settings.allows_origin("https://a.example"), "an origin that cannot be is kept, and allows nothing");
    }

    #[test]
    fn settings_at_fault_are_named() {
        for (body, pointer) in [
            (r#"{}"#, "/name"),
            (r#"{"name":"  "}"#, "/name"),
            (r#"{"name":"a","origins":["https://a.example","https://a.example/path"]}"#, "/origins/1"),
            (r#"{"name":"a","themes":[{"id":"x","label":"x"},{"id":"x","label":"y"}]}"#, "/themes"),
            (r#"{"name":"a","themes":[{"id":"x","label":"x","colour":1}]}"#, "/themes/0/colour"),
            (r#"{"name":"a","themes":[{"id":"","label":"x"}]}"#, "/themes/0/id"),
            (r#"{"name":"a","ask":{"when":{"ever":1}}}"#, "/ask/when"),
            (r#"{"name":"a","origins":["https://*"]}"#, "/origins/0"),
            (r#"{"name":"a","language":"en GB"}"#, "/language"),
            (r#"{"name":"a","themes":[{"id":"x","label":"x","when_praised":""}]}"#, "/themes"),
            (r#"{"name":"a","voice":{"tone":"shouting"}}"#, "/voice/tone"),
            (r#"{"name":"a","voice":{"reader":"Maria\nEve"}}"#, "/voice"),
            (r#"{"name":"a","promise":{"by_when":"soon\nor later"}}"#, "/promise"),
            (r#"{"name":"a","promise":{"within":{"number":0,"unit":"days"}}}"#, "/promise"),
            (r#"{"name":"a","promise":{"within":{"number":1,"unit":"weeks"}}}"#, "/promise/within/unit"),
            (r#"{"name":"a","contact":{"url":"javascript:alert(1)"}}"#, "/contact"),
            (r#"{"name":"a","contact":{"text":""}}"#, "/contact"),
            (r#"{"name":"a","ask":{"delay_seconds":-1}}"#, "/ask/delay_seconds"),
            (r#"{"name":"a","colour":1}"#, "/colour"),
            (r#"{"name":"a","look":{"accent":"red"}}"#, "/look/accent"),
            (r#"{"name":"a","look":{"radius":25}}"#, "/look/radius"),
            (r#"{"name":"a","look":{"position":"left"}}"#, "/look/position"),
            (r#"{"name":"a","copy":{"de":{"questions":"?"}}}"#, "/copy/de"),
            (r#"{"name":"a","copy":{"de":{"question":""}}}"#, "/copy/de/question"),
            (r#"{"name":"a","copy":{"de":{"promise":"bald"}}}"#, "/copy/de/promise"),
            (r#"{"name":"a","review":{"url":"http://a.example"}}"#, "/review/url"),
            (r#"{"name":"a","questions":[{"id":"x","kind":"rating"}]}"#, "/questions/0/text"),
            (r#"{"name":"a","questions":[{"id":"x","kind":"stars"}]}"#, "/questions/0/kind"),
            (r#"{"name":"a","questions":[{"id":"x","kind":"csat"},{"id":"x","kind":"ces"}]}"#, "/questions/1/id"),
            (r#"{"name":"a","questions":[{"id":"x","kind":"choice","text":{"en":"?"}}]}"#, "/questions/0/options"),
            (r#"{"name":"a","questions":[{"id":"x","kind":"csat","text":{"xx":"?"}}]}"#, "/questions/0/text/xx"),
            (r#"{"name":"a","experiment":{"name":"x"}}"#, "/experiment"),
            (
                r#"{"name":"a","experiment":{"name":"x","delay_seconds":1,"share_percent":0}}"#,
                "/experiment/share_percent",
            ),
            (r#"{"name":"a","experiment":{"name":"x","copy":{"en":{"no":"?"}}}}"#, "/experiment/copy/en"),
            (r#"{"name":"a","keep_days":0}"#, "/keep_days"),
            (r#"{"name":"a","limits":{"answers_per_address":0}}"#, "/limits"),
            (r#"{"name":"a","limits":{"answers":9}}"#, "/limits/answers"),
        ] {
            let problem = SiteSettings::from_json(body.as_bytes()).unwrap_err();
            assert_eq!(problem.errors[0].pointer, pointer, "{body}");
        }
    }

    #[test]
    fn the_starter_themes_are_settings_as_they_stand() {
        for themes in [
            include_str!("../../../../examples/themes/finance.json"),
            include_str!("../../../../examples/themes/health.json"),
            include_str!("../../../../examples/themes/restaurants.json"),
            include_str!("../../../../examples/themes/retail.json"),
            include_str!("../../../../examples/themes/saas.json"),
            include_str!("../../../../examples/themes/travel.json"),
        ] {
            let body = format!(r#"{{"name":"a","themes":{themes}}}"#);
            assert!(SiteSettings::from_json(body.as_bytes()).unwrap().themes.len() >= 8);
        }
    }

    #[test]
    fn faults_within_fields_are_told_in_words_of_json() {
        for (body, told) in [
            (
                r#"{"name":"a","ask":{"delay_seconds":-1}}"#,
                "/ask/delay_seconds must be a whole number from 0 to 65535.",
            ),
            (r#"{"name":"a","ask":3}"#, "/ask must be an object."),
            (r#"{"name":"a","themes":{}}"#, "/themes must be a list."),
            (r#"{"name":"a","archived":"secretly"}"#, "/archived must be true or false."),
            (r#"{"name":"a","voice":{"tone":"shouting"}}"#, "/voice/tone must be warm, plain, formal."),
            (r#"{"name":"a","themes":[{"label":"x"}]}"#, "/themes/0 must have id."),
        ] {
            assert_eq!(SiteSettings::from_json(body.as_bytes()).unwrap_err().detail, told, "{body}");
        }
    }
}
