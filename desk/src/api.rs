//! The API, as any client calls it. The cookie goes along by itself.

use crate::browser::window;
use crate::texts::{t, tf};
use heard_wire::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{RequestInit, Response};

/// Why something did not happen, in words for who sits at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trouble {
    /// The status of the answer; 0 where none came.
    pub(crate) status: u16,
    /// What to show.
    pub(crate) text: String,
    /// Whether one could sign in by Cloudflare Access.
    pub(crate) offers_access: bool,
}

impl Trouble {
    /// Of which no more is known.
    fn of(status: u16, text: String) -> Self {
        Self { status, text, offers_access: false }
    }

    /// Whether the session is over.
    pub(crate) fn is_signed_out(&self) -> bool {
        self.status == 401
    }
}

/// A request that is made as told.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    method: &'static str,
    path: String,
    body: Option<String>,
    content_type: &'static str,
    headers: Vec<(&'static str, String)>,
    keepalive: bool,
}

/// Reads.
pub(crate) fn get(path: impl Into<String>) -> Ask {
    Ask { method: "GET", path: path.into(), body: None, content_type: "", headers: Vec::new(), keepalive: false }
}

/// Sends JSON. What adds something is done once, however often it is sent.
pub(crate) fn send(method: &'static str, path: impl Into<String>, body: &impl Serialize) -> Ask {
    let body = serde_json::to_string(body).ok();
    let headers = if method == "POST" { vec![("idempotency-key", once())] } else { Vec::new() };
    Ask { method, path: path.into(), body, content_type: "application/json", headers, keepalive: false }
}

/// Removes.
pub(crate) fn delete(path: impl Into<String>) -> Ask {
    Ask { method: "DELETE", ..get(path) }
}

/// Something that no other request has.
pub(crate) fn once() -> String {
    let part = || js_sys::Math::random().to_bits();
    format!("desk-{:x}{:x}", part(), part())
}

impl Ask {
    /// Only where nobody has changed it since.
    pub(crate) fn if_match(mut self, revision: i64) -> Self {
        self.headers.push(("if-match", format!("\"{revision}\"")));
        self
    }

    /// Only where there is none yet.
    pub(crate) fn if_none_match(mut self) -> Self {
        self.headers.push(("if-none-match", "*".to_owned()));
        self
    }

    /// Without an `Idempotency-Key`, for what takes none.
    pub(crate) fn plainly(mut self) -> Self {
        self.headers.clear();
        self
    }

    /// As it stands, of another type than JSON.
    pub(crate) fn with_text(mut self, text: String, content_type: &'static str) -> Self {
        (self.body, self.content_type) = (Some(text), content_type);
        self
    }

    /// Goes on when the page is gone.
    pub(crate) fn lasting(mut self) -> Self {
        self.keepalive = true;
        self
    }

    /// Asks, and reads what comes back.
    pub(crate) async fn read<T: DeserializeOwned>(self) -> Result<T, Trouble> {
        let text = self.text().await?;
        let text = if text.is_empty() { "null" } else { &text };
        // By way of a value: one reader of values for all types is smaller than a reader of text for each.
        let value = serde_json::from_str::<Value>(text);
        value.and_then(T::deserialize).map_err(|_| Trouble::of(0, t("trouble.unreadable")))
    }

    /// Asks, where what comes back does not matter.
    pub(crate) async fn done(self) -> Result<(), Trouble> {
        self.text().await.map(drop)
    }

    /// Asks, and gives what comes back as it is.
    pub(crate) async fn text(self) -> Result<String, Trouble> {
        let gone = |_| Trouble::of(0, t("trouble.offline"));
        let answer = self.answer().await.map_err(gone)?;
        let text = JsFuture::from(answer.text().map_err(gone)?).await.map_err(gone)?;
        let text = text.as_string().unwrap_or_default();
        if answer.ok() {
            return Ok(text);
        }
        let ways = answer.headers().get("www-authenticate").ok().flatten().unwrap_or_default();
        Err(Trouble { offers_access: ways.contains("CloudflareAccess"), ..trouble(answer.status(), &text) })
    }

    async fn answer(&self) -> Result<Response, JsValue> {
        let init = RequestInit::new();
        init.set_method(self.method);
        let headers = web_sys::Headers::new()?;
        for (name, value) in &self.headers {
            headers.set(name, value)?;
        }
        if let Some(body) = &self.body {
            headers.set("content-type", self.content_type)?;
            init.set_body(&JsValue::from(body.as_str()));
        }
        init.set_headers(&headers);
        js_sys::Reflect::set(&init, &"keepalive".into(), &self.keepalive.into())?;
        let window = window().ok_or(JsValue::NULL)?;
        JsFuture::from(window.fetch_with_str_and_init(&self.path, &init)).await?.dyn_into()
    }
}

