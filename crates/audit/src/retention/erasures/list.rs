//! Requests, newest first.

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ViewRetention;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

use super::ErasureRequest;

/// How far a request has come.
#[derive(Debug, Clone, Copy, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ErasureStatus {
    /// Waits for a second person.
    Received,
    /// The audit log is being erased.
    Executing,
    /// Executed and certified.
    Done,
    /// Turned down.
    Rejected,
}

impl ErasureStatus {
    const fn name(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Executing => "executing",
            Self::Done => "done",
            Self::Rejected => "rejected",
        }
    }
}

/// Which requests, which page.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Query {
    /// Only with this status.
    #[param(inline)]
    status: Option<ErasureStatus>,
    /// Requests a page.
    #[serde(default)]
    #[param(inline)]
    limit: Limit,
    /// Where to go on.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List erasure requests
///
/// Newest first, without their answers. With `status=received` these are the ones that wait for a
/// second person.
#[utoipa::path(
    get,
    path = "/v1/audit/erasure-requests",
    operation_id = "erasure_requests_list",
    tag = "audit",
    params(Query),
    responses((status = 200, description = "The requests", body = Page<ErasureRequest>))
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    Params(query): Params<Query>,
    OriginalUri(uri): OriginalUri,
) -> Result<Response> {
    principal.authorize::<ViewRetention>()?;
    let before: Option<Uuid> = query.cursor.as_ref().map(Cursor::decode).transpose()?;
    let (status, fetch) = (query.status.map(ErasureStatus::name), query.limit.fetch());
    let params = [p::text(&status), p::uuid(&before), p::int8(&fetch)];
    let read = app.read("erasure_requests_list", &principal);
    let rows = read.query_and_commit(sql!("audit", "erasure_list"), &params).await?;
    let requests = rows.iter().map(ErasureRequest::read).collect();
    Ok(Page::new(requests, query.limit, &uri, |one: &ErasureRequest| one.erasure_id)
        .into_response())
}
