//! Who uses the platform, who has which access, and whether anything is left of who is gone.

mod access;
mod activity;
mod deprovision;

use wealth_http::{Routes, routes};

/// The routes of this part.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(activity::handler))
        .routes(routes!(access::handler))
        .routes(routes!(deprovision::handler))
}
