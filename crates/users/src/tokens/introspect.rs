//! POST /v1/auth/introspect

use aws_lc_rs::digest;
use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::authz::IntrospectTokens;
use wealth_db::{Row, p, sql};
use wealth_http::auth::{KeyName, VerifiedToken};
use wealth_http::{App, JsonOrForm, Principal, Result, json};

use super::revoke::OneToken;
use super::which::{Which, which};
use crate::services::{Services, Settings};

/// What is said of a token (RFC 7662 §2.2). Of one that is not in force, only that.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct Introspection {
    /// Whether it is in force here and now.
    active: bool,
    /// The scopes of an API key.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id: Option<&'static str>,
    /// The person's e-mail.
    #[serde(skip_serializing_if = "Option::is_none")]
    username: Option<String>,
    /// `Bearer`, `refresh_token` or `api_key`.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_type: Option<&'static str>,
    /// When it ends, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<i64>,
    /// The user.
    #[serde(skip_serializing_if = "Option::is_none")]
    sub: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jti: Option<String>,
    /// The roles in an access token.
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<Vec<String>>,
    /// `aal1` or `aal2`.
    #[serde(skip_serializing_if = "Option::is_none")]
    acr: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    amr: Option<Vec<String>>,
    /// When the person was recognised, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<i64>,
}

/// Tell whether a token is in force
///
/// RFC 7662, for administrators and for API keys with the scope `introspect-tokens`. Tokens of
/// another firm or another issuer are not in force here, like those that never were.
#[utoipa::path(
    post,
    path = "/v1/auth/introspect",
    operation_id = "token_introspect",
    tag = "auth",
    request_body(content(
        (OneToken = "application/x-www-form-urlencoded"),
        (OneToken = "application/json"),
    )),
    responses((status = 200, description = "What can be said of it", body = Introspection)),
    security(("bearer" = [])),
)]
pub(crate) async fn handler(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    principal: Principal,
    JsonOrForm(request): JsonOrForm<OneToken>,
) -> Result<Response> {
    principal.authorize::<IntrospectTokens>()?;
    let context = principal.context();
    let found = which(&app, &services, &request.token, context.now).await?;
    let said = match found {
        Some(Which::Refresh(token)) if token.tenant_id == context.tenant_id => {
            let row = session(&app, &principal, token.session_id).await?;
            let leaf = |row: &Row| i64::from(row.get::<_, i32>("refresh_counter"));
            row.filter(|row| leaf(row) == i64::from(token.counter)).map(|row| Introspection {
                token_type: Some("refresh_token"),
                exp: row.get::<_, Option<DateTime<Utc>>>("expires_at").map(|at| at.timestamp()),
                sid: Some(token.session_id),
                ..of_session(&row)
            })
        }
        Some(Which::Access(token, sid)) if token.tenant_id == context.tenant_id => {
            let row = session(&app, &principal, sid).await?;
            row.map(|row| of_access(&token, sid, &row))
        }
        Some(Which::ApiKey(name)) if name.tenant_id == context.tenant_id => {
            api_key(&app, &principal, name, &request.token).await?
        }
        _ => None,
    };
    let said = said.map(|said| Introspection {
        active: true,
        client_id: Some(Settings::AUDIENCE),
        iss: Some(services.settings.issuer.clone()),
        tenant_id: Some(context.tenant_id),
        ..said
    });
    // Whoever may ask is checked by the transaction; one must run even if there is nothing to find.
    if said.is_none() {
        session(&app, &principal, Uuid::nil()).await?;
    }
    let reply = json(StatusCode::OK, &said.unwrap_or_default())?;
    Ok(reply.header(header::CACHE_CONTROL, "no-store").into_response())
}

async fn session(app: &App, principal: &Principal, id: Uuid) -> Result<Option<Row>> {
    let tx = app.read("token_introspect", principal);
    let rows = tx.query_and_commit(sql!("users", "introspect_session"), &[p::uuid(&id)]).await?;
    Ok(rows.into_iter().next())
}

fn of_session(row: &Row) -> Introspection {
    Introspection {
        sub: Some(row.get("user_id")),
        username: Some(row.get("email")),
        acr: Some(format!("aal{}", row.get::<_, i16>("assurance"))),
        amr: Some(row.get("methods")),
        auth_time: Some(row.get::<_, DateTime<Utc>>("authenticated_at").timestamp()),
        ..Introspection::default()
    }
}

fn of_access(token: &VerifiedToken, sid: Uuid, row: &Row) -> Introspection {
    Introspection {
        token_type: Some("Bearer"),
        exp: Some(token.expires_at.timestamp()),
        sid: Some(sid),
        jti: token.token_id.clone(),
        roles: Some(token.roles.clone()),
        ..of_session(row)
    }
}

async fn api_key(
    app: &App,
    principal: &Principal,
    name: KeyName,
    token: &str,
) -> Result<Option<Introspection>> {
    let hash = digest::digest(&digest::SHA256, token.as_bytes());
    let hash = hash.as_ref();
    let params = [p::uuid(&name.api_key_id), p::bytes(&hash)];
    let tx = app.read("token_introspect", principal);
    let rows = tx.query_and_commit(sql!("users", "introspect_api_key"), &params).await?;
    Ok(rows.first().map(|row| Introspection {
        token_type: Some("api_key"),
        scope: Some(row.get::<_, Vec<String>>("scopes").join(" ")),
        sub: Some(row.get("user_id")),
        username: Some(row.get("email")),
        exp: row.get::<_, Option<DateTime<Utc>>>("expires_at").map(|at| at.timestamp()),
        ..Introspection::default()
    }))
}
