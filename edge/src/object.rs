//! The Durable Object of one site: its SQLite, its chores and nothing else. `shim.js` owns its alarm.

use crate::attempt::Means;
use crate::dispatch::{self, Share};
use crate::mail::Mailer;
use crate::reanalysis;
use crate::rehearsal::BEGINNING;
use crate::runtime::{moment_as_number, moment_from_number, now, random};
use crate::sql::ObjectSql;
use futures_channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use heard_site::{Context, Mind, Tables, Work, schedule};
use heard_wire::Timestamp;
use js_sys::Array;
use std::cell::{Cell, RefCell};
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsError, JsValue};
use worker::{DurableObject, Env, Request, Response, State, durable_object};

/// One site.
#[durable_object]
pub struct Site {
    sql: ObjectSql,
    mind: Mind,
    upgraded: Result<(), String>,
    means: Means,
    delivering: Cell<bool>,
    share: Share,
    wake: UnboundedSender<()>,
    woken: RefCell<UnboundedReceiver<()>>,
}

impl DurableObject for Site {
    fn new(state: State, env: Env) -> Self {
        let sql = ObjectSql(state.storage().sql());
        let (tables, upgraded) = match heard_site::upgrade(&sql) {
            Ok(tables) => (tables, Ok(())),
            Err(error) => (Tables::Missing, Err(format!("upgrading the site's tables: {error}"))),
        };
        if tables == Tables::Newer {
            worker::console_error!("a later release has written here; this one reads and refuses to write");
        }
        let (wake, woken) = unbounded();
        let means = Means { development: crate::credential::in_development(&env), mailer: Mailer::of(&env) };
        Self {
            sql,
            mind: Mind::new(tables),
            upgraded,
            means,
            delivering: Cell::new(false),
            share: Share::default(),
            wake,
            woken: RefCell::new(woken),
        }
    }

    async fn fetch(&self, _request: Request) -> worker::Result<Response> {
        Response::error("A site is called, not fetched.", 404)
    }
}

#[wasm_bindgen]
impl Site {
    /// Whether the object can be used; the constructor has no way to say so.
    ///
    /// # Errors
    /// When its tables could not be brought up to date, so that the transaction it was made in is undone.
    pub fn ready(&self) -> Result<(), JsError> {
        self.upgraded.clone().map_err(|error| JsError::new(&error))
    }

    /// Carries out one [`heard_site::Call`] given as JSON, and gives `[outcome as JSON, when to wake in ms or undefined,
    /// whether the site is no more]`.
    ///
    /// The caller runs it in a synchronous transaction, which is undone when this throws, and sets the alarm, which now
    /// rings at `rings`: in milliseconds since 1970, infinity for never.
    ///
    /// # Errors
    /// When the call cannot be read or SQLite refuses.
    pub fn call(&self, call: &str, rings: f64) -> Result<Array, JsError> {
        let now = now();
        let mut random = random;
        let context = Context { now, random: &mut random };
        let answered = heard_site::answer(&self.sql, context, &self.mind, call)?;
        let mut wake = JsValue::UNDEFINED;
        if answered.wakes && self.delivering.get() && !self.is_spent() {
            // The alarm is awake, and can send more; a closed channel would mean that it is gone with the object.
            let _ = self.wake.unbounded_send(());
        } else if answered.wakes {
            let next = schedule::next_wake_before(&self.sql, now, moment_from_number(rings));
            wake = next.map_or(wake, |at| moment_as_number(at).into());
        }
        Ok(Array::of3(&JsValue::from_str(&answered.outcome), &wake, &answered.is_gone.into()))
    }

    /// Carries out a call on the stage, before there is a clock or a die, and gives the outcome as JSON.
    ///
    /// # Errors
    /// When the call cannot be read.
    pub fn rehearse(&self, call: &str) -> Result<String, JsError> {
        let mut random = || [0; 16];
        let context = Context { now: BEGINNING, random: &mut random };
        let answered = heard_site::answer(&self.sql, context, &self.mind, call)?;
        let _wake = schedule::next_wake_before(&self.sql, BEGINNING, Timestamp::from_millis(i64::MAX));
        Ok(answered.outcome)
    }

    /// When the alarm must next ring, in milliseconds since 1970; `undefined` for never.
    #[must_use]
    pub fn next_wake(&self) -> Option<f64> {
        let wake = match self.tables() {
            Tables::Missing => None,
            Tables::Current => schedule::next_wake(&self.sql, now()),
            // A later release may be back by then, and its alarm must not be lost meanwhile.
            Tables::Newer => Some(now() + LOOK_AGAIN),
        };
        wake.map(moment_as_number)
    }

    /// The names of the chores that are due.
    #[must_use]
    pub fn due(&self) -> Vec<String> {
        if self.tables() != Tables::Current {
            return Vec::new();
        }
        schedule::due(&self.sql, now()).map(|chore| chore.name.to_owned()).collect()
    }

    /// Whether a slice of this chore is to be undone when it fails.
    #[must_use]
    pub fn is_whole(&self, name: &str) -> bool {
        schedule::named(name).is_some_and(|chore| matches!(chore.work, Work::Here(_)))
    }

    /// Does a slice of a chore that needs no network.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn carry_out(&self, name: &str) -> Result<(), JsError> {
        let mut random = random;
        let context = Context { now: now(), random: &mut random };
        let Some(mut site) = heard_site::Site::open(&self.sql, context)? else { return Ok(()) };
        match schedule::named(name).map(|chore| &chore.work) {
            Some(Work::Here(work)) => work(&mut site)?,
            // Of what only the shell can do, deliveries have a call of their own.
            Some(Work::InShell) => reanalysis::slice(&self.sql, &site)?,
            None => {}
        }
        Ok(())
    }

    /// Sends what is due, until there is nothing more or the alarm has had its share.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub async fn deliver(&self) -> Result<(), JsError> {
        self.delivering.set(true);
        let delivered = dispatch::deliver(&self.sql, &self.woken, &self.share, &self.means).await;
        self.delivering.set(false);
        Ok(delivered?)
    }

    /// Gives the deliveries that are under way another alarm's share.
    pub fn deliver_more(&self) {
        self.share.another.set(true);
        // A closed channel would mean that they are gone with the object.
        let _ = self.wake.unbounded_send(());
    }

    /// Whether the alarm's share of deliveries is used up, while some are still under way.
    #[must_use]
    pub fn is_spent(&self) -> bool {
        self.share.spent.get() && !self.share.another.get()
    }

    /// Forgets that a chore failed before.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn went_well(&self, name: &str) -> Result<(), JsError> {
        Ok(heard_site::went_well(&self.sql, name)?)
    }

    /// Lets a chore that failed wait.
    ///
    /// # Errors
    /// When SQLite refuses.
    pub fn failed(&self, name: &str) -> Result<(), JsError> {
        heard_site::failed(&self.sql, now(), name)?;
        Ok(())
    }

    /// What the tables are now: a call may have made them.
    fn tables(&self) -> Tables {
        if self.mind.tables.get() == Tables::Missing {
            self.mind.tables.set(heard_site::upgrade(&self.sql).unwrap_or(Tables::Missing));
        }
        self.mind.tables.get()
    }
}

/// On tables of a later release.
const LOOK_AGAIN: Duration = Duration::from_secs(60);
