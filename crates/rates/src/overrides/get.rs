//! One override.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::ViewRateChanges;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, etag};

use super::RateOverrideView;

/// Get an override
///
/// With its reason, who proposed it, who decided on it, and when it was believed.
#[utoipa::path(
    get,
    path = "/v1/rates/overrides/{override_id}",
    operation_id = "rate_overrides_get",
    tag = "rates",
    params(("override_id" = Uuid, Path, description = "The override")),
    responses((status = 200, description = "The override", body = RateOverrideView))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response> {
    principal.authorize::<ViewRateChanges>()?;
    let read = app.read("rate_overrides_get", &principal);
    let no_rest = None::<Uuid>;
    let values = [p::uuid(&id), p::uuid(&no_rest)];
    let rows = read.query_and_commit(sql!("rates", "override_get"), &values).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let mut response = Json(RateOverrideView::read(&row)?).into_response();
    response.headers_mut().insert(header::ETAG, etag(row.get("version")));
    Ok(response)
}
