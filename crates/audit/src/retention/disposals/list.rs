//! Disposals, newest first.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewRetention;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use super::Disposal;

/// How far a disposal has come.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DisposalStatus {
    /// Waits for a second person.
    Proposed,
    /// Waits for its day, or is under way.
    Approved,
    /// Turned down.
    Rejected,
    /// Executed and certified.
    Done,
}

impl DisposalStatus {
    const fn name(self) -> &'static str {
        match self {
            Self::Proposed => "proposed",
            Self::Approved => "approved",
            Self::Rejected => "rejected",
            Self::Done => "done",
        }
    }
}

/// Which disposals, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Only with this status.
    #[param(inline)]
    status: Option<DisposalStatus>,
    /// Disposals a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List disposals
///
/// Newest first. With `status=proposed` these are the ones that wait for a second person.
#[utoipa::path(
    get,
    path = "/v1/audit/disposals",
    operation_id = "disposals_list",
    tag = "audit",
    params(Query),
    responses((status = 200, description = "The disposals", body = Page<Disposal>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ViewRetention>()?;
    let before: Option<Uuid> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let (status, fetch) = (query.status.map(DisposalStatus::name), query.limit.fetch());
    let params = [p::text(&status), p::uuid(&before), p::int8(&fetch)];
    let read = app.read("disposals_list", &principal);
    let rows = read.query_and_commit(sql!("audit", "disposal_list"), &params).await?;
    let disposals = rows.iter().map(Disposal::read).collect::<Result<_>>()?;
    Ok(Page::new(disposals, query.limit, &uri, |one: &Disposal| one.disposal_id).into_response())
}
