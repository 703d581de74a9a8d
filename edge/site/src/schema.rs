use crate::{SiteError, Sql, sql};

/// Times are milliseconds since the Unix epoch. Secrets stay as they are: signing needs them whole.
const TABLES: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS site (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        id TEXT NOT NULL,
        settings TEXT NOT NULL,
        revision INTEGER NOT NULL,
        last_sequence INTEGER NOT NULL DEFAULT 0
    )",
    "CREATE TABLE IF NOT EXISTS responses (
        id TEXT PRIMARY KEY,
        revision INTEGER NOT NULL,
        score INTEGER NOT NULL,
        comment TEXT,
        page TEXT NOT NULL,
        lang TEXT NOT NULL,
        visitor TEXT,
        heard TEXT,
        acknowledgement TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        completed_at INTEGER
    ) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS responses_newest ON responses (created_at, id)",
    "CREATE INDEX IF NOT EXISTS responses_open ON responses (updated_at) WHERE completed_at IS NULL",
    "CREATE TABLE IF NOT EXISTS events (
        sequence INTEGER PRIMARY KEY,
        id TEXT NOT NULL,
        type TEXT NOT NULL,
        body TEXT NOT NULL,
        created_at INTEGER NOT NULL
    )",
    "CREATE TABLE IF NOT EXISTS endpoints (
        id TEXT PRIMARY KEY,
        url TEXT NOT NULL,
        secret TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        disabled_at INTEGER
    ) WITHOUT ROWID",
    // `next_at` is NULL when there is nothing left to do: delivered, or given up.
    "CREATE TABLE IF NOT EXISTS deliveries (
        sequence INTEGER NOT NULL,
        endpoint TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        next_at INTEGER,
        delivered_at INTEGER,
        last_status INTEGER,
        last_error TEXT,
        PRIMARY KEY (endpoint, sequence)
    ) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS deliveries_due ON deliveries (endpoint, next_at) WHERE next_at IS NOT NULL",
];

/// Creates the tables of a site; does nothing where they are.
///
/// # Errors
/// What SQLite said.
pub fn create_tables(database: &dyn Sql) -> Result<(), SiteError> {
    for table in TABLES {
        sql::run(database, "create the tables", table, [])?;
    }
    Ok(())
}
