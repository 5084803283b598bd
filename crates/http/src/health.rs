//! `/health`: the process answers. `/ready`: so does a database that is fit to serve.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_db::Meter;

use crate::app::App;
use crate::routes;
use crate::routes::Routes;

/// Both routes.
pub(crate) fn router<R: Routes>() -> R {
    R::empty().routes(routes!(health)).routes(routes!(ready))
}

/// Liveness.
#[derive(Debug, Serialize, ToSchema)]
struct Health {
    /// Always `alive`.
    #[schema(example = "alive")]
    status: &'static str,
}

/// Readiness, with what was looked at.
#[derive(Debug, Serialize, ToSchema)]
struct Ready {
    /// `ready` or `not_ready`.
    #[schema(example = "ready")]
    status: &'static str,
    /// The checks.
    checks: Checks,
}

#[derive(Debug, Default, Serialize, ToSchema)]
struct Checks {
    /// Whether the database answers.
    database: bool,
    /// Version of the database server.
    server_version: Option<String>,
    /// Whether that version carries the security fixes we rely on.
    server_version_at_floor: Option<bool>,
    /// Newest migration in the database.
    schema_version: Option<i32>,
    /// Newest migration that this program knows.
    expected_schema_version: Option<i32>,
}

/// Tell whether the process is alive
///
/// Says nothing about the database; see `/ready`.
#[utoipa::path(get, path = "/health", operation_id = "health", tag = "operations", security(()),
    responses((status = 200, description = "Alive", body = Health)))]
async fn health() -> axum::Json<Health> {
    axum::Json(Health { status: "alive" })
}

/// Tell whether requests can be served
///
/// 503 when the database cannot be reached, is not migrated, or runs a server version below the
/// security floor.
#[utoipa::path(get, path = "/ready", operation_id = "ready", tag = "operations", security(()),
    responses((status = 200, description = "Ready", body = Ready),
              (status = 503, description = "Not ready", body = Ready)))]
async fn ready(State(app): State<App>) -> Response {
    let (ready, checks) = match app.db.readiness(&Meter::default()).await {
        Ok(found) => (
            found.is_ready(),
            Checks {
                database: true,
                server_version: Some(found.server.to_string()),
                server_version_at_floor: Some(found.meets_floor),
                schema_version: Some(found.schema_version),
                expected_schema_version: Some(found.expected_schema_version),
            },
        ),
        Err(error) => {
            tracing::error!(error = crate::problem::chain(&error), "not ready");
            (false, Checks::default())
        }
    };
    let status = if ready { "ready" } else { "not_ready" };
    let code = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, axum::Json(Ready { status, checks })).into_response()
}
