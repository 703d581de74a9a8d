use serde::{Deserialize, Serialize};

/// A problem document (RFC 9457), answered as `application/problem+json`.
///
/// ```
/// use heard_wire::{Code, Problem};
/// let p = Problem::new(Code::UnknownSite, "There is no site “shop” here.");
/// let json = serde_json::to_value(&p).unwrap();
/// assert_eq!(json["code"], "unknown_site");
/// assert_eq!(json["status"], 404);
/// assert_eq!(json["type"], "/docs/problems#unknown_site");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where the code is documented, relative to the Worker.
    #[serde(rename = "type")]
    pub problem_type: String,
    /// The code in words; the same for every problem with this code.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time and what to do. Never a secret, never a customer's words.
    pub detail: String,
    /// Stable, for programs.
    pub code: Code,
    /// Each field at fault.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub errors: Box<[FieldError]>,
    /// The methods that are allowed, with `method_not_allowed`.
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    pub allow: Box<[String]>,
    /// Told as headers: how much there may be, with `too_many_requests`.
    #[serde(skip)]
    pub rate: Option<Box<Rate>>,
}

/// How much there may be from one address in an hour, and how much is left.
///
/// ```
/// let rate = heard_wire::Rate { limit: 60, remaining: 12, resets_in: 1_800 };
/// assert_eq!(rate.headers()[1], ("ratelimit", "\"hour\";r=12;t=1800".to_owned()));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// Requests in an hour.
    pub limit: u32,
    /// Of which so many are left.
    pub remaining: u32,
    /// Seconds until the hour is over.
    pub resets_in: u32,
}

impl Rate {
    /// As headers tell it (draft-ietf-httpapi-ratelimit-headers-10).
    #[must_use]
    pub fn headers(&self) -> [(&'static str, String); 2] {
        let Self { limit, remaining, resets_in } = self;
        [
            ("ratelimit-policy", format!("\"hour\";q={limit};w=3600")),
            ("ratelimit", format!("\"hour\";r={remaining};t={resets_in}")),
        ]
    }
}

/// One field at fault.
///
/// ```
/// let e: heard_wire::FieldError = serde_json::from_str(r#"{"pointer":"/score","detail":"must be a whole number from 0 to 10"}"#).unwrap();
/// assert_eq!(e.pointer, "/score");
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// A JSON pointer (RFC 6901) into the body.
    pub pointer: String,
    /// What it must be.
    pub detail: String,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $name:literal, $status:literal, $title:literal;)*) => {
        /// The stable, machine-readable names of all problems.
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum Code {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl Code {
            /// Every code, for the documentation.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name as it stands in JSON.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// The HTTP status it is answered with.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)* }
            }

            /// The code in words.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

codes! {
    /// No such conversation, or not its secret.
    UnknownThread = "unknown_thread", 401, "There is no such conversation for this secret";
    /// The body is not JSON.
    MalformedJson = "malformed_json", 400, "The body is not valid JSON";
    /// The body is not UTF-8.
    InvalidUtf8 = "invalid_utf8", 400, "The body is not valid UTF-8";
    /// A query parameter is not what it must be.
    InvalidParameter = "invalid_parameter", 400, "A query parameter is not valid";
    /// A field is not known here.
    UnknownField = "unknown_field", 422, "The body has a field that is not known here";
    /// A field is missing.
    MissingField = "missing_field", 422, "The body lacks a field";
    /// A field has another type or form than it must have.
    InvalidField = "invalid_field", 422, "A field is not of the form it must have";
    /// The score is not 0 to 10.
    ScoreOutOfRange = "score_out_of_range", 422, "The score is not from 0 to 10";
    /// The comment is too long.
    CommentTooLong = "comment_too_long", 422, "The comment is longer than 5,000 characters or 20,000 bytes";
    /// No key was sent.
    MissingKey = "missing_key", 401, "This needs a key";
    /// The key is not the right one.
    InvalidKey = "invalid_key", 401, "The key is not valid";
    /// A page of another origin sent a desk's cookie.
    CrossSite = "cross_site", 403, "The desk's cookie is for pages of the desk alone";
    /// The key is valid, and not for this.
    InsufficientScope = "insufficient_scope", 403, "This key does not allow this";
    /// The answer belongs to a browser that kept a secret, and this is not it.
    WrongSecret = "wrong_secret", 403, "This answer was begun elsewhere";
    /// More requests than there may be.
    TooManyRequests = "too_many_requests", 429, "That was too much for now";
    /// The answer was erased, and does not come back.
    Erased = "erased", 410, "This was erased";
    /// The page's origin is not on the site's list.
    OriginNotAllowed = "origin_not_allowed", 403, "This origin is not on the site's list";
    /// There is no such site.
    UnknownSite = "unknown_site", 404, "There is no such site";
    /// There is nothing at this address.
    NotFound = "not_found", 404, "There is nothing at this address";
    /// The method does not fit the address.
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here";
    /// The settings have another revision than the `If-Match` header names.
    PreconditionFailed = "precondition_failed", 412, "It has changed meanwhile";
    /// What is stored is in the way.
    Conflict = "conflict", 409, "This does not fit what is stored";
    /// The Idempotency-Key came before with another request.
    IdempotencyKeyReused = "idempotency_key_reused", 422, "This Idempotency-Key belongs to another request";
    /// The owner has archived the site.
    SiteArchived = "site_archived", 410, "This site asks nobody any more";
    /// The body is too large.
    BodyTooLarge = "body_too_large", 413, "The body is too large";
    /// The body's type is not one we read.
    UnsupportedMediaType = "unsupported_media_type", 415, "The content type is not one this reads";
    /// The runtime that this Worker runs on cannot do this.
    NotSupported = "not_supported", 501, "This runtime cannot do that";
    /// Something failed on our side.
    Internal = "internal", 500, "Something failed on our side";
    /// A later release has written here, and this one only reads.
    NewerSchema = "newer_schema", 503, "A newer release has written here";
    /// The site is being brought to a new release.
    Updating = "updating", 503, "The site is being updated";
    /// The Worker runs without an owner key.
    NotConfigured = "not_configured", 503, "This Worker has no owner key yet";
}

impl Problem {
    /// A problem with one field, named by a JSON pointer.
    #[must_use]
    pub fn of_field(pointer: &str, detail: &str) -> Self {
        let errors = Box::new([FieldError { pointer: pointer.to_owned(), detail: detail.to_owned() }]);
        Self { errors, ..Self::new(Code::InvalidField, format!("{pointer} {detail}.")) }
    }

    /// A problem with this code.
    #[must_use]
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            problem_type: format!("/docs/problems#{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            errors: Box::default(),
            allow: Box::default(),
            rate: None,
        }
    }
}
