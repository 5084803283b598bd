//! GET /v1/products

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize};
use utoipa::IntoParams;
use uuid::Uuid;
use wealth_core::authz::ViewProducts;
use wealth_core::dates::parse_date;
use wealth_core::money::{Amount, Percent};
use wealth_core::problem;
use wealth_core::product::{ProductSubtype, ProductType};
use wealth_core::text;
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Problem, Result};

use crate::view::ProductSummary;

/// What to list.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only this type.
    #[param(value_type = Option<ProductType>)]
    r#type: Option<ProductType>,
    /// Only this subtype.
    #[param(value_type = Option<ProductSubtype>)]
    subtype: Option<ProductSubtype>,
    /// Only what may be sold on this day: active, with a window that covers it.
    #[serde(default, deserialize_with = "day")]
    active_on: Option<NaiveDate>,
    /// Only active or only inactive products. Sales roles see active ones in any case.
    is_active: Option<bool>,
    /// Least base rate in percent.
    #[param(value_type = Option<Percent>)]
    rate_min: Option<Percent>,
    /// Highest base rate in percent.
    #[param(value_type = Option<Percent>)]
    rate_max: Option<Percent>,
    /// Only products whose minimum and maximum investment admit this amount.
    #[param(value_type = Option<Amount>)]
    amount: Option<Amount>,
    /// Only what the caller may sell for its insurer today, in any state, or only what not. What
    /// needs no appointment, such as a CD, may be sold.
    appointed: Option<bool>,
    /// Words that all occur in name, CUSIP, ISIN, issuer, subtype or description, in any order and
    /// letter case; up to 200 characters.
    #[param(max_length = 200)]
    q: Option<String>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// Reads a day as bodies do: one form only, and in the range that the platform holds.
pub(crate) fn day<'de, D: Deserializer<'de>>(from: D) -> Result<Option<NaiveDate>, D::Error> {
    let text = String::deserialize(from)?;
    parse_date(&text).map(Some).map_err(serde::de::Error::custom)
}

/// A row with the key that the list is sorted by.
#[derive(Serialize)]
struct Item {
    #[serde(flatten)]
    product: ProductSummary,
    #[serde(skip)]
    rate_key: i64,
}

/// List products
///
/// Sorted by type, then the highest base rate first, then by id. The order rests on the rate that
/// the last change or the nightly turn left; the rates shown are those in force.
#[utoipa::path(
    get,
    path = "/v1/products",
    operation_id = "products_list",
    tag = "products",
    params(Query),
    responses((status = 200, description = "A page of products", body = Page<ProductSummary>,
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
    let words = query.q.as_deref().map(words).transpose()?;
    let after = query.cursor.map(|cursor| cursor.decode::<(ProductType, i64, Uuid)>());
    let after = after.transpose()?;
    let rows = app
        .read("products_list", &principal)
        .query_and_commit(
            sql!("products", "list"),
            &[
                p::text(&query.r#type.map(ProductType::as_str)),
                p::text(&query.subtype.map(ProductSubtype::as_str)),
                p::date(&query.active_on),
                p::bool(&query.is_active),
                p::numeric(&query.rate_min.map(Percent::decimal)),
                p::numeric(&query.rate_max.map(Percent::decimal)),
                p::numeric(&query.amount.map(Amount::decimal)),
                p::texts(&words),
                p::text(&after.map(|(product_type, ..)| product_type.as_str())),
                p::int8(&after.map(|(_, rate_key, _)| rate_key)),
                p::uuid(&after.map(|(.., id)| id)),
                p::int8(&query.limit.fetch()),
                p::bool(&query.appointed),
            ],
        )
        .await?;
    let item =
        |row| Ok(Item { product: ProductSummary::read(row)?, rate_key: row.get("rate_key") });
    let items = rows.iter().map(item).collect::<Result<Vec<_>>>()?;
    let key = |item: &Item| (item.product.product_type, item.rate_key, item.product.product_id);
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}

/// The words of a search, none when it is blank. Eight are enough to find anything and bound the
/// work for a row.
pub(crate) fn words(q: &str) -> Result<Option<Vec<String>>> {
    let mut violations = Violations::new();
    let rule = text::Rule { min: 0, max: 200, multiline: false };
    let Some(text) = text::clean(q, rule, "/q", &mut violations) else {
        let reason = violations.0.first().map_or("cannot be read", |e| e.message.as_str());
        return Err(Problem::new(
            &problem::MALFORMED_REQUEST,
            format!("The parameter q {reason}."),
        ));
    };
    let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    if words.len() > 8 {
        let text = "The parameter q may have at most 8 words.";
        return Err(Problem::new(&problem::MALFORMED_REQUEST, text));
    }
    Ok((!words.is_empty()).then_some(words))
}
