//! The Durable Object of one site: its SQLite, its alarm and nothing else.

use crate::outbox;
use crate::relisten::relisten;
use crate::sql::ObjectSql;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures_util::future::join;
use heard_site::{Command, Moment, Reply};
use heard_wire::Timestamp;
use js_sys::{Array, Uint8Array};
use std::cell::{Cell, RefCell};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsError, JsValue};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

/// One site.
#[durable_object(alarm)]
pub struct Site {
    state: State,
    sql: ObjectSql,
    upgraded: Result<(), String>,
    development: bool,
    sending: Cell<bool>,
    wake: UnboundedSender<()>,
    woken: RefCell<UnboundedReceiver<()>>,
}

impl DurableObject for Site {
    fn new(state: State, env: Env) -> Self {
        let sql = ObjectSql(state.storage().sql());
        let upgraded = heard_site::upgrade(&sql).map_err(|error| format!("upgrading the site's tables: {error}"));
        let (wake, woken) = unbounded();
        let development = crate::keys::in_development(&env);
        Self { state, sql, upgraded, development, sending: Cell::new(false), wake, woken: RefCell::new(woken) }
    }

    async fn fetch(&self, _request: Request) -> worker::Result<Response> {
        Response::error("A site is called, not fetched.", 404)
    }

    async fn alarm(&self) -> worker::Result<Response> {
        self.sending.set(true);
        let (sent, heard) = join(outbox::drain(&self.sql, &self.woken, self.development), relisten(&self.sql)).await;
        self.sending.set(false);
        // No await from the last look at the tables to here, so a submission either was seen or sets its own alarm.
        let soon = now().plus_millis(AFTER_TROUBLE_MILLIS);
        let wake = match sent.and_then(|sent| {
            let forgotten = heard_site::forget_old(&self.sql, now())?;
            Ok((sent, heard?, forgotten, heard_site::next_wake(&self.sql)?))
        }) {
            // Overdue and nothing to be done about it: a row that does not read back. Not at once again.
            Ok((0, 0, 0, wake)) => wake.map(|wake| if wake <= now() { soon } else { wake }),
            Ok((_, _, _, wake)) => wake,
            Err(error) => {
                // Thrown, it would be retried a few times and then forgotten, and a quiet site would never send again.
                worker::console_error!("the alarm: {error}");
                Some(soon)
            }
        };
        if let Some(wake) = wake {
            // The runtime takes no alarm at 0, and what is overdue is due now.
            self.state.storage().set_alarm(scheduled(wake.max(now()))).await?;
        }
        Response::empty()
    }
}

const AFTER_TROUBLE_MILLIS: i64 = 60_000;

#[wasm_bindgen]
impl Site {
    /// Whether the object can be used; the constructor has no way to say so.
    ///
    /// # Errors
    /// When its tables could not be brought up to date, so that the transaction it was made in is undone.
    pub fn ready(&self) -> Result<(), JsError> {
        self.upgraded.clone().map_err(|error| JsError::new(&error))
    }

    /// Carries out one [`Command`] given as JSON, and gives `[reply as JSON, when to wake in ms or undefined]`.
    ///
    /// The caller runs it in a synchronous transaction, which is undone when this throws, and sets the alarm.
    ///
    /// # Errors
    /// When the command cannot be read or SQLite refuses.
    pub fn call(&self, command: &str) -> Result<Array, JsError> {
        let command: Command = serde_json::from_str(command)?;
        // After these there is nothing new to send.
        let quiet = matches!(
            command,
            Command::Settings
                | Command::CheckKey { .. }
                | Command::ListResponses { .. }
                | Command::Metrics { .. }
                | Command::Shown { .. }
        );
        let mut random = random;
        let mut moment = Moment { now: now(), random: &mut random };
        let reply = heard_site::apply(&self.sql, &mut moment, command)?;
        let mut wake = JsValue::UNDEFINED;
        if !quiet && !matches!(reply, Reply::UnknownSite) {
            if self.sending.get() {
                // The alarm is awake; a closed channel would mean it is gone with the object.
                let _ = self.wake.unbounded_send(());
            } else if let Some(at) = heard_site::next_wake(&self.sql)? {
                wake = JsValue::from_f64(millis(at.max(moment.now)));
            }
        }
        Ok(Array::of2(&JsValue::from_str(&serde_json::to_string(&reply)?), &wake))
    }
}

/// The moment, in whole milliseconds. Workers stop the clock while code runs, so it is read once an event.
pub(crate) fn now() -> Timestamp {
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds since 1970 fit")]
    Timestamp::from_millis(js_sys::Date::now() as i64)
}

/// Sixteen fresh random bytes from the runtime.
pub(crate) fn random() -> [u8; 16] {
    let array = Uint8Array::new_with_length(16);
    let mut bytes = [0; 16];
    let scope: web_sys::WorkerGlobalScope = js_sys::global().unchecked_into();
    match scope.crypto().and_then(|crypto| crypto.get_random_values_with_array_buffer_view(&array)) {
        Ok(_) => array.copy_to(&mut bytes),
        // Every runtime we run on has it. Ids would collide and be refused by their UNIQUE columns.
        Err(_) => worker::console_error!("drawing random bytes failed"),
    }
    bytes
}

fn millis(at: Timestamp) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "milliseconds since 1970 fit")]
    let millis = at.as_millis() as f64;
    millis
}

fn scheduled(at: Timestamp) -> worker::ScheduledTime {
    worker::ScheduledTime::new(js_sys::Date::new(&JsValue::from_f64(millis(at))))
}
