//! Who uses the platform, who has which access, and whether anything is left of who is gone.

mod access;
mod activity;
mod deprovision;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wealth_http::App;

/// The routes of this part.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(activity::handler))
        .routes(routes!(access::handler))
        .routes(routes!(deprovision::handler))
}
