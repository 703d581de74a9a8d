//! Tables, and how rows are read from them.

mod error;
mod schema;
mod sql;

pub use error::{SiteError, SqlError};
pub(crate) use schema::{FIND_TABLES, FIND_VERSION, VERSIONS, prepare};
pub use schema::{Tables, upgrade};
pub use sql::{Cell, Row, Sql};
pub(crate) use sql::{Columns, one, query, run, scalar};
