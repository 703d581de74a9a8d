//! One request to one endpoint, per Standard Webhooks.

use crate::mail::Mailer;
use crate::runtime::now;
use futures_util::StreamExt as _;
use futures_util::future::{Either, select};
use heard_site::webhooks::{
    AttemptOutcome, Delivery, KEPT_ANSWER_BYTES, Signer, body_of, edge_error, mail_of, refusal, retry_after,
};
use heard_wire::{BodyFormat, MAX_MESSAGE_CHARACTERS};
use std::cell::RefCell;
use std::pin::pin;
use std::time::Duration;
use worker::{
    AbortController, AbortSignal, Delay, Fetch, Headers, Method, Request, RequestInit, RequestRedirect,
    SecureTransport, Socket,
};

/// How long an endpoint may take to answer (Standard Webhooks: 15 to 30 s).
pub(crate) const TIMEOUT: Duration = Duration::from_secs(15);

/// Bytes of an answer that are read: a reply is the longest thing an endpoint has to say.
const READ_BYTES: usize = 4 * MAX_MESSAGE_CHARACTERS + KEPT_ANSWER_BYTES;

/// What deliveries are sent by and with.
pub(crate) struct Means {
    /// Whether they may go to http and to this machine.
    pub(crate) development: bool,
    /// What sends mails, where the Worker has it.
    pub(crate) mailer: Option<Mailer>,
}

/// Sends one delivery and tells how it went. Never fails: what goes wrong is told in words.
pub(crate) async fn attempt(delivery: &Delivery, means: &Means) -> AttemptOutcome {
    let at = now();
    // Filled in as the answer comes, so that a body that dribbles past the timeout does not hide its status.
    let seen = RefCell::new(AttemptOutcome { at, ..AttemptOutcome::default() });
    if delivery.settings.format == BodyFormat::Email {
        let sent = pin!(mail(delivery, means.mailer.as_ref(), &seen));
        if let Either::Right(_) = select(sent, Delay::from(TIMEOUT)).await {
            seen.borrow_mut().error = Some(timeout());
        }
    } else {
        exchange_in_time(delivery, means.development, &seen).await;
    }
    AttemptOutcome { took: now().since(at), ..seen.into_inner() }
}

fn timeout() -> String {
    format!("timeout after {} s", TIMEOUT.as_secs())
}

/// Hands the mail over.
async fn mail(delivery: &Delivery, mailer: Option<&Mailer>, seen: &RefCell<AttemptOutcome>) {
    let mailer = mailer.ok_or("this Worker has no send_email binding EMAIL with HEARD_EMAIL_FROM");
    let sent = match mailer.and_then(|mailer| Ok((mailer, mail_of(delivery)?))) {
        Err(why) => {
            seen.borrow_mut().error = Some(why.to_owned());
            return;
        }
        Ok((mailer, mail)) => (mailer.send(&mail).await, mail.unsubscribe.is_some()),
    };
    let mut seen = seen.borrow_mut();
    match sent {
        (Ok(id), _) => (seen.status, seen.answer) = (Some(202), Some(id)),
        (Err(not_sent), is_for_customer) => {
            (seen.status, seen.error) = (Some(not_sent.status), Some(not_sent.error));
            // A customer's address that takes no mail is not the endpoint's fault; the team's own is.
            seen.is_given_up = is_for_customer && not_sent.is_of_recipient;
        }
    }
}

async fn exchange_in_time(delivery: &Delivery, development: bool, seen: &RefCell<AttemptOutcome>) {
    match request(delivery, development) {
        Err(error) => seen.borrow_mut().error = Some(error),
        Ok(request) => {
            // Dropped with this future where it is broken off; what the endpoint would still send is not waited for.
            let abort = Abort(AbortController::default());
            let exchange = pin!(exchange(&delivery.settings.url, request, abort.0.signal(), development, seen));
            if let Either::Right(_) = select(exchange, Delay::from(TIMEOUT)).await {
                let mut seen = seen.borrow_mut();
                if seen.status.is_none() {
                    seen.error = Some(timeout());
                }
            }
        }
    }
}

/// Ends a request when it goes.
struct Abort(AbortController);

impl Drop for Abort {
    fn drop(&mut self) {
        std::mem::take(&mut self.0).abort();
    }
}

