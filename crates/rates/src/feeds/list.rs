//! The tenant's sources of rates.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::authz::ConfigureRates;
use wealth_db::sql;
use wealth_http::{App, Principal, Result};

use super::RateFeed;

/// All sources.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RateFeeds {
    /// The strongest first.
    items: Vec<RateFeed>,
}

/// List rate feeds
///
/// All of them, the strongest first: where two sources differ, the stronger one prevails.
#[utoipa::path(
    get,
    path = "/v1/rate-feeds",
    operation_id = "rate_feeds_list",
    tag = "rates",
    responses((status = 200, description = "The feeds, strongest first", body = RateFeeds))
)]
pub(crate) async fn handler(State(app): State<App>, principal: Principal) -> Result<Response> {
    principal.authorize::<ConfigureRates>()?;
    let read = app.read("rate_feeds_list", &principal);
    let rows = read.query_and_commit(sql!("rates", "feeds_list"), &[]).await?;
    let items = rows.iter().map(RateFeed::read).collect::<Result<_>>()?;
    Ok(Json(RateFeeds { items }).into_response())
}
