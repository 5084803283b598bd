//! GET /v1/users/{user_id} and /v1/users/by-legacy-id/{legacy_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json as value;
use uuid::Uuid;
use wealth_core::authz::{ManageUsers, ViewUsers};
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Purpose, Result, Row404, json};

use super::{MaskedUser, Shown, User};

/// Read a user
///
/// Administrators see everything of a member, also of one who is gone; others who may see people
/// see a masked address and nobody who is gone.
#[utoipa::path(get, path = "/v1/users/{user_id}", operation_id = "users_get", tag = "users",
    params(("user_id" = Uuid, Path, description = "The user"),
        ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "The user", body = Shown,
        headers(("ETag" = String, description = "For administrators")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ViewUsers>()?;
    if !principal.may::<ManageUsers>() {
        let read = app.read("users_get", &principal);
        let rows = read.query_and_commit(sql!("users", "user_get_masked"), &[p::uuid(&id)]).await?;
        let user = MaskedUser::read(&rows.one_or(&problem::NOT_FOUND)?);
        return Ok(json(StatusCode::OK, &Shown::Masked(user))?.into_response());
    }
    let about = value!({"user_id": id});
    let read = app.personal("users_get", &principal, purpose, &about);
    let rows = read.query_and_commit(sql!("users", "user_get"), &[p::uuid(&id)]).await?;
    let user = User::read(&rows.one_or(&problem::NOT_FOUND)?);
    let version = user.version;
    Ok(json(StatusCode::OK, &Shown::Full(Box::new(user)))?.etag(version).into_response())
}

/// Find a user by the id of a system that was there before
///
/// Ids of the documents, such as CUIDs, that came with an import.
#[utoipa::path(get, path = "/v1/users/by-legacy-id/{legacy_id}", operation_id = "users_get_by_legacy_id",
    tag = "users",
    params(("legacy_id" = String, Path, description = "The id there", max_length = 64),
        ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "The user", body = User, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn by_legacy_id(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<String>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ManageUsers>()?;
    let about = value!({"legacy_id": id});
    let rows = app
        .personal("users_get_by_legacy_id", &principal, purpose, &about)
        .query_and_commit(sql!("users", "user_get_by_legacy_id"), &[p::text(&id)])
        .await?;
    let user = User::read(&rows.one_or(&problem::NOT_FOUND)?);
    Ok(json(StatusCode::OK, &user)?.etag(user.version).into_response())
}
