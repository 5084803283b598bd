//! The text form of decimals.

use rust_decimal::Decimal;

use crate::parse::ParseError;

/// Reads a plain decimal: optional minus, digits, optional point and digits. No exponent, no
/// grouping, no plus sign, no space, no bare point: one value has few spellings.
///
/// # Errors
/// `decimal_invalid`; `out_of_range` if it has too many digits before the point, `too_precise` if
/// it has more decimals than `scale` that are not zeros (nothing is ever rounded).
pub(crate) fn parse(
    text: &str,
    integer_digits: usize,
    scale: usize,
) -> Result<Decimal, ParseError> {
    let invalid =
        || ParseError::new("decimal_invalid", "must be a plain decimal number, such as 1234.56");
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if text.len() > 64 || !all_digits(whole) || !all_digits(fraction) {
        return Err(invalid());
    }
    if whole.trim_start_matches('0').len() > integer_digits {
        let message = format!("may have at most {integer_digits} digits before the point");
        return Err(ParseError::new("out_of_range", message));
    }
    let fraction = fraction.trim_end_matches('0');
    if fraction.len() > scale {
        let message = format!("may have at most {scale} decimals; it is never rounded");
        return Err(ParseError::new("too_precise", message));
    }
    let mut value: Decimal = text.parse().map_err(|_| invalid())?;
    value.rescale(u32::try_from(scale).map_err(|_| invalid())?);
    // -0 is 0.
    Ok(if value.is_zero() { value.abs() } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_decimals_are_read() {
        for bad in
            ["", "-", ".", "1.", ".5", "+1", "1e3", "1,000", " 1", "1 ", "NaN", "0x1", "١", "1_0"]
        {
            assert_eq!(parse(bad, 13, 2).unwrap_err().code, "decimal_invalid", "{bad}");
        }
        assert_eq!(parse("-0.00", 13, 2).unwrap().to_string(), "0.00");
        assert_eq!(parse("007.5", 1, 2).unwrap().to_string(), "7.50");
    }

    #[test]
    fn nothing_is_rounded() {
        assert_eq!(parse("1.234", 13, 2).unwrap_err().code, "too_precise");
        assert_eq!(parse("1.2300000000", 13, 2).unwrap().to_string(), "1.23");
        assert_eq!(parse("12", 1, 2).unwrap_err().code, "out_of_range");
    }
}
