//! GET /v1/invitations

use axum::extract::{OriginalUri, State};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;
use wealth_core::authz::ManageUsers;
use wealth_db::{p, sql};
use wealth_http::{App, Cursor, Limit, Page, Params, Person, Purpose, Result};

use super::view::Invitation;

/// What became of an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Standing {
    /// Its link works.
    Waiting,
    /// Somebody came.
    Accepted,
    /// It was taken back.
    Revoked,
    /// Its time is over.
    Expired,
    /// Whoever sent it may not invite any more.
    InviterLeft,
}

impl Standing {
    const fn name(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Accepted => "accepted",
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::InviterLeft => "inviter_left",
        }
    }
}

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct Query {
    /// Only invitations of which this is true now.
    #[param(inline)]
    status: Option<Standing>,
    /// Rows a page.
    #[serde(default)]
    #[param(value_type = Option<Limit>)]
    limit: Limit,
    /// Where the page before ended.
    #[param(value_type = Option<String>)]
    cursor: Option<Cursor>,
}

/// List invitations
///
/// All that the firm ever sent, the latest first.
#[utoipa::path(get, path = "/v1/invitations", operation_id = "invitations_list", tag = "invitations",
    params(Query, ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "A page of invitations", body = Page<Invitation>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Person,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ManageUsers>()?;
    let before = query.cursor.map(|cursor| cursor.decode::<(DateTime<Utc>, Uuid)>()).transpose()?;
    let ((at, id), fetch) = (before.unzip(), query.limit.fetch());
    let status = query.status.map(Standing::name);
    let params = [p::text(&status), p::timestamptz(&at), p::uuid(&id), p::int8(&fetch)];
    let about = serde_json::json!({});
    let read = app.personal("invitations_list", &principal, purpose, &about);
    let rows = read.query_and_commit(sql!("users", "invitation_list"), &params).await?;
    let items: Vec<_> = rows.iter().map(Invitation::read).collect();
    let key = |item: &Invitation| (item.created_at, item.invitation_id);
    Ok(Page::new(items, query.limit, &uri, key).into_response())
}
