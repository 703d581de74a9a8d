use crate::store::error::{SiteError, SqlError};
use heard_wire::Timestamp;

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

impl Cell {
    /// A count or a limit. What is larger than SQLite's numbers travel is as good as without a limit.
    pub(crate) fn count(count: usize) -> Self {
        const LARGEST: i64 = (1 << 53) - 1;
        Self::Integer(i64::try_from(count).map_or(LARGEST, |count| count.min(LARGEST)))
    }

    /// Something as JSON text.
    pub(crate) fn json(act: &'static str, value: &impl serde::Serialize) -> Result<Self, SiteError> {
        serde_json::to_string(value).map(Self::Text).map_err(|source| SiteError::Json { act, source })
    }
}

impl From<Timestamp> for Cell {
    fn from(at: Timestamp) -> Self {
        Self::Integer(at.as_millis())
    }
}

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
    query(sql, act, statement, params.into())
}

/// The same for parameters whose number is not known beforehand.
pub(crate) fn query(
    sql: &dyn Sql,
    act: &'static str,
    statement: &str,
    params: Vec<Cell>,
) -> Result<Vec<Row>, SiteError> {
    sql.run(statement, params).map_err(|source| SiteError::Sql { act, source })
}

/// The first row of a statement that has one at most.
pub(crate) fn one<const N: usize>(
    sql: &dyn Sql,
    act: &'static str,
    statement: &str,
    params: [Cell; N],
) -> Result<Option<Columns>, SiteError> {
    Ok(run(sql, act, statement, params)?.into_iter().next().map(|row| Columns::of(row, act)))
}

/// The number that a statement gives, if it gives one.
pub(crate) fn scalar<const N: usize>(
    sql: &dyn Sql,
    act: &'static str,
    statement: &str,
    params: [Cell; N],
) -> Result<Option<i64>, SiteError> {
    one(sql, act, statement, params)?.map_or(Ok(None), |mut columns| columns.optional_integer())
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

    /// The next column as it is.
    pub(crate) fn first(&self) -> Option<&Cell> {
        self.cells.as_slice().first()
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

    /// An integer column that holds a moment.
    pub(crate) fn timestamp(&mut self) -> Result<Timestamp, SiteError> {
        self.integer().map(Timestamp::from_millis)
    }

    /// The same where there may be none.
    pub(crate) fn optional_timestamp(&mut self) -> Result<Option<Timestamp>, SiteError> {
        Ok(self.optional_integer()?.map(Timestamp::from_millis))
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
