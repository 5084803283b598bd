//! POST /v1/auth/revoke

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::{p, sql};
use wealth_http::{App, FormFields, JsonOrForm, Result, Visitor};

use super::refresh_token::RefreshToken;
use super::which::{Which, which};
use crate::services::Services;

/// A token, and what the caller takes it for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OneToken {
    /// A refresh token, an access token or an API key.
    pub(super) token: String,
    /// Not needed: a token shows what it is.
    #[serde(rename = "token_type_hint")]
    _token_type_hint: Option<String>,
    /// Clients are not told apart; what they say here is not looked at.
    #[serde(rename = "client_id")]
    _client_id: Option<String>,
}

impl FormFields for OneToken {
    const NAMES: &'static [&'static str] = &["token", "token_type_hint", "client_id"];
}

/// Revoke a token
///
/// RFC 7009. A refresh or access token ends its session with everything that belongs to it; an API
/// key ends itself. Whoever holds the token may: so whoever finds one that leaked can end it. The
/// answer is the same for a token that never was.
#[utoipa::path(
    post,
    path = "/v1/auth/revoke",
    operation_id = "token_revoke",
    tag = "auth",
    request_body(content(
        (OneToken = "application/x-www-form-urlencoded"),
        (OneToken = "application/json"),
    )),
    responses((status = 200, description = "It is not in force")),
    security(()),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
    JsonOrForm(request): JsonOrForm<OneToken>,
) -> Result<Response> {
    match which(&app, &services, &request.token, visitor.now).await? {
        Some(Which::Refresh(token)) => {
            end_session(&app, &visitor, token.tenant_id, token.session_id).await?;
        }
        Some(Which::Access(token, session)) => {
            end_session(&app, &visitor, token.tenant_id, session).await?;
        }
        Some(Which::ApiKey(name)) => {
            let (hash, caller) =
                (RefreshToken::hash(&request.token), visitor.describe("token_revoke"));
            let params = [
                p::uuid(&name.tenant_id),
                p::uuid(&name.api_key_id),
                p::text(&hash),
                p::json(&caller),
            ];
            visitor.query(&app, sql!("users", "end_api_key"), &params).await?;
        }
        None => {}
    }
    Ok((StatusCode::OK, [(header::CACHE_CONTROL, "no-store")]).into_response())
}

async fn end_session(app: &App, visitor: &Visitor, tenant_id: Uuid, session: Uuid) -> Result<()> {
    let caller = visitor.describe("token_revoke");
    let params = [p::uuid(&tenant_id), p::uuid(&session), p::json(&caller)];
    visitor.query(app, sql!("users", "end_session"), &params).await?;
    Ok(())
}
