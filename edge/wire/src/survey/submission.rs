use crate::asking::Variant;
use crate::conversations::ThreadKey;
use crate::fields::Fields;
use crate::id::{ResponseId, VisitorId};
use crate::language::LanguageTag;
use crate::page_url::PageUrl;
use crate::problem::{Code, Problem};
use crate::survey::answers::Answers;
use crate::survey::ask::Ask;
use crate::survey::contact::Contact;
use crate::survey::score::Score;
use crate::survey::token::{BrowserSecret, SurveyToken, VisitorProof};
use crate::text::{InvalidText, check};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

/// Longest comment, in characters as the customer counts them: extended grapheme clusters (Unicode UAX #29).
pub const MAX_COMMENT_CHARACTERS: usize = 5_000;

/// Longest comment in bytes of UTF-8: 5,000 characters of any script, but not of emoji that are 41 bytes each.
pub const MAX_COMMENT_BYTES: usize = 20_000;

/// Highest revision: nobody corrects an answer more often.
pub const MAX_REVISION: u32 = 1_000;

/// Largest body read: sixty themes with all their phrases.
pub const MAX_BODY_BYTES: usize = 256 * 1024;

/// The body of `POST /v1/sites/{site}/responses`: an upsert, in which the highest revision wins.
///
/// `comment` is absent until the customer presses Send, and then present, if need be empty.
///
/// ```
/// let body = br#"{"id":"0190a5c4-7a1c-7def-8123-456789abcdef","revision":2,"score":3,
///   "comment":"Cold soup.","page":"https://shop.example/","lang":"en"}"#;
/// let s = heard_wire::Submission::from_json(body).unwrap();
/// assert_eq!(s.comment.as_deref(), Some("Cold soup."));
/// let p = heard_wire::Submission::from_json(br#"{"score":11,"colour":"red"}"#).unwrap_err();
/// assert!(p.errors.iter().any(|e| e.pointer == "/colour"));
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// Made by the widget, once per answer.
    pub id: ResponseId,
    /// 1 to 1,000.
    pub revision: u32,
    /// 0 to 10.
    pub score: Score,
    /// The verbatim; present means sent. Control characters are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// What the customer answers to the one question that the reply asked, and what the next reply is about. It comes with the
    /// `comment` of before and is put below it; one to `contact` becomes the `contact`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub follow_up: Option<FollowUp>,
    /// Where the customer wants to be reached: an email address or a phone number, at most 200 bytes. One that was told before
    /// is kept when a later revision tells none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contact: Option<Contact>,
    /// Answers to the owner's own questions. Those that were told before are kept when a later revision tells none. What the
    /// site does not ask is left out, unless it comes with a key: then it is refused.
    #[serde(default, skip_serializing_if = "Answers::is_empty")]
    pub answers: Answers,
    /// What the visitor got of an experiment that the site runs, as `short:b`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variant: Option<Variant>,
    /// Absolute URL, at most 2,048 bytes.
    pub page: PageUrl,
    /// BCP 47, at most 35 bytes.
    pub lang: LanguageTag,
    /// The owner's own id for the visitor, at most 200 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<VisitorId>,
    /// Random, of 16 to 64 visible ASCII characters, the same in all revisions: without it only a holder of a key changes the
    /// answer later.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secret: Option<BrowserSecret>,
    /// The `token` of the survey that the page was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<SurveyToken>,
    /// A solved challenge of Cloudflare Turnstile, at most 2,048 bytes, where the site asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// That the visitor is who they say: HMAC-SHA256 of `visitor` by the site's visitor key, made by the owner's server, in
    /// hexadecimal digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor_proof: Option<VisitorProof>,
    /// The answer before this one, of the same browser: its id, a full stop, and its secret. Both are the same customer's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub earlier: Option<ThreadKey>,
    /// The customer's time zone, by its name in the IANA database, at most 64 bytes: for calls in their daytime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// Sent to try the survey out: kept apart, and nobody is told.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub test: bool,
    /// Whether a program drives the browser, as browsers tell in `navigator.webdriver`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub automated: bool,
}

