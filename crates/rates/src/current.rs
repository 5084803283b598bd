//! The rate in force on a day.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::ViewRates;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Params, PathParams, Principal, Result, Row404};

use crate::query::{self, AsOf};
use crate::row::ProductRate;

/// The answer for one day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RateOnDay {
    /// The product.
    product_id: Uuid,
    /// The day asked about.
    as_of: NaiveDate,
    /// The instant whose knowledge counted; null is now.
    known_at: Option<DateTime<Utc>>,
    /// The rate; null before the first one.
    rate: Option<ProductRate>,
}

/// Get the rate in force on a day
///
/// As of today or another day, by what is believed now or was believed at `known_at`.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/rates/current",
    operation_id = "rates_current",
    tag = "rates",
    params(("product_id" = Uuid, Path, description = "The product"), AsOf),
    responses((status = 200, description = "The rate on that day", body = RateOnDay))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(product): PathParams<String>,
    Params(query): Params<AsOf>,
) -> Result<Response> {
    principal.authorize::<ViewRates>()?;
    let product_id = query::product_id(&product)?.uuid();
    let (as_of, known_at) = query.read()?;
    let params = [p::uuid(&product_id), p::date(&as_of), p::timestamptz(&known_at)];
    let read = app.read("rates_current", &principal);
    let rows = read.query_and_commit(sql!("rates", "current"), &params).await?;
    let row = rows.one_or(&problem::PRODUCT_NOT_FOUND)?;
    let found: Option<Uuid> = row.get("rate_history_id");
    let rate = found.map(|_| ProductRate::read(product_id, &row)).transpose()?;
    Ok(Json(RateOnDay { product_id, as_of: row.get("as_of"), known_at, rate }).into_response())
}
