//! Amounts of money.

use std::fmt;

use rust_decimal::Decimal;

use super::{decimal_text, round_half_up};
use crate::parse::{Parse, ParseError, text_value};

/// A non-negative amount of money with two decimals, as `numeric(15,2)` holds it (S0-12, S0-84):
/// 0.00 to 9999999999999.99. Its currency stands beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Amount(Decimal);

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::from_parts(0, 0, 0, false, 2));
    /// The largest amount that the column holds: 9999999999999.99.
    pub const MAX: Self = Self(Decimal::from_parts(2_764_472_319, 232_830, 0, false, 2));

    /// An exact amount.
    ///
    /// # Errors
    /// `out_of_range` if negative or too large, `too_precise` if it has more than two decimals.
    pub fn new(value: Decimal) -> Result<Self, ParseError> {
        if round_half_up(value, 2) != value {
            return Err(ParseError::new("too_precise", "may have at most 2 decimals"));
        }
        Self::rounded(value)
    }

    /// The result of a calculation, rounded to cents, halves away from zero.
    ///
    /// # Errors
    /// `out_of_range` if negative or too large for the column.
    pub fn rounded(value: Decimal) -> Result<Self, ParseError> {
        let mut value = round_half_up(value, 2);
        if value.is_sign_negative() && !value.is_zero() {
            return Err(ParseError::new("out_of_range", "must not be negative"));
        }
        if value > Self::MAX.0 {
            return Err(ParseError::new("out_of_range", "must not exceed 9999999999999.99"));
        }
        value.rescale(2);
        Ok(Self(value.abs()))
    }

    /// The number, with two decimals.
    pub const fn decimal(self) -> Decimal {
        self.0
    }
}

impl Parse for Amount {
    fn parse(text: &str) -> Result<Self, ParseError> {
        Self::new(decimal_text::parse(text, 13, 2)?)
    }
}

impl Default for Amount {
    fn default() -> Self {
        Self::ZERO
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.2}", self.0)
    }
}

text_value!(
    Amount,
    pattern: Some("^[0-9]{1,13}(\\.[0-9]{1,2})?$"),
    example: "10000.00",
    about: "Amount of money as a decimal string with at most 2 decimals; a JSON number is refused"
);

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_limits_are_those_of_the_column() {
        assert_eq!(Amount::MAX.to_string(), "9999999999999.99");
        assert_eq!(Amount::parse("9999999999999.99").unwrap(), Amount::MAX);
        assert_eq!(Amount::parse("10000000000000").unwrap_err().code, "out_of_range");
        assert_eq!(Amount::parse("-0.01").unwrap_err().code, "out_of_range");
        assert_eq!(Amount::parse("0.001").unwrap_err().code, "too_precise");
        assert_eq!(Amount::parse("-0").unwrap(), Amount::ZERO);
    }

    #[test]
    fn json_carries_strings_only() {
        assert_eq!(serde_json::to_string(&Amount::parse("5").unwrap()).unwrap(), "\"5.00\"");
        let refused = serde_json::from_str::<Amount>("5.25").unwrap_err().to_string();
        assert!(refused.contains("float"), "{refused}");
        assert_eq!(serde_json::from_str::<Amount>("\"5.25\"").unwrap().to_string(), "5.25");
    }

    proptest! {
        #[test]
        fn text_round_trips(cents in 0i64..1_000_000_000_000_000) {
            let amount = Amount::new(Decimal::new(cents, 2)).unwrap();
            prop_assert_eq!(Amount::parse(&amount.to_string()).unwrap(), amount);
        }
    }
}
