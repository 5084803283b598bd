//! GET /v1/product-comparisons

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::{CompareProducts, ReviewComparisons};
use wealth_core::currency::Currency;
use wealth_core::ids::{ComparisonId, ProductId, UserId};
use wealth_core::money::Amount;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use crate::row::{self, Timestamp};

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only this person's. Others' are shown only with the right to review comparisons.
    #[param(value_type = Option<UserId>)]
    user_id: Option<UserId>,
    /// Only those made on this day, in the firm's time zone.
    #[serde(default, deserialize_with = "crate::list::day")]
    day: Option<NaiveDate>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A saved comparison, without its figures.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ComparisonSummary {
    /// Its id.
    comparison_id: ComparisonId,
    /// Who made it.
    user_id: UserId,
    /// The products, in the order asked for.
    product_ids: Vec<ProductId>,
    /// Amount to invest.
    investment_amount: Amount,
    /// Its currency.
    currency: Currency,
    /// Months for which the money can stay.
    horizon_months: i32,
    /// Day of investment.
    as_of: NaiveDate,
    /// When it was made.
    comparison_date: Timestamp,
}

/// List saved comparisons
///
/// The newest first: one's own; with the right to review comparisons, everybody's in the firm.
#[utoipa::path(
    get,
    path = "/v1/product-comparisons",
    operation_id = "comparisons_list",
    tag = "comparisons",
    params(Query),
    responses((status = 200, description = "A page of comparisons", body = Page<ComparisonSummary>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<CompareProducts>()?;
    let before = query.cursor.map(|cursor| cursor.decode::<(DateTime<Utc>, Uuid)>()).transpose()?;
    let rows = app
        .read("comparisons_list", &principal)
        .query_and_commit(
            sql!("products", "comparison_list"),
            &[
                p::uuid(&query.user_id.map(UserId::uuid)),
                p::date(&query.day),
                p::timestamptz(&before.map(|(at, _)| at)),
                p::uuid(&before.map(|(_, id)| id)),
                p::int8(&query.limit.fetch()),
                p::bool(&principal.may::<ReviewComparisons>()),
            ],
        )
        .await?;
    let items = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    let key = |item: &ComparisonSummary| (item.comparison_date.0, item.comparison_id);
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}

fn read(row: &Row) -> Result<ComparisonSummary> {
    let products: Vec<Uuid> = row.get("product_ids");
    Ok(ComparisonSummary {
        comparison_id: row.get::<_, Uuid>("comparison_id").into(),
        user_id: row.get::<_, Uuid>("user_id").into(),
        product_ids: products.into_iter().map(ProductId::from).collect(),
        investment_amount: row::amount(row, "investment_amount")?,
        currency: row::parsed(row, "currency")?,
        horizon_months: row.get("horizon_months"),
        as_of: row.get("as_of"),
        comparison_date: row::timestamp(row, "comparison_date"),
    })
}
