//! GET /v1/product-recommendations/{recommendation_id}

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use wealth_core::authz::CompareProducts;
use wealth_core::ids::RecommendationId;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404};

use super::RecommendationView;

/// Get a recommendation
///
/// With its record, its seal, and whether record and comparison still are what was sealed. One's
/// own; anybody's for those who supervise sales.
#[utoipa::path(
    get,
    path = "/v1/product-recommendations/{recommendation_id}",
    operation_id = "recommendations_get",
    tag = "recommendations",
    params(("recommendation_id" = RecommendationId, Path, description = "The recommendation")),
    responses((status = 200, description = "The recommendation", body = RecommendationView)),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<RecommendationId>,
) -> Result<Response> {
    principal.authorize::<CompareProducts>()?;
    let rows = app
        .read("recommendations_get", &principal)
        .query_and_commit(sql!("products", "recommendation_get"), &[p::uuid(&id.uuid())])
        .await?;
    Ok(Json(RecommendationView::read(&rows.one_or(&problem::NOT_FOUND)?)?).into_response())
}
