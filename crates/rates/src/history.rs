//! Everything ever recorded of a product's rates.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::ViewRates;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, PathParams, Principal, Result, Row404};

use crate::query;
use crate::row::RecordedRate;

/// Which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Rows a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List every rate ever recorded of a product
///
/// Superseded rows too, each with its provenance: who set it and why, who approved it, the feed
/// and batch that brought it, and the row it is the rest of. Latest days first.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/rates/history",
    operation_id = "rates_history",
    tag = "rates",
    params(("product_id" = Uuid, Path, description = "The product"), Query),
    responses((status = 200, description = "The rows", body = Page<RecordedRate>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(product): PathParams<String>,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ViewRates>()?;
    let product = query::product_id(&product)?.uuid();
    let after: Option<(NaiveDate, Uuid)> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let (date, row) = after.unzip();
    let fetch = query.limit.fetch();
    let id = [p::uuid(&product)];
    let page = [p::uuid(&product), p::date(&date), p::uuid(&row), p::int8(&fetch)];
    let read = app.read("rates_history", &principal);
    let mut answers = read
        .batch_and_commit(&[(sql!("rates", "product"), &id), (sql!("rates", "history_all"), &page)])
        .await?;
    let rows = answers.pop().unwrap_or_default();
    answers.pop().unwrap_or_default().one_or(&problem::PRODUCT_NOT_FOUND)?;
    let rates = rows.iter().map(|row| RecordedRate::read(product, row)).collect::<Result<_>>()?;
    Ok(Page::new(rates, query.limit, &uri, RecordedRate::key).into_response())
}
