//! Reads a JSON object field by field and collects every fault, so that a developer mends a body in one go.

use crate::problem::{Code, FieldError, Problem};
use crate::text::InvalidText;
use serde::de::DeserializeOwned;
use serde_ignored::Path;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;
use std::str::FromStr;

/// Faults told at once: enough for a person, and no lever for making small bodies into large answers.
const MAX_FAULTS: usize = 20;

pub(crate) struct Fields {
    left: Map<String, Value>,
    known: Vec<&'static str>,
    faults: Vec<(Code, FieldError)>,
}

impl Fields {
    /// Reads `body` as a JSON object.
    pub(crate) fn read(body: &[u8]) -> Result<Self, Problem> {
        object(body).map(Self::of)
    }

    /// The members of an object that is read already.
    pub(crate) fn of(members: Map<String, Value>) -> Self {
        Self { left: members, known: Vec::new(), faults: Vec::new() }
    }

    /// Takes these members out as they are, `null` too, where they are there.
    pub(crate) fn take_members(&mut self, names: &[&'static str]) -> Map<String, Value> {
        self.known.extend(names);
        names.iter().filter_map(|name| self.left.remove_entry(*name)).collect()
    }

    /// Takes a field out, if it is there and not `null`.
    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.left.remove(name).filter(|value| !value.is_null())
    }

    pub(crate) fn required(&mut self, name: &'static str) -> Option<Value> {
        let value = self.take(name);
        if value.is_none() {
            self.fault(Code::MissingField, name, "is required");
        }
        value
    }

    pub(crate) fn required_text(&mut self, name: &'static str, max_bytes: usize) -> Option<String> {
        let value = self.required(name)?;
        self.text(name, value, max_bytes)
    }

    pub(crate) fn optional_text(&mut self, name: &'static str, max_bytes: usize) -> Option<String> {
        let value = self.take(name)?;
        self.text(name, value, max_bytes)
    }

    /// A whole number, or a fault.
    pub(crate) fn whole_number(&mut self, name: &'static str, value: &Value) -> Option<i64> {
        let number = value.as_i64();
        if number.is_none() {
            let is_whole = value.as_f64().is_some_and(|number| number.fract() == 0.0);
            let what = match is_whole {
                true if value.as_f64().is_some_and(|number| number.abs() < 1e15) => "a number with a decimal point",
                true => "one that large",
                false => kind(value),
            };
            self.invalid(name, &format!("must be a whole number, not {what}"));
        }
        number
    }

