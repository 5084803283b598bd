//! The text of a key, derived and not drawn.
//!
//! The secret part is `HMAC-SHA256(refresh key, "api key" ‖ tenant ‖ key id)`. So the answer to a
//! repeated request can show the same key again without it lying anywhere in the meantime: the
//! answer stored under the Idempotency-Key has no key in it, the database only the SHA-256. The
//! HMAC's key is the one that refresh tokens derive from; the label keeps the two apart, and their
//! lengths differ as well.

use aws_lc_rs::{digest, hmac};
use uuid::Uuid;
use wealth_http::auth::KeyName;

/// A key as it is shown once.
pub(super) struct NewKey {
    /// The whole text.
    pub(super) text: String,
    /// What it begins with, which may be shown again.
    pub(super) prefix: String,
    /// SHA-256 of the text, in hex.
    pub(super) hash: String,
}

impl NewKey {
    /// The key with this id.
    pub(super) fn derive(master: &[u8; 32], tenant_id: Uuid, api_key_id: Uuid) -> Self {
        let label = hex(&mac(master, b"wealth api key label", tenant_id, api_key_id)[..4]);
        let secret = mac(master, b"wealth api key secret", tenant_id, api_key_id);
        let text = KeyName { tenant_id, api_key_id }.write(&label, &secret);
        let hash = hex(digest::digest(&digest::SHA256, text.as_bytes()).as_ref());
        Self { text, prefix: format!("wk_{label}"), hash }
    }
}

fn mac(master: &[u8; 32], label: &[u8], tenant_id: Uuid, api_key_id: Uuid) -> [u8; 32] {
    let message = [label, &[0], tenant_id.as_bytes(), api_key_id.as_bytes()].concat();
    let mut bytes = [0; 32];
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, master), &message);
    bytes.copy_from_slice(tag.as_ref());
    bytes
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_again_and_another_for_another_id() {
        let (tenant, id) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let key = NewKey::derive(&[7; 32], tenant, id);
        assert_eq!(key.text, NewKey::derive(&[7; 32], tenant, id).text);
        assert_ne!(key.text, NewKey::derive(&[8; 32], tenant, id).text);
        assert_ne!(key.text, NewKey::derive(&[7; 32], tenant, Uuid::from_u128(3)).text);
        assert!(key.text.starts_with(&format!("{}_", key.prefix)), "{}", key.prefix);
        let name = KeyName::read(&key.text).unwrap();
        assert_eq!((name.tenant_id, name.api_key_id), (tenant, id));
        assert_eq!(key.hash.len(), 64);
    }
}
