//! Currencies (ISO 4217).

use std::fmt;

use crate::parse::{Parse, ParseError, text_value};

/// An active ISO 4217 currency. Default: `USD`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Currencies with two minor digits; the others are listed apart.
const TWO: &str = "AEDAFNALLAMDAOAARSAUDAWGAZNBAMBBDBDTBMDBNDBOBBRLBSDBTNBWPBYNBZDCADCDFCHFCNYCOP\
CRCCUPCVECZKDKKDOPDZDEGPERNETBEURFJDFKPGBPGELGHSGIPGMDGTQGYDHKDHNLHTGHUFIDRILSINRIRRJMDKESKGSKHRKPW\
KYDKZTLAKLBPLKRLRDLSLMADMDLMGAMKDMMKMNTMOPMRUMURMVRMWKMXNMYRMZNNADNGNNIONOKNPRNZDPABPENPGKPHPPKRPLN\
QARRONRSDRUBSARSBDSCRSDGSEKSGDSHPSLESOSSRDSSPSTNSVCSYPSZLTHBTJSTMTTOPTRYTTDTWDTZSUAHUSDUYUUZSVED\
VESWSTXCDXCGYERZARZMWZWG";
const ZERO: &str = "BIFCLPDJFGNFISKJPYKMFKRWPYGRWFUGXVNDVUVXAFXOFXPF";
const THREE: &str = "BHDIQDJODKWDLYDOMRTND";

fn lists(list: &str, code: [u8; 3]) -> bool {
    list.as_bytes().chunks_exact(3).any(|known| known == code)
}

impl Currency {
    /// The United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// The three letters.
    pub fn as_str(&self) -> &str {
        // Only ASCII gets in, so the fallback cannot happen.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Digits after the decimal point of the smallest coin: 2 for USD, 0 for JPY, 3 for KWD.
    pub fn minor_units(&self) -> u32 {
        if lists(ZERO, self.0) {
            0
        } else if lists(THREE, self.0) {
            3
        } else {
            2
        }
    }
}

impl Default for Currency {
    fn default() -> Self {
        Self::USD
    }
}

impl Parse for Currency {
    /// Trims and uppercases.
    fn parse(text: &str) -> Result<Self, ParseError> {
        let unknown = || {
            ParseError::new("currency_unknown", "must be a currency code (ISO 4217), such as USD")
        };
        let mut code: [u8; 3] = text.trim().as_bytes().try_into().map_err(|_| unknown())?;
        code.make_ascii_uppercase();
        if [TWO, ZERO, THREE].iter().any(|list| lists(list, code)) {
            Ok(Self(code))
        } else {
            Err(unknown())
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({})", self.as_str())
    }
}

text_value!(
    Currency,
    pattern: Some("^[A-Z]{3}$"),
    example: "USD",
    about: "Currency (ISO 4217)"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_whole_and_ordered() {
        for list in [TWO, ZERO, THREE] {
            assert_eq!(list.len() % 3, 0);
            let codes: Vec<&[u8]> = list.as_bytes().chunks_exact(3).collect();
            assert!(codes.windows(2).all(|pair| pair[0] < pair[1]), "{list}");
        }
    }

    #[test]
    fn minor_units_are_known() {
        let units = |code: &str| Currency::parse(code).unwrap().minor_units();
        assert_eq!((units("usd"), units("JPY"), units("KWD")), (2, 0, 3));
        assert_eq!(Currency::default().to_string(), "USD");
    }

    #[test]
    fn unknown_codes_are_refused() {
        for text in ["", "US", "USDX", "XXX", "ZZZ", "SDU"] {
            assert_eq!(Currency::parse(text).unwrap_err().code, "currency_unknown");
        }
    }
}
