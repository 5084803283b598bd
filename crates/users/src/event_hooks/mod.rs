//! Calls of a firm's directory (Okta event hooks): somebody has left, came back, was renamed.

mod create;
mod delete;
mod delivery;
mod list;
mod receive;
mod rotate;
mod secret;
mod verify;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wealth_http::App;

/// The routes of event hooks.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::handler))
        .routes(routes!(create::handler))
        .routes(routes!(delete::handler))
        .routes(routes!(rotate::handler))
        .routes(routes!(verify::handler))
        .routes(routes!(receive::handler))
}
