//! ISIN (ISO 6166), the international identifier that wraps a national one.
//!
//! Own code rather than the crate `isin`: that crate rests on `unsafe` conversions and does not
//! check the country.

use std::fmt;

use crate::country;
use crate::cusip::Cusip;
use crate::parse::{Parse, ParseError, text_value};

/// An ISIN whose country and check digit are right, in upper case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Isin([u8; 12]);

impl Isin {
    /// The twelve characters.
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in, so the fallback cannot happen.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// The prefix: an ISO 3166-1 country, or a code for international securities such as `XS`.
    pub fn country(&self) -> &str {
        &self.as_str()[..2]
    }

    /// Derives the ISIN of a CUSIP.
    ///
    /// # Errors
    /// `isin_invalid` if the country is unknown, or if the CUSIP holds `*`, `@` or `#`, which
    /// ISO 6166 has no value for.
    pub fn from_cusip(country: &str, cusip: &Cusip) -> Result<Self, ParseError> {
        let base = format!("{country}{cusip}").to_ascii_uppercase();
        let digit = check_digit(base.as_bytes())
            .ok_or_else(|| invalid("cannot be derived: the CUSIP holds *, @ or #".to_owned()))?;
        Self::parse(&format!("{base}{}", char::from(digit)))
    }

    /// The CUSIP inside, for the two countries that are numbered by it: `US` and `CA`.
    pub fn cusip(&self) -> Option<Cusip> {
        if !matches!(self.country(), "US" | "CA") {
            return None;
        }
        Cusip::parse(&self.as_str()[2..11]).ok()
    }

    /// Whether the ISIN can belong to this CUSIP: it is the same security, or the ISIN comes from
    /// a country whose national number is not a CUSIP.
    pub fn agrees_with(&self, cusip: &Cusip) -> bool {
        !matches!(self.country(), "US" | "CA") || self.as_str()[2..11] == *cusip.as_str()
    }
}

fn invalid(message: String) -> ParseError {
    ParseError::new("isin_invalid", message)
}

impl Parse for Isin {
    /// Trims and uppercases, then checks length, country, characters and check digit.
    fn parse(text: &str) -> Result<Self, ParseError> {
        let mut code: [u8; 12] = text
            .trim()
            .as_bytes()
            .try_into()
            .map_err(|_| invalid("must have twelve characters (ISO 6166)".to_owned()))?;
        code.make_ascii_uppercase();
        let expected = check_digit(&code[..11])
            .ok_or_else(|| invalid("may hold only letters and digits (ISO 6166)".to_owned()))?;
        if !country::is_isin_prefix([code[0], code[1]]) {
            return Err(invalid("must begin with a country code (ISO 3166-1)".to_owned()));
        }
        if code[11] != expected {
            let digit = char::from(expected);
            return Err(invalid(format!(
                "has a wrong check digit: {digit} is expected at the end"
            )));
        }
        Ok(Self(code))
    }
}

/// Luhn over the digits of the first eleven characters, where A=10 .. Z=35 are two digits each.
fn check_digit(base: &[u8]) -> Option<u8> {
    let mut sum = 0u32;
    let mut double = true;
    let mut add = |digit: u8| {
        let digit = if double { digit * 2 } else { digit };
        double = !double;
        sum += u32::from(digit / 10 + digit % 10);
    };
    for &byte in base.iter().rev() {
        match byte {
            b'0'..=b'9' => add(byte - b'0'),
            b'A'..=b'Z' => {
                let value = byte - b'A' + 10;
                add(value % 10);
                add(value / 10);
            }
            _ => return None,
        }
    }
    u8::try_from((10 - sum % 10) % 10).ok().map(|digit| b'0' + digit)
}

impl fmt::Display for Isin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Isin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Isin({})", self.as_str())
    }
}

text_value!(
    Isin,
    pattern: Some("^[A-Z]{2}[0-9A-Z]{9}[0-9]$"),
    example: "US0378331005",
    about: "ISIN with check digit (ISO 6166)"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_isins_are_accepted() {
        for text in ["US0378331005", "US5949181045", "AU0000XVGZA3", "XF0000C14922"] {
            assert_eq!(Isin::parse(text).unwrap().as_str(), text);
        }
    }

    #[test]
    fn wrong_ones_are_refused_with_a_reason() {
        let message = |text: &str| Isin::parse(text).unwrap_err().message;
        assert_eq!(message("US0378331009"), "has a wrong check digit: 5 is expected at the end");
        assert!(message("ZZ0378331005").contains("country"));
        assert!(message("US037833100").contains("twelve"));
        assert!(message("US03783310*5").contains("letters and digits"));
    }

    #[test]
    fn a_cusip_and_its_isin_convert_both_ways() {
        let apple = Cusip::parse("037833100").unwrap();
        let isin = Isin::from_cusip("US", &apple).unwrap();
        assert_eq!(isin.as_str(), "US0378331005");
        assert_eq!(isin.cusip(), Some(apple));
        assert!(isin.agrees_with(&apple));
        assert!(!isin.agrees_with(&Cusip::parse("594918104").unwrap()));
        assert!(Isin::parse("AU0000XVGZA3").unwrap().agrees_with(&apple));
        assert!(Isin::from_cusip("ZZ", &apple).is_err());
    }
}
