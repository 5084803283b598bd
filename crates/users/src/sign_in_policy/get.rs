//! GET /v1/users/auth-policy

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use wealth_core::authz::ViewSignIn;
use wealth_core::problem;
use wealth_db::sql;
use wealth_http::{App, Principal, Result, Row404, json};

use super::SignInPolicyView;

/// Get how the firm's people sign in
///
/// Before it is first set it holds the defaults, and the ETag is `"0"`.
#[utoipa::path(get, path = "/v1/users/auth-policy", operation_id = "auth_policy_get", tag = "users",
    responses((status = 200, description = "The policy", body = SignInPolicyView,
        headers(("ETag" = String)))), security(("bearer" = [])))]
pub(crate) async fn handler(State(app): State<App>, principal: Principal) -> Result<Response> {
    principal.authorize::<ViewSignIn>()?;
    let read = app.read("auth_policy_get", &principal);
    let rows = read.query_and_commit(sql!("users", "auth_policy_get"), &[]).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let policy = SignInPolicyView::read(&row);
    Ok(json(StatusCode::OK, &policy)?.etag(row.get("version")).into_response())
}
