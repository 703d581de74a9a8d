use crate::SiteError;

/// One SQLite database, with statements that run to their end before returning.
pub trait Sql {
    /// Runs one statement with positional `?` parameters and gives all its rows.
    ///
    /// # Errors
    /// What SQLite said.
    fn run(&self, statement: &str, params: Vec<Cell>) -> Result<Vec<Row>, SqlError>;
}

/// One value in or out of SQLite. Integers stay within ±2^53, since they travel as JavaScript numbers.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// `NULL`.
    Null,
    /// `INTEGER`.
    Integer(i64),
    /// `TEXT`.
    Text(String),
}

/// One row of a result.
pub type Row = Vec<Cell>;

/// What SQLite said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SqlError(pub String);

impl From<i64> for Cell {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<&str> for Cell {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Cell {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// [`Sql::run`] with the act named in the error.
pub(crate) fn run<const N: usize>(
    sql: &dyn Sql,
    act: &'static str,
    statement: &str,
    params: [Cell; N],
) -> Result<Vec<Row>, SiteError> {
    sql.run(statement, params.into()).map_err(|source| SiteError::Sql { act, source })
}

/// Takes the columns of a row from left to right.
pub(crate) struct Columns {
    act: &'static str,
    cells: std::vec::IntoIter<Cell>,
}

impl Columns {
    pub(crate) fn of(row: Row, act: &'static str) -> Self {
        Self { act, cells: row.into_iter() }
    }

    pub(crate) fn integer(&mut self) -> Result<i64, SiteError> {
        self.optional_integer()?.ok_or(SiteError::Unreadable { act: self.act })
    }

    pub(crate) fn optional_integer(&mut self) -> Result<Option<i64>, SiteError> {
        match self.cells.next() {
            Some(Cell::Integer(value)) => Ok(Some(value)),
            Some(Cell::Null) => Ok(None),
            _ => Err(SiteError::Unreadable { act: self.act }),
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, SiteError> {
        self.optional_text()?.ok_or(SiteError::Unreadable { act: self.act })
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, SiteError> {
        match self.cells.next() {
            Some(Cell::Text(value)) => Ok(Some(value)),
            Some(Cell::Null) => Ok(None),
            _ => Err(SiteError::Unreadable { act: self.act }),
        }
    }

    /// A text column parsed as a wire type.
    pub(crate) fn parsed<T: std::str::FromStr>(&mut self) -> Result<T, SiteError> {
        self.text()?.parse().map_err(|_| SiteError::Unreadable { act: self.act })
    }

    /// A text column that holds JSON.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&mut self) -> Result<T, SiteError> {
        serde_json::from_str(&self.text()?).map_err(|_| SiteError::Unreadable { act: self.act })
    }
}
