//! Bulk import: reading rows of products, rates and people from CSV (RFC 4180) and NDJSON (S0-135, S0-136,
//! S0-138).
//!
//! A file of any size is read in constant memory: one record of at most [`MAX_RECORD`] bytes, and,
//! for products, a set of the CUSIPs seen (10 to 20 bytes each, so about 20 MB for a million). A bad
//! row never ends the import: it is reported with its line, column and reasons, and the next row is
//! read. An unclosed quotation mark spoils its own line only.
//!
//! CSV needs a header; columns come in any order and letter case; an empty cell means "not given".

mod columns;
mod line;
mod people;
mod product;
mod rate;
mod record;
mod rows;

pub use columns::Kind;
pub use people::{NewPerson, People, PersonRow};
pub use product::{Given, ProductRow, Products};
pub use rate::Rates;
pub use record::MAX_RECORD;
pub use rows::{Rows, people, products, rates};

use serde::Serialize;
use utoipa::ToSchema;

/// The form of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values with a header, UTF-8 with or without a byte order mark.
    Csv,
    /// One JSON object a line.
    Ndjson,
}

/// A good row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<T> {
    /// Line of the file on which it starts, from 1; the header is a line too.
    pub line: u64,
    /// What it says.
    pub value: T,
}

/// One thing that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowError {
    /// Line of the file on which the row starts, from 1.
    pub line: u64,
    /// Column of a CSV file, or JSON pointer of an NDJSON line; none if the whole row is bad.
    pub column: Option<String>,
    /// Stable reason, such as `cusip_invalid` or `duplicate_in_file`.
    pub code: String,
    /// What a person should read.
    pub message: String,
}

/// Why there is no row.
#[derive(Debug, thiserror::Error)]
pub enum RowFailure {
    /// The row is bad in one or more ways; reading goes on.
    #[error("the row has {} errors", .0.len())]
    Bad(Vec<RowError>),
    /// The file could not be read further; this is the last item.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

/// Why a file cannot be imported at all.
#[derive(Debug, thiserror::Error)]
pub enum HeaderError {
    /// There is no header line.
    #[error("the file is empty: a header line is required")]
    Empty,
    /// The header is not a CSV line in UTF-8.
    #[error("the first line is not a readable CSV header in UTF-8")]
    Unreadable,
    /// Columns that are not known, and those that are.
    #[error("unknown columns: {}; there are: {}", unknown.join(", "), known.join(", "))]
    Unknown {
        /// In the header.
        unknown: Vec<String>,
        /// What it may hold.
        known: Vec<&'static str>,
    },
    /// Columns that appear more than once.
    #[error("repeated columns: {}", .0.join(", "))]
    Repeated(Vec<String>),
    /// Columns that must be there.
    #[error("missing columns: {}", .0.join(", "))]
    Missing(Vec<String>),
    /// The file could not be read.
    #[error("the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
}
