use crate::store::error::SiteError;
use crate::store::sql::{Cell, Sql, run, scalar};

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

/// What each version of the schema adds to the one before. Only ever appended to: sites in use stand at any of them.
pub(crate) const VERSIONS: &[&[&str]] = &[
    TABLES,
    &[
        // The revision of the settings that changed the themes last.
        "ALTER TABLE site ADD COLUMN themes_revision INTEGER NOT NULL DEFAULT 0",
        // `settings` holds what the owner set, the URL included; `picky` is 1 where not every event is wanted.
        "CREATE TABLE endpoints_2 (
            id TEXT PRIMARY KEY,
            settings TEXT NOT NULL,
            picky INTEGER NOT NULL,
            secret TEXT NOT NULL,
            previous_secret TEXT,
            previous_until INTEGER,
            created_at INTEGER NOT NULL,
            failing_since INTEGER,
            paused_until INTEGER,
            disabled_at INTEGER,
            disabled_reason TEXT
        ) WITHOUT ROWID",
        "INSERT INTO endpoints_2 (id, settings, picky, secret, created_at, disabled_at, disabled_reason)
         SELECT id, json_object('url', url), 0, secret, created_at, disabled_at,
             CASE WHEN disabled_at IS NULL THEN NULL ELSE 'gone' END FROM endpoints",
        "DROP TABLE endpoints",
        "ALTER TABLE endpoints_2 RENAME TO endpoints",
        "ALTER TABLE deliveries DROP COLUMN last_status",
        "ALTER TABLE deliveries DROP COLUMN last_error",
        "CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            endpoint TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            at INTEGER NOT NULL,
            duration_ms INTEGER NOT NULL,
            status INTEGER,
            answer TEXT,
            error TEXT
        )",
        "CREATE INDEX attempts_of_endpoint ON attempts (endpoint, id)",
        "CREATE INDEX attempts_age ON attempts (at)",
        "CREATE INDEX events_age ON events (created_at)",
        "CREATE INDEX events_id ON events (id)",
        // `delivery` names the delivery whose answer it was, so that an answer given twice is one message.
        "CREATE TABLE messages (
            id TEXT PRIMARY KEY,
            response TEXT NOT NULL,
            text TEXT NOT NULL,
            endpoint TEXT,
            delivery TEXT UNIQUE,
            created_at INTEGER NOT NULL
        )",
        "CREATE INDEX messages_of_response ON messages (response, created_at)",
        // `hash` is the SHA-256 of the whole key, in hexadecimal digits.
        "CREATE TABLE keys (
            prefix TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            scope TEXT NOT NULL,
            hash TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_used_at INTEGER
        ) WITHOUT ROWID",
        // What was answered to a request with an Idempotency-Key, for a day.
        "CREATE TABLE answered (
            key TEXT PRIMARY KEY,
            request TEXT NOT NULL,
            reply TEXT NOT NULL,
            created_at INTEGER NOT NULL
        ) WITHOUT ROWID",
        "CREATE INDEX answered_age ON answered (created_at)",
        // The same columns with a number each, which full text search needs.
        "CREATE TABLE responses_2 (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
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
            completed_at INTEGER,
            -- The revision of the settings whose themes listened to the comment.
            listened_revision INTEGER
        )",
        "INSERT INTO responses_2 (id, revision, score, comment, page, lang, visitor, heard, acknowledgement, created_at,
             updated_at, completed_at, listened_revision)
         SELECT id, revision, score, comment, page, lang, visitor, heard, acknowledgement, created_at, updated_at,
             completed_at, CASE WHEN comment IS NOT NULL THEN 0 END FROM responses ORDER BY created_at, id",
        "DROP TABLE responses",
        "ALTER TABLE responses_2 RENAME TO responses",
        "CREATE INDEX responses_newest ON responses (created_at, id)",
        "CREATE INDEX responses_open ON responses (updated_at) WHERE completed_at IS NULL",
        "CREATE INDEX responses_listened ON responses (listened_revision) WHERE listened_revision IS NOT NULL",
        "CREATE VIRTUAL TABLE comments USING fts5(comment, content='responses', content_rowid='number',
             tokenize='unicode61 remove_diacritics 2')",
        "CREATE TRIGGER comments_added AFTER INSERT ON responses WHEN new.comment IS NOT NULL BEGIN
             INSERT INTO comments (rowid, comment) VALUES (new.number, new.comment);
         END",
        "CREATE TRIGGER comments_changed AFTER UPDATE OF comment ON responses WHEN new.comment IS NOT old.comment BEGIN
             INSERT INTO comments (comments, rowid, comment) SELECT 'delete', old.number, old.comment
                 WHERE old.comment IS NOT NULL;
             INSERT INTO comments (rowid, comment) SELECT new.number, new.comment WHERE new.comment IS NOT NULL;
         END",
        "CREATE TRIGGER comments_gone AFTER DELETE ON responses WHEN old.comment IS NOT NULL BEGIN
             INSERT INTO comments (comments, rowid, comment) VALUES ('delete', old.number, old.comment);
         END",
        "INSERT INTO comments (comments) VALUES ('rebuild')",
    ],
    &[
        // How often the question was shown. `hour` is the hour's first millisecond.
        "CREATE TABLE shown (
            hour INTEGER NOT NULL,
            page TEXT NOT NULL,
            lang TEXT NOT NULL,
            times INTEGER NOT NULL,
            PRIMARY KEY (hour, page, lang)
        ) WITHOUT ROWID",
        // Which themes were found where, so that a filter or a count by theme reads no JSON.
        "CREATE TABLE themes_found (
            number INTEGER NOT NULL,
            theme TEXT NOT NULL,
            PRIMARY KEY (number, theme)
        ) WITHOUT ROWID",
        "CREATE INDEX themes_found_theme ON themes_found (theme, number)",
        "INSERT OR IGNORE INTO themes_found SELECT r.number, found.value ->> 'id'
         FROM responses r, json_each(CASE WHEN json_valid(r.heard) THEN r.heard END, '$.themes') found
         WHERE found.value ->> 'id' IS NOT NULL",
        // An upsert's conflict clause is stronger than one in its triggers, so that DISTINCT does here what OR IGNORE cannot.
        "CREATE TRIGGER themes_found_added AFTER INSERT ON responses WHEN new.heard IS NOT NULL BEGIN
             INSERT INTO themes_found SELECT DISTINCT new.number, value ->> 'id' FROM json_each(new.heard, '$.themes')
                 WHERE value ->> 'id' IS NOT NULL;
         END",
        "CREATE TRIGGER themes_found_changed AFTER UPDATE OF heard ON responses WHEN new.heard IS NOT old.heard BEGIN
             DELETE FROM themes_found WHERE number = old.number;
             INSERT INTO themes_found SELECT DISTINCT new.number, value ->> 'id' FROM json_each(new.heard, '$.themes')
                 WHERE value ->> 'id' IS NOT NULL;
         END",
        "CREATE TRIGGER themes_found_gone AFTER DELETE ON responses BEGIN
             DELETE FROM themes_found WHERE number = old.number;
         END",
    ],
    // Only additions of columns and tables from here on, so that a release can be rolled back: the tables `shown` and `answered` and the column
    // `picky` keep names that the code no longer uses.
    &[
        // A chore of the alarm that failed, and until when it waits.
        "CREATE TABLE chores (
            name TEXT PRIMARY KEY,
            failures INTEGER NOT NULL,
            not_before INTEGER NOT NULL
        ) WITHOUT ROWID",
        "CREATE INDEX responses_visitor ON responses (visitor, created_at, id) WHERE visitor IS NOT NULL",
        // What other endpoints were told of one that was switched off held its tokens.
        "UPDATE events SET body = json_set(body,
             '$.data.endpoint.headers', json((SELECT json_group_object(key, '***')
                 FROM json_each(body, '$.data.endpoint.headers'))),
             '$.data.endpoint.url', CASE instr(body ->> '$.data.endpoint.url', '?') WHEN 0 THEN body ->> '$.data.endpoint.url'
                 ELSE substr(body ->> '$.data.endpoint.url', 1, instr(body ->> '$.data.endpoint.url', '?')) || '***' END)
         WHERE type = 'endpoint.disabled' AND json_valid(body) AND body ->> '$.data.endpoint.headers' IS NOT NULL",
    ],
    &[
        // NULL where it counts, else `suspect` or `test`; and what looked wrong, as a list in JSON.
        "ALTER TABLE responses ADD COLUMN standing TEXT",
        "ALTER TABLE responses ADD COLUMN suspicions TEXT",
        "CREATE INDEX responses_apart ON responses (standing, created_at) WHERE standing IS NOT NULL",
        // The SHA-256 of what the browser keeps to itself, in hexadecimal digits.
        "ALTER TABLE responses ADD COLUMN secret TEXT",
        // How many events its revisions caused.
        "ALTER TABLE responses ADD COLUMN told INTEGER NOT NULL DEFAULT 0",
        // Pages that were open when the site was upgraded know of no token and no secret.
        "ALTER TABLE site ADD COLUMN strict_from INTEGER NOT NULL DEFAULT 0",
        "UPDATE site SET strict_from = (strftime('%s', 'now') + 86400) * 1000",
        // Which response an event is about, so that erasing finds every copy.
        "ALTER TABLE events ADD COLUMN response TEXT",
        "UPDATE events SET response = CASE WHEN json_valid(body) THEN body ->> '$.data.response.id' END",
        // What the response's standing was, where it did not count.
        "ALTER TABLE events ADD COLUMN standing TEXT",
        "CREATE INDEX events_response ON events (response) WHERE response IS NOT NULL",
        // The ids of what was erased, so that it does not come back.
        "CREATE TABLE erased (
            id TEXT PRIMARY KEY,
            at INTEGER NOT NULL
        ) WITHOUT ROWID",
        // What is taken out of the index is overwritten, not only marked.
        "INSERT INTO comments (comments, rank) VALUES ('secure-delete', 1)",
    ],
    &[
        // Each index is a row more for every event, and rows written are what is paid for: events are found by their place,
        // which their ids tell, and which grows with their time.
        "DROP INDEX events_age",
        "DROP INDEX events_id",
        "DROP INDEX events_response",
        "DROP INDEX attempts_age",
        // The last event before the response was begun: those about it come later.
        "ALTER TABLE responses ADD COLUMN after_sequence INTEGER NOT NULL DEFAULT 0",
    ],
    // An email address or a phone number.
    &["ALTER TABLE responses ADD COLUMN contact TEXT"],
    &[
        // By its name in the IANA database.
        "ALTER TABLE responses ADD COLUMN time_zone TEXT",
        // 1 where the owner's server has vouched for the visitor.
        "ALTER TABLE responses ADD COLUMN verified INTEGER",
        // What it vouches with. The one before is good for a while.
        "CREATE TABLE visitor_keys (
            key TEXT PRIMARY KEY,
            created_at INTEGER NOT NULL,
            until INTEGER
        ) WITHOUT ROWID",
        // The owner's people. `settings` holds what the owner set.
        "CREATE TABLE people (
            id TEXT PRIMARY KEY,
            settings TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            last_assigned_at INTEGER
        ) WITHOUT ROWID",
        "ALTER TABLE keys ADD COLUMN person TEXT",
        // `document` is the case as JSON; the rest is what is looked for. `next_at` is when time does something to it.
        "CREATE TABLE cases (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            visitor TEXT,
            status TEXT NOT NULL,
            priority TEXT NOT NULL,
            assignee TEXT,
            document TEXT NOT NULL,
            opened_at INTEGER NOT NULL,
            next_at INTEGER
        )",
        "CREATE INDEX cases_newest ON cases (opened_at, id)",
        "CREATE INDEX cases_next ON cases (next_at) WHERE next_at IS NOT NULL",
        "CREATE INDEX cases_visitor ON cases (visitor) WHERE visitor IS NOT NULL",
        "CREATE TABLE case_responses (
            response TEXT NOT NULL,
            case_id TEXT NOT NULL,
            PRIMARY KEY (response, case_id)
        ) WITHOUT ROWID",
        // What happened to each, only ever added to. `entry` is JSON.
        "CREATE TABLE case_history (
            id INTEGER PRIMARY KEY,
            case_id TEXT NOT NULL,
            entry TEXT NOT NULL
        )",
        "CREATE INDEX case_history_of_case ON case_history (case_id, id)",
        // `team` or `customer`; NULL is the team, of before there were others. `signed` is how a person was called then, as JSON.
        "ALTER TABLE messages ADD COLUMN author TEXT",
        "ALTER TABLE messages ADD COLUMN person TEXT",
        "ALTER TABLE messages ADD COLUMN signed TEXT",
        "ALTER TABLE messages ADD COLUMN read_at INTEGER",
        // How much the customer has not seen, where their page looks for it, and where else they are told.
        "CREATE TABLE threads (
            response TEXT PRIMARY KEY,
            mailbox TEXT NOT NULL UNIQUE,
            news INTEGER NOT NULL,
            notify TEXT,
            notified_at INTEGER
        ) WITHOUT ROWID",
    ],
    &[
        // What was answered to the owner's own questions, as JSON by their ids, and what was got of an experiment.
        "ALTER TABLE responses ADD COLUMN answers TEXT",
        "ALTER TABLE responses ADD COLUMN variant TEXT",
        // What the reply asked back for, and whether what was answered told anything new: a theme, a topic, a person, an amount.
        "ALTER TABLE responses ADD COLUMN asked TEXT",
        "ALTER TABLE responses ADD COLUMN added INTEGER",
        "CREATE TABLE shown_variants (variant TEXT PRIMARY KEY, times INTEGER NOT NULL) WITHOUT ROWID",
        // Visitors known by name who closed the question without an answer.
        "CREATE TABLE closings (visitor TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID",
        "CREATE INDEX closings_age ON closings (at)",
        // The answer before this one from the same browser, which showed its secret.
        "ALTER TABLE responses ADD COLUMN earlier TEXT",
        "CREATE INDEX responses_after ON responses (earlier) WHERE earlier IS NOT NULL",
        "ALTER TABLE messages ADD COLUMN announcement TEXT",
        // The whole as JSON, with what is looked for beside it.
        "CREATE TABLE improvements (
            id TEXT PRIMARY KEY,
            document TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            updated_at INTEGER NOT NULL,
            completed_at INTEGER
        ) WITHOUT ROWID",
        // `after` is the number of the last answer that was looked at; `finished_at` is NULL while there are others.
        "CREATE TABLE announcements (
            id TEXT PRIMARY KEY,
            document TEXT NOT NULL,
            after INTEGER NOT NULL DEFAULT 0,
            created_at INTEGER NOT NULL,
            finished_at INTEGER
        ) WITHOUT ROWID",
        // `response` is the answer that says it, `told` the one whose conversation holds the message: the customer's last.
        "CREATE TABLE announced (
            announcement TEXT NOT NULL,
            told TEXT NOT NULL,
            response TEXT NOT NULL,
            message TEXT NOT NULL,
            asks INTEGER NOT NULL,
            better INTEGER,
            judged_at INTEGER,
            PRIMARY KEY (announcement, told)
        ) WITHOUT ROWID",
        "CREATE INDEX announced_to ON announced (told)",
        "CREATE TABLE watches (
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            document TEXT NOT NULL,
            raised_at INTEGER NOT NULL,
            PRIMARY KEY (kind, subject)
        ) WITHOUT ROWID",
        // Those that quote several answers, and are about none.
        "CREATE INDEX events_quoting ON events (sequence) WHERE type IN ('huddle.ready', 'improvement.changed')",
        // When what comes by the calendar was done last.
        "CREATE TABLE rounds (name TEXT PRIMARY KEY, done_at INTEGER NOT NULL) WITHOUT ROWID",
    ],
    &[
        // An index of what was listened to when was a row more for every comment. The answers up to this number are still to be
        // looked through, from the newest on; NULL where there is nothing to do.
        "ALTER TABLE site ADD COLUMN hear_again_from INTEGER",
        "UPDATE site SET hear_again_from =
             (SELECT max(number) FROM responses WHERE listened_revision < (SELECT themes_revision FROM site))",
        "DROP INDEX responses_listened",
    ],
];

