//! GET /v1/products/imports/{import_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::ImportProducts;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, json};

use super::view::ImportView;

/// Read an import
///
/// With the first thousand errors. Runs of the command line are here too, while they go on as well.
#[utoipa::path(
    get,
    path = "/v1/products/imports/{import_id}",
    operation_id = "products_imports_get",
    tag = "products",
    params(("import_id" = Uuid, Path, description = "The import")),
    responses((status = 200, description = "The import", body = ImportView)),
    security(("bearer" = [])),
)]
pub(super) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response> {
    principal.authorize::<ImportProducts>()?;
    let tx = app.read("product_import_get", &principal);
    let rows = tx.query_and_commit(sql!("products", "import_get"), &[p::uuid(&id)]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    Ok(json(StatusCode::OK, &ImportView::read(&row)?)?.into_response())
}
