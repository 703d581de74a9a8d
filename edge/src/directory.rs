//! The Durable Object that knows which sites there are.

use crate::http::internal;
use crate::namespace;
use crate::runtime::{logged, now};
use crate::sql::ObjectSql;
use heard_site::sites::{
    DirectoryCommand, PasskeyCommand, PasskeysFound, SessionCommand, SessionsFound, directory, passkeys, sessions,
};
use heard_wire::{Code, Page, Problem, SiteSummary};
use js_sys::Array;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsError, JsValue};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

/// The directory of a Worker.
#[durable_object]
pub struct Directory {
    sql: ObjectSql,
}

impl DurableObject for Directory {
    fn new(state: State, _env: Env) -> Self {
        Self { sql: ObjectSql(state.storage().sql()) }
    }

    async fn fetch(&self, _request: Request) -> worker::Result<Response> {
        Response::error("The directory is called, not fetched.", 404)
    }
}

#[wasm_bindgen]
impl Directory {
    /// Carries out one [`DirectoryCommand`] given as JSON, and gives `[page as JSON]`.
    ///
    /// # Errors
    /// When the command cannot be read or SQLite refuses.
    pub fn call(&self, command: &str) -> Result<Array, JsError> {
        let page = directory(&self.sql, now(), serde_json::from_str(command)?)?;
        Ok(Array::of1(&JsValue::from_str(&serde_json::to_string(&page)?)))
    }

    /// Carries out one [`SessionCommand`] given as JSON, and gives [`SessionsFound`] as JSON.
    ///
    /// # Errors
    /// When the command cannot be read or SQLite refuses.
    pub fn sessions(&self, command: &str) -> Result<String, JsError> {
        Ok(serde_json::to_string(&sessions(&self.sql, now(), serde_json::from_str(command)?)?)?)
    }

    /// Carries out one [`PasskeyCommand`] given as JSON, and gives [`PasskeysFound`] as JSON.
    ///
    /// # Errors
    /// When the command cannot be read or SQLite refuses.
    pub fn passkeys(&self, command: &str) -> Result<String, JsError> {
        Ok(serde_json::to_string(&passkeys(&self.sql, now(), serde_json::from_str(command)?)?)?)
    }
}

#[wasm_bindgen]
extern "C" {
    /// The object's side of the call, in another isolate.
    type DirectoryStub;

    #[wasm_bindgen(method, catch)]
    async fn call(this: &DirectoryStub, command: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn sessions(this: &DirectoryStub, command: &str) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(method, catch)]
    async fn passkeys(this: &DirectoryStub, command: &str) -> Result<JsValue, JsValue>;
}

/// Sends a command to the directory.
pub(crate) async fn call(env: &Env, command: &DirectoryCommand) -> Result<Page<SiteSummary>, Problem> {
    call_in(env, namespace::jurisdiction(env).as_deref(), command).await
}

/// Asks the directory about sessions.
pub(crate) async fn ask_sessions(env: &Env, command: &SessionCommand) -> Result<SessionsFound, Problem> {
    let act = "look a session up";
    let command = serde_json::to_string(command).map_err(|_| internal(act))?;
    told(act, stub(env, act)?.sessions(&command).await)
}

/// Asks the directory about passkeys.
pub(crate) async fn ask_passkeys(env: &Env, command: &PasskeyCommand) -> Result<PasskeysFound, Problem> {
    let act = "look a passkey up";
    let command = serde_json::to_string(command).map_err(|_| internal(act))?;
    told(act, stub(env, act)?.passkeys(&command).await)
}

fn stub(env: &Env, act: &str) -> Result<DirectoryStub, Problem> {
    let stub = namespace::object(env, "DIRECTORY", "directory").map_err(|error| logged(act, &error))?;
    Ok(stub.unchecked_into())
}

/// What the directory answered, as JSON.
fn told<T: DeserializeOwned>(act: &str, answer: Result<JsValue, JsValue>) -> Result<T, Problem> {
    let answer = answer.map_err(|error| logged(act, &format!("{error:?}")))?;
    let answer = answer.as_string().ok_or_else(|| internal(act))?;
    serde_json::from_str(&answer).map_err(|error| logged(act, &error.to_string()))
}

/// Refuses to begin where the same Worker has sites in another jurisdiction: they would seem to be gone.
pub(crate) async fn check_jurisdiction(env: &Env) -> Result<(), Problem> {
    let chosen = namespace::jurisdiction(env);
    let first = DirectoryCommand::List { after: None, limit: 1 };
    if !call(env, &first).await?.items.is_empty() {
        return Ok(());
    }
    for other in namespace::JURISDICTIONS.into_iter().filter(|other| *other != chosen.as_deref()) {
        // Runtimes that know of no jurisdictions have no sites in them, and one out of reach is no reason to wait.
        let is_reachable = namespace::object_in(env, other, "DIRECTORY", "directory").is_ok();
        if is_reachable && call_in(env, other, &first).await.is_ok_and(|page| !page.items.is_empty()) {
            let detail = match other {
                Some(other) => format!("This Worker has sites where HEARD_JURISDICTION is \"{other}\", and they stay there: set it again."),
                None => "This Worker has sites that lie in no jurisdiction, and they stay there: take HEARD_JURISDICTION away.".to_owned(),
            };
            return Err(Problem::new(Code::Conflict, detail));
        }
    }
    Ok(())
}

async fn call_in(
    env: &Env,
    jurisdiction: Option<&str>,
    command: &DirectoryCommand,
) -> Result<Page<SiteSummary>, Problem> {
    let act = "reach the directory of sites";
    let command = serde_json::to_string(command).map_err(|_| internal(act))?;
    let stub =
        namespace::object_in(env, jurisdiction, "DIRECTORY", "directory").map_err(|error| logged(act, &error))?;
    let stub: DirectoryStub = stub.unchecked_into();
    told(act, stub.call(&command).await)
}
