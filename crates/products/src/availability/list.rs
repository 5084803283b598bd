//! GET /v1/products/{product_id}/availability

use axum::extract::{OriginalUri, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use uuid::Uuid;
use wealth_core::authz::ViewProducts;
use wealth_core::ids::ProductId;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Page, Params, PathParams, Principal, Problem, Result, etag};

use super::Availability;
use crate::versions::Query;

/// List the availability windows of a product
///
/// The earliest first, removed ones too. The ETag is the product's: send it in If-Match to change
/// or remove a window.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/availability",
    operation_id = "product_availability_list",
    tag = "products",
    params(("product_id" = ProductId, Path, description = "The product"), Query),
    responses((status = 200, description = "A page of windows", body = Page<Availability>,
        headers(("ETag" = String),
            ("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<ProductId>,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewProducts>()?;
    let after = query.cursor.map(|cursor| cursor.decode::<(NaiveDate, Uuid)>()).transpose()?;
    let rows = app
        .read("product_availability_list", &principal)
        .query_and_commit(
            sql!("products", "availability_list"),
            &[
                p::uuid(&id.uuid()),
                p::date(&after.map(|(day, _)| day)),
                p::uuid(&after.map(|(_, id)| id)),
                p::int8(&query.limit.fetch()),
            ],
        )
        .await?;
    let Some(first) = rows.first() else {
        return Err(Problem::not_found(&problem::PRODUCT_NOT_FOUND));
    };
    let tag = etag(first.get("version"));
    let rows = rows.iter().filter(|row| row.get::<_, Option<Uuid>>("availability_id").is_some());
    let items = rows.map(Availability::read).collect();
    let key = |item: &Availability| (item.start_date, item.availability_id);
    let mut response = Page::new(items, query.limit, &uri, key).into_response();
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}
