//! Reads a JSON object field by field and collects every fault, so that a developer mends a body in one go.

use crate::{Code, FieldError, Problem};
use serde_json::{Map, Value};

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
            Value::Object(left) => Ok(Self { left, known: Vec::new(), faults: Vec::new() }),
            other => {
                let detail = format!("The body must be a JSON object, not {}.", kind(&other));
                Err(Problem::new(Code::InvalidField, detail))
            }
        }
    }

    /// Takes a field out, if it is there and not `null`.
    pub(crate) fn take(&mut self, name: &'static str) -> Option<Value> {
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
            self.invalid(name, &format!("must be a whole number, not {}", kind(value)));
        }
        number
    }

    /// The field read as `T` by serde, which says what is wrong inside it.
    pub(crate) fn optional<T: serde::de::DeserializeOwned>(&mut self, name: &'static str) -> Option<T> {
        let value = self.take(name)?;
        self.parsed(name, value)
    }

    /// A value already taken, read as `T` by serde.
    pub(crate) fn parsed<T: serde::de::DeserializeOwned>(&mut self, name: &str, value: Value) -> Option<T> {
        serde_json::from_value(value).map_err(|error| self.invalid(name, &format!("cannot be read: {error}"))).ok()
    }

    pub(crate) fn invalid(&mut self, name: &str, detail: &str) {
        self.fault(Code::InvalidField, name, detail);
    }

    pub(crate) fn fault(&mut self, code: Code, name: &str, detail: &str) {
        if self.faults.len() >= MAX_FAULTS {
            return;
        }
        let pointer = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        self.faults.push((code, FieldError { pointer, detail: detail.to_owned() }));
    }

    /// Refuses what was not asked for, by name, and tells all faults at once.
    pub(crate) fn finish(mut self) -> Result<(), Problem> {
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

/// What kind of JSON value this is, in words.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(n) if n.is_i64() || n.is_u64() => "a number that large",
        Value::Number(_) => "a number with a fraction",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
