//! POST /v1/auth/token

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use wealth_core::problem;
use wealth_http::{App, FormFields, JsonOrForm, Problem, Result, Visitor, json};

use super::access::TokenAnswer;
use super::renew::renew;
use crate::services::Services;

/// A request for tokens (RFC 6749 §6).
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TokenRequest {
    /// `refresh_token`.
    #[schema(example = "refresh_token")]
    grant_type: String,
    /// The refresh token of the last answer.
    refresh_token: Option<String>,
    /// Clients are not told apart; what they say here is not looked at.
    #[serde(rename = "client_id")]
    _client_id: Option<String>,
}

impl FormFields for TokenRequest {
    const NAMES: &'static [&'static str] = &["grant_type", "refresh_token", "client_id"];
}

/// Renew a session
///
/// A refresh token works once. Within ten seconds its direct successor is given again to whoever
/// lost the answer; after that a second use ends the session. Errors carry OAuth's `error` beside
/// the members of every problem.
#[utoipa::path(
    post,
    path = "/v1/auth/token",
    operation_id = "token",
    tag = "auth",
    request_body(content(
        (TokenRequest = "application/x-www-form-urlencoded"),
        (TokenRequest = "application/json"),
    )),
    responses((status = 200, description = "New tokens", body = TokenAnswer)),
    security(()),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    JsonOrForm(request): JsonOrForm<TokenRequest>,
) -> Result<Response> {
    if request.grant_type != "refresh_token" {
        let text = "The only grant type here is refresh_token; signing in has calls of its own.";
        let refused = Problem::new(&problem::MALFORMED_REQUEST, text);
        return Err(refused.oauth("unsupported_grant_type"));
    }
    let Some(token) = request.refresh_token else {
        let refused = Problem::new(&problem::VALIDATION_FAILED, "refresh_token is required.");
        let refused = refused.at("/refresh_token", "required", "is required");
        return Err(refused.oauth("invalid_request"));
    };
    let answer = renew(&app, &services, &visitor, &token).await?;
    let reply = json(StatusCode::OK, &answer)?;
    Ok(reply.header(header::CACHE_CONTROL, "no-store").into_response())
}
