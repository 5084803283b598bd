//! What a token proved, and a bounded memory of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
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
}

/// How surely and when somebody was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Authentication {
    /// Authentication assurance level (NIST SP 800-63B): 1, or 2 with a second factor.
    pub assurance: u8,
    /// When (`auth_time`); `None` when the issuer does not say.
    pub at: Option<DateTime<Utc>>,
}

/// SHA-256 of a whole token.
pub(super) type TokenDigest = [u8; 32];

/// Tokens remembered at most. One entry is about 500 bytes.
const ENTRIES_MAX: usize = 256;

/// Longest trust in a remembered verification.
const TRUST: TimeDelta = TimeDelta::seconds(60);

/// A verification with what it rested on.
#[derive(Clone)]
pub(super) struct Proof {
    pub(super) token: Arc<VerifiedToken>,
    pub(super) binding: Arc<Binding>,
    pub(super) key: Arc<VerificationKey>,
}

/// Remembers verified tokens by their digest, so that a warm function does not repeat the public
/// key operation (more than a whole request's CPU budget) for each request of one client.
///
/// - The key is a SHA-256 of all bytes of the token, signature included: another token cannot hit.
/// - Only verified tokens enter, so forgeries cannot push honest entries out.
/// - An entry serves until `exp` or for 60 s, whichever is sooner.
/// - The caller must still find the entry's binding and key in force (pointer equality, see
///   [`super::Verifier`]): a key withdrawn from the JWKS or an issuer that was switched off ends
///   the entry in the same moment in which it ends for new tokens.
pub(super) struct VerifiedTokens {
    entries: Mutex<HashMap<TokenDigest, Entry>>,
}

struct Entry {
    proof: Proof,
    verified_at: DateTime<Utc>,
    used_at: DateTime<Utc>,
}

impl Entry {
    /// A clock that went backwards ends the trust too.
    fn serves(&self, now: DateTime<Utc>) -> bool {
        let age = now.signed_duration_since(self.verified_at);
        now < self.proof.token.expires_at && age >= TimeDelta::zero() && age < TRUST
    }
}

impl VerifiedTokens {
    pub(super) fn new() -> Self {
        Self { entries: Mutex::new(HashMap::new()) }
    }

    pub(super) fn get(&self, digest: &TokenDigest, now: DateTime<Utc>) -> Option<Proof> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get_mut(digest)?;
        if !entry.serves(now) {
            entries.remove(digest);
            return None;
        }
        entry.used_at = now;
        Some(entry.proof.clone())
    }

    pub(super) fn forget(&self, digest: &TokenDigest) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(digest);
    }

    pub(super) fn remember(&self, digest: TokenDigest, proof: Proof, now: DateTime<Utc>) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= ENTRIES_MAX {
            entries.retain(|_, entry| entry.serves(now));
        }
        if entries.len() >= ENTRIES_MAX {
            // A scan of 256 entries costs less than the verification that led here.
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.used_at).map(|(key, _)| *key);
            oldest.and_then(|key| entries.remove(&key));
        }
        entries.insert(digest, Entry { proof, verified_at: now, used_at: now });
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}
