//! Encryption of single columns (rules.md 2.11): AES-256-GCM with a random nonce under the field
//! keys of this context. Table, column, row and key version are authenticated with the text, so a
//! ciphertext that was moved to another row or column does not open there.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::rand;
use wealth_http::{Problem, Result};

use crate::keys::Keys;

const NONCE: usize = 12;

/// Where a ciphertext belongs.
#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// `schema.table`.
    pub(crate) table: &'static str,
    /// The column.
    pub(crate) column: &'static str,
    /// The row's key, or what must not change while the text rests; parts joined by `|`.
    pub(crate) row: String,
}

/// A ciphertext and the version of the key that opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sealed {
    /// Which field key.
    pub(crate) key_version: u32,
    /// `nonce ‖ ciphertext ‖ tag`.
    pub(crate) bytes: Vec<u8>,
}

/// Bytes of a key version in front of a ciphertext.
const VERSION: usize = 4;

impl Sealed {
    /// `key version ‖ nonce ‖ ciphertext ‖ tag`, for a column that has no other beside it.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        [&self.key_version.to_be_bytes()[..], &self.bytes].concat()
    }

    /// Reads [`to_bytes`](Self::to_bytes); none when it is too short.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (version, rest) = bytes.split_at_checked(VERSION)?;
        let key_version = u32::from_be_bytes(version.try_into().ok()?);
        Some(Self { key_version, bytes: rest.to_vec() })
    }
}

impl Field {
    /// Encrypts with the newest key. The nonce is drawn at random: far fewer than the 2^32 messages
    /// are sealed with one key.
    ///
    /// # Errors
    /// `internal_error` when there is no key or no randomness.
    pub(crate) fn seal(&self, keys: &Keys, plain: &[u8]) -> Result<Sealed> {
        let fault = || Problem::internal("a field cannot be encrypted");
        let (key_version, key) = keys.newest_field_key().ok_or_else(fault)?;
        let mut nonce = [0; NONCE];
        rand::fill(&mut nonce).map_err(|_| fault())?;
        let mut text = plain.to_vec();
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).map_err(|_| fault())?);
        let unique = Nonce::assume_unique_for_key(nonce);
        key.seal_in_place_append_tag(unique, Aad::from(self.place(key_version)), &mut text)
            .map_err(|_| fault())?;
        Ok(Sealed { key_version, bytes: [&nonce[..], &text].concat() })
    }

    /// Decrypts; none when the key is gone or the ciphertext is not of this field.
    pub(crate) fn open(&self, keys: &Keys, sealed: &Sealed) -> Option<Vec<u8>> {
        let key = keys.field_key(sealed.key_version)?;
        let key = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key).ok()?);
        let (nonce, text) = sealed.bytes.split_at_checked(NONCE)?;
        let nonce = Nonce::assume_unique_for_key(nonce.try_into().ok()?);
        let mut text = text.to_vec();
        let place = Aad::from(self.place(sealed.key_version));
        Some(key.open_in_place(nonce, place, &mut text).ok()?.to_vec())
    }

    fn place(&self, key_version: u32) -> Vec<u8> {
        format!("{}|{}|{}|{key_version}", self.table, self.column, self.row).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(table: &'static str, column: &'static str, row: &str) -> Field {
        Field { table, column, row: row.to_owned() }
    }

    fn secret() -> Field {
        field("users.totp_factors", "secret", "one|two")
    }

    #[test]
    fn a_field_opens_in_its_own_place_only() {
        let keys = Keys::generate().unwrap();
        let sealed = secret().seal(&keys, b"secret").unwrap();
        assert_eq!(secret().open(&keys, &sealed).as_deref(), Some(&b"secret"[..]));
        for elsewhere in [
            field("users.totp_factors", "secret", "two|one"),
            field("users.totp_factors", "label", "one|two"),
            field("users.mail_queue", "secret", "one|two"),
        ] {
            assert_eq!(elsewhere.open(&keys, &sealed), None, "{elsewhere:?}");
        }
        let other_version = Sealed { key_version: 2, ..sealed.clone() };
        assert_eq!(secret().open(&keys, &other_version), None);
        assert_eq!(secret().open(&Keys::generate().unwrap(), &sealed), None);
    }

    #[test]
    fn no_changed_byte_opens_and_no_two_are_alike() {
        let keys = Keys::generate().unwrap();
        let open = |bytes: &[u8]| secret().open(&keys, &Sealed::from_bytes(bytes)?);
        let sealed = secret().seal(&keys, b"secret").unwrap().to_bytes();
        assert_eq!(open(&sealed).as_deref(), Some(&b"secret"[..]));
        assert_ne!(secret().seal(&keys, b"secret").unwrap().to_bytes(), sealed);
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(open(&changed), None, "byte {at}");
            assert_eq!(open(&sealed[..at]), None, "cut at {at}");
        }
    }
}
