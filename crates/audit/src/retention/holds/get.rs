//! One hold.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::ViewRetention;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, etag};

use super::LegalHold;

/// Get a legal hold
///
/// With its scopes, who placed it, and who asked for its release and gave it.
#[utoipa::path(
    get,
    path = "/v1/audit/legal-holds/{hold_id}",
    operation_id = "legal_holds_get",
    tag = "audit",
    params(("hold_id" = Uuid, Path, description = "The hold")),
    responses((status = 200, description = "The hold", body = LegalHold))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response> {
    principal.authorize::<ViewRetention>()?;
    let read = app.read("legal_holds_get", &principal);
    let rows = read.query_and_commit(sql!("audit", "hold_get"), &[p::uuid(&id)]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let mut response = Json(LegalHold::read(&row)?).into_response();
    response.headers_mut().insert(header::ETAG, etag(row.get("version")));
    Ok(response)
}
