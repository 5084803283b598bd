//! POST /v1/products/{product_id}/deactivate and /reactivate

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use wealth_core::authz::{Authorized, EditProducts};
use wealth_core::ids::ProductId;
use wealth_core::problem;
use wealth_db::{Row, Sql, p, sql};
use wealth_http::{
    App, Done, IfMatch, Nothing, OptionalInput, PathParams, Principal, Result, Row404, Write, json,
};

use crate::view::ProductView;

/// Take a product off sale
///
/// Sales roles no longer find it; its rates, terms and comparisons are kept. A product that is off
/// sale already stays as it is.
#[utoipa::path(
    post,
    path = "/v1/products/{product_id}/deactivate",
    operation_id = "products_deactivate",
    tag = "products",
    params(
        ("product_id" = ProductId, Path, description = "The product"),
        ("If-Match" = String, Header, description = "The product's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 200, description = "The product", body = ProductView,
        headers(("ETag" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn deactivate(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ProductId>,
    IfMatch(version): IfMatch,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<EditProducts>()?;
    let write = app.write("product_deactivate", &principal, &input.idempotency);
    answer(switch(write, &allowed, sql!("products", "deactivate"), id, version).await?).await
}

/// Put a product on sale again
///
/// A product that is on sale already stays as it is.
#[utoipa::path(
    post,
    path = "/v1/products/{product_id}/reactivate",
    operation_id = "products_reactivate",
    tag = "products",
    params(
        ("product_id" = ProductId, Path, description = "The product"),
        ("If-Match" = String, Header, description = "The product's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 200, description = "The product", body = ProductView,
        headers(("ETag" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn reactivate(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ProductId>,
    IfMatch(version): IfMatch,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<EditProducts>()?;
    let write = app.write("product_reactivate", &principal, &input.idempotency);
    answer(switch(write, &allowed, sql!("products", "reactivate"), id, version).await?).await
}

async fn switch(
    write: Write,
    _: &Authorized<EditProducts>,
    change: Sql,
    id: ProductId,
    version: Option<i64>,
) -> Result<(Done, Row)> {
    let id = id.uuid();
    let (done, mut answers) = write
        .last(&[
            (change, &[p::uuid(&id), p::int8(&version)]),
            (sql!("products", "get_by_id"), &[p::uuid(&id)]),
        ])
        .await?;
    let rows = answers.pop().unwrap_or_default();
    Ok((done, rows.one_or(&problem::PRODUCT_NOT_FOUND)?))
}

async fn answer((done, row): (Done, Row)) -> Result<Response> {
    let view = ProductView::read(&row)?;
    done.reply(json(StatusCode::OK, &view)?.etag(view.summary.version)).await
}
