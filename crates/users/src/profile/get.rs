//! GET /v1/users/me/profile

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, Person, Result, Row404, json};

use super::view::Profile;

/// Get one's own profile
///
/// Before it is first set it holds the defaults, and the ETag is `"0"`.
#[utoipa::path(get, path = "/v1/users/me/profile", operation_id = "me_profile_get", tag = "users",
    responses((status = 200, description = "The profile", body = Profile,
        headers(("ETag" = String)))), security(("bearer" = [])))]
pub(crate) async fn handler(State(app): State<App>, principal: Person) -> Result<Response> {
    let read = app.read("me_profile_get", &principal);
    let nobody: Option<Uuid> = None;
    let rows = read.query_and_commit(sql!("users", "profile_get"), &[p::uuid(&nobody)]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    Ok(json(StatusCode::OK, &Profile::own(&row))?.etag(row.get("version")).into_response())
}
