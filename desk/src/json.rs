//! JSON whose members may be there or not: what is missing is `null`, and nothing panics.

use heard_wire::Timestamp;
use serde_json::Value;

/// Members of JSON by their names.
pub(crate) trait Members {
    /// A member, or `null`.
    fn at(&self, name: &str) -> &Value;
    /// An item of a list, or `null`.
    fn item(&self, place: usize) -> &Value;
    /// A member's text, or nothing.
    fn text(&self, name: &str) -> String;
    /// A member's items, or none.
    fn list(&self, name: &str) -> Vec<Value>;
    /// A member as a count, or 0.
    fn count(&self, name: &str) -> u64;
    /// A member as a moment.
    fn moment(&self, name: &str) -> Option<Timestamp>;
    /// Sets a member; what is no object becomes one.
    fn put(&mut self, name: &str, value: impl Into<Value>);
    /// Takes a member out, and leaves `null`.
    fn take_out(&mut self, name: &str) -> Value;
}

impl Members for Value {
    fn at(&self, name: &str) -> &Value {
        self.get(name).unwrap_or(&Value::Null)
    }

    fn item(&self, place: usize) -> &Value {
        self.get(place).unwrap_or(&Value::Null)
    }

    fn text(&self, name: &str) -> String {
        self.at(name).as_str().unwrap_or_default().to_owned()
    }

    fn list(&self, name: &str) -> Vec<Value> {
        self.at(name).as_array().cloned().unwrap_or_default()
    }

    fn count(&self, name: &str) -> u64 {
        self.at(name).as_u64().unwrap_or_default()
    }

    fn moment(&self, name: &str) -> Option<Timestamp> {
        crate::calendar::of_field(self.at(name).as_str()?)
    }

    fn put(&mut self, name: &str, value: impl Into<Value>) {
        if !self.is_object() {
            *self = Value::Object(serde_json::Map::new());
        }
        if let Some(members) = self.as_object_mut() {
            members.insert(name.to_owned(), value.into());
        }
    }

    fn take_out(&mut self, name: &str) -> Value {
        self.get_mut(name).map(Value::take).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_missing_is_null() {
        let mut value = json!({ "a": [{ "b": 1 }] });
        assert_eq!(value.at("a").item(0).at("b"), 1);
        assert_eq!(value.at("x").item(3).at("y"), &Value::Null);
        assert_eq!((value.text("a"), value.list("a").len(), value.count("x")), (String::new(), 1, 0));
        value.put("c", 2);
        assert_eq!((value.take_out("c"), value.take_out("d")), (json!(2), Value::Null));
    }
}