    /// The field read as `T` by serde, which says what is wrong inside it. Members it does not know are refused, at any
    /// depth: the types themselves pass them over, since what is stored may come from a later release.
    pub(crate) fn optional<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let value = self.take(name)?;
        self.read_as(name, value)
    }

    /// The same for one that is an object: serde would take a list for one, too, with its members in order.
    pub(crate) fn optional_object<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let value = self.take(name)?;
        if !value.is_object() {
            self.invalid(name, "must be an object");
            return None;
        }
        self.read_as(name, value)
    }

    /// The same for a field that must be there.
    pub(crate) fn required_as<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let value = self.required(name)?;
        self.read_as(name, value)
    }

    /// An object that browsers write, who may add to it.
    pub(crate) fn required_of_browsers<T: DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let value = self.required(name)?;
        let read = value.is_object().then(|| T::deserialize(value).ok()).flatten();
        if read.is_none() {
            self.invalid(name, "must be what navigator.credentials gave, as its toJSON() writes it down");
        }
        read
    }

    /// Whether there is such a member.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.left.get(name).is_some_and(|value| !value.is_null())
    }

    fn read_as<T: DeserializeOwned>(&mut self, name: &'static str, value: Value) -> Option<T> {
        let mut unknown = Vec::new();
        let mut note = |path: Path<'_>| unknown.push(pointer_to(&path));
        let read = serde_path_to_error::deserialize(serde_ignored::Deserializer::new(value, &mut note));
        for inner in unknown.into_iter().take(MAX_FAULTS) {
            let detail = "is not known here".to_owned();
            self.add(Code::UnknownField, FieldError { pointer: format!("/{name}{inner}"), detail });
        }
        let fault = |error: serde_path_to_error::Error<serde_json::Error>| {
            let pointer = format!("/{name}{}", pointer_within(error.path()));
            let detail = plain_words(&error.inner().to_string());
            self.add(Code::InvalidField, FieldError { pointer, detail });
        };
        read.map_err(fault).ok()
    }

    /// A text that checks itself.
    pub(crate) fn checked<T: FromStr<Err = InvalidText>>(&mut self, name: &'static str, text: &str) -> Option<T> {
        text.parse().map_err(|InvalidText(must_be)| self.invalid(name, must_be)).ok()
    }

    /// The same for one of a list.
    pub(crate) fn checked_within<T>(&mut self, name: &'static str, place: usize, text: &str) -> Option<T>
    where
        T: FromStr<Err = InvalidText>,
    {
        let fault = |InvalidText(must_be): InvalidText| {
            let fault = FieldError { pointer: format!("/{name}/{place}"), detail: must_be.to_owned() };
            self.add(Code::InvalidField, fault);
        };
        text.parse().map_err(fault).ok()
    }

    /// A text that checks itself, and must be there.
    pub(crate) fn required_checked<T: FromStr<Err = InvalidText>>(&mut self, name: &'static str) -> Option<T> {
        let text = self.required_text(name, usize::MAX)?;
        self.checked(name, &text)
    }

    /// A text that checks itself, if it is there.
    pub(crate) fn optional_checked<T: FromStr<Err = InvalidText>>(&mut self, name: &'static str) -> Option<T> {
        let text = self.optional_text(name, usize::MAX)?;
        self.checked(name, &text)
    }

    pub(crate) fn invalid(&mut self, name: &str, detail: &str) {
        self.fault(Code::InvalidField, name, detail);
    }

    /// A fault within a field, at a pointer below it.
    pub(crate) fn invalid_within(&mut self, name: &str, fault: &Fault) {
        let pointer = format!("/{}{}", escaped(name), fault.pointer);
        self.add(Code::InvalidField, FieldError { pointer, detail: fault.detail.clone() });
    }

    pub(crate) fn fault(&mut self, code: Code, name: &str, detail: &str) {
        self.add(code, FieldError { pointer: format!("/{}", escaped(name)), detail: detail.to_owned() });
    }

    fn add(&mut self, code: Code, fault: FieldError) {
        if self.faults.len() < MAX_FAULTS {
            self.faults.push((code, fault));
        }
    }

    /// What `build` makes of the fields; where any is at fault or was not asked for, a problem that tells all at once.
    pub(crate) fn finish<T>(self, build: impl FnOnce() -> Option<T>) -> Result<T, Problem> {
        self.check()?;
        // `None` is a required field whose fault was told above.
        build().ok_or_else(|| Problem::new(Code::InvalidField, "A field could not be read."))
    }

    fn check(mut self) -> Result<(), Problem> {
        let known = self.known.join(", ");
        let unknown: Vec<String> =
            self.left.keys().take(MAX_FAULTS).map(|name| name.chars().take(80).collect()).collect();
        for name in unknown {
            self.fault(Code::UnknownField, &name, &format!("is not known here; known are {known}"));
        }
        let Some((code, first)) = self.faults.first() else {
            return Ok(());
        };
        let mut problem = Problem::new(*code, format!("{} {}.", first.pointer, first.detail));
        problem.errors = self.faults.into_iter().map(|(_, fault)| fault).collect();
        Err(problem)
    }

    fn text(&mut self, name: &'static str, value: Value, max_bytes: usize) -> Option<String> {
        match value {
            Value::String(text) if text.len() <= max_bytes => Some(text),
            Value::String(text) => {
                self.invalid(name, &format!("must be at most {max_bytes} bytes, not {}", text.len()));
                None
            }
            other => {
                self.invalid(name, &format!("must be a string, not {}", kind(&other)));
                None
            }
        }
    }
}

