//! GET /v1/users/impersonations

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::OverseeImpersonation;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Result};

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// A session in another's place.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Impersonation {
    impersonation_id: Uuid,
    /// In whose place.
    user_id: Uuid,
    user_email: String,
    /// Who really acted.
    impersonator_id: Uuid,
    impersonator_email: String,
    reason: Option<String>,
    started_at: DateTime<Utc>,
    /// When it was ended before its time.
    ended_at: Option<DateTime<Utc>>,
    expires_at: Option<DateTime<Utc>>,
    /// Whether its token works now.
    is_active: bool,
}

/// List who acted in whose place
///
/// The latest first. What was done there is in the audit log, under the one who really acted.
#[utoipa::path(get, path = "/v1/users/impersonations", operation_id = "impersonations_list",
    tag = "users", params(Query),
    responses((status = 200, description = "A page of them", body = Page<Impersonation>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    principal.authorize::<OverseeImpersonation>()?;
    let before = query.cursor.map(|cursor| cursor.decode::<(DateTime<Utc>, Uuid)>()).transpose()?;
    let (at, id) = (before.map(|(at, _)| at), before.map(|(_, id)| id));
    let rows = query.limit.fetch();
    let params = [p::timestamptz(&at), p::uuid(&id), p::int8(&rows)];
    let read = app.read("impersonations_list", &principal);
    let rows = read.query_and_commit(sql!("users", "impersonation_list"), &params).await?;
    let items: Vec<_> = rows.iter().map(read_row).collect();
    let key = |item: &Impersonation| (item.started_at, item.impersonation_id);
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}

fn read_row(row: &Row) -> Impersonation {
    Impersonation {
        impersonation_id: row.get("session_id"),
        user_id: row.get("user_id"),
        user_email: row.get("user_email"),
        impersonator_id: row.get("impersonator_id"),
        impersonator_email: row.get("impersonator_email"),
        reason: row.get("impersonation_reason"),
        started_at: row.get("login_time"),
        ended_at: row.get("ended_at"),
        expires_at: row.get("expires_at"),
        is_active: row.get("is_active"),
    }
}
