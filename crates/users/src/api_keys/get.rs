//! GET /v1/api-keys/{api_key_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::AdministerAccess;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Person, Result, Row404, json};

use super::view::ApiKeyView;

/// Get an API key
///
/// One's own; for administrators, any of the firm. The key itself is not shown again.
#[utoipa::path(
    get,
    path = "/v1/api-keys/{api_key_id}",
    operation_id = "api_keys_get",
    tag = "api-keys",
    params(("api_key_id" = Uuid, Path, description = "The key")),
    responses((status = 200, description = "The key", body = ApiKeyView)),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response> {
    let administers = principal.may::<AdministerAccess>();
    let params = [p::uuid(&id), p::bool(&administers)];
    let tx = app.read("api_key_get", &principal);
    let rows = tx.query_and_commit(sql!("users", "get_api_key"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    Ok(json(StatusCode::OK, &ApiKeyView::read(&row))?.into_response())
}
