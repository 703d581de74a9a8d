//! A site on a real SQLite, with the clock and the dice in the test's hands.

pub mod customers;

use heard_site::conversations::{ListMessages, ReadNews};
use heard_site::sites::WriteSite;
use heard_site::survey::{Submit, Submitted};
use heard_site::webhooks::{
    AddEndpoint, AttemptOutcome, ChangeEndpoint, Delivery, ReadEndpoint, ReplayEvents, due, record_attempt,
};
use heard_site::{
    ByName, Call, Cell, Chore, Context, Credential, Effect, Known, Mind, Outcome, Refusal, Row, Site, SiteError, Sql,
    SqlError, Tables, Work, answer, schedule,
};
use heard_wire::{
    Acknowledgement, Analysis, Endpoint, EndpointPatch, EndpointSettings, MailboxId, Message, Queued, Replay,
    ResponseId, SiteConfig, SiteId, SiteSettings, StoredResponse, Submission, Timestamp,
};
use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::{Connection, ToSql};

pub struct Native(pub Connection);

struct Param(Cell);

impl ToSql for Param {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Owned(match &self.0 {
            Cell::Null => Value::Null,
            Cell::Integer(value) => Value::Integer(*value),
            Cell::Text(value) => Value::Text(value.clone()),
        }))
    }
}

impl Sql for Native {
    fn run(&self, statement: &str, params: Vec<Cell>) -> Result<Vec<Row>, SqlError> {
        let said = |error: rusqlite::Error| SqlError(error.to_string());
        let mut statement = self.0.prepare(statement).map_err(said)?;
        let columns = statement.column_count();
        let mut rows = statement.query(rusqlite::params_from_iter(params.into_iter().map(Param))).map_err(said)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next().map_err(said)? {
            let cell = |at| match row.get_ref(at) {
                Ok(ValueRef::Integer(value)) => Cell::Integer(value),
                Ok(ValueRef::Text(text)) => Cell::Text(String::from_utf8_lossy(text).into_owned()),
                _ => Cell::Null,
            };
            found.push((0..columns).map(cell).collect());
        }
        Ok(found)
    }
}

/// A site under test: its tables, the time, and a counter for dice.
pub struct Bench {
    pub sql: Native,
    pub mind: Mind,
    pub now: Timestamp,
    pub drawn: u128,
}

