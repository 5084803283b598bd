//! GET /v1/sessions

use axum::extract::{OriginalUri, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Person, Principal, Purpose, Result};

/// What to list.
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

/// A session in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SessionView {
    session_id: Uuid,
    user_id: Uuid,
    /// Whether it is the one of this very request.
    is_current: bool,
    /// What the person calls the device.
    device: Option<String>,
    /// Where it was last renewed from.
    ip_address: Option<String>,
    user_agent: Option<String>,
    created_at: DateTime<Utc>,
    /// When it was last renewed.
    last_activity: DateTime<Utc>,
    /// When it ends unless it is renewed.
    expires_at: Option<DateTime<Utc>>,
    /// When it ends in any case.
    absolute_expires_at: Option<DateTime<Utc>>,
    /// 1, or 2 with a second factor.
    assurance: i16,
    /// How the person was recognised (RFC 8176).
    methods: Vec<String>,
    authenticated_at: DateTime<Utc>,
    /// The person who acts in this one's place.
    impersonator_id: Option<Uuid>,
}

impl SessionView {
    fn read(row: &Row, current: Option<Uuid>) -> Self {
        let session_id: Uuid = row.get("session_id");
        Self {
            session_id,
            user_id: row.get("user_id"),
            is_current: current == Some(session_id),
            device: row.get("device"),
            ip_address: row.get("ip_address"),
            user_agent: row.get("user_agent"),
            created_at: row.get("login_time"),
            last_activity: row.get("last_activity"),
            expires_at: row.get("expires_at"),
            absolute_expires_at: row.get("absolute_expires_at"),
            assurance: row.get("assurance"),
            methods: row.get("methods"),
            authenticated_at: row.get("authenticated_at"),
            impersonator_id: row.get("impersonator_id"),
        }
    }
}

/// List one's own sessions
///
/// Those in force, the newest first, the one of this request marked.
#[utoipa::path(
    get,
    path = "/v1/sessions",
    operation_id = "sessions_list",
    tag = "sessions",
    params(Query),
    responses((status = 200, description = "A page of sessions", body = Page<SessionView>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
) -> Result<Response> {
    page(&app, &principal, &uri, query, None).await
}

/// A page of the sessions of somebody, or of the caller.
pub(super) async fn page(
    app: &App,
    principal: &Principal,
    uri: &Uri,
    query: Query,
    of: Option<(Uuid, Purpose)>,
) -> Result<Response> {
    let user = of.as_ref().map(|(user, _)| *user);
    let after = query.cursor.map(|cursor| cursor.decode::<(DateTime<Utc>, Uuid)>()).transpose()?;
    let ((at, id), fetch) = (after.unzip(), query.limit.fetch());
    let params = [p::uuid(&user), p::timestamptz(&at), p::uuid(&id), p::int8(&fetch)];
    let list = sql!("users", "list_sessions");
    let about = json!({"user_id": user});
    let rows = match of {
        None => app.read("session_list", principal).query_and_commit(list, &params).await?,
        Some((_, purpose)) => {
            let read = app.personal("session_list", principal, purpose, &about);
            read.query_and_commit(list, &params).await?
        }
    };
    let current = principal.context().session_id;
    let all: Vec<SessionView> = rows.iter().map(|row| SessionView::read(row, current)).collect();
    let page = Page::new(all, query.limit, uri, |one| (one.created_at, one.session_id));
    Ok(page.into_response())
}
