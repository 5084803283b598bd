//! Who is calling: verification of bearer tokens (issue scope "Token verification";
//! rules: RFC 7519, RFC 8725, RFC 9068, and the traps listed for JWT libraries).
//!
//! ```text
//! token ── compact.rs (shape, header) ── claims.rs (strict JSON, times)
//!            │  nothing read so far is trusted: it only selects what to check against
//!            ├─ issuers.rs   which configured binding of that issuer (tenant) is meant
//!            ├─ binding.rs   algorithm, typ, token_use, audience of that binding
//!            ├─ jwks.rs      the key that this binding has under the token's `kid`
//!            └─ keys.rs      the signature: only now the claims become a VerifiedToken
//! ```
//!
//! The binding is chosen *before* the signature and everything after it, the key above all, comes
//! from that one binding. A token that lies about its issuer or tenant therefore meets the keys of
//! the victim, which did not sign it. No address is ever taken from a token.
//!
//! The Lambda verifies every token itself even behind an API Gateway authorizer, which checks no
//! custom claim and cannot tell an ID token from an access token.

mod address;
mod api_key;
mod bearer;
mod binding;
mod claims;
mod compact;
mod error;
mod fetch;
mod issuer;
mod issuers;
mod jwks;
mod keys;
mod local;
mod memory;
mod refresh;
mod signer;
mod source;
mod strict_json;
mod told;
mod verified;
mod verifier;

pub use address::is_public_address;
pub use api_key::{ApiKey, ApiKeys, KeyName};
pub use bearer::bearer;
pub use error::{AuthError, Refusal, Unavailable};
pub use fetch::{FetchError, HttpsFetcher, JwksFetcher};
pub use issuer::{
    Algorithm, AudienceClaim, IssuerConfig, IssuerSource, KeyLocation, RoleSource, SourceError,
};
pub use local::{LocalClaims, LocalIssuer};
pub use signer::{SignerError, TokenSigner};
pub use source::DbIssuers;
pub use told::Met;
pub(crate) use verified::Named;
pub use verified::{Authentication, Told, VerifiedToken};
pub use verifier::Verifier;

#[cfg(test)]
mod tests;
