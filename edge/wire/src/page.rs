//! Lists as they are answered: whole, or a page at a time.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use std::fmt;
use std::marker::PhantomData;

/// Something that is listed.
pub trait Listed: Serialize + DeserializeOwned {
    /// The member that holds the list, as in `responses`.
    const MEMBER: &'static str;
    /// The name of a page of them, as in `ResponsePage`.
    const PAGE: &'static str;
    /// Where a page ends and the next begins; [`NoCursor`] for lists that are always answered whole.
    type Cursor: fmt::Debug + Clone + PartialEq + Serialize + DeserializeOwned;
}

/// The cursor of a list that is always answered whole: there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum NoCursor {}

/// Makes a cursor that is a number, which counts down from page to page.
macro_rules! number_cursor {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(pub i64);

        impl std::str::FromStr for $name {
            type Err = $crate::text::InvalidText;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let invalid = |_| $crate::text::InvalidText("must be the next_cursor of an earlier page");
                text.parse().map(Self).map_err(invalid)
            }
        }

        $crate::text::as_text!($name);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

pub(crate) use number_cursor;

/// A page of a list: `{"responses": [...], "next_cursor": ...}`, where `next_cursor` is `null` on the last.
///
/// ```
/// let p: heard_wire::Page<heard_wire::Response> = serde_json::from_str(r#"{"responses":[],"next_cursor":null}"#).unwrap();
/// assert!(p.next_cursor.is_none());
/// assert_eq!(serde_json::to_string(&p).unwrap(), r#"{"responses":[],"next_cursor":null}"#);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T: Listed> {
    /// At most as many as asked for.
    pub items: Vec<T>,
    /// Pass as `cursor` to get the next page.
    pub next_cursor: Option<T::Cursor>,
}

impl<T: Listed> Page<T> {
    /// The page of up to `limit` of these, of which one more was read than fits when there are more.
    #[must_use]
    pub fn of(mut items: Vec<T>, limit: usize, cursor_of: impl FnOnce(&T) -> T::Cursor) -> Self {
        let more = items.len() > limit;
        items.truncate(limit);
        let next_cursor = items.last().filter(|_| more).map(cursor_of);
        Self { items, next_cursor }
    }
}

impl<T: Listed> Serialize for Page<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry(T::MEMBER, &self.items)?;
        map.serialize_entry("next_cursor", &self.next_cursor)?;
        map.end()
    }
}

impl<'de, T: Listed> Deserialize<'de> for Page<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (items, next_cursor) = deserializer.deserialize_map(Members::<T>(PhantomData))?;
        Ok(Self { items, next_cursor })
    }
}

/// A whole list: `{"keys": [...]}`.
///
/// ```
/// let all: heard_wire::List<heard_wire::Message> = serde_json::from_str(r#"{"messages":[]}"#).unwrap();
/// assert!(all.items.is_empty());
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct List<T: Listed<Cursor = NoCursor>> {
    /// All of them.
    pub items: Vec<T>,
}

impl<T: Listed<Cursor = NoCursor>> Serialize for List<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry(T::MEMBER, &self.items)?;
        map.end()
    }
}

impl<'de, T: Listed<Cursor = NoCursor>> Deserialize<'de> for List<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (items, _) = deserializer.deserialize_map(Members::<T>(PhantomData))?;
        Ok(Self { items })
    }
}

struct Members<T>(PhantomData<T>);

impl<'de, T: Listed> Visitor<'de> for Members<T> {
    type Value = (Vec<T>, Option<T::Cursor>);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object with a list of {}", T::MEMBER)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut items, mut next_cursor) = (None, None);
        while let Some(member) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match member.as_ref() {
                member if member == T::MEMBER => items = Some(map.next_value()?),
                "next_cursor" => next_cursor = map.next_value()?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        let items = items.ok_or_else(|| serde::de::Error::missing_field(T::MEMBER))?;
        Ok((items, next_cursor))
    }
}

#[cfg(feature = "schema")]
impl<T: Listed + schemars::JsonSchema> schemars::JsonSchema for Page<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::PAGE.into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let items = generator.subschema_for::<T>();
        schemars::json_schema!({
            "type": "object",
            "description": "A page of a list.",
            "properties": {
                T::MEMBER: { "type": "array", "items": items, "description": "At most `limit`." },
                "next_cursor": {
                    "type": ["string", "null"],
                    "description": "Pass as `cursor` to get the next page; `null` on the last.",
                },
            },
            "required": [T::MEMBER],
        })
    }
}

#[cfg(feature = "schema")]
impl<T: Listed<Cursor = NoCursor> + schemars::JsonSchema> schemars::JsonSchema for List<T> {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        T::PAGE.into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let items = generator.subschema_for::<T>();
        schemars::json_schema!({
            "type": "object",
            "description": "A whole list.",
            "properties": { T::MEMBER: { "type": "array", "items": items } },
            "required": [T::MEMBER],
        })
    }
}
