//! A product's rates by date.

use axum::extract::{OriginalUri, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;
use utoipa::IntoParams;
use wealth_core::authz::ViewRates;
use wealth_core::problem;
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, PathParams, Principal, Result, Row404, etag};

use crate::query;
use crate::row::ProductRate;

/// What part of the line, as believed when.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Leaves out rates that had ended before this day.
    #[param(value_type = Option<NaiveDate>)]
    as_of: Option<String>,
    /// The instant whose knowledge counts (RFC 3339); now unless given.
    #[param(value_type = Option<DateTime<Utc>>)]
    known_at: Option<String>,
    /// Rates a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List a product's rates
///
/// Past, present and scheduled rates by their first day: an unbroken line, as believed now or at
/// `known_at`. The ETag is the version of the product's rates, for setting one.
#[utoipa::path(
    get,
    path = "/v1/products/{product_id}/rates",
    operation_id = "rates_timeline",
    tag = "rates",
    params(("product_id" = Uuid, Path, description = "The product"), Query),
    responses((status = 200, description = "The rates", body = Page<ProductRate>))
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
    let mut found = Violations::new();
    let from: Option<NaiveDate> = query::parse(query.as_of.as_deref(), "/as_of", &mut found);
    let known_at: Option<DateTime<Utc>> =
        query::parse(query.known_at.as_deref(), "/known_at", &mut found);
    found.into_result(())?;
    let after: Option<NaiveDate> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let fetch = query.limit.fetch();
    let id = [p::uuid(&product)];
    let page = [
        p::uuid(&product),
        p::timestamptz(&known_at),
        p::date(&from),
        p::date(&after),
        p::int8(&fetch),
    ];
    let read = app.read("rates_timeline", &principal);
    let mut answers = read
        .batch_and_commit(&[(sql!("rates", "product"), &id), (sql!("rates", "timeline"), &page)])
        .await?;
    let rows = answers.pop().unwrap_or_default();
    let head = answers.pop().unwrap_or_default().one_or(&problem::PRODUCT_NOT_FOUND)?;
    let rates = rows.iter().map(|row| ProductRate::read(product, row)).collect::<Result<_>>()?;
    let page = Page::new(rates, query.limit, &uri, ProductRate::effective_date);
    let mut response = page.into_response();
    response.headers_mut().insert(header::ETAG, etag(head.get("rate_version")));
    Ok(response)
}
