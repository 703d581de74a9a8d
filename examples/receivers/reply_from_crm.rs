//! Writes back to unhappy customers by answering the webhook. The endpoint needs `"may_reply": true`.
//!
//!     PORT=9000 WEBHOOK_SECRET=whsec_... cargo run -p heard-tests --example reply_from_crm

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::{Json, Router, extract::State, routing::post};
use serde_json::{Value, json};
use standardwebhooks::Webhook;
use std::env;
use std::sync::Arc;

async fn receive(State(webhook): State<Arc<Webhook>>, headers: HeaderMap, body: Bytes) -> (StatusCode, Json<Value>) {
    // The signature is over the bytes as they came: verify first, read then.
    if webhook.verify(&body, &headers).is_err() {
        return (StatusCode::UNAUTHORIZED, Json(json!({ "error": "the signature does not fit" })));
    }
    let event: Value = serde_json::from_slice(&body).unwrap_or_default();
    let response = &event["data"]["response"];
    if event["type"] != "response.completed" || response["band"] != "detractor" {
        return (StatusCode::OK, Json(json!({})));
    }
    let text = format!(
        "Thank you. Your case {} is with Maria, who calls you today.",
        response["reference"].as_str().unwrap_or("-")
    );
    (StatusCode::OK, Json(json!({ "reply": { "text": text } })))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let webhook = Arc::new(Webhook::new(&env::var("WEBHOOK_SECRET")?)?);
    let address = format!("127.0.0.1:{}", env::var("PORT")?);
    let listener = tokio::net::TcpListener::bind(&address).await?;
    println!("listening at http://{address}/");
    axum::serve(listener, Router::new().route("/", post(receive)).with_state(webhook)).await?;
    Ok(())
}
