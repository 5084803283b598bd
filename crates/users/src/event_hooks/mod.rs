//! Calls of a firm's directory (Okta event hooks): somebody has left, came back, was renamed.

mod create;
mod delete;
mod delivery;
mod list;
mod receive;
mod rotate;
mod secret;
mod verify;

use wealth_http::{Routes, routes};

/// The routes of event hooks.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(list::handler))
        .routes(routes!(create::handler))
        .routes(routes!(delete::handler))
        .routes(routes!(rotate::handler))
        .routes(routes!(verify::handler))
        .routes(routes!(receive::handler))
}
