//! Why a caller was not let in: one public answer, many private reasons.

use http::StatusCode;

/// The outcome of a verification that did not succeed.
///
/// The caller learns only which of the two it is. Every [`Refusal`] gives the same status, code
/// and detail, so that the answer is no oracle for a forger; the reason goes to the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuthError {
    /// The token is not accepted: 401.
    #[error("token refused: {0}")]
    Refused(#[from] Refusal),
    /// The token cannot be judged now and nothing usable is cached: 503, worth a retry.
    #[error("token not verifiable: {0}")]
    Unavailable(#[from] Unavailable),
}

impl AuthError {
    /// HTTP status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Refused(_) => StatusCode::UNAUTHORIZED,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
        }
    }

    /// Problem code of the answer.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "unauthenticated",
            Self::Unavailable(_) => "unavailable",
        }
    }

    /// What the caller is told: the same words for every refusal.
    pub fn public_detail(&self) -> &'static str {
        match self {
            Self::Refused(_) => "A valid bearer token is required.",
            Self::Unavailable(_) => "The token cannot be verified at the moment. Try again.",
        }
    }
}

/// The private reason of a refusal. It carries nothing out of the token, so it is safe to log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// No Authorization header.
    #[error("no_credentials")]
    NoCredentials,
    /// More than one Authorization header, another scheme, or odd spacing.
    #[error("malformed_authorization")]
    MalformedAuthorization,
    /// Longer than the verifier reads.
    #[error("token_too_long")]
    TooLong,
    /// Not exactly three non-empty parts.
    #[error("not_three_parts")]
    NotThreeParts,
    /// A part is not canonical base64url without padding (RFC 7515 §2).
    #[error("bad_base64")]
    Base64,
    /// Header or claims are not one JSON object with distinct names.
    #[error("bad_json")]
    Json,
    /// A header member that would change how the token is read (`crit`, `zip`, `jku`, …).
    #[error("forbidden_header")]
    ForbiddenHeader,
    /// A header member of the wrong type or length.
    #[error("bad_header")]
    BadHeader,
    /// `alg` is none of RS256, ES256, EdDSA, or not one that the binding accepts.
    #[error("algorithm")]
    Algorithm,
    /// `typ` is not one that the binding accepts (RFC 8725 §3.11).
    #[error("token_type")]
    TokenType,
    /// `token_use` is not the one that the binding accepts, or the token shows the marks of
    /// another kind: ID token, security event, sender-constrained token.
    #[error("token_use")]
    TokenUse,
    /// `iss` missing, of the wrong type or not plausible.
    #[error("issuer_claim")]
    IssuerClaim,
    /// No active configuration for this issuer.
    #[error("unknown_issuer")]
    UnknownIssuer,
    /// Too many unknown issuers were looked up in this minute.
    #[error("issuer_lookup_budget")]
    IssuerLookupBudget,
    /// The issuer serves several tenants and the token does not name exactly one of them.
    #[error("tenant")]
    Tenant,
    /// The audience does not contain us.
    #[error("audience")]
    Audience,
    /// `sub` missing, empty, too long or with control characters.
    #[error("subject")]
    Subject,
    /// `exp` missing, not an integer, or absurdly far away.
    #[error("expiry_claim")]
    ExpiryClaim,
    /// `exp` has passed.
    #[error("expired")]
    Expired,
    /// `nbf` or `iat` not an integer.
    #[error("time_claim")]
    TimeClaim,
    /// `nbf` or `iat` lies in the future beyond the leeway.
    #[error("not_yet_valid")]
    NotYetValid,
    /// Another claim has the wrong type: roles, `sid`, `jti`.
    #[error("claim_type")]
    ClaimType,
    /// The binding's key set has no such key.
    #[error("unknown_key")]
    UnknownKey,
    /// The binding itself is unusable: an operator must look at it.
    #[error("broken_issuer_configuration")]
    BrokenConfiguration,
    /// The signature does not verify.
    #[error("signature")]
    Signature,
    /// An API key that is none, was never made, has ended or was revoked.
    #[error("api_key")]
    ApiKey,
}

/// What could not be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unavailable {
    /// The issuer configuration.
    #[error("issuer_source")]
    IssuerSource,
    /// The issuer's key set.
    #[error("key_set")]
    KeySet,
    /// The API keys.
    #[error("api_keys")]
    ApiKeys,
    /// The record of what tokens tell.
    #[error("told")]
    Told,
}
