//! The platform as an issuer of tokens: where it is and how its tokens are checked (OpenID Connect
//! Discovery 1.0, RFC 8414, RFC 7517).

use axum::Extension;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;
use wealth_db::sql;
use wealth_http::{App, Result, Visitor};

use crate::services::Services;

/// What an issuer says of itself.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Configuration {
    /// Equal to `iss` of every token.
    issuer: String,
    /// Where the public keys are.
    jwks_uri: String,
    /// Renews tokens.
    token_endpoint: String,
    /// Ends tokens (RFC 7009).
    revocation_endpoint: String,
    /// Tells whether a token is in force (RFC 7662).
    introspection_endpoint: String,
    response_types_supported: [&'static str; 1],
    grant_types_supported: [&'static str; 1],
    subject_types_supported: [&'static str; 1],
    id_token_signing_alg_values_supported: [&'static str; 1],
    claims_supported: [&'static str; 11],
}

/// Describe the platform as an issuer of tokens
///
/// OpenID Connect Discovery 1.0. Tokens come from signing in, not from an authorization endpoint.
#[utoipa::path(get, path = "/.well-known/openid-configuration", operation_id = "openid_configuration",
    tag = "auth", security(()),
    responses((status = 200, description = "The issuer's metadata", body = Configuration)))]
pub(crate) async fn configuration(Extension(services): Extension<Services>) -> Response {
    let issuer = services.settings.issuer.clone();
    let at = |path: &str| format!("{issuer}{path}");
    let body = Configuration {
        jwks_uri: at("/.well-known/jwks.json"),
        token_endpoint: at("/v1/auth/token"),
        revocation_endpoint: at("/v1/auth/revoke"),
        introspection_endpoint: at("/v1/auth/introspect"),
        response_types_supported: ["none"],
        grant_types_supported: ["refresh_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: ["EdDSA"],
        claims_supported: [
            "iss",
            "aud",
            "sub",
            "exp",
            "iat",
            "jti",
            "sid",
            "tenant_id",
            "roles",
            "acr",
            "auth_time",
        ],
        issuer,
    };
    cacheable(&json!(body))
}

/// The public keys of the platform's tokens
///
/// The key that will sign next is there ahead of its first use.
#[utoipa::path(get, path = "/.well-known/jwks.json", operation_id = "jwks", tag = "auth", security(()),
    responses((status = 200, description = "A JWK set", body = Value)))]
pub(crate) async fn jwks(
    State(app): State<App>,
    Extension(services): Extension<Services>,
    visitor: Visitor,
) -> Result<Response> {
    services.keys.get(&app).await?;
    let rows = visitor.query(&app, sql!("users", "jwks"), &[]).await?;
    let keys = rows.first().map_or(Value::Null, |row| row.get("keys"));
    Ok(cacheable(&json!({ "keys": keys })))
}

/// Five minutes: as long as our own functions hold keys.
fn cacheable(body: &Value) -> Response {
    ([(header::CACHE_CONTROL, "public, max-age=300")], axum::Json(body)).into_response()
}
