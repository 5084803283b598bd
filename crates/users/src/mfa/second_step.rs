//! POST /v1/auth/mfa

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::Checked;
use wealth_core::violations::Violations;
use wealth_db::{p, sql};
use wealth_http::{App, Input, Problem, Result, Visitor, json};

use super::proof::{Given, Method, Shown};
use super::{refused, too_many};
use crate::one_time::OneTimeToken;
use crate::services::Services;
use crate::tokens::{self, NewSession, TokenAnswer};

/// The second step of a sign-in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecondStep {
    /// What the first step answered. Good for five tries.
    #[serde(default)]
    #[schema(value_type = String, required = true)]
    mfa_token: Checked<OneTimeToken>,
    /// One of the methods that the first step named.
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

impl SecondStep {
    fn validate(self) -> std::result::Result<Option<(OneTimeToken, Shown)>, Violations> {
        let mut v = Violations::new();
        let token = self.mfa_token.required("/mfa_token", &mut v);
        let Self { method, code, challenge, credential, .. } = self;
        let shown = Given { method, code, challenge, credential }.shown(&mut v);
        v.into_result(token.zip(shown))
    }
}

/// Show the second factor and get the tokens
///
/// Each code works once, whichever request comes first. Wrong and spent codes, unknown and expired
/// tokens all have the same answer.
#[utoipa::path(post, path = "/v1/auth/mfa", operation_id = "auth_mfa", tag = "auth", security(()),
    request_body = SecondStep,
    responses((status = 200, description = "Signed in with two factors", body = TokenAnswer)))]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    input: Input<SecondStep>,
) -> Result<Response> {
    let Some((token, shown)) = input.body.validate()? else {
        return Err(Problem::internal("a second step without its parts"));
    };
    let keys = services.keys.get(&app).await?;
    let (hash, method, caller) = (token.hash(), shown.method(), visitor.describe("auth_mfa"));
    let (challenge, credential) = shown.keys();
    let name = method.name();
    let params = [
        p::bytes(&hash),
        p::text(&name),
        p::bytes(&challenge),
        p::bytes(&credential),
        p::json(&caller),
    ];
    let rows = visitor.query(&app, sql!("users", "begin_second_step"), &params).await?;
    let row = rows.first().ok_or_else(refused)?;
    let wait: i32 = row.get("wait");
    if wait > 0 {
        return Err(too_many(wait));
    }
    let user_id: Uuid = row.get("user_id");
    let proof = shown.prove(row, user_id, &keys, &services.ceremonies, visitor.now)?;
    let params = [p::bytes(&hash), p::json(&proof), p::json(&caller)];
    let rows = visitor.query(&app, sql!("users", "finish_second_step"), &params).await?;
    let row = rows.first().ok_or_else(refused)?;
    let data: Value = row.get("data");
    let mut methods = vec!["pwd"];
    methods.extend(method.references());
    let new = NewSession {
        tenant_id: row.get("tenant_id"),
        user_id: row.get("user_id"),
        assurance: 2,
        methods: &methods,
        device: data["device"].as_str(),
        impersonator: None,
    };
    let answer = tokens::open(&app, &services, &visitor, "auth_mfa", &new).await?;
    Ok(json(StatusCode::OK, &answer)?.into_response())
}
