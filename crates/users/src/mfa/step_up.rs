//! POST /v1/auth/step-up

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use wealth_core::violations::Violations;
use wealth_core::{Checked, problem};
use wealth_db::{p, sql};
use wealth_http::{App, Enrollee, Input, Problem, Result, Row404, json};

use super::proof::{Given, Method, Shown};
use super::session::{RaisedSession, raised};
use super::{own_user, refused, too_many};
use crate::one_time::OneTimeToken;
use crate::services::Services;

/// A proof of who acts, in a session that is there.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct StepUpProof {
    /// How it is shown.
    #[serde(default)]
    #[schema(value_type = Method, required = true)]
    method: Checked<Method>,
    /// Six digits of the authenticator app, or a recovery code.
    #[schema(max_length = 64)]
    code: Option<String>,
    /// The challenge of `POST /v1/auth/webauthn/options`, for `webauthn`.
    #[schema(value_type = Option<String>)]
    challenge: Option<Checked<OneTimeToken>>,
    /// What `navigator.credentials.get()` gave, as JSON, for `webauthn`.
    #[schema(value_type = Option<Object>)]
    credential: Option<Value>,
}

impl StepUpProof {
    fn validate(self) -> std::result::Result<Option<Shown>, Violations> {
        let mut v = Violations::new();
        let Self { method, code, challenge, credential } = self;
        let shown = Given { method, code, challenge, credential }.shown(&mut v);
        v.into_result(shown)
    }
}

/// Show a factor again, for what is sensitive
///
/// Raises the session and gives an access token that says so (RFC 9470). The refresh token stays.
#[utoipa::path(post, path = "/v1/auth/step-up", operation_id = "auth_step_up", tag = "auth",
    request_body = StepUpProof,
    responses((status = 200, description = "The session with a fresh proof", body = RaisedSession)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Enrollee,
    input: Input<StepUpProof>,
) -> Result<Response> {
    principal.in_person()?;
    let Some(shown) = input.body.validate()? else {
        return Err(Problem::internal("a step-up without its parts"));
    };
    let keys = services.keys.get(&app).await?;
    let user_id = own_user(&principal);
    let (challenge, credential) = shown.keys();
    let name = shown.method().name();
    let params = [p::text(&name), p::bytes(&challenge), p::bytes(&credential)];
    let mut tx = app.db.begin("auth_step_up", principal.context());
    let rows = tx.query(sql!("users", "begin_step_up"), &params).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let wait: i32 = row.get("wait");
    if wait > 0 {
        tx.commit().await?;
        return Err(too_many(wait));
    }
    let now = principal.context().now;
    let proof = shown.prove(&row, user_id, &keys, &services.ceremonies, now)?;
    let methods = shown.method().references();
    let params = [p::json(&proof), p::texts(&methods)];
    let rows = tx.query_and_commit(sql!("users", "finish_step_up"), &params).await?;
    let row = rows.first().ok_or_else(refused)?;
    let session = raised(&app, &services, &principal, row).await?;
    Ok(json(StatusCode::OK, &session)?.into_response())
}
