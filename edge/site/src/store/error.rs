/// Why a site could not do what it was asked: a failure on our side.
#[derive(Debug, thiserror::Error)]
pub enum SiteError {
    /// SQLite refused a statement.
    #[error("{act}: {source}")]
    Sql {
        /// What was being done.
        act: &'static str,
        /// What SQLite said.
        source: SqlError,
    },
    /// A stored row does not read back.
    #[error("{act}: a stored row does not read back")]
    Unreadable {
        /// What was being done.
        act: &'static str,
    },
    /// Something of ours does not read or write as JSON.
    #[error("{act}: {source}")]
    Json {
        /// What was being done.
        act: &'static str,
        /// Why.
        source: serde_json::Error,
    },
}

/// What SQLite said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SqlError(pub String);
