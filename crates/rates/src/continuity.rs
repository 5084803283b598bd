//! The proof that a product has exactly one rate on every day it is on sale.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::ViewRates;
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404};

use crate::query;

/// Days on which something is wrong, both inclusive.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BrokenDays {
    /// First day.
    from_date: NaiveDate,
    /// Last day.
    to_date: NaiveDate,
}

/// What the look at every day found.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Continuity {
    /// The product.
    product_id: Uuid,
    /// Whether nothing is wrong.
    continuous: bool,
    /// Days on sale without a rate.
    gaps: Vec<BrokenDays>,
    /// Days with two rates, which a constraint rules out.
    overlaps: Vec<BrokenDays>,
}

/// Prove that a product's rates are continuous
///
/// Looks at every day of the product's availability windows and reports days on sale without a
/// rate and days with two. The database refuses gaps between rates and overlaps; what this can
/// find is a window that opens before the first rate.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/rates/continuity",
    operation_id = "rates_continuity",
    tag = "rates",
    params(("product_id" = Uuid, Path, description = "The product")),
    responses((status = 200, description = "What was found", body = Continuity))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(product): PathParams<String>,
) -> Result<Response> {
    principal.authorize::<ViewRates>()?;
    let product_id = query::product_id(&product)?.uuid();
    let id = [p::uuid(&product_id)];
    let read = app.read("rates_continuity", &principal);
    let mut answers = read
        .batch_and_commit(&[(sql!("rates", "product"), &id), (sql!("rates", "continuity"), &id)])
        .await?;
    let rows = answers.pop().unwrap_or_default();
    answers.pop().unwrap_or_default().one_or(&problem::PRODUCT_NOT_FOUND)?;
    let answer = Continuity {
        product_id,
        continuous: rows.is_empty(),
        gaps: of_kind(&rows, "gap"),
        overlaps: of_kind(&rows, "overlap"),
    };
    Ok(Json(answer).into_response())
}

fn of_kind(rows: &[Row], kind: &str) -> Vec<BrokenDays> {
    let rows = rows.iter().filter(|row| row.get::<_, &str>("problem") == kind);
    rows.map(|row| BrokenDays { from_date: row.get("from_date"), to_date: row.get("to_date") })
        .collect()
}
