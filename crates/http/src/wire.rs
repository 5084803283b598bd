//! From rows to answers.

use wealth_core::problem::Code;
use wealth_db::Row;

use crate::problem::{Problem, Result};

/// Rows of a statement that answers with one row or none.
pub trait Row404 {
    /// The row, or `code` (a 404) when there is none.
    fn one_or(self, code: &'static Code) -> Result<Row>;
}

impl Row404 for Vec<Row> {
    fn one_or(self, code: &'static Code) -> Result<Row> {
        let count = self.len();
        let mut rows = self.into_iter();
        match (rows.next(), count) {
            (Some(row), 1) => Ok(row),
            (None, _) => Err(Problem::not_found(code)),
            (Some(_), count) => Err(Problem::internal(format!("{count} rows for one id"))),
        }
    }
}
