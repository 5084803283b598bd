//! POST /v1/products/{product_id}/availability

use axum::extract::State;
use axum::response::Response;
use wealth_core::authz::{Authorized, EditProducts};
use wealth_core::dates::{DateWindow, NewWindow};
use wealth_core::ids::{AvailabilityId, ProductId};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, Input, PathParams, Principal, Result, Row404, Write, created};

use super::Availability;

/// Add an availability window
///
/// Both days belong to the window. It may touch but not overlap another active one. No If-Match is
/// asked for: a window that is added takes nothing back that another person did, and one that
/// would overlap theirs is refused.
#[utoipa::path(
    post,
    path = "/v1/products/{product_id}/availability",
    operation_id = "product_availability_add",
    tag = "products",
    params(
        ("product_id" = ProductId, Path, description = "The product"),
        ("Idempotency-Key" = String, Header, description = "New for each intent"),
    ),
    request_body = NewWindow,
    responses((status = 201, description = "The window; the ETag is the product's",
        body = Availability, headers(("ETag" = String), ("Location" = String)))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ProductId>,
    input: Input<NewWindow>,
) -> Result<Response> {
    let allowed = principal.authorize::<EditProducts>()?;
    let write = app.write("product_availability_add", &principal, input.idempotency.required()?);
    let window = input.body.validate()?;
    let window_id = AvailabilityId::new(&*app.ids);
    let (done, row) = insert(write, &allowed, id, window_id, window).await?;
    let view = Availability::read(&row);
    let location = format!("/v1/products/{id}/availability/{window_id}");
    done.reply(created(&location, &view)?.etag(row.get("version"))).await
}

async fn insert(
    write: Write,
    _: &Authorized<EditProducts>,
    id: ProductId,
    window_id: AvailabilityId,
    window: DateWindow,
) -> Result<(Done, Row)> {
    let (id, window_id) = (id.uuid(), window_id.uuid());
    let (done, mut answers) = write
        .last(&[
            (
                sql!("products", "availability_add"),
                &[
                    p::uuid(&id),
                    p::date(&window.start_date),
                    p::date(&window.end_date),
                    p::uuid(&window_id),
                ],
            ),
            (sql!("products", "availability_get"), &[p::uuid(&id), p::uuid(&window_id)]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::PRODUCT_NOT_FOUND)?))
}
