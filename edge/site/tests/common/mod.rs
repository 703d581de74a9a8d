//! A site on a real SQLite, with the clock and the dice in the test's hands.

#![allow(dead_code, reason = "each test program uses its part")]

use heard_site::{Attempted, Cell, Command, Moment, Reply, Row, Sql, SqlError, apply};
use heard_wire::{
    Acknowledgement, Endpoint, EndpointSettings, Receipt, ResponseId, SiteId, SiteSettings, Submission, Timestamp,
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
    pub now: Timestamp,
    pub drawn: u128,
}

impl Bench {
    pub fn new() -> Self {
        let mut bench = Self {
            sql: Native(Connection::open_in_memory().unwrap()),
            now: Timestamp::from_millis(1_700_000_000_000),
            drawn: 0,
        };
        let settings = SiteSettings::from_json(br#"{"name":"Corner Shop"}"#).unwrap();
        bench.apply(Command::Configure { site: site(), settings });
        bench
    }

    pub fn with<T>(&mut self, act: impl FnOnce(&Native, &mut Moment<'_>) -> T) -> T {
        let (now, drawn) = (self.now, &mut self.drawn);
        let mut random = || {
            *drawn += 1;
            drawn.to_be_bytes()
        };
        act(&self.sql, &mut Moment { now, random: &mut random })
    }

    pub fn apply(&mut self, command: Command) -> Reply {
        self.with(|sql, moment| apply(sql, moment, command)).unwrap()
    }

    pub fn add_endpoint(&mut self) -> Endpoint {
        self.add(endpoint_at("https://crm.example/"))
    }

    pub fn add(&mut self, settings: EndpointSettings) -> Endpoint {
        match self.apply(Command::AddEndpoint { settings }) {
            Reply::EndpointAdded(endpoint, _) => endpoint,
            other => panic!("{other:?}"),
        }
    }

    pub fn submit(&mut self, id: &ResponseId, revision: u32, score: u8, comment: Option<&str>) -> heard_site::Stored {
        let mut body = serde_json::json!({ "id": id, "revision": revision, "score": score,
            "page": "https://a.example/", "lang": "en" });
        if let Some(comment) = comment {
            body["comment"] = comment.into();
        }
        let submission = Submission::from_json(body.to_string().as_bytes()).unwrap();
        let receipt = Receipt { reference: "x".into(), answered_by: None, by_when: None };
        let text = format!("{score} {}", comment.unwrap_or_default());
        let acknowledgement = Acknowledgement { text, claims: Vec::new(), ask: None, receipt };
        match self.apply(Command::Submit { submission, heard: None, acknowledgement, settings_revision: 1 }) {
            Reply::Stored(stored) => *stored,
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

pub fn endpoint_at(url: &str) -> EndpointSettings {
    EndpointSettings::from_json(format!(r#"{{"url":"{url}"}}"#).as_bytes()).unwrap()
}

pub fn answered(status: u16) -> Attempted {
    Attempted { status: Some(status), ..Attempted::default() }
}

pub fn site() -> SiteId {
    "demo".parse().unwrap()
}

pub fn id(count: u32) -> ResponseId {
    format!("0190a5c4-7a1c-7def-8123-{count:012x}").parse().unwrap()
}
