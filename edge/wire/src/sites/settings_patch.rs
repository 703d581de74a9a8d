use crate::problem::{Code, FieldError, Problem};
use crate::sites::settings::SiteSettings;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The body of `PATCH /v1/sites/{site}`: a merge patch (RFC 7396) of [`SiteSettings`]. Objects are merged, lists replaced, and
/// `null` brings back what holds when nothing is set.
///
/// ```
/// let before = heard_wire::SiteSettings::from_json(br#"{"name":"Shop","keep_days":90,"ask":{"delay_seconds":9}}"#).unwrap();
/// let patch = heard_wire::SettingsPatch::from_json(br#"{"keep_days":null,"ask":{"again_after_days":30}}"#).unwrap();
/// let after = patch.applied_to(&before).unwrap();
/// assert_eq!((after.keep_days, after.ask.delay_seconds, after.ask.again_after_days), (None, 9, 30));
/// let less = heard_wire::SettingsPatch::from_json(br#"{"promise":{"within":{"number":5}}}"#).unwrap();
/// assert!(less.applied_to(&before).is_err(), "there is no unit to merge it with");
/// assert!(heard_wire::SettingsPatch::from_json(br#"{"colour":"red"}"#).is_err());
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SettingsPatch(Map<String, Value>);

impl SettingsPatch {
    /// Reads and checks the body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let members = crate::fields::object(body)?;
        let patch = Self(members);
        // What would be at fault in any settings is told at once. What only lacks a member may have it in those that are there.
        match patch.clone().applied_to(&SiteSettings::named("a")) {
            Err(problem) if !problem.errors.iter().all(only_lacks) => Err(problem),
            _ => Ok(patch),
        }
    }

    /// The settings with the changes made.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn applied_to(self, settings: &SiteSettings) -> Result<SiteSettings, Problem> {
        let Ok(mut all) = serde_json::to_value(settings) else {
            return Err(Problem::new(Code::Internal, "The settings of the site cannot be written."));
        };
        merge(&mut all, Value::Object(self.0));
        match all {
            Value::Object(members) => SiteSettings::from_members(members),
            _ => Err(Problem::new(Code::Internal, "The settings of the site cannot be written.")),
        }
    }
}

/// Whether all that is wrong is a member that is missing.
fn only_lacks(fault: &FieldError) -> bool {
    fault.detail.strip_prefix("must have ").is_some_and(|name| !name.contains(' '))
}

/// Merges a patch (RFC 7396) into what is there.
pub(crate) fn merge(target: &mut Value, patch: Value) {
    let Value::Object(changes) = patch else {
        *target = patch;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Some(members) = target.as_object_mut() else { return };
    for (name, value) in changes {
        if value.is_null() {
            members.remove(&name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), value);
        }
    }
}
