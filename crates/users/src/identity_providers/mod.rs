//! The issuers that a firm trusts, and how their claims become roles here.

mod address;
mod delete;
mod list;
mod put;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use wealth_http::App;

/// The routes of identity providers.
pub(crate) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list::handler))
        .routes(routes!(put::handler))
        .routes(routes!(delete::handler))
}
