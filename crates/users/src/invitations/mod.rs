//! Invitations: how a person comes to a firm, whether or not they have an account of the platform.

mod accept;
mod accept_own;
mod accepted;
mod create;
mod get;
mod list;
mod resend;
mod revoke;
mod view;

use wealth_http::{Routes, routes};

/// The routes of this part.
pub(crate) fn router<R: Routes>() -> R {
    R::empty()
        .routes(routes!(list::handler, create::handler))
        .routes(routes!(get::handler, revoke::handler))
        .routes(routes!(resend::handler))
        .routes(routes!(accept::handler))
        .routes(routes!(accept_own::handler))
}
