//! One request, with its answer.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::ViewRetention;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, etag};

use super::AnsweredErasure;

/// Get an erasure request
///
/// With the answer, field by field: the one that was given, or what it would be now.
#[utoipa::path(
    get,
    path = "/v1/audit/erasure-requests/{erasure_id}",
    operation_id = "erasure_requests_get",
    tag = "audit",
    params(("erasure_id" = Uuid, Path, description = "The request")),
    responses((status = 200, description = "The request", body = AnsweredErasure))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response> {
    principal.authorize::<ViewRetention>()?;
    let read = app.read("erasure_requests_get", &principal);
    let rows = read.query_and_commit(sql!("audit", "erasure_get"), &[p::uuid(&id)]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let mut response = Json(AnsweredErasure::read(&row)?).into_response();
    response.headers_mut().insert(header::ETAG, etag(row.get("version")));
    Ok(response)
}
