//! GET /v1/products/{product_id}/terms/{version}

use axum::Json;
use axum::extract::State;
use wealth_core::authz::ViewProducts;
use wealth_core::ids::ProductId;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404};

use super::Terms;

/// Read a version of the terms and conditions
///
/// A published text never changes.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/terms/{version}",
    operation_id = "product_terms_get",
    tag = "products",
    params(
        ("product_id" = ProductId, Path, description = "The product"),
        ("version" = i32, Path, description = "Number of the version"),
    ),
    responses((status = 200, description = "The text", body = Terms)),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams((id, version)): PathParams<(ProductId, i32)>,
) -> Result<Json<Terms>> {
    principal.authorize::<ViewProducts>()?;
    let rows = app
        .read("product_terms_get", &principal)
        .query_and_commit(sql!("products", "terms_get"), &[p::uuid(&id.uuid()), p::int4(&version)])
        .await?;
    Ok(Json(Terms::read(&rows.one_or(&problem::NOT_FOUND)?)))
}
