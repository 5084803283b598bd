//! GET and DELETE /v1/users/{user_id}/sessions

use axum::extract::{OriginalUri, State};
use axum::response::Response;
use uuid::Uuid;
use wealth_core::authz::AdministerAccess;
use wealth_http::{App, Page, Params, PathParams, Person, Purpose, RawInput, Result};

use super::list::{Query, SessionView, page};
use super::revoke::{Ended, end_all};

/// List a member's sessions
///
/// For whoever administers access. Somebody who is no member has none.
#[utoipa::path(
    get,
    path = "/v1/users/{user_id}/sessions",
    operation_id = "user_sessions_list",
    tag = "sessions",
    params(("user_id" = Uuid, Path, description = "The member"), Query,
        ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "A page of sessions", body = Page<SessionView>,
        headers(("Link" = String, description = "rel=next, when there is more")))),
    security(("bearer" = [])),
)]
pub(crate) async fn list(
    State(app): State<App>,
    principal: Person,
    PathParams(user): PathParams<Uuid>,
    OriginalUri(uri): OriginalUri,
    Params(query): Params<Query>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<AdministerAccess>()?;
    page(&app, &principal, &uri, query, Some((user, purpose))).await
}

/// End all sessions of a member
///
/// For whoever administers access. The member's tokens are refused from the next request on.
#[utoipa::path(
    delete,
    path = "/v1/users/{user_id}/sessions",
    operation_id = "user_sessions_revoke",
    tag = "sessions",
    params(
        ("user_id" = Uuid, Path, description = "The member"),
        ("Idempotency-Key" = Option<String>, Header, description = "New for each intent"),
    ),
    responses((status = 200, description = "How many were ended", body = Ended)),
    security(("bearer" = [])),
)]
pub(crate) async fn revoke(
    State(app): State<App>,
    principal: Person,
    PathParams(user): PathParams<Uuid>,
    input: RawInput,
) -> Result<Response> {
    principal.authorize::<AdministerAccess>()?;
    let write = app.write("user_sessions_revoke", &principal, &input.idempotency);
    end_all(write, Some(user), None, "revoked by an administrator", true).await
}
