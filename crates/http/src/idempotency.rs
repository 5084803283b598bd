//! The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header-07).

use axum::http::HeaderMap;
use sha2::{Digest, Sha256};
use wealth_core::problem;

use crate::problem::{Problem, Result};

/// Name of the request header.
pub(crate) const HEADER: &str = "idempotency-key";
/// Marks an answer that was given before.
pub(crate) const REPLAYED: &str = "idempotency-replayed";

/// A write's key, if it has one, and the fingerprint of what it asks for.
#[derive(Debug, Clone)]
pub struct Idempotency {
    pub(crate) key: Option<String>,
    pub(crate) operation: String,
    pub(crate) fingerprint: [u8; 32],
}

impl Idempotency {
    /// Reads the header; the fingerprint covers method, path with query, and body.
    pub(crate) fn read(headers: &HeaderMap, operation: String, body: &[u8]) -> Result<Self> {
        let key = match headers.get(HEADER) {
            None => None,
            Some(value) => Some(parse(value.as_bytes())?),
        };
        let mut digest = Sha256::new();
        digest.update(operation.as_bytes());
        digest.update([0]);
        digest.update(body);
        Ok(Self { key, operation, fingerprint: digest.finalize().into() })
    }

    /// Insists on a key: without one a second click would make a second thing.
    pub fn required(&self) -> Result<&Self> {
        if self.key.is_some() {
            return Ok(self);
        }
        let text = "Send an Idempotency-Key header with a value of your own (a UUID, say), and \
                    the same value when you repeat the request.";
        Err(Problem::new(&problem::IDEMPOTENCY_KEY_MISSING, text))
    }

    /// For a body with a password in it: of such a body not even a digest is kept, and so no answer.
    #[must_use]
    pub fn forgotten(self) -> Self {
        Self { key: None, ..self }
    }

    /// SHA-256 of operation and body.
    pub fn fingerprint(&self) -> &[u8] {
        &self.fingerprint
    }
}

/// A structured-field string, or the bare text that most clients send.
fn parse(value: &[u8]) -> Result<String> {
    let text = std::str::from_utf8(value).unwrap_or_default().trim();
    let text = text.strip_prefix('"').and_then(|t| t.strip_suffix('"')).unwrap_or(text);
    let visible = text.bytes().all(|b| b.is_ascii_graphic());
    if (1..=255).contains(&text.len()) && visible {
        return Ok(text.to_owned());
    }
    let text = "Idempotency-Key takes 1 to 255 visible ASCII characters.";
    Err(Problem::new(&problem::MALFORMED_REQUEST, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_and_bare_keys_are_the_same_key() {
        assert_eq!(parse(b"\"abc\"").unwrap(), parse(b"abc").unwrap());
        for bad in [&b""[..], b"\"\"", b"a b", b"\xff", &[b'x'; 256]] {
            assert_eq!(parse(bad).unwrap_err().code().code, "malformed_request");
        }
    }
}
