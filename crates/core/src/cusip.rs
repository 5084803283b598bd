//! CUSIP, the nine-character identifier of North American securities (ANSI X9.6; S0-08, S0-135).
//!
//! Own code rather than the crate `cusip`: that crate rests on `unsafe` conversions, and the rule
//! is smaller than the code that would wrap it.

use std::fmt;

use crate::parse::{Parse, ParseError, text_value};

/// A CUSIP whose check digit is right, in upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cusip([u8; 9]);

impl Cusip {
    /// The nine characters.
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in, so the fallback cannot happen.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The nine characters as bytes, a compact key for sets.
    pub const fn bytes(&self) -> [u8; 9] {
        self.0
    }

    /// Whether it is a CINS, the form for issuers outside the United States and Canada: those begin
    /// with a letter. Its ISIN carries the country's own number, so it cannot be derived.
    pub const fn is_cins(&self) -> bool {
        self.0[0].is_ascii_alphabetic()
    }
}

impl Parse for Cusip {
    /// Trims and uppercases, then checks length, characters and check digit.
    fn parse(text: &str) -> Result<Self, ParseError> {
        let invalid = |message: String| ParseError::new("cusip_invalid", message);
        let text = text.trim().as_bytes();
        let mut code: [u8; 9] = text
            .try_into()
            .map_err(|_| invalid("must have nine characters (ANSI X9.6)".to_owned()))?;
        code.make_ascii_uppercase();
        let expected = check_digit(&code[..8]).ok_or_else(|| {
            invalid("may hold only letters, digits, *, @ and # (ANSI X9.6)".to_owned())
        })?;
        if code[8] != expected {
            let digit = char::from(expected);
            return Err(invalid(format!(
                "has a wrong check digit: {digit} is expected at the end"
            )));
        }
        Ok(Self(code))
    }
}

/// The check digit of the first eight characters: "modulus 10 double add double". Values are
/// 0-9, A=10 .. Z=35, *=36, @=37, #=38; every second one is doubled; digits are summed.
fn check_digit(base: &[u8]) -> Option<u8> {
    let mut sum = 0u8;
    for (i, &byte) in base.iter().enumerate() {
        let value = match byte {
            b'0'..=b'9' => byte - b'0',
            b'A'..=b'Z' => byte - b'A' + 10,
            b'*' => 36,
            b'@' => 37,
            b'#' => 38,
            _ => return None,
        };
        let value = if i % 2 == 1 { value * 2 } else { value };
        sum += value / 10 + value % 10;
    }
    Some(b'0' + (10 - sum % 10) % 10)
}

impl fmt::Display for Cusip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Cusip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Cusip({})", self.as_str())
    }
}

text_value!(
    Cusip,
    pattern: Some("^[0-9A-Z*@#]{8}[0-9]$"),
    example: "037833100",
    about: "CUSIP with check digit (ANSI X9.6)"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_cusips_are_accepted() {
        for text in ["037833100", "594918104", "38259P508", "17275R102", "68389X105", "B38564108"] {
            assert_eq!(Cusip::parse(text).unwrap().as_str(), text);
        }
        assert_eq!(Cusip::parse(" 38259p508 ").unwrap().to_string(), "38259P508");
    }

    #[test]
    fn special_characters_count_36_37_38() {
        // 36 + doubled 74 -> 3+6 + 7+4 = 20, and so on: worked by hand.
        assert_eq!(check_digit(b"*@#00000"), Some(b'9'));
    }

    #[test]
    fn wrong_ones_are_refused_with_a_reason() {
        let message = |text: &str| Cusip::parse(text).unwrap_err().message;
        assert_eq!(message("B38564109"), "has a wrong check digit: 8 is expected at the end");
        assert_eq!(message("ABC"), "must have nine characters (ANSI X9.6)");
        assert!(message("12345678X").contains("check digit"));
        assert!(message("0378-3100").contains("may hold only"));
        assert!(Cusip::parse("03783310\u{0}").is_err());
        assert!(Cusip::parse("").is_err());
    }

    proptest! {
        #[test]
        fn exactly_one_check_digit_fits(base in "[0-9A-Z*@#]{8}") {
            let fitting = (0..10).filter(|d| Cusip::parse(&format!("{base}{d}")).is_ok()).count();
            prop_assert_eq!(fitting, 1);
        }

        #[test]
        fn one_wrong_digit_is_always_found(base in "[0-9]{8}", at in 0usize..8, by in 1u8..10) {
            let digit = char::from(check_digit(base.as_bytes()).unwrap());
            let mut wrong = format!("{base}{digit}").into_bytes();
            wrong[at] = b'0' + (wrong[at] - b'0' + by) % 10;
            prop_assert!(Cusip::parse(std::str::from_utf8(&wrong).unwrap()).is_err());
        }

        #[test]
        fn no_text_panics(text in ".*") {
            let _ = Cusip::parse(&text);
        }
    }
}
