//! Passwords: what may be one, and what is too easily guessed (NIST SP 800-63B-4 §3.1.1.2, ASVS 5
//! V6.2). No rules of composition, no hints, nothing is cut off.

mod guessable;
mod hash;

use std::fmt;

use unicode_normalization::UnicodeNormalization;

use crate::parse::{Parse, ParseError};
use crate::violations::Violations;

pub use guessable::{is_common, is_predictable};
pub use hash::PasswordHash;

/// Longest password in bytes: far beyond any that is typed, so that none is refused, and short
/// enough that hashing cannot be made to cost memory or time.
pub const LONGEST: usize = 1024;

/// A password as it was typed and in Unicode normal form C, so that the same characters are the same
/// password on every keyboard. Shows nothing of itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Password {
    typed: String,
    normal: String,
}

impl Password {
    /// What is hashed. May contain any character, NUL too.
    pub fn as_bytes(&self) -> &[u8] {
        self.normal.as_bytes()
    }

    /// The bytes as typed, where they differ: what another system may have hashed.
    pub fn typed_bytes(&self) -> Option<&[u8]> {
        (self.typed != self.normal).then_some(self.typed.as_bytes())
    }

    /// Its length in characters (Unicode scalar values).
    pub fn chars(&self) -> usize {
        self.normal.chars().count()
    }
}

impl Parse for Password {
    fn parse(text: &str) -> Result<Self, ParseError> {
        let too_long = || ParseError::new("too_long", "may have at most 1024 bytes");
        if text.is_empty() {
            return Err(ParseError::new("required", "must not be empty"));
        }
        if text.len() > LONGEST {
            return Err(too_long());
        }
        let normal: String = text.nfc().collect();
        if normal.len() > LONGEST {
            return Err(too_long());
        }
        Ok(Self { typed: text.to_owned(), normal })
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl utoipa::PartialSchema for Password {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{KnownFormat, ObjectBuilder, SchemaFormat, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .min_length(Some(1))
            .description(Some("Any characters, at most 1024 bytes in UTF-8; the firm's policy says how many at least"))
            .into()
    }
}

impl utoipa::ToSchema for Password {}

/// What a new password is judged by.
#[derive(Debug, Clone, Default)]
pub struct Rules<'a> {
    /// Fewest characters.
    pub min_length: usize,
    /// Most bytes that the scheme in use takes in.
    pub max_bytes: usize,
    /// Words that whoever knows the person would try first: names, address, firm.
    pub about: Vec<&'a str>,
}

impl Rules<'_> {
    /// Notes at `pointer` why `password` is not good enough, if it is not.
    pub fn judge(&self, password: &Password, pointer: &str, violations: &mut Violations) {
        let lower = password.normal.to_lowercase();
        if password.chars() < self.min_length {
            let text = format!("must have at least {} characters", self.min_length);
            violations.add(pointer, "too_short", text);
        } else if password.as_bytes().len() > self.max_bytes {
            let text = format!("may have at most {} bytes here", self.max_bytes);
            violations.add(pointer, "too_long", text);
        } else if is_common(&lower) || is_predictable(&lower) {
            let text = "is one of those that are guessed first; choose another";
            violations.add(pointer, "too_common", text);
        } else if guessable::is_about(&lower, &self.about) {
            let text = "consists of little but your name, address or firm; choose another";
            violations.add(pointer, "too_common", text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str, min_length: usize) -> Option<String> {
        let about = vec!["ada.lovelace", "Ada", "Lovelace", "Meridian Advisory", "wealth"];
        let mut found = Violations::new();
        Rules { min_length, max_bytes: LONGEST, about }.judge(
            &Password::parse(text).unwrap(),
            "/password",
            &mut found,
        );
        found.0.first().map(|error| error.code.to_string())
    }

    #[test]
    fn anything_may_be_a_password_and_nothing_is_cut_off() {
        let same = |a: &str, b: &str| {
            Password::parse(a).unwrap().as_bytes() == Password::parse(b).unwrap().as_bytes()
        };
        assert!(same("Cafe\u{301}", "Caf\u{e9}"), "the same characters");
        assert!(!same("a\0b", "a\0c"), "what follows NUL counts");
        assert!(!same(&format!("{}a", "x".repeat(72)), &format!("{}b", "x".repeat(72))));
        assert!(!same(" a", "a"), "spaces count");
        assert_eq!(Password::parse(&"x".repeat(1024)).unwrap().chars(), 1024);
        assert_eq!(Password::parse(&"x".repeat(1025)).unwrap_err().code, "too_long");
        assert_eq!(Password::parse(&"x".repeat(1_000_000)).unwrap_err().code, "too_long");
        assert_eq!(Password::parse("").unwrap_err().code, "required");
        assert_eq!(format!("{:?}", Password::parse("secret").unwrap()), "Password(…)");
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert_eq!(judge("käsekuchenöfen", 15).as_deref(), Some("too_short"));
        assert_eq!(judge("käsekuchenöfen!", 15), None);
        assert_eq!(
            judge(&"é\u{1f980}".repeat(4).replace("é\u{1f980}é", "xé-"), 15).as_deref(),
            Some("too_short")
        );
    }

    #[test]
    fn what_is_guessed_first_is_refused() {
        for bad in [
            "Password1",
            "PASSWORD1",
            "iloveyou1",
            "aaaaaaaaaaaaaaaa",
            "1234567890123456",
            "qwertyuiopasdfgh",
            "abcabcabcabcabcabc",
            "passwordpassword",
            "ada.lovelace2026",
            "Meridian Advisory 1",
            "wealthwealth1234",
            "LovelaceAda1234",
        ] {
            assert_eq!(judge(bad, 8).as_deref(), Some("too_common"), "{bad}");
        }
        for good in [
            "correct horse battery",
            "meridian sits on a fence",
            "Zx9$kk21-pQ",
            "tzuiopü+asdfghj y1",
        ] {
            assert_eq!(judge(good, 8), None, "{good}");
        }
    }
}
