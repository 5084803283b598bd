//! The rate of every product on a day.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewRates;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use crate::query::AsOf;
use crate::row::ProductRate;

/// Which day, as believed when, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// The day asked about; today in the tenant's time zone unless given.
    #[param(value_type = Option<NaiveDate>)]
    as_of: Option<String>,
    /// The instant whose knowledge counts (RFC 3339); now unless given.
    #[param(value_type = Option<DateTime<Utc>>)]
    known_at: Option<String>,
    /// Products a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A product with its rate on the day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ListedRate {
    /// Its CUSIP.
    cusip: String,
    /// Its name.
    product_name: String,
    /// Its type.
    product_type: String,
    /// The rate.
    #[serde(flatten)]
    rate: ProductRate,
    #[serde(skip)]
    key: Uuid,
}

impl ListedRate {
    fn read(row: &Row) -> Result<Self> {
        let key = row.get("product_id");
        Ok(Self {
            cusip: row.get("cusip"),
            product_name: row.get("product_name"),
            product_type: row.get("product_type"),
            rate: ProductRate::read(key, row)?,
            key,
        })
    }
}

/// List the rates in force on a day
///
/// One for each product that the caller may see and that had a rate on that day, by product id.
#[utoipa::path(
    get,
    path = "/v1/rates",
    operation_id = "rates_list",
    tag = "rates",
    params(Query),
    responses((status = 200, description = "The rates", body = Page<ListedRate>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ViewRates>()?;
    let times = AsOf { as_of: query.as_of, known_at: query.known_at };
    let (as_of, known_at) = times.read()?;
    let after: Option<Uuid> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let fetch = query.limit.fetch();
    let params = [p::date(&as_of), p::timestamptz(&known_at), p::uuid(&after), p::int8(&fetch)];
    let read = app.read("rates_list", &principal);
    let rows = read.query_and_commit(sql!("rates", "list"), &params).await?;
    let rates = rows.iter().map(ListedRate::read).collect::<Result<_>>()?;
    Ok(Page::new(rates, query.limit, &uri, |listed| listed.key).into_response())
}