/// What is wrong within a field: where, as a pointer below it, and how it must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Empty for the field itself.
    pub pointer: String,
    /// Such as `must be from 1 to 100`.
    pub detail: String,
}

impl Fault {
    /// At this member.
    pub(crate) fn at(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }

    /// The same, below another member.
    pub(crate) fn below(mut self, pointer: &str) -> Self {
        self.pointer.insert_str(0, pointer);
        self
    }
}

/// A body as a JSON object.
pub(crate) fn object(body: &[u8]) -> Result<Map<String, Value>, Problem> {
    let text = std::str::from_utf8(body).map_err(|error| {
        let detail = format!("Byte {} of the body does not belong to UTF-8 text.", error.valid_up_to());
        Problem::new(Code::InvalidUtf8, detail)
    })?;
    let value: Value = serde_json::from_str(text).map_err(|error| {
        // serde_json's own text may quote the body, so only the place is told.
        let detail = format!("Reading it as JSON failed at line {}, column {}.", error.line(), error.column());
        Problem::new(Code::MalformedJson, detail)
    })?;
    match value {
        Value::Object(members) => Ok(members),
        other => {
            let detail = format!("The body must be a JSON object, not {}.", kind(&other));
            Err(Problem::new(Code::InvalidField, detail))
        }
    }
}

/// A JSON pointer (RFC 6901) to what was passed over, below the field.
fn pointer_to(path: &Path<'_>) -> String {
    match path {
        Path::Root => String::new(),
        Path::Seq { parent, index } => format!("{}/{index}", pointer_to(parent)),
        Path::Map { parent, key } => {
            format!("{}/{}", pointer_to(parent), escaped(&key.chars().take(80).collect::<String>()))
        }
        Path::Some { parent } | Path::NewtypeStruct { parent } | Path::NewtypeVariant { parent } => pointer_to(parent),
    }
}

/// The same for where reading failed.
fn pointer_within(path: &serde_path_to_error::Path) -> String {
    let step = |segment: &Segment| match segment {
        Segment::Seq { index } => Some(format!("/{index}")),
        Segment::Map { key } => Some(format!("/{}", escaped(&key.chars().take(80).collect::<String>()))),
        Segment::Enum { .. } | Segment::Unknown => None,
    };
    path.iter().filter_map(step).collect()
}

/// What serde says was expected, in words of JSON; never what was given.
fn plain_words(error: &str) -> String {
    if let Some(name) = error.strip_prefix("missing field ") {
        return format!("must have {}", name.replace('`', ""));
    }
    // A text of ours that checks itself says how it must be.
    if error.starts_with("must ") {
        return error.split(" at line ").next().unwrap_or(error).to_owned();
    }
    let Some((_, expected)) = error.split_once("expected ") else { return "is not what it must be".to_owned() };
    let expected = expected.split(" at line ").next().unwrap_or(expected);
    let what = match expected {
        "u8" => "a whole number from 0 to 255".to_owned(),
        "u16" => "a whole number from 0 to 65535".to_owned(),
        "u32" | "u64" | "i64" | "usize" => "a whole number".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        "newtype variant" | "map with a single key" | "unit variant" => {
            "a name, or an object with one member".to_owned()
        }
        "string or map" | "a borrowed string" | "string" => "a string".to_owned(),
        other if other.starts_with("struct ") || other.starts_with("internally tagged") => "an object".to_owned(),
        other => other.replace('`', "").replace("one of ", ""),
    };
    format!("must be {what}")
}

fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// What kind of JSON value this is, in words.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(n) if n.is_f64() && n.as_f64().is_some_and(|n| n.fract() != 0.0) => "a number with a fraction",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
