//! GET /v1/users/{user_id} and /v1/users/by-legacy-id/{legacy_id}

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::authz::{ManageUsers, ViewUsers};
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Result, Row404, json};

use super::{MaskedUser, Shown, User};

/// Read a user
///
/// Administrators see everything of a member, also of one who is gone; others who may see people
/// see a masked address and nobody who is gone.
#[utoipa::path(get, path = "/v1/users/{user_id}", operation_id = "users_get", tag = "users",
    params(("user_id" = Uuid, Path, description = "The user")),
    responses((status = 200, description = "The user", body = Shown,
        headers(("ETag" = String, description = "For administrators")))),
    security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<Uuid>,
) -> Result<Response> {
    principal.authorize::<ViewUsers>()?;
    let read = app.read("users_get", &principal);
    if !principal.may::<ManageUsers>() {
        let rows = read.query_and_commit(sql!("users", "user_get_masked"), &[p::uuid(&id)]).await?;
        let user = MaskedUser::read(&rows.one_or(&problem::NOT_FOUND)?);
        return Ok(json(StatusCode::OK, &Shown::Masked(user))?.into_response());
    }
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
    params(("legacy_id" = String, Path, description = "The id there", max_length = 64)),
    responses((status = 200, description = "The user", body = User, headers(("ETag" = String)))),
    security(("bearer" = [])))]
pub(crate) async fn by_legacy_id(
    State(app): State<App>,
    principal: Principal,
    PathParams(id): PathParams<String>,
) -> Result<Response> {
    principal.authorize::<ManageUsers>()?;
    let rows = app
        .read("users_get_by_legacy_id", &principal)
        .query_and_commit(sql!("users", "user_get_by_legacy_id"), &[p::text(&id)])
        .await?;
    let user = User::read(&rows.one_or(&problem::NOT_FOUND)?);
    Ok(json(StatusCode::OK, &user)?.etag(user.version).into_response())
}
