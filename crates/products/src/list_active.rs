//! GET /v1/products/active

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewProducts;
use wealth_core::currency::Currency;
use wealth_core::cusip::Cusip;
use wealth_core::ids::ProductId;
use wealth_core::money::{Amount, Percent};
use wealth_core::product::ProductType;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use crate::row;
use crate::view::RATE_UNIT;

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only this type.
    #[param(value_type = Option<ProductType>)]
    r#type: Option<ProductType>,
    /// Least base rate in percent.
    #[param(value_type = Option<Percent>)]
    rate_min: Option<Percent>,
    /// Highest base rate in percent.
    #[param(value_type = Option<Percent>)]
    rate_max: Option<Percent>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A product that may be sold today: the thirteen columns of the documented rate sheet (S0-90).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ActiveProduct {
    /// Its id.
    pub(crate) product_id: ProductId,
    /// Its CUSIP.
    pub(crate) cusip: Cusip,
    /// Its name.
    pub(crate) product_name: String,
    /// Top-level type.
    pub(crate) product_type: ProductType,
    /// Free text.
    pub(crate) description: Option<String>,
    /// Currency of its amounts: beside the documented columns, because an amount without one is none.
    pub(crate) currency: Currency,
    /// Least investment.
    pub(crate) minimum_investment: Amount,
    /// Most investment; null is unlimited.
    pub(crate) maximum_investment: Option<Amount>,
    /// Base rate in force.
    pub(crate) base_rate: Percent,
    /// Bonus in force; never part of a yield.
    pub(crate) bonus_rate: Percent,
    /// Unit of both.
    #[schema(value_type = String, example = "percent")]
    pub(crate) rate_unit: &'static str,
    /// Whether the premium, or a share of it, is returned in any case.
    pub(crate) return_of_premium: bool,
    /// That share in percent.
    pub(crate) return_of_premium_percentage: Option<Percent>,
    /// First day of the window that is open.
    pub(crate) start_date: NaiveDate,
    /// Last day of the window that is open.
    pub(crate) end_date: NaiveDate,
}

/// A row with the key that the sheet is sorted by.
#[derive(Serialize)]
struct Item {
    #[serde(flatten)]
    product: ActiveProduct,
    #[serde(skip)]
    rate_key: i64,
}

/// The rate sheet of today
///
/// What may be sold on the firm's business date, by the documented function
/// get_active_products_with_rates: sorted by type, then the highest base rate first, then by id.
#[utoipa::path(
    get,
    path = "/v1/products/active",
    operation_id = "products_list_active",
    tag = "products",
    params(Query),
    responses((status = 200, description = "A page of the rate sheet", body = Page<ActiveProduct>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewProducts>()?;
    let after = query.cursor.map(|cursor| cursor.decode::<(ProductType, i64, Uuid)>());
    let after = after.transpose()?;
    let rows = app
        .read("products_list_active", &principal)
        .query_and_commit(
            sql!("products", "active_sheet"),
            &[
                p::text(&query.r#type.map(ProductType::as_str)),
                p::numeric(&query.rate_min.map(Percent::decimal)),
                p::numeric(&query.rate_max.map(Percent::decimal)),
                p::text(&after.map(|(product_type, ..)| product_type.as_str())),
                p::int8(&after.map(|(_, rate_key, _)| rate_key)),
                p::uuid(&after.map(|(.., id)| id)),
                p::int8(&query.limit.fetch()),
            ],
        )
        .await?;
    let item = |row| Ok(Item { product: read(row)?, rate_key: Row::get(row, "rate_key") });
    let items = rows.iter().map(item).collect::<Result<Vec<_>>>()?;
    let key = |item: &Item| (item.product.product_type, item.rate_key, item.product.product_id);
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}

fn read(row: &Row) -> Result<ActiveProduct> {
    Ok(ActiveProduct {
        product_id: row.get::<_, Uuid>("product_id").into(),
        cusip: row::parsed(row, "cusip")?,
        product_name: row.get("product_name"),
        product_type: row::parsed(row, "product_type")?,
        description: row.get("description"),
        currency: row::parsed(row, "currency")?,
        minimum_investment: row::amount(row, "minimum_investment")?,
        maximum_investment: row::amount_opt(row, "maximum_investment")?,
        base_rate: row::percent(row, "base_rate")?,
        bonus_rate: row::percent(row, "bonus_rate")?,
        rate_unit: RATE_UNIT,
        return_of_premium: row.get("return_of_premium"),
        return_of_premium_percentage: row::percent_opt(row, "return_of_premium_percentage")?,
        start_date: row.get("start_date"),
        end_date: row.get("end_date"),
    })
}