/// What a customer answers to the question of a reply.
///
/// ```
/// let more: heard_wire::FollowUp = serde_json::from_str(r#"{"ask":"what_would_help","text":"A bench by the door."}"#).unwrap();
/// assert_eq!(more.ask, heard_wire::Ask::WhatWouldHelp);
/// ```
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FollowUp {
    /// What was asked.
    pub ask: Ask,
    /// The answer, together with the comment as long as a comment may be.
    pub text: String,
}

impl Submission {
    /// Reads and checks a body.
    ///
    /// # Errors
    /// A problem that names every field at fault.
    pub fn from_json(body: &[u8]) -> Result<Self, Problem> {
        let mut fields = Fields::read(body)?;
        let id = fields.required_checked("id");
        let revision = read_revision(&mut fields);
        let score = read_score(&mut fields);
        let comment = read_comment(&mut fields);
        let follow_up: Option<FollowUp> = fields
            .optional_object("follow_up")
            .map(|follow_up: FollowUp| FollowUp { text: cleaned(follow_up.text), ..follow_up });
        if follow_up.as_ref().is_some_and(|more| is_too_long(&joined(comment.as_deref(), &more.text))) {
            fields.fault(
                Code::CommentTooLong,
                "follow_up",
                "must have, with the comment, at most 5,000 characters and 20,000 bytes",
            );
        }
        if follow_up.is_some() && comment.is_none() {
            fields.invalid("follow_up", "must come with the comment that it is put below");
        }
        let mut contact = fields.optional_checked("contact");
        if let Some(more) = follow_up.as_ref().filter(|more| more.ask == Ask::Contact) {
            contact = more.text.parse().map_err(|InvalidText(must_be)| fields.invalid("follow_up", must_be)).ok();
        }
        let answers: Answers = fields.optional_object("answers").unwrap_or_default();
        if let Some(fault) = answers.fault() {
            fields.invalid_within("answers", &fault);
        }
        let variant = fields.optional_checked("variant");
        let (page, lang) = (fields.required_checked("page"), fields.required_checked("lang"));
        let visitor = fields.optional_text("visitor", usize::MAX).filter(|visitor| !visitor.trim().is_empty());
        let visitor = visitor.and_then(|visitor| fields.checked("visitor", &visitor));
        let (secret, token) = (fields.optional_checked("secret"), fields.optional_checked("token"));
        let challenge = fields.optional_text("challenge", 2_048);
        // What is no proof vouches for nobody, and costs no answer.
        let visitor_proof = fields.optional_text("visitor_proof", usize::MAX);
        let visitor_proof = visitor_proof.and_then(|proof| VisitorProof::read(&proof).ok());
        let earlier = fields.optional_text("earlier", usize::MAX).and_then(|earlier| earlier.parse().ok());
        let time_zone = fields.optional_text("time_zone", 64);
        if time_zone.as_ref().is_some_and(|zone| !zone.bytes().all(|byte| byte.is_ascii_graphic())) {
            fields.invalid("time_zone", "must be the name of a time zone such as Europe/Berlin");
        }
        let test = fields.optional("test").unwrap_or_default();
        let automated = fields.optional("automated").unwrap_or_default();
        fields.finish(|| {
            let (id, revision, score, page, lang) = (id?, revision?, score?, page?, lang?);
            Some(Self {
                id,
                revision,
                score,
                comment,
                follow_up,
                contact,
                answers,
                variant,
                page,
                lang,
                visitor,
                secret,
                token,
                challenge,
                visitor_proof,
                earlier,
                time_zone,
                test,
                automated,
            })
        })
    }

