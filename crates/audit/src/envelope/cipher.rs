//! AES-256-GCM-SIV under a key that all keys of a ring make together. The nonce is that of the place:
//! a second run writes the same bytes, and would an event be closed twice with different content,
//! this cipher gives away no more than that.

use aws_lc_rs::aead::{AES_256_GCM_SIV, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use wealth_core::audit::{Ciphertext, Event, Part};

use super::{EnvelopeError, Ring};

/// What the key of a ciphertext is made for.
const PURPOSE: &[u8] = b"wealth audit archive, version 1";

/// Where a ciphertext belongs: moved to another log, event or part it does not open.
pub(super) struct Place(String);

impl Place {
    pub(super) fn of(event: &Event, part: Part) -> Self {
        Self::named(event, if part == Part::Actor { "actor" } else { "content" })
    }

    pub(super) fn of_salt(event: &Event) -> Self {
        Self::named(event, "salt")
    }

    fn named(event: &Event, name: &str) -> Self {
        Self(format!("{}|{}|{name}", event.tenant_id, event.event_id))
    }

    fn nonce(&self) -> Option<Nonce> {
        let hash = digest::digest(&digest::SHA256, self.0.as_bytes());
        Nonce::try_assume_unique_for_key(hash.as_ref().get(..NONCE_LEN)?).ok()
    }

    fn bound(&self) -> Aad<&[u8]> {
        Aad::from(self.0.as_bytes())
    }
}

/// Without any one of them the key is not to be had.
fn key(ring: &Ring) -> Option<LessSafeKey> {
    let together: Vec<u8> = ring.values().flatten().copied().collect();
    let made = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &together), PURPOSE);
    UnboundKey::new(&AES_256_GCM_SIV, made.as_ref()).ok().map(LessSafeKey::new)
}

pub(super) fn seal_bytes(
    ring: &Ring,
    place: &Place,
    plain: &[u8],
) -> Result<Ciphertext, EnvelopeError> {
    let seal = || {
        let mut text = plain.to_vec();
        let sealed = key(ring)?.seal_in_place_append_tag(place.nonce()?, place.bound(), &mut text);
        sealed.ok().map(|()| STANDARD.encode(text))
    };
    let text = seal().ok_or(EnvelopeError::Cipher)?;
    Ok(Ciphertext { keys: ring.keys().copied().collect(), text })
}

pub(super) fn open_bytes(ring: &Ring, place: &Place, sealed: &Ciphertext) -> Option<Vec<u8>> {
    let mut text = STANDARD.decode(&sealed.text).ok()?;
    let plain = key(ring)?.open_in_place(place.nonce()?, place.bound(), &mut text).ok()?;
    Some(plain.to_vec())
}
