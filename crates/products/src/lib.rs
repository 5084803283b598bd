//! The products context.

use utoipa_axum::router::OpenApiRouter;
use wealth_http::App;

/// Every route of the context.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
}
