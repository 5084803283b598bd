//! What a token proved.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::binding::Binding;
use super::keys::VerificationKey;

/// The content of a token whose signature and claims all hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifiedToken {
    /// `iss`.
    pub issuer: String,
    /// `sub`: the caller's name at that issuer.
    pub subject: String,
    /// The tenant that the token acts in.
    pub tenant_id: Uuid,
    /// Our role names, mapped from the token's groups, without duplicates.
    pub roles: Vec<String>,
    /// Each role must also be granted in `users.user_roles` at the time of the request.
    pub check_grants: bool,
    /// `sid`, when it is a UUID (ours always is).
    pub session_id: Option<Uuid>,
    /// `exp`.
    pub expires_at: DateTime<Utc>,
    /// `jti`.
    pub token_id: Option<String>,
    /// The user that a token of our own is for.
    pub user_id: Option<Uuid>,
    /// The person who acts in the user's place (`act`, RFC 8693 §4.1); our own tokens only.
    pub impersonator_id: Option<Uuid>,
    /// How surely the caller was recognised, and when.
    pub authentication: Authentication,
    /// What the token says that is worth keeping; `None` where its issuer decides nothing here.
    pub told: Option<Told>,
}

/// What the token of an issuer with a word of its own says of its person.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Told {
    /// The groups that give a role; `None` where groups do not decide.
    pub groups: Option<Vec<String>>,
    /// The directory's id of the person.
    pub directory_id: Option<String>,
    /// `iat`, or when we first saw it.
    pub issued_at: DateTime<Utc>,
}

/// How surely and when somebody was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authentication {
    /// Authentication assurance level (NIST SP 800-63B): 1, or 2 with a second factor.
    pub assurance: u8,
    /// When (`auth_time`); `None` when the issuer does not say.
    pub at: Option<DateTime<Utc>>,
}

/// What a token says of itself, and what is not believed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// A tenant.
    pub(crate) tenant_id: Uuid,
    /// An issuer that the tenant trusts.
    pub(crate) issuer: String,
}

/// A verification with what it rested on.
#[derive(Clone)]
pub(super) struct Proof {
    pub(super) token: Arc<VerifiedToken>,
    pub(super) binding: Arc<Binding>,
    pub(super) key: Arc<VerificationKey>,
}
