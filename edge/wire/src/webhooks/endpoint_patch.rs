use crate::fields::Fields;
use crate::problem::{Code, Problem};
use crate::sites::Origin;
use crate::webhooks::endpoint::EndpointSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The body of `PATCH /v1/sites/{site}/endpoints/{id}`: members of [`EndpointSettings`], each of which takes the place of
/// what the owner set before, and beside them `enabled`. What is absent or `null` stays as it is.
///
/// ```
/// let patch = heard_wire::EndpointPatch::from_json(br#"{"enabled":false,"filter":{}}"#).unwrap();
/// assert_eq!(patch.enabled, Some(false));
/// assert!(heard_wire::EndpointPatch::from_json(br#"{"colour":"red"}"#).is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndpointPatch {
    /// Whether anything is sent; `None` leaves it as it is.
    pub enabled: Option<bool>,
    /// Members of [`EndpointSettings`].
    settings: Map<String, Value>,
}

impl std::fmt::Debug for EndpointPatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Like the settings, it may hold tokens.
        let members: Vec<&String> = self.settings.keys().collect();
        f.debug_struct("EndpointPatch").field("enabled", &self.enabled).field("settings", &members).finish()
    }
}

/// How deliveries are signed stays as it was when the endpoint was added.
const MEMBERS: [&str; 8] =
    ["url", "description", "event_types", "filter", "headers", "may_reply", "format", "base_url"];

impl EndpointPatch {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let enabled = fields.optional("enabled");
        let settings = fields.take_members(&MEMBERS);
        let patch = fields.finish(|| Some(Self { enabled, settings }))?;
        // What would be at fault in any endpoint is told at once.
        let is_mail = patch.settings.get("format").and_then(Value::as_str).map(|format| format == "email");
        let is_mail = is_mail.unwrap_or_else(|| patch.url().is_some_and(|url| url.starts_with("mailto:")));
        let (url, format) =
            if is_mail { ("mailto:any@endpoint.example", "email") } else { ("https://endpoint.example/", "standard") };
        let any = [("url", url), ("format", format)].map(|(name, value)| (name.to_owned(), Value::from(value)));
        EndpointSettings::from_members(Map::from_iter(any))
            .and_then(|any| patch.clone().applied_to(&any))
            .map(|_| patch)
    }

    /// Where deliveries are to go from now on, if that changes.
    #[must_use]
    pub fn url(&self) -> Option<&str> {
        self.settings.get("url")?.as_str()
    }

    /// Links lead here from now on, where what is sent comes to hold any and the owner names no place for them, or takes back
    /// the one they named.
    pub fn link_to(&mut self, origin: &Origin) {
        let comes_to_hold = self.settings.get("format").and_then(Value::as_str).is_some_and(|it| it != "standard");
        let named = self.settings.get("base_url");
        if named.map_or(comes_to_hold, Value::is_null) {
            self.settings.insert("base_url".to_owned(), Value::from(origin.as_str()));
        }
    }

    /// The settings with the changes made.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn applied_to(self, settings: &EndpointSettings) -> Result<EndpointSettings, Problem> {
        let Ok(Value::Object(mut members)) = serde_json::to_value(settings) else {
            return Err(Problem::new(Code::Internal, "The settings of the endpoint cannot be written."));
        };
        members.extend(self.settings.into_iter().filter(|(_, value)| !value.is_null()));
        EndpointSettings::from_members(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_takes_the_place_of_what_was_and_the_rest_stays() {
        let before = EndpointSettings::from_json(
            br#"{"url":"https://a.example/","description":"CRM","headers":{"a":"1","b":"2"},"may_reply":true,
                "filter":{"bands":["detractor"]},"signature":"v1a"}"#,
        )
        .unwrap();
        let patch = EndpointPatch::from_json(br#"{"headers":{"c":"3"},"filter":{},"description":null}"#).unwrap();
        let after = patch.applied_to(&before).unwrap();
        assert_eq!(after.headers.into_iter().collect::<Vec<_>>(), [("c".to_owned(), "3".to_owned())]);
        assert!(after.filter.is_open());
        assert_eq!((after.description.as_str(), after.may_reply, after.signature), ("CRM", true, before.signature));
    }

    #[test]
    fn faults_are_named_whatever_the_endpoint() {
        for (body, pointer) in [
            (r#"{"url":"ftp://a.example"}"#, "/url"),
            (r#"{"url":"https://a.example/***"}"#, "/url"),
            (r#"{"url":"https://a.example/\nb"}"#, "/url"),
            (r#"{"headers":{"x":"***"}}"#, "/headers"),
            (r#"{"signature":"v1a"}"#, "/signature"),
            (r#"{"enabled":"no"}"#, "/enabled"),
            (r#"{"filter":{"bands":["fans"]}}"#, "/filter/bands/0"),
            (r#"{"filter":{"moods":[]}}"#, "/filter/moods"),
            (r#"{"headers":{"host":"x"}}"#, "/headers"),
        ] {
            let problem = EndpointPatch::from_json(body.as_bytes()).unwrap_err();
            assert_eq!(problem.errors[0].pointer, pointer, "{body}");
        }
    }
}
