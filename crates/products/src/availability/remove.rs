//! DELETE /v1/products/{product_id}/availability/{availability_id}

use axum::extract::State;
use axum::response::Response;
use wealth_core::authz::{Authorized, EditProducts};
use wealth_core::ids::{AvailabilityId, ProductId};
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{
    App, Done, IfMatch, Nothing, OptionalInput, PathParams, Principal, Result, Row404, Write,
    no_content,
};

/// Remove an availability window
///
/// The window stays in the list as inactive: what was on sale when can always be told.
#[utoipa::path(
    delete,
    path = "/v1/products/{product_id}/availability/{availability_id}",
    operation_id = "product_availability_remove",
    tag = "products",
    params(
        ("product_id" = ProductId, Path, description = "The product"),
        ("availability_id" = AvailabilityId, Path, description = "The window"),
        ("If-Match" = String, Header, description = "The product's ETag"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 204, description = "Removed; the ETag is the product's",
        headers(("ETag" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(ids): PathParams<(ProductId, AvailabilityId)>,
    IfMatch(version): IfMatch,
    input: OptionalInput<Nothing>,
) -> Result<Response> {
    let allowed = principal.authorize::<EditProducts>()?;
    let write = app.write("product_availability_remove", &principal, &input.idempotency);
    let (done, version) = remove(write, &allowed, ids, version).await?;
    done.reply(no_content().etag(version)).await
}

async fn remove(
    write: Write,
    _: &Authorized<EditProducts>,
    (product, window): (ProductId, AvailabilityId),
    version: Option<i64>,
) -> Result<(Done, i64)> {
    let (product, window) = (product.uuid(), window.uuid());
    let (done, mut answers) = write
        .last(&[
            (
                sql!("products", "availability_remove"),
                &[p::uuid(&product), p::uuid(&window), p::int8(&version)],
            ),
            (sql!("products", "availability_get"), &[p::uuid(&product), p::uuid(&window)]),
        ])
        .await?;
    let row = answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?;
    Ok((done, row.get("version")))
}
