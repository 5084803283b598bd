//! Access tokens (RFC 9068) and the answer that carries them (RFC 6749 §5.1).

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_http::auth::TokenSigner;

use crate::services::Settings;

/// Tokens for a client. Never logged: it shows nothing of itself.
#[derive(Serialize, ToSchema)]
pub struct TokenAnswer {
    /// Sent as `Authorization: Bearer …`.
    pub access_token: String,
    /// Always `Bearer`.
    #[schema(example = "Bearer")]
    pub token_type: &'static str,
    /// Seconds that the access token lasts.
    #[schema(example = 900)]
    pub expires_in: i64,
    /// Good for one renewal. A session in another's place has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// When the session ends for want of renewal.
    pub refresh_expires_at: DateTime<Utc>,
    /// The session.
    pub session_id: Uuid,
    /// The tenant that the tokens act in.
    pub tenant_id: Uuid,
    /// The user.
    pub user_id: Uuid,
    /// The roles in the access token.
    pub roles: Vec<String>,
}

/// What an access token says.
pub(crate) struct AccessClaims<'a> {
    pub(crate) tenant_id: Uuid,
    pub(crate) user_id: Uuid,
    pub(crate) session_id: Uuid,
    pub(crate) token_id: Uuid,
    pub(crate) roles: &'a [String],
    pub(crate) assurance: i16,
    pub(crate) methods: &'a [String],
    pub(crate) authenticated_at: DateTime<Utc>,
    pub(crate) impersonator_id: Option<Uuid>,
    pub(crate) issued_at: DateTime<Utc>,
    pub(crate) lifetime: TimeDelta,
}

impl AccessClaims<'_> {
    /// The signed token.
    pub(crate) fn sign(&self, settings: &Settings, signer: &TokenSigner) -> String {
        let mut claims = json!({
            "iss": settings.issuer,
            "aud": Settings::AUDIENCE,
            "sub": self.user_id,
            "client_id": Settings::AUDIENCE,
            "tenant_id": self.tenant_id,
            "roles": self.roles,
            "sid": self.session_id,
            "jti": self.token_id,
            "iat": self.issued_at.timestamp(),
            "exp": (self.issued_at + self.lifetime).timestamp(),
            "acr": format!("aal{}", self.assurance),
            "amr": self.methods,
            "auth_time": self.authenticated_at.timestamp(),
        });
        if let Some(impersonator) = self.impersonator_id {
            claims["act"] = json!({ "sub": impersonator });
        }
        signer.sign(&claims)
    }
}
