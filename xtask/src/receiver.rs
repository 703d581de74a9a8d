//! A webhook receiver that verifies every delivery with the official `standardwebhooks` library.

use anyhow::{Context as _, Result};
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use standardwebhooks::Webhook;
use std::sync::{Arc, OnceLock};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// One delivery, as it came in.
#[derive(Debug, Clone)]
pub struct Received {
    /// The `webhook-id`.
    pub id: String,
    /// Whether the signature is the secret's over these very bytes.
    pub verified: bool,
    /// The body.
    pub body: Value,
}

/// A receiver listening on loopback.
#[derive(Debug)]
pub struct Receiver {
    /// Where to send to.
    pub url: String,
    /// What came in.
    pub received: UnboundedReceiver<Received>,
    secret: Arc<OnceLock<String>>,
}

#[derive(Clone)]
struct Shared {
    secret: Arc<OnceLock<String>>,
    received: UnboundedSender<Received>,
}

impl Receiver {
    /// Listens on a free port until the runtime ends. Deliveries that come before [`Receiver::trust`] are unverified.
    ///
    /// # Errors
    /// When no port can be listened on.
    pub async fn start() -> Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.context("listening for webhooks")?;
        let url = format!("http://{}/webhooks", listener.local_addr()?);
        let (sender, received) = unbounded_channel();
        let secret = Arc::new(OnceLock::new());
        let shared = Shared { secret: Arc::clone(&secret), received: sender };
        let app = axum::Router::new().route("/webhooks", post(receive)).with_state(shared);
        tokio::spawn(async move { axum::serve(listener, app).await });
        Ok(Self { url, received, secret })
    }

    /// Verifies from now on with this secret.
    pub fn trust(&self, secret: &str) {
        // Set once a receiver; a second endpoint needs a second receiver.
        let _ = self.secret.set(secret.to_owned());
    }
}

async fn receive(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let webhook = shared.secret.get().and_then(|secret| Webhook::new(secret).ok());
    let verified = webhook.is_some_and(|webhook| webhook.verify(&body, &headers).is_ok());
    let id = headers.get("webhook-id").and_then(|id| id.to_str().ok()).unwrap_or_default().to_owned();
    let body = serde_json::from_slice(&body).unwrap_or(Value::Null);
    let taken = shared.received.send(Received { id, verified, body }).is_ok();
    if taken && verified { StatusCode::NO_CONTENT } else { StatusCode::UNAUTHORIZED }
}
