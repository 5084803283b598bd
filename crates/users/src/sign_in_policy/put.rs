//! PUT /v1/users/auth-policy

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::json;
use wealth_core::authz::{Authorized, ConfigureSignIn};
use wealth_core::problem;
use wealth_db::{Row, p, sql};
use wealth_http::{App, Done, IfMatch, Input, Principal, Result, Row404, Write, json as reply};

use super::{SignInPolicy, SignInPolicyView};

/// Set how the firm's people sign in
///
/// Replaces the whole policy. It holds at once: a session without the second factor that is now
/// demanded can only enrol one. Takes a recent sign-in.
#[utoipa::path(put, path = "/v1/users/auth-policy", operation_id = "auth_policy_put", tag = "users",
    params(("If-Match" = String, Header, description = "The policy's ETag, or `*`")),
    request_body = SignInPolicy,
    responses((status = 200, description = "The policy", body = SignInPolicyView,
        headers(("ETag" = String)))), security(("bearer" = [])))]
pub(crate) async fn handler(
    State(app): State<App>,
    principal: Principal,
    IfMatch(expected): IfMatch,
    input: Input<SignInPolicy>,
) -> Result<Response> {
    let allowed = principal.authorize::<ConfigureSignIn>()?;
    input.body.validate()?;
    let write = app.write("auth_policy_put", &principal, &input.idempotency);
    let (done, row) = put(write, &allowed, &input.body, expected).await?;
    done.reply(reply(StatusCode::OK, &SignInPolicyView::read(&row))?.etag(row.get("version"))).await
}

async fn put(
    write: Write,
    _: &Authorized<ConfigureSignIn>,
    policy: &SignInPolicy,
    expected: Option<i64>,
) -> Result<(Done, Row)> {
    let policy = json!(policy);
    let params = [p::json(&policy), p::int8(&expected)];
    let (done, mut answers) = write
        .last(&[
            (sql!("users", "auth_policy_put"), &params),
            (sql!("users", "auth_policy_get"), &[]),
        ])
        .await?;
    Ok((done, answers.pop().unwrap_or_default().one_or(&problem::NOT_FOUND)?))
}
