//! Overrides, latest first.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewRateChanges;
use wealth_core::rate_override::account_reference;
use wealth_core::shape::ExternalId;
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use super::RateOverrideView;

/// How far an override has come.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum OverrideStatus {
    /// Within the tolerance, in force at once.
    Applied,
    /// Waits for a second person.
    Pending,
    /// A second person let it into force.
    Approved,
    /// A second person turned it down, or the proposer took it back.
    Rejected,
}

impl OverrideStatus {
    const fn name(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }
}

/// Which overrides, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Only of this product.
    product_id: Option<Uuid>,
    /// Only of this account.
    #[param(value_type = Option<ExternalId>)]
    account_reference: Option<String>,
    /// Only with this status.
    #[param(inline)]
    status: Option<OverrideStatus>,
    /// Overrides a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List overrides
///
/// Latest first, with all that was ever believed of them: ended ones have `superseded_at`, and what
/// was left of them `derived_from`. With `status=pending` these are the ones that wait.
#[utoipa::path(
    get,
    path = "/v1/rates/overrides",
    operation_id = "rate_overrides_list",
    tag = "rates",
    params(Query),
    responses((status = 200, description = "The overrides", body = Page<RateOverrideView>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ViewRateChanges>()?;
    let before: Option<Uuid> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let account = account(query.account_reference.as_deref())?;
    let (status, fetch) = (query.status.map(OverrideStatus::name), query.limit.fetch());
    let params = [
        p::uuid(&query.product_id),
        p::text(&account),
        p::text(&status),
        p::uuid(&before),
        p::int8(&fetch),
    ];
    let read = app.read("rate_overrides_list", &principal);
    let rows = read.query_and_commit(sql!("rates", "override_list"), &params).await?;
    let items = rows.iter().map(RateOverrideView::read).collect::<Result<_>>()?;
    Ok(Page::new(items, query.limit, &uri, |item: &RateOverrideView| item.override_id)
        .into_response())
}

/// An account out of a query.
pub(crate) fn account(given: Option<&str>) -> Result<Option<String>> {
    let mut v = Violations::new();
    let account = given.and_then(|text| account_reference(text, "/account_reference", &mut v));
    Ok(v.into_result(account)?)
}
