//! GET /v1/users/activity

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ReviewAccess;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Principal, Purpose, Result};

use crate::fields;

/// Which page.
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

/// What somebody has done here (S0-91).
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Activity {
    user_id: Uuid,
    email: String,
    first_name: Option<String>,
    last_name: Option<String>,
    /// Sessions ever opened.
    total_sessions: i64,
    /// Comparisons saved.
    total_comparisons: i64,
    /// The latest activity of any session.
    last_activity: Option<DateTime<Utc>>,
    /// Events in the audit log that this person caused.
    total_actions: i64,
}

impl Activity {
    fn read(row: &Row) -> Self {
        Self {
            user_id: row.get("user_id"),
            email: row.get("email"),
            first_name: row.get("first_name"),
            last_name: row.get("last_name"),
            total_sessions: row.get("total_sessions"),
            total_comparisons: row.get("total_comparisons"),
            last_activity: row.get("last_activity"),
            total_actions: row.get("total_actions"),
        }
    }
}

/// Summarise what users do
///
/// The documented view user_activity_summary by e-mail: sessions, comparisons and actions of every
/// member, counted exactly.
#[utoipa::path(get, path = "/v1/users/activity", operation_id = "users_activity", tag = "users",
    params(Query, ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "A page of the summary", body = Page<Activity>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ReviewAccess>()?;
    let after = query.cursor.map(|cursor| cursor.decode::<(String, Uuid)>()).transpose()?;
    let email = after.as_ref().map(|(email, _)| email);
    fields::plain("cursor", email)?;
    let about = serde_json::json!({});
    let rows = app
        .personal("users_activity", &principal, purpose, &about)
        .query_and_commit(
            sql!("users", "users_activity"),
            &[
                p::text(&email),
                p::uuid(&after.as_ref().map(|(_, id)| *id)),
                p::int8(&query.limit.fetch()),
            ],
        )
        .await?;
    let items = rows.iter().map(Activity::read).collect();
    let key = |item: &Activity| (item.email.to_lowercase(), item.user_id);
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}
