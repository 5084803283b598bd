//! What people say of themselves: phone, picture, time zone, language, preferences (S4-22 ... S4-34).

mod get;
mod of_member;
mod patch;
mod rules;
mod view;

use wealth_http::{Routes, routes};

/// The routes of profiles.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(get::handler))
        .routes(routes!(patch::handler))
        .routes(routes!(of_member::handler))
}
