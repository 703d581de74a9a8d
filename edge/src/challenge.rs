//! Cloudflare Turnstile, where the owner has set it up: whether a person's browser solved a challenge.

use crate::credential::in_development;
use serde::Deserialize;
use worker::{Env, Fetch, Headers, Method, Request, RequestInit};

/// Name of the secret that Turnstile gave the owner.
const SECRET: &str = "HEARD_TURNSTILE_SECRET";
/// Where else to ask, on a developer's own machine.
const ELSEWHERE: &str = "HEARD_TURNSTILE_URL";
const SITEVERIFY: &str = "https://challenges.cloudflare.com/turnstile/v0/siteverify";

#[derive(Deserialize)]
struct Verdict {
    success: bool,
}

/// Whether the challenge was solved. Where nobody can tell, as without a secret or an answer, it is taken as solved: an outage
/// there must cost no customer's answer.
pub(crate) async fn is_solved(env: &Env, token: Option<&str>, address: Option<&str>) -> bool {
    let Ok(secret) = env.secret(SECRET) else {
        worker::console_error!("a site asks for Turnstile, and the secret {SECRET} is not set");
        return true;
    };
    let Some(token) = token else { return false };
    match verdict(env, &secret.to_string(), token, address).await {
        Ok(Verdict { success }) => success,
        Err(error) => {
            worker::console_error!("asking Turnstile: {error}");
            true
        }
    }
}

async fn verdict(env: &Env, secret: &str, token: &str, address: Option<&str>) -> worker::Result<Verdict> {
    let elsewhere = env.var(ELSEWHERE).ok().filter(|_| in_development(env)).map(|url| url.to_string());
    let question = serde_json::json!({ "secret": secret, "response": token, "remoteip": address });
    let headers = Headers::new();
    headers.set("content-type", "application/json")?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_headers(headers).with_body(Some(question.to_string().into()));
    let request = Request::new_with_init(elsewhere.as_deref().unwrap_or(SITEVERIFY), &init)?;
    Fetch::Request(request).send().await?.json().await
}
