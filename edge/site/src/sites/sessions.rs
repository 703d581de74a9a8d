//! Who is signed in at the desk. Kept by the directory's object, as one session may reach several sites.

use crate::sites::forget_passkeys_of;
use crate::store::{Cell, Columns, SiteError, Sql, one, run, scalar};
use constant_time_eq::constant_time_eq;
use heard_wire::{Rate, Session, SessionId, SiteId, Timestamp};
use hmac_sha256::Hash;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// After so long without a request a session is over.
const IDLE: Duration = Duration::from_secs(12 * 3_600);
/// And after so long in any case.
const LONGEST: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Its last use is noted once a minute.
const NOTE_USE_AFTER: Duration = Duration::from_secs(60);
/// Sessions at a time; the one that was idle longest makes room.
const MOST: i64 = 200;
const HOUR: Duration = Duration::from_secs(3_600);
/// Wrong keys from one address in an hour.
const GUESSES: u32 = 20;
/// The same where no address is known, so that all strangers are one.
const GUESSES_OF_ALL: u32 = 1_000;

/// What the directory is asked about sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum SessionCommand {
    /// Whether an address may try another key; `wrong` writes down that it did, in vain.
    Try {
        /// A tag of the address, where one is known.
        address: Option<String>,
        /// Whether the key was wrong.
        wrong: bool,
    },
    /// Begins a session.
    Begin {
        /// As it will be listed.
        session: Session,
        /// What its cookie holds.
        secret: String,
        /// A tag of the key that it was begun with, where that is the owner's.
        opened_with: Option<String>,
    },
    /// Looks a session up by its cookie, and notes that it was used.
    Find {
        /// Which.
        id: SessionId,
        /// What its cookie holds.
        secret: String,
    },
    /// All of them, the one used last first.
    List,
    /// Ends one.
    End {
        /// Which.
        id: SessionId,
    },
    /// Ends those that were begun with keys of a site, and forgets the passkeys that stand for these: it is erased, or a key is
    /// revoked.
    EndOf {
        /// Which.
        site: SiteId,
        /// How the key begins; all of the site's, unless told.
        prefix: Option<String>,
    },
}

/// What the directory says about sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionsFound {
    /// Those that were meant, each with the tag of the owner key that it was begun with.
    pub sessions: Vec<(Session, Option<String>)>,
    /// Why there is to be no further try for now.
    pub refused: Option<Rate>,
}

const TABLES: [&str; 2] = [
    "CREATE TABLE IF NOT EXISTS sessions (
        id TEXT PRIMARY KEY, hash TEXT NOT NULL, document TEXT NOT NULL, opened_with TEXT,
        created_at INTEGER NOT NULL, last_used_at INTEGER NOT NULL
    ) WITHOUT ROWID",
    "CREATE TABLE IF NOT EXISTS guesses (address TEXT PRIMARY KEY, hour INTEGER NOT NULL, count INTEGER NOT NULL) WITHOUT ROWID",
];

/// Carries out a command.
///
/// # Errors
/// What SQLite said.
pub fn sessions(sql: &dyn Sql, now: Timestamp, command: SessionCommand) -> Result<SessionsFound, SiteError> {
    for table in TABLES {
        run(sql, "prepare the sessions", table, [])?;
    }
    let mut found = SessionsFound { sessions: Vec::new(), refused: None };
    match command {
        SessionCommand::Try { address, wrong } => found.refused = guess(sql, now, address, wrong)?,
        SessionCommand::Begin { session, secret, opened_with } => begin(sql, now, &session, &secret, opened_with)?,
        SessionCommand::Find { id, secret } => found.sessions.extend(find(sql, now, &id, &secret)?),
        SessionCommand::List => found.sessions = list(sql, now)?,
        SessionCommand::End { id } => {
            let statement = "DELETE FROM sessions WHERE id = ? RETURNING document, opened_with, last_used_at";
            let ended = one(sql, "end a session", statement, [Cell::from(id.as_str())])?;
            found.sessions.extend(ended.map(read).transpose()?);
        }
        SessionCommand::EndOf { site, prefix } => {
            let statement = "DELETE FROM sessions WHERE document ->> '$.holder.site' = ?1
                 AND (?2 IS NULL OR document ->> '$.holder.prefix' = ?2)";
            let params = [Cell::from(site.as_str()), Cell::from(prefix.clone())];
            run(sql, "end the sessions of a key", statement, params)?;
            forget_passkeys_of(sql, &site, prefix.as_deref())?;
        }
    }
    Ok(found)
}

