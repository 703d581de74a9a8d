//! Hands mails over to Cloudflare's Email Service, where the Worker has a `send_email` binding for it.

use crate::credential::variable;
use heard_site::webhooks::{Mail, mail_error};
use js_sys::{JsString, Object, Reflect};
use wasm_bindgen::{JsCast as _, JsValue};
use worker::Env;
use worker::email::{EmailAddress, SendEmail, SendEmailBuilder};

/// As `wrangler.toml` names it.
const BINDING: &str = "EMAIL";

/// Who mails come from: an address, or `Corner Shop <hello@shop.example>`.
const FROM: &str = "HEARD_EMAIL_FROM";

/// What sends mails.
pub(crate) struct Mailer {
    binding: SendEmail,
    from: EmailAddress,
}

/// How handing over a mail went wrong.
pub(crate) struct NotSent {
    /// The status that a server would answer with.
    pub(crate) status: u16,
    /// Why, in words that hold no address.
    pub(crate) error: String,
    /// Whether it is about whom the mail was for.
    pub(crate) is_of_recipient: bool,
}

impl Mailer {
    /// The one that the Worker was given, if it was.
    pub(crate) fn of(env: &Env) -> Option<Self> {
        let binding = Reflect::get(env, &BINDING.into()).ok().filter(JsValue::is_object)?;
        let from = variable(env, FROM)?;
        let from = from.trim();
        let (name, address) = from.strip_suffix('>').and_then(|from| from.rsplit_once('<')).unwrap_or(("Heard", from));
        let name = name.trim().trim_matches('"');
        address
            .contains('@')
            .then(|| Self { binding: binding.unchecked_into(), from: EmailAddress::new(name, address.trim()) })
    }

    /// Sends a mail, and gives what it is known by there.
    pub(crate) async fn send(&self, mail: &Mail) -> Result<String, NotSent> {
        let named = mail.from_name.as_ref().map(|name| EmailAddress::new(name, &self.from.email()));
        let from = named.as_ref().unwrap_or(&self.from);
        let whole = SendEmailBuilder::builder_with_email_address_and_str(from, &mail.to, &mail.subject).build();
        whole.set_text(&mail.text);
        if let Some(address) = &mail.reply_to {
            whole.set_reply_to(address);
        }
        if let Some(url) = &mail.unsubscribe {
            let headers = Object::new();
            for (name, value) in [
                ("List-Unsubscribe", format!("<{url}>")),
                ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
            ] {
                // A fresh object takes any member.
                let _ = Reflect::set(&headers, &name.into(), &value.into());
            }
            whole.set_headers(headers.unchecked_ref::<Object<JsString>>());
        }
        let sent = self.binding.send_with_builder(&whole).await;
        sent.map(|sent| sent.message_id()).map_err(|error| {
            let code = Reflect::get(&error, &"code".into()).ok().and_then(|code| code.as_string()).unwrap_or_default();
            let known = mail_error(&code);
            // What the error says beside its code may hold the address.
            let error = if code.is_empty() { known.words.to_owned() } else { format!("{} ({code})", known.words) };
            NotSent { status: known.status, error, is_of_recipient: known.is_of_recipient }
        })
    }
}

/// What an owner is told who wants mails where none can be sent.
pub(crate) const NO_MAILER: &str = "must be a URL here: this Worker has no send_email binding EMAIL with HEARD_EMAIL_FROM; \
     see “Mail” in Running Heard";