    /// Puts what was answered to the reply's question below the comment, and gives it.
    ///
    /// ```
    /// let body = br#"{"id":"0190a5c4-7a1c-7def-8123-456789abcdef","revision":3,"score":3,"comment":"Cold soup.",
    ///   "follow_up":{"ask":"what_would_help","text":"Warm plates."},"page":"https://shop.example/","lang":"en"}"#;
    /// let mut s = heard_wire::Submission::from_json(body).unwrap();
    /// assert_eq!(s.join_follow_up().unwrap().text, "Warm plates.");
    /// assert_eq!(s.comment.as_deref(), Some("Cold soup.\n\nWarm plates."));
    /// ```
    pub fn join_follow_up(&mut self) -> Option<FollowUp> {
        let more = self.follow_up.take().filter(|more| !more.text.is_empty())?;
        if more.ask == Ask::Contact {
            return Some(more);
        }
        self.comment = Some(joined(self.comment.as_deref(), &more.text));
        Some(more)
    }
}

const TOO_LONG: &str = "must be at most 5,000 characters and 20,000 bytes";

fn joined(comment: Option<&str>, more: &str) -> String {
    match comment.filter(|comment| !comment.is_empty()) {
        Some(comment) => format!("{comment}\n\n{more}"),
        None => more.to_owned(),
    }
}

/// A comment as it is stored, by whatever way it comes in.
///
/// # Errors
/// When it is too long.
pub fn checked_comment(comment: String) -> Result<String, InvalidText> {
    check(!is_too_long(&comment), TOO_LONG)?;
    Ok(cleaned(comment))
}

/// Without control characters, which nobody types and some programs choke on; nothing but blanks is nothing. The rest stays
/// as it was written.
fn cleaned(comment: String) -> String {
    if comment.trim().is_empty() {
        return String::new();
    }
    let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    if comment.contains(is_odd) { comment.replace("\r\n", "\n").replace(is_odd, "") } else { comment }
}

fn read_revision(fields: &mut Fields) -> Option<u32> {
    let value = fields.required("revision")?;
    let number = fields.whole_number("revision", &value)?;
    let revision = u32::try_from(number).ok().filter(|revision| (1..=MAX_REVISION).contains(revision));
    if revision.is_none() {
        fields.invalid("revision", &format!("must be from 1 to {MAX_REVISION}"));
    }
    revision
}

/// The comment, if there is one, fit to be kept.
pub(super) fn read_comment(fields: &mut Fields) -> Option<String> {
    let checked = checked_comment(fields.optional_text("comment", MAX_BODY_BYTES)?);
    checked.map_err(|InvalidText(must_be)| fields.fault(Code::CommentTooLong, "comment", must_be)).ok()
}

/// The score, which must be there.
pub(super) fn read_score(fields: &mut Fields) -> Option<Score> {
    let value = fields.required("score")?;
    let number = fields.whole_number("score", &value)?;
    let score = u8::try_from(number).ok().and_then(Score::new);
    if score.is_none() {
        fields.fault(Code::ScoreOutOfRange, "score", "must be a whole number from 0 to 10");
    }
    score
}

