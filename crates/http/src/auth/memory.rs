//! A bounded memory of credentials that were found good.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest;
use chrono::{DateTime, TimeDelta, Utc};

/// SHA-256 of a whole credential.
pub(super) type Digest = [u8; 32];

/// Credentials remembered at most. One entry is about 500 bytes.
const ENTRIES_MAX: usize = 256;

/// Longest trust in what was found once, for credentials.
const TRUST: TimeDelta = TimeDelta::seconds(60);

/// Remembers good credentials by their digest, so that a warm function does not repeat a public key
/// operation (more than a whole request's CPU budget) or a look-up for each request of one client.
///
/// - The key is a SHA-256 of all bytes of the credential: another one cannot hit.
/// - Only good credentials enter, so forgeries cannot push honest entries out.
/// - An entry serves until the credential's own end or for 60 s, whichever is sooner; what decides
///   nothing may be kept for longer ([`Memory::trusting`]).
/// - What the entry rested on is for the caller to check again (see [`super::Verifier`]).
pub(super) struct Memory<T> {
    entries: Mutex<HashMap<Digest, Entry<T>>>,
    trust: TimeDelta,
}

struct Entry<T> {
    value: T,
    ends_at: DateTime<Utc>,
    noted_at: DateTime<Utc>,
    used_at: DateTime<Utc>,
}

impl<T> Entry<T> {
    /// A clock that went backwards ends the trust too.
    fn serves(&self, now: DateTime<Utc>, trust: TimeDelta) -> bool {
        let age = now.signed_duration_since(self.noted_at);
        now < self.ends_at && age >= TimeDelta::zero() && age < trust
    }
}

impl<T: Clone> Memory<T> {
    pub(super) fn new() -> Self {
        Self::trusting(TRUST)
    }

    /// A memory that keeps an entry for `trust` at most.
    pub(super) fn trusting(trust: TimeDelta) -> Self {
        Self { entries: Mutex::new(HashMap::new()), trust }
    }

    pub(super) fn get(&self, digest: &Digest, now: DateTime<Utc>) -> Option<T> {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = entries.get_mut(digest)?;
        if !entry.serves(now, self.trust) {
            entries.remove(digest);
            return None;
        }
        entry.used_at = now;
        Some(entry.value.clone())
    }

    pub(super) fn forget(&self, digest: &Digest) {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).remove(digest);
    }

    pub(super) fn remember(
        &self,
        digest: Digest,
        value: T,
        ends_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= ENTRIES_MAX {
            entries.retain(|_, entry| entry.serves(now, self.trust));
        }
        if entries.len() >= ENTRIES_MAX {
            // A scan of 256 entries costs less than the verification that led here.
            let oldest = entries.iter().min_by_key(|(_, entry)| entry.used_at).map(|(key, _)| *key);
            oldest.and_then(|key| entries.remove(&key));
        }
        entries.insert(digest, Entry { value, ends_at, noted_at: now, used_at: now });
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).len()
    }
}

/// SHA-256 of a credential's text.
pub(super) fn sha256(credential: &str) -> Digest {
    let mut bytes = Digest::default();
    bytes.copy_from_slice(digest::digest(&digest::SHA256, credential.as_bytes()).as_ref());
    bytes
}
