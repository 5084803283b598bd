//! What people say of themselves: phone, picture, time zone, language, preferences (S4-22 ... S4-34).

mod get;
mod of_member;
mod patch;
mod rules;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wealth_http::App;

/// The routes of profiles.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get::handler))
        .routes(routes!(patch::handler))
        .routes(routes!(of_member::handler))
}
