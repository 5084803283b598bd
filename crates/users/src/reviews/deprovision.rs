//! GET /v1/users/{user_id}/deprovision-report

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::ReviewAccess;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Purpose, Result, Row404, json};

/// What is left of somebody's access to this firm.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeprovisionReport {
    user_id: Uuid,
    /// `active`, `invited`, `suspended` or `ended`.
    membership_status: String,
    /// Whether no way in is left: not active, no session, key or link, and once the membership has
    /// ended no role or group either.
    is_closed: bool,
    /// Sessions that work.
    sessions: i64,
    /// Sessions of this person in another's place that work.
    impersonations: i64,
    /// API keys that work.
    api_keys: i64,
    /// Links and codes by mail that work.
    open_links: i64,
    /// Invitations that this person sent and nobody has taken up.
    open_invitations: i64,
    /// Roles held now or later. A suspended person keeps them for the return, so they count only
    /// once the membership has ended.
    roles: i64,
    /// Groups of the directory.
    groups: i64,
    /// When access was ended the last time.
    access_ended_at: Option<DateTime<Utc>>,
    /// When this was looked up.
    as_of: DateTime<Utc>,
}

/// Prove that nothing is left of a user's access
///
/// Counts of every way in: all are zero once access has been ended.
#[utoipa::path(get, path = "/v1/users/{user_id}/deprovision-report",
    operation_id = "users_deprovision_report", tag = "users",
    params(("user_id" = Uuid, Path, description = "The user, gone or not"), ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "What is left", body = DeprovisionReport)),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ReviewAccess>()?;
    let about = serde_json::json!({"user_id": id});
    let rows = app
        .personal("users_deprovision_report", &principal, purpose, &about)
        .query_and_commit(sql!("users", "deprovision_report"), &[p::uuid(&id)])
        .await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let count = |name: &str| -> i64 { row.get(name) };
    let membership_status: String = row.get("membership_status");
    let (roles, groups) = (count("roles"), count("groups"));
    let ways = ["sessions", "impersonations", "api_keys", "open_links"];
    let ways: i64 = ways.iter().map(|name| count(name)).sum();
    let kept = if membership_status == "ended" { roles + groups } else { 0 };
    let report = DeprovisionReport {
        user_id: row.get("user_id"),
        is_closed: membership_status != "active" && ways + kept == 0,
        membership_status,
        sessions: count("sessions"),
        impersonations: count("impersonations"),
        api_keys: count("api_keys"),
        open_links: count("open_links"),
        open_invitations: count("open_invitations"),
        roles,
        groups,
        access_ended_at: row.get("access_ended_at"),
        as_of: row.get("as_of"),
    };
    Ok(json(StatusCode::OK, &report)?.into_response())
}
