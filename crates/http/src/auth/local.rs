//! The local issuer: signs the tokens of `make run` and of the tests.
//!
//! It must never be reachable from a function. Nothing in a function's main makes one; its tokens
//! are accepted only where the configuration has a binding for [`LocalIssuer::ISSUER`] with its
//! static key set, which the demo data of a local database has and a deployed one does not.

use aws_lc_rs::digest;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use super::issuer::{Algorithm, AudienceClaim, IssuerConfig, KeyLocation, RoleSource};

/// A key that cannot be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocalIssuerError {
    /// The machine gave no randomness.
    #[error("no key could be generated")]
    Generate,
    /// The bytes are not the PKCS #8 form of an Ed25519 key.
    #[error("the saved signing key cannot be read")]
    Read,
}

/// An Ed25519 key that signs access tokens (RFC 8037, RFC 9068).
///
/// Ed25519 needs no randomness to sign: the same key, claims and times give the same token.
pub struct LocalIssuer {
    pkcs8: Vec<u8>,
    key: Ed25519KeyPair,
}

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

    /// Makes a key. The caller saves [`Self::pkcs8`] so that tokens outlive the process.
    ///
    /// # Errors
    /// [`LocalIssuerError::Generate`].
    pub fn generate() -> Result<Self, LocalIssuerError> {
        let key = Ed25519KeyPair::generate().map_err(|_| LocalIssuerError::Generate)?;
        let pkcs8 = key.to_pkcs8().map_err(|_| LocalIssuerError::Generate)?;
        Ok(Self { pkcs8: pkcs8.as_ref().to_vec(), key })
    }

    /// Reads a saved key.
    ///
    /// # Errors
    /// [`LocalIssuerError::Read`].
    pub fn from_pkcs8(pkcs8: &[u8]) -> Result<Self, LocalIssuerError> {
        let key = Ed25519KeyPair::from_pkcs8(pkcs8).map_err(|_| LocalIssuerError::Read)?;
        Ok(Self { pkcs8: pkcs8.to_vec(), key })
    }

    /// The private key, to be saved where only its owner can read it.
    pub fn pkcs8(&self) -> &[u8] {
        &self.pkcs8
    }

    /// The public key set, for the column `jwks` of the configuration row.
    pub fn jwks(&self) -> Value {
        let key = json!({
            "kty": "OKP", "crv": "Ed25519", "x": self.x(),
            "use": "sig", "alg": "EdDSA", "kid": self.key_id(),
        });
        json!({ "keys": [key] })
    }

    /// The configuration that accepts this issuer's tokens for one tenant.
    pub fn config(&self, tenant_id: Uuid) -> IssuerConfig {
        IssuerConfig {
            issuer: Self::ISSUER.to_owned(),
            provider: "local".to_owned(),
            tenant_id,
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
        }
    }

    /// A signed token.
    pub fn issue(&self, claims: &LocalClaims) -> String {
        self.sign(&json!({
            "iss": Self::ISSUER,
            "aud": Self::AUDIENCE,
            "sub": claims.subject,
            "tenant_id": claims.tenant_id,
            "roles": claims.roles,
            "sid": claims.session_id,
            "jti": claims.token_id,
            "iat": claims.issued_at.timestamp(),
            "exp": claims.expires_at.timestamp(),
        }))
    }

    fn sign(&self, claims: &Value) -> String {
        let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": self.key_id() });
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(&header), encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(message.as_bytes()));
        format!("{message}.{signature}")
    }

    /// The thumbprint of the public key (RFC 7638, RFC 8037 §2): a new key has a new id.
    fn key_id(&self) -> String {
        let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, self.x());
        URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, canonical.as_bytes()))
    }

    fn x(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.public_key())
    }
}