fn trouble(status: u16, text: &str) -> Trouble {
    let problem: Option<Problem> = serde_json::from_str(text).ok();
    let detail = problem.map(in_words_of_forms).unwrap_or_default();
    let text = match status {
        401 => t("trouble.signed_out"),
        403 => t("trouble.not_allowed"),
        412 => t("trouble.faster"),
        429 => tf("trouble.slow_down", &[("detail", &detail)]),
        500.. => tf("trouble.server", &[("detail", &detail)]),
        _ if detail.is_empty() => t("trouble.unreadable"),
        _ => detail,
    };
    Trouble::of(status, text)
}

/// Every fault of a form, by the name that the form has for it.
fn in_words_of_forms(problem: Problem) -> String {
    if problem.errors.is_empty() {
        return problem.detail;
    }
    let told = problem.errors.iter().map(|fault| {
        let parts: Vec<&str> = fault.pointer.split('/').skip(1).collect();
        let part = |place: usize| parts.get(place).copied().unwrap_or_default();
        let field = part(0);
        // Of a list, which row.
        let row = parts.iter().find_map(|part| part.parse::<usize>().ok());
        let row = row.map_or_else(String::new, |row| format!(" {}", row + 1));
        let named = match field {
            "ask" => match (part(1), part(2)) {
                ("triggers", _) => "targeting.moments".to_owned(),
                ("targeting", "respect_privacy_signals") => "targeting.respect".to_owned(),
                ("targeting", inner) if !inner.is_empty() => format!("targeting.{inner}"),
                ("daily_cap", _) => "targeting.cap".to_owned(),
                ("quota", "days") => "targeting.quota_days".to_owned(),
                ("quota", _) => "targeting.quota".to_owned(),
                ("" | "targeting", _) => "settings.asking".to_owned(),
                (rule, _) => format!("ask.{rule}"),
            },
            "look" if !part(1).is_empty() => format!("look.{}", part(1)),
            "copy" => "words.title".to_owned(),
            "review" => "review.title".to_owned(),
            "name" | "origins" | "language" | "time_zone" | "themes" | "voice" | "promise" | "contact" => {
                format!("settings.{field}")
            }
            "business_hours" if part(1) == "days" => format!("day.{}", part(2)),
            "business_hours" => "settings.hours".to_owned(),
            "cases" => {
                let of_rule = match (part(3), part(4), part(5)) {
                    ("name", ..) => "rules.name",
                    ("when", "score_at_most", _) => "rules.most",
                    ("sla", "first_response", _) => "rules.hours",
                    ("sla", "next_response", _) => "rules.next_hours",
                    ("assign", ..) => "case.assigned",
                    _ => "",
                };
                if !of_rule.is_empty() {
                    return format!("{}{row}, {}: {}", t("settings.rules"), t(of_rule), fault.detail);
                }
                "settings.rules".to_owned()
            }
            "minutes" => "action.minutes".to_owned(),
            "limits" => "settings.asking".to_owned(),
            "keep_days" => "data.days".to_owned(),
            "questions" if matches!(part(2), "id" | "kind" | "text" | "bands" | "theme") => {
                format!("questions.{}", part(2))
            }
            "questions" if part(2) == "options" => "questions.options_of".to_owned(),
            "experiment" if matches!(part(1), "name" | "share_percent" | "delay_seconds") => {
                format!("experiment.{}", part(1).trim_end_matches("_percent").trim_end_matches("_seconds"))
            }
            "questions" | "experiment" => format!("settings.{field}"),
            "audience" => "improve.about".to_owned(),
            "text" => "announce.text".to_owned(),
            "title" => "improve.title".to_owned(),
            "what_we_did" => "improve.did".to_owned(),
            "url" => "endpoints.url".to_owned(),
            "email" | "role" => format!("people.{field}"),
            _ => return format!("{} {}", fault.pointer.trim_start_matches('/'), fault.detail),
        };
        format!("{}{row}: {}", t(&named), fault.detail)
    });
    told.collect::<Vec<_>>().join(". ")
}

/// A part of an address or a query, with everything in it that means something there written out.
pub(crate) fn part(text: &str) -> String {
    String::from(js_sys::encode_uri_component(text))
}
