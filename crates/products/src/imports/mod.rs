//! Bulk import of products (S0-135, S0-136, S0-138), and what the command line's import shares
//! with it: reading a file in batches and loading each in one statement.

mod batch;
mod get;
mod list;
mod outcome;
mod post;
mod reader;
mod row_json;
mod view;

pub use batch::{Batch, Counts};
pub use outcome::Outcome;
pub use reader::{Kind, Reader};

use wealth_http::{Routes, routes};

/// The routes of imports.
pub(crate) fn router<R: Routes>() -> R {
    R::empty().routes(routes!(list::handler, post::handler)).routes(routes!(get::handler))
}
