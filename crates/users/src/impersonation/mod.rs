//! Acting in another person's place: for half an hour, with a reason, in one's own name in the
//! audit log, and without anything that is sensitive.

mod end;
mod list;
mod start;

use wealth_http::{Routes, routes};

/// The routes of impersonation.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(start::handler))
        .routes(routes!(list::handler))
        .routes(routes!(end::handler))
}
