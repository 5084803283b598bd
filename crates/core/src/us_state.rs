//! States and territories of the United States in which a product may be approved for sale.

use std::fmt;

use crate::parse::{Parse, ParseError, text_value};

/// ISO 3166-2:US subdivision, without the `US-` prefix: 50 states, the District of Columbia and
/// the six outlying areas.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UsState([u8; 2]);

const CODES: &str = "AKALARASAZCACOCTDCDEFLGAGUHIIAIDILINKSKYLAMAMDMEMIMNMOMPMSMTNCNDNENHNJNMNVNY\
OHOKORPAPRRISCSDTNTXUMUTVAVIVTWAWIWVWY";

impl UsState {
    /// The two letters.
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in, so the fallback cannot happen.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl Parse for UsState {
    /// Trims and uppercases; `US-CA` and `CA` are the same.
    fn parse(text: &str) -> Result<Self, ParseError> {
        let text = text.trim().to_ascii_uppercase();
        let code = text.strip_prefix("US-").unwrap_or(&text);
        CODES
            .as_bytes()
            .chunks_exact(2)
            .find(|known| *known == code.as_bytes())
            .and_then(|known| known.try_into().ok())
            .map(Self)
            .ok_or_else(|| {
                ParseError::new("state_unknown", "must be a US state code (ISO 3166-2:US)")
            })
    }
}

impl fmt::Display for UsState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for UsState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UsState({})", self.as_str())
    }
}

text_value!(
    UsState,
    pattern: Some("^[A-Z]{2}$"),
    example: "CA",
    about: "US state, district or outlying area (ISO 3166-2:US without the prefix)"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fifty_seven_in_order() {
        let codes: Vec<&[u8]> = CODES.as_bytes().chunks_exact(2).collect();
        assert_eq!(codes.len(), 57);
        assert!(codes.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn both_spellings_are_read() {
        assert_eq!(UsState::parse("us-ca").unwrap().as_str(), "CA");
        assert_eq!(UsState::parse(" NY ").unwrap().as_str(), "NY");
        assert_eq!(UsState::parse("XX").unwrap_err().code, "state_unknown");
        assert!(UsState::parse("").is_err());
        assert!(UsState::parse("KA").is_err());
    }
}
