//! What is configured about an issuer of tokens (table `users.identity_providers`).

use std::collections::BTreeMap;

use futures_util::future::BoxFuture;
use serde_json::Value;
use uuid::Uuid;

/// One binding of an issuer to a tenant. An issuer that serves several tenants has one per tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IssuerConfig {
    /// `iss`, compared byte for byte: a trailing slash makes another issuer.
    pub issuer: String,
    /// Kind of provider (`okta`, `cognito`, `local`, …): for the log only, never for a decision.
    pub provider: String,
    /// The tenant that tokens of this binding act in. `None` for the platform's own issuer, whose
    /// tokens name any tenant in the tenant claim and a user of ours as the subject.
    pub tenant_id: Option<Uuid>,
    /// Accepted audiences; one of them must be in the token. Empty accepts nothing.
    pub audiences: Vec<String>,
    /// The claim that holds the audience.
    pub audience_claim: AudienceClaim,
    /// Where the verification keys are.
    pub keys: KeyLocation,
    /// Accepted signature algorithms. Empty accepts nothing.
    pub algorithms: Vec<Algorithm>,
    /// Accepted `typ` header values without the `application/` prefix, compared without case
    /// (RFC 7515 §4.1.9): `at+jwt` for the own issuer (RFC 9068). An empty string accepts a
    /// header without `typ`, which Cognito and Okta send. Empty accepts nothing.
    pub token_types: Vec<String>,
    /// Required value of the claim `token_use`: `access` for Cognito, where the ID token differs
    /// from the access token in little else.
    pub token_use: Option<String>,
    /// The claim that names the tenant by its id. Required as soon as the issuer serves more than
    /// one tenant. A plain claim name, or a JSON pointer when it starts with `/`.
    pub tenant_claim: Option<String>,
    /// The claim that lists roles or groups (string or array of strings). A plain claim name, or a
    /// JSON pointer when it starts with `/`. `None`: the token carries no roles.
    pub role_claim: Option<String>,
    /// Whether the roles of the token count by themselves.
    pub role_source: RoleSource,
    /// Group of the provider → role of ours; groups without an entry give nothing. `None` takes
    /// the names as they stand, which is right for the own issuer only.
    pub group_roles: Option<BTreeMap<String, Vec<String>>>,
    /// The claim in which the issuer names its directory's id of the person, by which somebody who
    /// was provisioned is recognised. A plain claim name, or a JSON pointer.
    pub directory_claim: Option<String>,
}

/// Where the key set of an issuer is. It comes from the configuration, never from a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyLocation {
    /// Address of a JWK set (RFC 7517 §5).
    Uri(String),
    /// The JWK set itself: for issuers that the function cannot or should not reach.
    Static(Value),
}

/// Which claim carries the audience.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AudienceClaim {
    /// `aud` (RFC 7519 §4.1.3): a string or an array of strings.
    Aud,
    /// `client_id`: the access tokens of Cognito user pools have no `aud`.
    ClientId,
}

/// Where the roles of a caller are decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleSource {
    /// The issuer decides: the roles of the token hold.
    Claims,
    /// We decide: each role of the token must also be granted in `users.user_roles` now.
    Grants,
}

/// The signature algorithms that are accepted at all (RFC 8725 §3.1, §3.2).
///
/// HMAC is missing on purpose: with it, a public key could pass for a shared secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSASSA-PKCS1-v1_5 with SHA-256.
    Rs256,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// Ed25519.
    EdDsa,
}

impl Algorithm {
    /// Reads the registered name, exactly as registered: `nOnE` and `rs256` are nothing.
    pub fn from_name(name: &str) -> Option<Self> {
        match name {
            "RS256" => Some(Self::Rs256),
            "ES256" => Some(Self::Es256),
            "EdDSA" => Some(Self::EdDsa),
            _ => None,
        }
    }

    /// The registered name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Es256 => "ES256",
            Self::EdDsa => "EdDSA",
        }
    }
}

/// Gives the active bindings of an issuer.
pub trait IssuerSource: Send + Sync {
    /// All active bindings whose issuer is exactly `issuer`; empty when there is none.
    ///
    /// # Errors
    /// [`SourceError`] when the configuration cannot be read now.
    fn find<'a>(&'a self, issuer: &'a str)
    -> BoxFuture<'a, Result<Vec<IssuerConfig>, SourceError>>;
}

/// The issuer configuration cannot be read.
#[derive(Debug, Clone, thiserror::Error)]
#[error("issuer configuration: {0}")]
pub struct SourceError(
    /// For the log.
    pub String,
);
