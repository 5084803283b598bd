//! Short secrets that must rest in the database for a while: AES-256-GCM with the field key of this
//! context (rules.md 2.11). What stands beside the secret is authenticated with it, so that a
//! ciphertext that was moved to another row does not open there.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use wealth_http::{Problem, Result};

use crate::keys::Keys;

const VERSION: usize = 4;
const NONCE: usize = 12;

/// `version ‖ nonce ‖ ciphertext ‖ tag`.
///
/// # Errors
/// `internal_error` when there is no key or no randomness.
pub(crate) fn seal(keys: &Keys, beside: &str, secret: &str) -> Result<Vec<u8>> {
    let fault = || Problem::internal("a secret cannot be sealed");
    let (version, key) = keys.newest_field_key().ok_or_else(fault)?;
    let mut nonce = [0; NONCE];
    rand::fill(&mut nonce).map_err(|_| fault())?;
    let mut sealed = secret.as_bytes().to_vec();
    let key = UnboundKey::new(&AES_256_GCM, key).map_err(|_| fault())?;
    LessSafeKey::new(key)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(beside.as_bytes()),
            &mut sealed,
        )
        .map_err(|_| fault())?;
    Ok([&version.to_be_bytes()[..], &nonce, &sealed].concat())
}

/// The secret; none if it was not sealed beside this, with a key that is still there.
pub(crate) fn open(keys: &Keys, beside: &str, sealed: &[u8]) -> Option<String> {
    let (version, rest) = sealed.split_at_checked(VERSION)?;
    let (nonce, text) = rest.split_at_checked(NONCE)?;
    let key = keys.field_key(u32::from_be_bytes(version.try_into().ok()?))?;
    let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
    let nonce = Nonce::assume_unique_for_key(nonce.try_into().ok()?);
    let mut text = text.to_vec();
    let plain = key.open_in_place(nonce, Aad::from(beside.as_bytes()), &mut text).ok()?;
    String::from_utf8(plain.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_where_it_was_sealed_and_nowhere_else() {
        let keys = Keys::generate().unwrap();
        let sealed = seal(&keys, "mail|a", "secret").unwrap();
        assert_eq!(open(&keys, "mail|a", &sealed).as_deref(), Some("secret"));
        assert_eq!(open(&keys, "mail|b", &sealed), None);
        assert_eq!(open(&Keys::generate().unwrap(), "mail|a", &sealed), None);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&keys, "mail|a", &changed), None, "byte {at}");
            assert_eq!(open(&keys, "mail|a", &sealed[..at]), None, "cut at {at}");
        }
    }
}
