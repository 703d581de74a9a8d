//! JSON whose members may be there or not: what is missing is `null`, and nothing panics.

use serde_json::Value;

/// Members of JSON by their names.
pub(crate) trait Members {
    /// A member, or `null`.
    fn at(&self, name: &str) -> &Value;
    /// An item of a list, or `null`.
    fn item(&self, place: usize) -> &Value;
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
        value.put("c", 2);
        assert_eq!((value.take_out("c"), value.take_out("d")), (json!(2), Value::Null));
    }
}