/// What an object's tables are to this release.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tables {
    /// There are none: the owner has not created this site.
    Missing,
    /// They are as this release wants them.
    Current,
    /// A later release made them. They can be read; what a write would leave out is not known here.
    Newer,
}

pub(crate) const FIND_TABLES: &str = "SELECT name FROM sqlite_master WHERE name = 'site'";
pub(crate) const FIND_VERSION: &str = "SELECT version FROM schema_version";

/// Brings the tables of a site up to the newest version, creating them where there are none.
///
/// # Errors
/// What SQLite said.
pub(crate) fn prepare(sql: &dyn Sql) -> Result<Tables, SiteError> {
    const ACT: &str = "prepare the tables";
    run(sql, ACT, "CREATE TABLE IF NOT EXISTS schema_version (version INTEGER NOT NULL)", [])?;
    let version = match scalar(sql, ACT, FIND_VERSION, [])? {
        Some(version) => usize::try_from(version).unwrap_or(usize::MAX),
        None => {
            run(sql, ACT, "INSERT INTO schema_version VALUES (0)", [])?;
            0
        }
    };
    if version > VERSIONS.len() {
        return Ok(Tables::Newer);
    }
    for statement in VERSIONS.iter().skip(version).copied().flatten() {
        run(sql, ACT, statement, [])?;
    }
    if version < VERSIONS.len() {
        run(sql, ACT, "UPDATE schema_version SET version = ?", [Cell::count(VERSIONS.len())])?;
    }
    Ok(Tables::Current)
}

/// Brings a site that an earlier release created up to this one; does nothing to an object that is no site yet, and
/// nothing to one that a later release has written.
///
/// # Errors
/// What SQLite said.
pub fn upgrade(sql: &dyn Sql) -> Result<Tables, SiteError> {
    let tables = run(sql, "look for tables", FIND_TABLES, [])?;
    if tables.is_empty() { Ok(Tables::Missing) } else { prepare(sql) }
}