fn begin(
    sql: &dyn Sql,
    now: Timestamp,
    session: &Session,
    secret: &str,
    opened_with: Option<String>,
) -> Result<(), SiteError> {
    const ACT: &str = "begin a session";
    let over = [Cell::from(now - IDLE), Cell::from(now - LONGEST)];
    run(sql, ACT, "DELETE FROM sessions WHERE last_used_at < ? OR created_at < ?", over)?;
    let too_many = "DELETE FROM sessions WHERE id IN
         (SELECT id FROM sessions ORDER BY last_used_at DESC LIMIT -1 OFFSET ?)";
    run(sql, ACT, too_many, [Cell::from(MOST - 1)])?;
    run(
        sql,
        ACT,
        "INSERT INTO sessions (id, hash, document, opened_with, created_at, last_used_at) VALUES (?, ?, ?, ?, ?, ?)",
        [
            Cell::from(session.id.as_str()),
            Cell::from(hash(secret)),
            Cell::json(ACT, session)?,
            Cell::from(opened_with),
            Cell::from(now),
            Cell::from(now),
        ],
    )
    .map(drop)
}

fn find(
    sql: &dyn Sql,
    now: Timestamp,
    id: &SessionId,
    secret: &str,
) -> Result<Option<(Session, Option<String>)>, SiteError> {
    const ACT: &str = "look a session up";
    let statement =
        "SELECT hash, created_at, document, opened_with, last_used_at FROM sessions WHERE id = ? AND last_used_at > ?";
    let Some(mut columns) = one(sql, ACT, statement, [Cell::from(id.as_str()), Cell::from(now - IDLE)])? else {
        return Ok(None);
    };
    let (known, created_at) = (columns.text()?, columns.timestamp()?);
    if !constant_time_eq(known.as_bytes(), hash(secret).as_bytes()) || created_at < now - LONGEST {
        return Ok(None);
    }
    let (session, opened_with) = read(columns)?;
    if now >= session.last_used_at + NOTE_USE_AFTER {
        let params = [Cell::from(now), Cell::from(id.as_str())];
        run(sql, ACT, "UPDATE sessions SET last_used_at = ? WHERE id = ?", params)?;
    }
    Ok(Some((session, opened_with)))
}

fn list(sql: &dyn Sql, now: Timestamp) -> Result<Vec<(Session, Option<String>)>, SiteError> {
    const ACT: &str = "list the sessions";
    let statement = "SELECT document, opened_with, last_used_at FROM sessions WHERE last_used_at > ? AND created_at > ?
         ORDER BY last_used_at DESC, id";
    let rows = run(sql, ACT, statement, [Cell::from(now - IDLE), Cell::from(now - LONGEST)])?;
    rows.into_iter().map(|row| read(Columns::of(row, ACT))).collect()
}

fn read(mut columns: Columns) -> Result<(Session, Option<String>), SiteError> {
    let session: Session = columns.json()?;
    let opened_with = columns.optional_text()?;
    Ok((Session { last_used_at: columns.timestamp()?, ..session }, opened_with))
}

/// Counts wrong keys by address and hour; gives what is left when nothing is.
fn guess(sql: &dyn Sql, now: Timestamp, address: Option<String>, wrong: bool) -> Result<Option<Rate>, SiteError> {
    const ACT: &str = "count guesses";
    let limit = if address.is_some() { GUESSES } else { GUESSES_OF_ALL };
    let address = address.unwrap_or_default();
    let millis = i64::try_from(HOUR.as_millis()).unwrap_or(i64::MAX);
    let hour = now.as_millis() / millis;
    run(sql, ACT, "DELETE FROM guesses WHERE hour <> ?", [Cell::from(hour)])?;
    if wrong {
        let statement = "INSERT INTO guesses (address, hour, count) VALUES (?, ?, 1)
             ON CONFLICT (address) DO UPDATE SET count = count + 1";
        run(sql, ACT, statement, [Cell::from(address.as_str()), Cell::from(hour)])?;
    }
    let count = scalar(sql, ACT, "SELECT count FROM guesses WHERE address = ?", [Cell::from(address)])?.unwrap_or(0);
    let resets_in = u32::try_from((millis - now.as_millis() % millis) / 1_000).unwrap_or(u32::MAX).max(1);
    Ok((count >= i64::from(limit)).then_some(Rate { limit, remaining: 0, resets_in }))
}

/// Secrets are 32 random bytes, so a hash without salt or stretching cannot be turned around.
fn hash(secret: &str) -> String {
    const_hex::encode(Hash::hash(secret.as_bytes()))
}
