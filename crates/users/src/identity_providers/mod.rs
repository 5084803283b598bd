//! The issuers that a firm trusts, and how their claims become roles here.

mod delete;
mod list;
mod put;
mod view;

use wealth_http::{Routes, routes};

/// The routes of identity providers.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(list::handler))
        .routes(routes!(put::handler))
        .routes(routes!(delete::handler))
}
