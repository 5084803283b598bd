//! Links and codes that work once. The database keeps their SHA-256 only
//! (`users.make_one_time_token` and its siblings).

use aws_lc_rs::{digest, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::{Parse, ParseError};
use wealth_http::{Problem, Result};

const BYTES: usize = 32;

/// A token as the person holds it: 256 random bits. Shows nothing of itself.
#[derive(Clone, Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String)]
pub struct OneTimeToken(String);

impl OneTimeToken {
    /// A new one.
    ///
    /// # Errors
    /// `internal_error` when the machine gives no randomness.
    pub fn generate() -> Result<Self> {
        let mut bytes = [0; BYTES];
        rand::fill(&mut bytes).map_err(|_| Problem::internal("no randomness"))?;
        Ok(Self(URL_SAFE_NO_PAD.encode(bytes)))
    }

    /// The text, for the person and nobody else.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// What the database keeps.
    pub fn hash(&self) -> Vec<u8> {
        digest::digest(&digest::SHA256, self.0.as_bytes()).as_ref().to_vec()
    }

    /// The same in hex, for functions that take it inside JSON.
    pub fn hash_hex(&self) -> String {
        hex(&self.hash())
    }
}

/// Bytes in lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl Parse for OneTimeToken {
    /// Takes any text of the right form; whether it is one of ours is for the database to say.
    fn parse(text: &str) -> Result<Self, ParseError> {
        let right = text.len() == (BYTES * 4).div_ceil(3)
            && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        if right {
            return Ok(Self(text.to_owned()));
        }
        Err(ParseError::new("invalid", "is not a complete token; copy all of the link"))
    }
}

impl std::fmt::Debug for OneTimeToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("OneTimeToken(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_as_it_was_made_and_does_not_show_itself() {
        let token = OneTimeToken::generate().unwrap();
        let read = OneTimeToken::parse(token.text()).unwrap();
        assert_eq!((read.hash(), read.hash_hex().len()), (token.hash(), 64));
        assert_ne!(OneTimeToken::generate().unwrap().hash(), token.hash());
        assert_eq!(format!("{token:?}"), "OneTimeToken(…)");
        for bad in ["", "x", &token.text()[1..], &format!("{}x", token.text()), &"é".repeat(22)] {
            assert!(OneTimeToken::parse(bad).is_err(), "{bad}");
        }
    }
}