async fn exchange(url: &str, request: Request, signal: AbortSignal, development: bool, seen: &RefCell<AttemptOutcome>) {
    let mut answer = match Fetch::Request(request).send_with_signal(&signal).await {
        Ok(answer) => answer,
        Err(error) => {
            let error = why(url, &error.to_string(), development).await;
            seen.borrow_mut().error = Some(error);
            return;
        }
    };
    let status = answer.status_code();
    let header = |name: &str| answer.headers().get(name).ok().flatten();
    let server = header("server").unwrap_or_default();
    {
        let mut seen = seen.borrow_mut();
        seen.status = Some(status);
        seen.retry_after = header("retry-after").and_then(|header| retry_after(&header, now()));
    }
    if let Ok(mut stream) = answer.stream() {
        let mut read: Vec<u8> = Vec::new();
        while let Some(Ok(chunk)) = stream.next().await {
            read.extend(chunk.iter().take(READ_BYTES - read.len()));
            seen.borrow_mut().answer = Some(String::from_utf8_lossy(&read).into_owned());
            if read.len() >= READ_BYTES {
                break;
            }
        }
    }
    let mut seen = seen.borrow_mut();
    let told = edge_error(status, &server, seen.answer.as_deref().unwrap_or_default());
    seen.error = told.map(str::to_owned);
}

/// Why there was no answer, in words. The runtime says little about it, so on a developer's own machine the connection is tried
/// once more by hand. Elsewhere that could lie: Cloudflare lets no Worker connect to its own addresses.
async fn why(url: &str, error: &str, development: bool) -> String {
    let known: &[(&[&str], &str)] = &[
        (&["DNS", "resolve", "getaddrinfo"], "the host name does not resolve"),
        (&["restrictPeers", "not allowed", "private"], "the address is not public"),
    ];
    if let Some((_, words)) = known.iter().find(|(marks, _)| marks.iter().any(|mark| error.contains(mark))) {
        return (*words).to_owned();
    }
    let parsed = worker::Url::parse(url).ok();
    let place = parsed.as_ref().and_then(|url| Some((url.host_str()?, url.port_or_known_default()?)));
    let Some((host, port)) = place else { return "the connection failed".to_owned() };
    if !development {
        return format!(
            "no connection to {host}:{port}: the name does not resolve, is not public, or nothing answers there"
        );
    }
    if !opens(host, port, SecureTransport::Off).await {
        let is_name = host.parse::<std::net::IpAddr>().is_err() && host != "localhost";
        let or = if is_name { ", or the name does not resolve" } else { "" };
        return format!("connection refused: nothing accepts connections at {host}:{port}{or}");
    }
    if url.starts_with("https://") && !opens(host, port, SecureTransport::On).await {
        return "TLS handshake failed: the certificate is not valid for this host, or it speaks no TLS".to_owned();
    }
    "the connection was closed without an answer".to_owned()
}

/// Whether a connection can be made, within a few seconds.
async fn opens(host: &str, port: u16, transport: SecureTransport) -> bool {
    let Ok(socket) = Socket::builder().secure_transport(transport).connect(host, port) else { return false };
    let opened = matches!(select(pin!(socket.opened()), Delay::from(PROBE_TIMEOUT)).await, Either::Left((Ok(_), _)));
    // Nothing is said on it, and a socket that cannot be closed is closed already.
    let mut socket = socket;
    let _ = socket.close().await;
    opened
}

const PROBE_TIMEOUT: Duration = Duration::from_secs(3);

/// A request signed for this very moment, with the secret and, for a day after a rotation, the one before.
fn request(delivery: &Delivery, development: bool) -> Result<Request, String> {
    // Looked at again here: the endpoint may stem from a time when the Worker was a developer's.
    if let Some(refusal) = refusal(&delivery.settings.url, development) {
        return Err(refusal.to_owned());
    }
    let body = body_of(delivery);
    let seconds = now().as_seconds();
    let mut signatures = Vec::with_capacity(delivery.secrets.len());
    for secret in &delivery.secrets {
        let signer = Signer::read(secret).ok_or("the stored secret does not read back")?;
        signatures.push(signer.sign(delivery.event.as_str(), seconds, &body));
    }
    let headers = Headers::new();
    let own = [
        ("content-type", "application/json"),
        ("user-agent", concat!("Heard/", env!("CARGO_PKG_VERSION"))),
        ("webhook-id", delivery.event.as_str()),
        ("webhook-timestamp", &seconds.to_string()),
        ("webhook-signature", &signatures.join(" ")),
    ];
    let theirs = delivery.settings.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in theirs.chain(own) {
        headers.set(name, value).map_err(|_| format!("the header {name} cannot be sent"))?;
    }
    let mut init = RequestInit::new();
    init.with_method(Method::Post)
        .with_headers(headers)
        .with_redirect(RequestRedirect::Manual)
        .with_body(Some(body.as_str().into()));
    Request::new_with_init(&delivery.settings.url, &init).map_err(|_| "the URL cannot be sent to".to_owned())
}
