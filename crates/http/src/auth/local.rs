//! The local issuer: signs the tokens of `make run` and of the tests.
//!
//! It must never be reachable from a function. Nothing in a function's main makes one; its tokens
//! are accepted only where the configuration has a binding for [`LocalIssuer::ISSUER`] with its
//! static key set, which the demo data of a local database has and a deployed one does not.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::issuer::{Algorithm, AudienceClaim, IssuerConfig, KeyLocation, RoleSource};
use super::signer::{SignerError, TokenSigner};

/// A signer with an address that nobody can own.
pub struct LocalIssuer(TokenSigner);

/// The content of a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalClaims {
    /// `sub`.
    pub subject: String,
    /// `tenant_id`.
    pub tenant_id: Uuid,
    /// `roles`: our own role names.
    pub roles: Vec<String>,
    /// `sid`.
    pub session_id: Uuid,
    /// `jti`.
    pub token_id: Uuid,
    /// `iat`.
    pub issued_at: DateTime<Utc>,
    /// `exp`; the verifier takes at most 28 hours.
    pub expires_at: DateTime<Utc>,
}

impl LocalIssuer {
    /// `iss`. The top-level domain `invalid` can never be registered (RFC 2606 §2).
    pub const ISSUER: &str = "https://local.wealth.invalid";
    /// `aud`.
    pub const AUDIENCE: &str = "wealth";

    /// Makes a key.
    ///
    /// # Errors
    /// [`SignerError::Generate`].
    pub fn generate() -> Result<Self, SignerError> {
        TokenSigner::generate().map(Self)
    }

    /// Reads a saved key.
    ///
    /// # Errors
    /// [`SignerError::Read`].
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, SignerError> {
        TokenSigner::from_pkcs8(pkcs8).map(Self)
    }

    /// The private key, to be saved where only its owner can read it.
    pub fn pkcs8(&self) -> &[u8] {
        self.0.pkcs8()
    }

    /// The public key set, for the column `jwks` of the configuration row.
    pub fn jwks(&self) -> Value {
        json!({ "keys": [self.0.jwk()] })
    }

    /// The configuration that accepts this issuer's tokens for one tenant.
    pub fn config(&self, tenant_id: Uuid) -> IssuerConfig {
        IssuerConfig {
            issuer: Self::ISSUER.to_owned(),
            provider: "local".to_owned(),
            tenant_id: Some(tenant_id),
            audiences: vec![Self::AUDIENCE.to_owned()],
            audience_claim: AudienceClaim::Aud,
            keys: KeyLocation::Static(self.jwks()),
            algorithms: vec![Algorithm::EdDsa],
            token_types: vec!["at+jwt".to_owned()],
            token_use: None,
            tenant_claim: Some("tenant_id".to_owned()),
            role_claim: Some("roles".to_owned()),
            role_source: RoleSource::Grants,
            group_roles: None,
            directory_claim: None,
        }
    }

    /// A signed token, of somebody who has just signed in with two factors.
    pub fn issue(&self, claims: &LocalClaims) -> String {
        self.0.sign(&json!({
            "iss": Self::ISSUER,
            "aud": Self::AUDIENCE,
            "sub": claims.subject,
            "tenant_id": claims.tenant_id,
            "roles": claims.roles,
            "sid": claims.session_id,
            "jti": claims.token_id,
            "iat": claims.issued_at.timestamp(),
            "exp": claims.expires_at.timestamp(),
            "acr": "aal2",
            "auth_time": claims.issued_at.timestamp(),
        }))
    }
}