fn is_too_long(comment: &str) -> bool {
    // A grapheme has at least one byte, so most comments need no counting.
    comment.len() > MAX_COMMENT_BYTES
        || comment.len() > MAX_COMMENT_CHARACTERS && comment.graphemes(true).nth(MAX_COMMENT_CHARACTERS).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"{"id":"0190a5c4-7a1c-7def-8123-456789abcdef","revision":1,"score":10,"page":"https://a.example/","lang":"en"}"#;

    fn with(field: &str, value: &str) -> Result<Submission, Problem> {
        let mut body: serde_json::Value = serde_json::from_str(GOOD).unwrap();
        body[field] = serde_json::from_str(value).unwrap();
        Submission::from_json(body.to_string().as_bytes())
    }

    #[test]
    fn every_bad_field_is_named_with_its_code() {
        for (field, value, code) in [
            ("id", "\"x\"", "invalid_field"),
            ("id", "7", "invalid_field"),
            ("id", "null", "missing_field"),
            ("revision", "0", "invalid_field"),
            ("revision", "-1", "invalid_field"),
            ("revision", "4294967296", "invalid_field"),
            ("revision", "1001", "invalid_field"),
            ("score", "11", "score_out_of_range"),
            ("score", "-1", "score_out_of_range"),
            ("score", "300", "score_out_of_range"),
            ("score", "7.5", "invalid_field"),
            ("score", "\"7\"", "invalid_field"),
            ("score", "-0", "invalid_field"),
            ("score", "-0.0", "invalid_field"),
            ("comment", "[]", "invalid_field"),
            ("page", "\"not a url\"", "invalid_field"),
            ("page", "\"/path\"", "invalid_field"),
            ("page", "\"javascript:alert(1)\"", "invalid_field"),
            ("lang", "\"e\"", "invalid_field"),
            ("lang", "\"en GB\"", "invalid_field"),
            ("visitor", "{}", "invalid_field"),
            ("visitor", "\"a\\nb\"", "invalid_field"),
            ("secret", "\"short\"", "invalid_field"),
            ("token", "\"\"", "invalid_field"),
            ("test", "1", "invalid_field"),
            ("colour", "1", "unknown_field"),
        ] {
            let problem = with(field, value).unwrap_err();
            assert_eq!(problem.code.as_str(), code, "{field}: {value}");
            assert_eq!(problem.errors[0].pointer, format!("/{field}"));
        }
        assert!(Submission::from_json(GOOD.as_bytes()).is_ok());
    }

    #[test]
    fn numbers_at_fault_are_told_in_words_that_fit() {
        for (value, told) in [
            ("99999999999999999999", "not one that large"),
            ("7.5", "not a number with a fraction"),
            ("\"7\"", "not a string"),
        ] {
            let problem = with("score", value).unwrap_err();
            assert!(problem.detail.contains(told), "{value}: {}", problem.detail);
        }
        assert!(Submission::from_json(b"1").unwrap_err().detail.contains("not a number."));
    }

    #[test]
    fn control_characters_stop_at_the_door_and_blanks_are_no_comment() {
        let comment = |text: &str| with("comment", &serde_json::to_string(text).unwrap()).unwrap().comment.unwrap();
        assert_eq!(comment("cold\u{0} so\u{8}up,\r\n\u{b}twice\t!\u{7f}\u{85}"), "cold soup,\ntwice\t!");
        assert_eq!(comment(" cold soup\n"), " cold soup\n", "the rest stays as it was written");
        for blank in ["", "  ", "\n\t", "\u{a0}\u{3000}"] {
            assert_eq!(comment(blank), "");
        }
        assert_eq!(with("visitor", "\"\"").unwrap().visitor, None);
        assert_eq!(with("lang", "\"de_DE\"").unwrap().lang.as_str(), "de-DE");
    }

    #[test]
    fn comments_are_counted_as_the_customer_counts_them() {
        let family = "👨🏽‍👩🏽‍👧🏽‍👦🏽";
        let times = |count| serde_json::to_string(&family.repeat(count)).unwrap();
        assert!(with("comment", &times(MAX_COMMENT_BYTES / family.len())).is_ok());
        let over = with("comment", &times(MAX_COMMENT_BYTES / family.len() + 1));
        assert_eq!(over.unwrap_err().code, Code::CommentTooLong, "a bound in bytes, so that no stranger fills a site");
        assert!(with("comment", &serde_json::to_string(&"測".repeat(5_000)).unwrap()).is_ok());
        assert!(with("comment", &serde_json::to_string(&"é".repeat(5_000)).unwrap()).is_ok());
        assert!(with("comment", &serde_json::to_string(&"é".repeat(5_001)).unwrap()).is_err());
    }

    #[test]
    fn what_is_not_an_object_of_text_is_refused() {
        for (body, code) in [
            (&b"{"[..], Code::MalformedJson),
            (b"", Code::MalformedJson),
            (b"[]", Code::InvalidField),
            (b"null", Code::InvalidField),
            (b"{\"comment\":\"\xff\"}", Code::InvalidUtf8),
        ] {
            assert_eq!(Submission::from_json(body).unwrap_err().code, code);
        }
        let deep = "[".repeat(100_000);
        assert_eq!(Submission::from_json(deep.as_bytes()).unwrap_err().code, Code::MalformedJson);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_give_a_submission_or_a_problem(body in proptest::collection::vec(0_u8.., 0..300)) {
            drop(Submission::from_json(&body));
        }
    }
}
