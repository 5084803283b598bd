//! One disposal.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::ViewRetention;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, etag};

use super::Disposal;

/// Get a disposal
///
/// With how many records are on its list, who proposed and who approved it, and what became of it.
#[utoipa::path(
    get,
    path = "/v1/audit/disposals/{disposal_id}",
    operation_id = "disposals_get",
    tag = "audit",
    params(("disposal_id" = Uuid, Path, description = "The disposal")),
    responses((status = 200, description = "The disposal", body = Disposal))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response> {
    principal.authorize::<ViewRetention>()?;
    let read = app.read("disposals_get", &principal);
    let rows = read.query_and_commit(sql!("audit", "disposal_get"), &[p::uuid(&id)]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let mut response = Json(Disposal::read(&row)?).into_response();
    response.headers_mut().insert(header::ETAG, etag(row.get("version")));
    Ok(response)
}
