//! Recovery codes: ten at a time, each good for one second step when the phone is gone. 80 random
//! bits each, so that their SHA-256 is as good as they are and no guessing helps.

use aws_lc_rs::{digest, rand};
use serde::Serialize;
use utoipa::ToSchema;
use wealth_core::{Parse, ParseError};
use wealth_http::{Problem, Result};

use crate::one_time::hex;

const COUNT: usize = 10;
const BYTES: usize = 10;
const LETTERS: usize = 16;
/// Crockford's base32: no I, L, O or U, which are misread.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code in the form that is hashed: sixteen letters without dashes. Shows nothing of itself.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct RecoveryCode(String);

/// A set of codes as the person gets them, once.
#[derive(Serialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = Vec<String>, example = json!(["7K2M-9QXA-41TD-VNC8"]))]
pub(crate) struct RecoveryCodes(Vec<String>);

impl RecoveryCodes {
    /// Ten new ones, and what the database keeps of them.
    ///
    /// # Errors
    /// `internal_error` when the machine gives no randomness.
    pub(crate) fn generate() -> Result<(Self, Vec<String>)> {
        let codes = (0..COUNT).map(|_| RecoveryCode::generate()).collect::<Result<Vec<_>>>()?;
        let hashes = codes.iter().map(RecoveryCode::hash_hex).collect();
        Ok((Self(codes.iter().map(RecoveryCode::shown).collect()), hashes))
    }
}

impl RecoveryCode {
    fn generate() -> Result<Self> {
        let mut bytes = [0; BYTES];
        rand::fill(&mut bytes).map_err(|_| Problem::internal("no randomness"))?;
        let bits = bytes.iter().fold(0_u128, |bits, byte| bits << 8 | u128::from(*byte));
        let letter = |at: usize| {
            let five = (bits >> (5 * (LETTERS - 1 - at))) & 31;
            usize::try_from(five).ok().and_then(|five| ALPHABET.get(five)).copied()
        };
        let letters: Option<Vec<u8>> = (0..LETTERS).map(letter).collect();
        let text = letters.and_then(|letters| String::from_utf8(letters).ok());
        text.map(Self).ok_or_else(|| Problem::internal("a recovery code is no text"))
    }

    /// What the database keeps.
    pub(crate) fn hash_hex(&self) -> String {
        hex(digest::digest(&digest::SHA256, self.0.as_bytes()).as_ref())
    }

    /// In groups of four.
    fn shown(&self) -> String {
        let groups: Vec<&str> =
            (0..LETTERS).step_by(4).filter_map(|at| self.0.get(at..at + 4)).collect();
        groups.join("-")
    }
}

impl Parse for RecoveryCode {
    /// Takes what people make of it: small letters, other dashes or none, O for 0, I and L for 1.
    fn parse(text: &str) -> std::result::Result<Self, ParseError> {
        let wrong =
            || ParseError::new("wrong_format", "is not a recovery code of 16 letters and digits");
        if text.len() > 64 {
            return Err(wrong());
        }
        let plain = text.chars().filter(|c| !matches!(c, '-' | ' ' | '\u{2013}'));
        let plain: String = plain
            .map(|c| match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            })
            .collect();
        let right = plain.len() == LETTERS && plain.bytes().all(|b| ALPHABET.contains(&b));
        if right { Ok(Self(plain)) } else { Err(wrong()) }
    }
}

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_write_them() {
        let (RecoveryCodes(shown), hashes) = RecoveryCodes::generate().unwrap();
        assert_eq!((shown.len(), hashes.len()), (10, 10));
        for (text, hash) in shown.iter().zip(&hashes) {
            assert_eq!(text.len(), 19);
            for written in
                [text.clone(), text.to_lowercase(), text.replace('-', ""), text.replace('0', "o")]
            {
                assert_eq!(&RecoveryCode::parse(&written).unwrap().hash_hex(), hash, "{written}");
            }
        }
        let different: std::collections::HashSet<_> = hashes.iter().collect();
        assert_eq!(different.len(), 10);
    }

    #[test]
    fn other_texts_are_no_codes() {
        for bad in
            ["", "7K2M", "7K2M-9QXA-41TD-VNCU", "7K2M-9QXA-41TD-VNC8-1", "é2M-9QXA-41TD-VNC8"]
        {
            assert!(RecoveryCode::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_bit_is_used() {
        let mut letters = std::collections::HashSet::new();
        for _ in 0..60 {
            letters.extend(RecoveryCode::generate().unwrap().0.into_bytes());
        }
        assert_eq!(letters.len(), 32);
    }
}
