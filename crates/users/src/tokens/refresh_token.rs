//! Refresh tokens: opaque to clients, checkable by us without a look at the database.
//!
//! A token is `tenant ‖ session ‖ counter ‖ HMAC-SHA256(key, the three)`. The counter is its
//! generation within the session, so the same generation always has the same token: a client that
//! lost an answer can be given the very token again, and a token of an earlier generation that
//! still carries a right MAC was ours once and is a replay, while any other is noise that must not
//! end somebody's session (RFC 9700 §4.14.2). The database holds SHA-256 of the current one only
//! (S4-37, S4-46, C4-05).

use aws_lc_rs::{digest, hmac};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use uuid::Uuid;

/// Bytes before the MAC.
const BODY: usize = 16 + 16 + 4;
const MAC: usize = 32;
/// Tells our refresh tokens from other secrets, also for scanners of leaked ones.
const PREFIX: &str = "wrt_";

/// What a refresh token says, once its MAC has been found right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RefreshToken {
    /// The tenant of the session.
    pub tenant_id: Uuid,
    /// The session.
    pub session_id: Uuid,
    /// Its generation: 0 for the first.
    pub counter: u32,
}

impl RefreshToken {
    /// The token's text.
    pub fn encode(&self, key: &[u8; 32]) -> String {
        let body = self.body();
        let mac = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), &body);
        let mut bytes = body.to_vec();
        bytes.extend_from_slice(mac.as_ref());
        format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(bytes))
    }

    /// Reads a token; `None` for anything that we did not make.
    pub fn decode(text: &str, key: &[u8; 32]) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text.strip_prefix(PREFIX)?).ok()?;
        if bytes.len() != BODY + MAC {
            return None;
        }
        let (body, mac) = bytes.split_at(BODY);
        hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, key), body, mac).ok()?;
        Some(Self {
            tenant_id: Uuid::from_slice(&body[..16]).ok()?,
            session_id: Uuid::from_slice(&body[16..32]).ok()?,
            counter: u32::from_be_bytes(body[32..].try_into().ok()?),
        })
    }

    /// The next generation.
    #[must_use]
    pub fn next(self) -> Self {
        Self { counter: self.counter.saturating_add(1), ..self }
    }

    /// SHA-256 of the token's text, in hex, as the database keeps it.
    pub fn hash(text: &str) -> String {
        let digest = digest::digest(&digest::SHA256, text.as_bytes());
        digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
    }

    fn body(&self) -> [u8; BODY] {
        let mut body = [0; BODY];
        body[..16].copy_from_slice(self.tenant_id.as_bytes());
        body[16..32].copy_from_slice(self.session_id.as_bytes());
        body[32..].copy_from_slice(&self.counter.to_be_bytes());
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];

    fn token() -> RefreshToken {
        let (tenant_id, session_id) = (Uuid::from_u128(1), Uuid::from_u128(2));
        RefreshToken { tenant_id, session_id, counter: 3 }
    }

    #[test]
    fn a_token_is_read_by_the_key_that_made_it_and_by_no_other() {
        let text = token().encode(&KEY);
        assert_eq!(RefreshToken::decode(&text, &KEY), Some(token()));
        assert_eq!(RefreshToken::decode(&text, &[8; 32]), None);
        assert_eq!(text, token().encode(&KEY), "the same generation is the same token");
        assert_ne!(text, token().next().encode(&KEY));
    }

    #[test]
    fn no_changed_character_goes_unseen() {
        let text = token().encode(&KEY);
        for (at, old) in text.char_indices() {
            let new = if old == 'A' { 'B' } else { 'A' };
            let mut changed = text.clone();
            changed.replace_range(at..=at, &new.to_string());
            assert_eq!(RefreshToken::decode(&changed, &KEY), None, "character {at}");
        }
        for bad in ["", "wrt_", &text[..text.len() - 1], &format!("{text}A"), &text[4..]] {
            assert_eq!(RefreshToken::decode(bad, &KEY), None, "{bad}");
        }
    }
}
