//! GET /v1/products/{product_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use wealth_core::authz::ViewProducts;
use wealth_core::ids::ProductId;
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, IfNoneMatch, PathParams, Principal, Result, Row404, json, not_modified};

use crate::view::ProductView;

/// Read a product
///
/// Rates are those in force on the firm's business date. Sales roles find active products only.
/// With If-None-Match a copy that is still current is answered 304.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}",
    operation_id = "products_get",
    tag = "products",
    params(
        ("product_id" = ProductId, Path, description = "The product"),
        ("If-None-Match" = Option<String>, Header, description = "ETags of the copies held"),
    ),
    responses(
        (status = 200, description = "The product", body = ProductView,
            headers(("ETag" = String))),
        (status = 304, description = "The copy held is current", headers(("ETag" = String))),
    ),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ProductId>,
    held: IfNoneMatch,
) -> Result<Response> {
    principal.authorize::<ViewProducts>()?;
    let tx = app.read("product_get", &principal);
    let rows = tx.query_and_commit(sql!("products", "get_by_id"), &[p::uuid(&id.uuid())]).await?;
    answer(&rows.one_or(&problem::PRODUCT_NOT_FOUND)?, &held)
}

/// The product, or 304. Between the day on which a scheduled rate takes force and the moment at
/// which the version counts it, the version alone does not tell copies apart: then always 200.
pub(crate) fn answer(row: &Row, held: &IfNoneMatch) -> Result<Response> {
    let version = row.get("version");
    let settled = !row.get::<_, bool>("rate_is_due");
    if settled && held.holds(version) {
        return Ok(not_modified(version));
    }
    Ok(json(StatusCode::OK, &ProductView::read(row)?)?.etag(version).into_response())
}
