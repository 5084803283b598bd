//! GET /v1/products/by-cusip/{cusip}

use axum::extract::State;
use axum::response::Response;
use wealth_core::authz::ViewProducts;
use wealth_core::cusip::Cusip;
use wealth_core::parse::Parse;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, IfNoneMatch, PathParams, Principal, Problem, Result, Row404};

use crate::view::ProductView;

/// Read a product by its CUSIP
///
/// As by id. A text that is no CUSIP names no product; letter case does not matter.
#[utoipa::path(
    get,
    path = "/v1/products/by-cusip/{cusip}",
    operation_id = "products_get_by_cusip",
    tag = "products",
    params(
        ("cusip" = Cusip, Path, description = "The CUSIP; percent-encode * and #"),
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
    PathParams(text): PathParams<String>,
    held: IfNoneMatch,
) -> Result<Response> {
    principal.authorize::<ViewProducts>()?;
    let unknown = |_| Problem::not_found(&problem::PRODUCT_NOT_FOUND);
    let cusip = Cusip::parse(&text).map_err(unknown)?;
    let tx = app.read("product_get_by_cusip", &principal);
    let query = sql!("products", "get_by_cusip");
    let rows = tx.query_and_commit(query, &[p::text(&cusip.as_str())]).await?;
    crate::get::answer(&rows.one_or(&problem::PRODUCT_NOT_FOUND)?, &held)
}