impl Bench {
    /// With a site in it.
    pub fn new() -> Self {
        let mut bench = Self::on(Connection::open_in_memory().unwrap());
        bench.configure(r#"{"name":"Corner Shop"}"#);
        bench
    }

    /// On tables as they are.
    pub fn on(connection: Connection) -> Self {
        Self {
            sql: Native(connection),
            mind: Mind::new(Tables::Missing),
            now: Timestamp::from_millis(1_800_000_000_000),
            drawn: 0,
        }
    }

    /// Calls by the way that production takes: as JSON, by the owner.
    pub fn call<O: Known>(&mut self, operation: O) -> Result<O::Reply, Refusal> {
        self.call_as(Credential::Owner, operation)
    }

    pub fn call_as<O: Known>(&mut self, credential: Credential, operation: O) -> Result<O::Reply, Refusal> {
        let call = Call { operation: ByName(operation), credential, idempotency_key: None };
        let before = self.sql.0.total_changes();
        let told = self.told(&serde_json::to_string(&call).unwrap());
        let wrote = self.sql.0.total_changes() != before;
        assert!(
            O::EFFECT != Effect::Reads || !wrote || matches!(call.credential, Credential::Key { .. }),
            "{}",
            O::NAME
        );
        match serde_json::from_str(&told).unwrap() {
            Outcome::Done(reply) => Ok(reply),
            Outcome::Refused(refusal) => Err(refusal),
        }
    }

    /// What is answered to a call as it travels.
    pub fn told(&mut self, call: &str) -> String {
        let (now, drawn) = (self.now, &mut self.drawn);
        let mut random = || {
            *drawn += 1;
            (*drawn | *drawn << 80).to_be_bytes()
        };
        answer(&self.sql, Context { now, random: &mut random }, &self.mind, call).unwrap().outcome
    }

    /// Opens the site for an act of the shell.
    pub fn with<T>(&mut self, act: impl FnOnce(&mut Site<'_>) -> Result<T, SiteError>) -> T {
        let (now, drawn) = (self.now, &mut self.drawn);
        let mut random = || {
            *drawn += 1;
            (*drawn | *drawn << 80).to_be_bytes()
        };
        let site = Site::open(&self.sql, Context { now, random: &mut random }).unwrap();
        act(&mut site.unwrap()).unwrap()
    }

    /// Does a slice of every chore that is due and needs no shell; gives their names.
    pub fn ring(&mut self) -> Vec<&'static str> {
        let due: Vec<&Chore> = schedule::due(&self.sql, self.now).collect();
        for chore in &due {
            if let Work::Here(work) = chore.work {
                self.with(work);
            }
        }
        due.iter().map(|chore| chore.name).collect()
    }

    pub fn next_wake(&self) -> Option<Timestamp> {
        schedule::next_wake(&self.sql, self.now)
    }

    pub fn configure(&mut self, settings: &str) -> SiteConfig {
        let settings = SiteSettings::from_json(settings.as_bytes()).unwrap();
        self.call(WriteSite { site: site(), settings, if_match: None, if_none_match: None }).unwrap()
    }

    pub fn add_endpoint(&mut self) -> Endpoint {
        self.add(r#"{"url":"https://crm.example/"}"#)
    }

    pub fn add(&mut self, settings: &str) -> Endpoint {
        let settings = EndpointSettings::from_json(settings.as_bytes()).unwrap();
        self.call(AddEndpoint { settings }).unwrap().endpoint
    }

    pub fn submit(&mut self, id: &ResponseId, revision: u32, score: u8, comment: Option<&str>) -> StoredResponse {
        let revised = self.sql.0.query_row("SELECT revision FROM site", [], |row| row.get(0)).unwrap();
        let submit = submission(id, revision, score, comment, None);
        match self.call(Submit { settings_revision: revised, ..submit }).unwrap() {
            Submitted::Stored(accepted) => accepted.stored,
            other => panic!("{other:?}"),
        }
    }

    pub fn events(&self) -> Vec<String> {
        let rows = self.sql.run("SELECT type FROM events ORDER BY sequence", Vec::new()).unwrap();
        rows.into_iter().map(|row| if let Cell::Text(text) = &row[0] { text.clone() } else { String::new() }).collect()
    }

    pub fn pass(&mut self, millis: i64) {
        self.now = self.now.plus_millis(millis);
    }
}

pub fn submission(id: &ResponseId, revision: u32, score: u8, comment: Option<&str>, heard: Option<Analysis>) -> Submit {
    let mut body = serde_json::json!({ "id": id, "revision": revision, "score": score,
        "page": "https://a.example/", "lang": "en" });
    if let Some(comment) = comment {
        body["comment"] = comment.into();
    }
    let text = format!("{score} {}", comment.unwrap_or_default());
    Submit {
        is_follow_up: false,
        wants_answer: true,
        submission: Submission::from_json(body.to_string().as_bytes()).unwrap(),
        heard,
        acknowledgement: Acknowledgement { text, ..Acknowledgement::silent(id) },
        settings_revision: 1,
        sender: None,
    }
}

pub fn answered(status: u16) -> AttemptOutcome {
    AttemptOutcome { status: Some(status), ..AttemptOutcome::default() }
}

pub fn site() -> SiteId {
    "demo".parse().unwrap()
}

pub fn id(count: u32) -> ResponseId {
    format!("0190a5c4-7a1c-7def-8123-{count:012x}").parse().unwrap()
}

impl Bench {
    pub fn endpoint(&mut self, endpoint: &Endpoint) -> Endpoint {
        self.call(ReadEndpoint { id: endpoint.id.clone() }).unwrap()
    }

    pub fn change(&mut self, endpoint: &Endpoint, patch: &str) -> Endpoint {
        let patch = EndpointPatch::from_json(patch.as_bytes()).unwrap();
        self.call(ChangeEndpoint { id: endpoint.id.clone(), patch }).unwrap()
    }

    pub fn replay(&mut self, endpoint: &Endpoint, replay: Replay) -> Result<Queued, Refusal> {
        self.call(ReplayEvents { id: endpoint.id.clone(), replay })
    }

    pub fn due(&self, limit: usize) -> Vec<Delivery> {
        due(&self.sql, self.now, limit).unwrap()
    }

    /// Lets every due delivery end like this; how many there were.
    pub fn deliver(&mut self, outcome: &AttemptOutcome) -> usize {
        let found = self.due(100);
        for delivery in &found {
            let outcome = AttemptOutcome { at: self.now, ..outcome.clone() };
            self.with(|site| record_attempt(site, delivery, &outcome));
        }
        found.len()
    }

    pub fn news(&mut self, mailbox: &MailboxId) -> u32 {
        self.call_as(Credential::Nobody, ReadNews { mailbox: mailbox.clone() }).unwrap().news
    }

    pub fn messages(&mut self) -> Vec<Message> {
        self.call(ListMessages { response: id(1) }).unwrap().items
    }
}
