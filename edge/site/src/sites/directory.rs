//! Which sites there are, for the owner of a Worker that serves many. Kept by one object of its own; a site's object
//! knows nothing of others.

use crate::store::{Cell, Columns, Row, SiteError, Sql, run};
use heard_wire::{Page, SiteId, SiteSummary, Timestamp};
use serde::{Deserialize, Serialize};

/// What the directory is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "command", rename_all = "snake_case")]
pub enum DirectoryCommand {
    /// Write down a site as it was just created or changed.
    Enter {
        /// The site.
        id: SiteId,
        /// Its name as it is now.
        name: String,
        /// Whether it takes no answers any more.
        archived: bool,
        /// Of its settings; an earlier one that arrives late changes nothing.
        revision: i64,
    },
    /// Take a site out that is no more.
    Leave {
        /// The site.
        id: SiteId,
    },
    /// Look a site up.
    Find {
        /// The site.
        id: SiteId,
    },
    /// List the sites, by id.
    List {
        /// The id that the page before ended with.
        after: Option<SiteId>,
        /// At most this many.
        limit: u16,
    },
}

const TABLE: &str = "CREATE TABLE IF NOT EXISTS sites (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    archived INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID";

/// Carries out a command. Entering a site gives a page with that site alone, if it changed anything.
///
/// # Errors
/// What SQLite said.
pub fn directory(sql: &dyn Sql, now: Timestamp, command: DirectoryCommand) -> Result<Page<SiteSummary>, SiteError> {
    run(sql, "prepare the directory", TABLE, [])?;
    match command {
        DirectoryCommand::Enter { id, name, archived, revision } => {
            let rows = run(
                sql,
                "enter a site in the directory",
                "INSERT INTO sites (id, name, archived, revision, created_at) VALUES (?, ?, ?, ?, ?)
                 ON CONFLICT (id) DO UPDATE SET name = excluded.name, archived = excluded.archived,
                     revision = excluded.revision WHERE excluded.revision > revision
                 RETURNING id, name, archived, created_at",
                [
                    Cell::from(id.as_str()),
                    Cell::from(name),
                    Cell::from(i64::from(archived)),
                    Cell::from(revision),
                    Cell::from(now),
                ],
            )?;
            Ok(Page { items: rows.into_iter().map(read).collect::<Result<_, _>>()?, next_cursor: None })
        }
        DirectoryCommand::Leave { id } => {
            run(sql, "take a site out of the directory", "DELETE FROM sites WHERE id = ?", [Cell::from(id.as_str())])?;
            Ok(Page { items: Vec::new(), next_cursor: None })
        }
        DirectoryCommand::Find { id } => {
            let statement = "SELECT id, name, archived, created_at FROM sites WHERE id = ?";
            let rows = run(sql, "look a site up", statement, [Cell::from(id.as_str())])?;
            Ok(Page { items: rows.into_iter().map(read).collect::<Result<_, _>>()?, next_cursor: None })
        }
        DirectoryCommand::List { after, limit } => {
            let rows = run(
                sql,
                "list the sites",
                "SELECT id, name, archived, created_at FROM sites WHERE id > ? ORDER BY id LIMIT ?",
                [Cell::from(after.map(String::from).unwrap_or_default()), Cell::count(usize::from(limit) + 1)],
            )?;
            let sites = rows.into_iter().map(read).collect::<Result<Vec<_>, _>>()?;
            Ok(Page::of(sites, usize::from(limit), |last| last.id.clone()))
        }
    }
}

fn read(row: Row) -> Result<SiteSummary, SiteError> {
    let mut columns = Columns::of(row, "read a site of the directory");
    Ok(SiteSummary {
        id: columns.parsed()?,
        name: columns.text()?,
        archived: columns.integer()? != 0,
        created_at: columns.timestamp()?,
        jurisdiction: None,
    })
}
