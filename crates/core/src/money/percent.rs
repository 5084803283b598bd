//! Rates and other percentages.

use std::fmt;

use rust_decimal::Decimal;

use super::decimal_text;
use crate::parse::{Parse, ParseError, text_value};

/// A percentage with four decimals, as `numeric(8,4)` holds it (S0-13, S0-34). The unit is percent
/// (C0-21): `5.2500` is five and a quarter per cent, never the fraction 0.0525. Signed, because a
/// floor may be a loss; each field says what it allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent(Decimal);

impl Percent {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::from_parts(0, 0, 0, false, 4));
    /// One hundred per cent.
    pub const HUNDRED: Self = Self(Decimal::from_parts(1_000_000, 0, 0, false, 4));

    /// An exact percentage.
    ///
    /// # Errors
    /// `out_of_range` beyond 9999.9999 either way, `too_precise` with more than four decimals.
    pub fn new(value: Decimal) -> Result<Self, ParseError> {
        if super::round_half_up(value, 4) != value {
            return Err(ParseError::new("too_precise", "may have at most 4 decimals"));
        }
        Self::rounded(value)
    }

    /// The result of a calculation, rounded to four decimals, halves away from zero.
    ///
    /// # Errors
    /// `out_of_range` beyond 9999.9999 either way.
    pub fn rounded(value: Decimal) -> Result<Self, ParseError> {
        let mut value = super::round_half_up(value, 4);
        if value.abs() >= Decimal::from(10_000) {
            return Err(ParseError::new("out_of_range", "must not exceed 9999.9999"));
        }
        value.rescale(4);
        Ok(Self(if value.is_zero() { value.abs() } else { value }))
    }

    /// The number of per cent, with four decimals.
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// The fraction that a calculation needs: 5.2500 percent is 0.052500.
    pub fn fraction(self) -> Decimal {
        self.0 * Decimal::new(1, 2)
    }

    /// Whether it is below zero.
    pub fn is_negative(self) -> bool {
        self.0.is_sign_negative() && !self.0.is_zero()
    }

    /// Whether it lies in 0..=100.
    pub fn is_share(self) -> bool {
        !self.is_negative() && self <= Self::HUNDRED
    }
}

impl Parse for Percent {
    fn parse(text: &str) -> Result<Self, ParseError> {
        Self::new(decimal_text::parse(text, 4, 4)?)
    }
}

impl Default for Percent {
    fn default() -> Self {
        Self::ZERO
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}", self.0)
    }
}

text_value!(
    Percent,
    pattern: Some("^-?[0-9]{1,4}(\\.[0-9]{1,4})?$"),
    example: "5.2500",
    about: "Percentage as a decimal string with at most 4 decimals; a JSON number is refused"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn four_decimals_always_show() {
        assert_eq!(serde_json::to_string(&Percent::parse("5.25").unwrap()).unwrap(), "\"5.2500\"");
        assert_eq!(Percent::parse("-10").unwrap().to_string(), "-10.0000");
        assert_eq!(Percent::HUNDRED.to_string(), "100.0000");
        assert_eq!(Percent::parse("5.25").unwrap().fraction().to_string(), "0.052500");
    }

    #[test]
    fn the_limits_are_those_of_the_column() {
        assert_eq!(Percent::parse("9999.9999").unwrap().to_string(), "9999.9999");
        assert_eq!(Percent::parse("10000").unwrap_err().code, "out_of_range");
        assert_eq!(Percent::parse("5.25001").unwrap_err().code, "too_precise");
        assert!(Percent::rounded(Decimal::new(99_999_999_999, 6)).is_err());
    }

    proptest! {
        #[test]
        fn text_round_trips(units in -99_999_999i64..=99_999_999) {
            let percent = Percent::new(Decimal::new(units, 4)).unwrap();
            prop_assert_eq!(Percent::parse(&percent.to_string()).unwrap(), percent);
        }
    }
}
