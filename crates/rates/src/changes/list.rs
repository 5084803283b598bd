//! Changes of rates, latest first.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewRateChanges;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use super::RateChange;

/// How far a change has come.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Within the tolerance, in effect at once.
    Applied,
    /// The rate was in force already.
    Unchanged,
    /// Waits for a second person.
    Pending,
    /// A second person let it into effect.
    Approved,
    /// A second person turned it down, or the proposer took it back.
    Rejected,
}

/// Where a change came from.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Origin {
    /// A person.
    Manual,
    /// An outside system.
    Feed,
    /// A file.
    Import,
}

/// Which changes, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Only with this status.
    #[param(inline)]
    status: Option<Status>,
    /// Only from there.
    #[param(inline)]
    origin: Option<Origin>,
    /// Only of this product.
    product_id: Option<Uuid>,
    /// Changes a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

impl Status {
    const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Unchanged => "unchanged",
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

impl Origin {
    const fn name(self) -> &'static str {
        match self {
            Self::Manual => "manual",
            Self::Feed => "feed",
            Self::Import => "import",
        }
    }
}

/// List rate changes
///
/// Latest first. With `status=pending` these are the ones that wait for a second person: moves
/// beyond the tolerance, and rates of feeds that were held back.
#[utoipa::path(
    get,
    path = "/v1/rate-changes",
    operation_id = "rate_changes_list",
    tag = "rates",
    params(Query),
    responses((status = 200, description = "The changes", body = Page<RateChange>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ViewRateChanges>()?;
    let before: Option<Uuid> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let (status, origin) = (query.status.map(Status::name), query.origin.map(Origin::name));
    let fetch = query.limit.fetch();
    let params = [
        p::text(&status),
        p::uuid(&query.product_id),
        p::text(&origin),
        p::uuid(&before),
        p::int8(&fetch),
    ];
    let read = app.read("rate_changes_list", &principal);
    let rows = read.query_and_commit(sql!("rates", "changes_list"), &params).await?;
    let changes = rows.iter().map(RateChange::read).collect::<Result<_>>()?;
    Ok(Page::new(changes, query.limit, &uri, |change: &RateChange| change.change_id)
        .into_response())
}
