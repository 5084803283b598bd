//! GET /v1/users/{user_id}/profile

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json as value;
use uuid::Uuid;
use wealth_core::authz::ViewProfiles;
use wealth_core::problem;
use wealth_db::{p, sql};
use wealth_http::{App, PathParams, Principal, Purpose, Result, Row404, json};

use super::view::Profile;

/// Get a member's profile
///
/// Without the preferences, which may speak of another firm.
#[utoipa::path(get, path = "/v1/users/{user_id}/profile", operation_id = "user_profile_get",
    tag = "users", params(("user_id" = Uuid, Path, description = "The person"),
        ("X-Purpose" = Option<String>, Header, description = "What for, in one line; kept in the audit log")),
    responses((status = 200, description = "The profile, without preferences", body = Profile,
        headers(("ETag" = String)))), security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    PathParams(user): PathParams<Uuid>,
    purpose: Purpose,
) -> Result<Response> {
    principal.authorize::<ViewProfiles>()?;
    let about = value!({"user_id": user});
    let read = app.personal("user_profile_get", &principal, purpose, &about);
    let rows = read.query_and_commit(sql!("users", "profile_get"), &[p::uuid(&user)]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    Ok(json(StatusCode::OK, &Profile::of_member(&row))?.etag(row.get("version")).into_response())
}
