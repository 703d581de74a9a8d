//! Members of a change in which `null` is a value, and absent is none: for `#[serde(default, with = "heard_wire::nullable",
//! skip_serializing_if = "Option::is_none")]`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes what is there; what is absent is left out by `skip_serializing_if`.
///
/// # Errors
/// As the value's own.
pub fn serialize<T: Serialize, S: Serializer>(value: &Option<Option<T>>, serializer: S) -> Result<S::Ok, S::Error> {
    value.as_ref().and_then(Option::as_ref).serialize(serializer)
}

/// Reads a member that is there.
///
/// # Errors
/// As the value's own.
pub fn deserialize<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}
