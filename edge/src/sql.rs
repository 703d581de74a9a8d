use heard_site::{Cell, Row, Sql, SqlError};
use worker::{SqlStorage, SqlStorageValue};

/// The object's own SQLite.
pub(crate) struct ObjectSql(pub(crate) SqlStorage);

impl Sql for ObjectSql {
    fn run(&self, statement: &str, params: Vec<Cell>) -> Result<Vec<Row>, SqlError> {
        let params: Vec<SqlStorageValue> = params.into_iter().map(into_value).collect();
        let cursor = self.0.exec(statement, params).map_err(|error| SqlError(error.to_string()))?;
        cursor
            .raw()
            .map(|row| row.map_err(|error| SqlError(error.to_string()))?.into_iter().map(from_value).collect())
            .collect()
    }
}

fn into_value(cell: Cell) -> SqlStorageValue {
    match cell {
        Cell::Null => SqlStorageValue::Null,
        Cell::Integer(value) => SqlStorageValue::Integer(value),
        Cell::Text(value) => SqlStorageValue::String(value),
    }
}

fn from_value(value: SqlStorageValue) -> Result<Cell, SqlError> {
    match value {
        SqlStorageValue::Null => Ok(Cell::Null),
        SqlStorageValue::Boolean(value) => Ok(Cell::Integer(value.into())),
        SqlStorageValue::Integer(value) => Ok(Cell::Integer(value)),
        SqlStorageValue::String(value) => Ok(Cell::Text(value)),
        SqlStorageValue::Float(_) | SqlStorageValue::Blob(_) => {
            Err(SqlError("a column of a type we never store".into()))
        }
    }
}
