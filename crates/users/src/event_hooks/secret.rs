//! What a directory is told: an address that names firm and hook, and the secret that proves it.

use aws_lc_rs::{digest, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_http::{Problem, Result};

/// Tells these secrets from others, also for scanners of leaked ones.
const PREFIX: &str = "whk_";

/// The secret of a hook, as the firm's administrator sees it once. Shows nothing of itself.
#[derive(Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub(super) struct HookSecret(String);

impl HookSecret {
    /// A new one of 256 random bits.
    pub(super) fn generate() -> Result<Self> {
        let mut bytes = [0; 32];
        rand::fill(&mut bytes).map_err(|_| Problem::internal("no randomness"))?;
        Ok(Self(format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// What the database keeps.
    pub(super) fn hash(&self) -> Vec<u8> {
        hash(&self.0)
    }
}

/// SHA-256 of a secret as a call brings it: bare, or as a bearer token.
pub(super) fn hash(text: &str) -> Vec<u8> {
    let bare = text.trim();
    let bare = match bare.split_at_checked(7) {
        Some((scheme, rest)) if scheme.eq_ignore_ascii_case("bearer ") => rest.trim(),
        _ => bare,
    };
    digest::digest(&digest::SHA256, bare.as_bytes()).as_ref().to_vec()
}

/// The last part of a hook's address: firm and hook, so that nothing is looked up across firms.
pub(super) fn key(tenant: Uuid, hook: Uuid) -> String {
    URL_SAFE_NO_PAD.encode([*tenant.as_bytes(), *hook.as_bytes()].concat())
}

/// Firm and hook of an address.
pub(super) fn read_key(text: &str) -> Option<(Uuid, Uuid)> {
    let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
    let (tenant, hook) = bytes.split_at_checked(16)?;
    Some((Uuid::from_slice(tenant).ok()?, Uuid::from_slice(hook).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_leads_back_to_firm_and_hook() {
        let (tenant, hook) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(read_key(&key(tenant, hook)), Some((tenant, hook)));
        for bad in ["", "x", "AAAA", &format!("{}A", key(tenant, hook))] {
            assert_eq!(read_key(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_secret_is_the_same_with_and_without_a_scheme() {
        assert_eq!(hash("whk_x"), hash("Bearer whk_x"));
        assert_eq!(hash("whk_x"), hash("bearer  whk_x "));
        assert_ne!(hash("whk_x"), hash("whk_y"));
        assert_ne!(hash("Bearer"), hash("Bearer whk_x"));
    }
}
