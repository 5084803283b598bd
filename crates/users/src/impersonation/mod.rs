//! Acting in another person's place: for half an hour, with a reason, in one's own name in the
//! audit log, and without anything that is sensitive.

mod end;
mod list;
mod start;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wealth_http::App;

/// The routes of impersonation.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(start::handler))
        .routes(routes!(list::handler))
        .routes(routes!(end::handler))
}
