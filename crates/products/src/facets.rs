//! GET /v1/products/facets

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use wealth_core::authz::ViewProducts;
use wealth_core::money::{Amount, Percent};
use wealth_core::product::{ProductSubtype, ProductType};
use wealth_db::{Row, p, sql};
use wealth_http::{App, Params, Principal, Result};

use crate::list::{day, words};

/// Issuers beyond these are left out: a reader picks from a list, not from a register.
const MAX_ISSUERS: i64 = 50;

/// What to count: the filters of the list.
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
    /// Words that all occur in name, CUSIP, ISIN, issuer, subtype or description, in any order and
    /// letter case; up to 200 characters.
    #[param(max_length = 200)]
    q: Option<String>,
}

/// How the products that the filters leave are spread. Products without a subtype or an issuer
/// count in the total only.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Facets {
    /// All of them.
    total: i64,
    /// By type, the most first.
    types: Vec<Facet>,
    /// By subtype, the most first.
    subtypes: Vec<Facet>,
    /// By issuer, the fifty with the most products.
    issuers: Vec<Facet>,
}

/// One value to narrow a list by.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Facet {
    /// The value.
    value: String,
    /// Products that have it.
    count: i64,
}

/// Count products by what they can be narrowed by
///
/// For the same filters as the list: how many products each type, subtype and issuer has.
#[utoipa::path(
    get,
    path = "/v1/products/facets",
    operation_id = "products_facets",
    tag = "products",
    params(Query),
    responses((status = 200, description = "The counts", body = Facets)),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<ViewProducts>()?;
    let words = query.q.as_deref().map(words).transpose()?.flatten();
    let rows = app
        .read("products_facets", &principal)
        .query_and_commit(
            sql!("products", "facets"),
            &[
                p::text(&query.r#type.map(ProductType::as_str)),
                p::text(&query.subtype.map(ProductSubtype::as_str)),
                p::date(&query.active_on),
                p::bool(&query.is_active),
                p::numeric(&query.rate_min.map(Percent::decimal)),
                p::numeric(&query.rate_max.map(Percent::decimal)),
                p::numeric(&query.amount.map(Amount::decimal)),
                p::texts(&words),
                p::int8(&MAX_ISSUERS),
            ],
        )
        .await?;
    Ok(Json(read(&rows)).into_response())
}

fn read(rows: &[Row]) -> Facets {
    let mut facets = Facets::default();
    for row in rows {
        let count = row.get("count");
        let list = match row.get("facet") {
            "type" => &mut facets.types,
            "subtype" => &mut facets.subtypes,
            "issuer" => &mut facets.issuers,
            _ => {
                facets.total = count;
                continue;
            }
        };
        list.push(Facet { value: row.get("value"), count });
    }
    facets
}
