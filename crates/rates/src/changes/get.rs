//! One change of a rate.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::ViewRateChanges;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, etag};

use super::RateChange;

/// Get a rate change
///
/// With the rate it was proposed against, who proposed it and who decided on it.
#[utoipa::path(
    get,
    path = "/v1/rate-changes/{change_id}",
    operation_id = "rate_changes_get",
    tag = "rates",
    params(("change_id" = Uuid, Path, description = "The change")),
    responses((status = 200, description = "The change", body = RateChange))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(change): PathParams<Uuid>,
) -> Result<Response> {
    principal.authorize::<ViewRateChanges>()?;
    let read = app.read("rate_changes_get", &principal);
    let rows = read.query_and_commit(sql!("rates", "change_get"), &[p::uuid(&change)]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let mut response = Json(RateChange::read(&row)?).into_response();
    response.headers_mut().insert(header::ETAG, etag(row.get("version")));
    Ok(response)
}
