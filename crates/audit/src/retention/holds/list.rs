//! Holds, newest first.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewRetention;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use super::LegalHold;

/// How far a hold has come.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum HoldStatus {
    /// It holds.
    Active,
    /// Somebody asked for its release; it holds.
    ReleaseRequested,
    /// A second person released it.
    Released,
}

impl HoldStatus {
    const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::ReleaseRequested => "release_requested",
            Self::Released => "released",
        }
    }
}

/// Which holds, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Only with this status.
    #[param(inline)]
    status: Option<HoldStatus>,
    /// Holds a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List legal holds
///
/// Newest first, released ones included. With `status=release_requested` these are the ones that wait
/// for a second person.
#[utoipa::path(
    get,
    path = "/v1/audit/legal-holds",
    operation_id = "legal_holds_list",
    tag = "audit",
    params(Query),
    responses((status = 200, description = "The holds", body = Page<LegalHold>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ViewRetention>()?;
    let before: Option<Uuid> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let (status, fetch) = (query.status.map(HoldStatus::name), query.limit.fetch());
    let params = [p::text(&status), p::uuid(&before), p::int8(&fetch)];
    let read = app.read("legal_holds_list", &principal);
    let rows = read.query_and_commit(sql!("audit", "hold_list"), &params).await?;
    let holds = rows.iter().map(LegalHold::read).collect::<Result<_>>()?;
    Ok(Page::new(holds, query.limit, &uri, |hold: &LegalHold| hold.hold_id).into_response())
}
