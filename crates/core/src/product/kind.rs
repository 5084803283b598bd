//! Types and subtypes of products.

use std::fmt;

use crate::parse::{Parse, ParseError, text_value};

macro_rules! named_values {
    ($(#[$doc:meta])* $name:ident, $code:literal, $about:literal, { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in documented order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The exact text of JSON and of the database.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl Parse for $name {
            /// Exact spelling, trimmed.
            fn parse(text: &str) -> Result<Self, ParseError> {
                let text = text.trim();
                Self::ALL.iter().copied().find(|known| known.as_str() == text).ok_or_else(|| {
                    ParseError::new($code, concat!("must be one of", $(" ", $text),+))
                })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        text_value!(
            $name,
            pattern: Some(named_values!(@pattern $($text)+)),
            example: named_values!(@first $($text)+),
            about: $about
        );
    };
    (@pattern $first:literal $($text:literal)*) => { concat!("^(", $first, $("|", $text,)* ")$") };
    (@first $first:literal $($text:literal)*) => { $first };
}
pub(crate) use named_values;

named_values! {
    /// The top-level type (S0-10): exactly these three strings.
    ProductType, "unknown_value", "Product type", {
        /// A contract with an insurer.
        Annuity = "Annuity",
        /// A certificate of deposit.
        Cd = "CD",
        /// Anything else with a rate.
        Other = "Other",
    }
}

named_values! {
    /// The kind of product within its type (C0-24).
    ///
    /// Callable is a term of a CD and not a kind of its own: brokered and step-up CDs may be
    /// callable too.
    ProductSubtype, "unknown_value", "Product subtype; each belongs to one product type", {
        /// Multi-year guaranteed annuity: a fixed rate for a guarantee period.
        Myga = "MYGA",
        /// Fixed indexed annuity: credits by an index, never negative.
        Fia = "FIA",
        /// Registered index-linked annuity: credits by an index, with a buffer or a floor.
        Rila = "RILA",
        /// Single premium immediate annuity: the rate is a payout rate.
        Spia = "SPIA",
        /// Deferred income annuity: the rate is a payout rate.
        Dia = "DIA",
        /// Variable annuity: no guaranteed rate.
        Va = "VA",
        /// A CD of a bank, sold by a broker; it is sold and not withdrawn early.
        BrokeredCd = "BrokeredCD",
        /// A CD held at the bank.
        BankCd = "BankCD",
        /// A CD whose rate rises on set dates.
        StepUpCd = "StepUpCD",
        /// A savings or money market account.
        Savings = "Savings",
        /// A note whose return depends on an underlying.
        StructuredNote = "StructuredNote",
        /// A bond or note with a coupon.
        Bond = "Bond",
    }
}

impl ProductSubtype {
    /// The type that the subtype belongs to.
    pub const fn product_type(self) -> ProductType {
        match self {
            Self::Myga | Self::Fia | Self::Rila | Self::Spia | Self::Dia | Self::Va => {
                ProductType::Annuity
            }
            Self::BrokeredCd | Self::BankCd | Self::StepUpCd => ProductType::Cd,
            Self::Savings | Self::StructuredNote | Self::Bond => ProductType::Other,
        }
    }

    /// Whether the rate is a payout rate of an income contract instead of a growth rate.
    pub const fn is_income(self) -> bool {
        matches!(self, Self::Spia | Self::Dia)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_documented_strings_are_exact() {
        let all: Vec<&str> = ProductType::ALL.iter().map(|t| t.as_str()).collect();
        assert_eq!(all, ["Annuity", "CD", "Other"]);
        assert!(ProductType::parse("annuity").is_err());
        assert_eq!(serde_json::to_string(&ProductType::Cd).unwrap(), "\"CD\"");
        assert!(ProductType::parse("x").unwrap_err().message.contains("Annuity CD Other"));
    }

    #[test]
    fn every_subtype_reads_back() {
        for subtype in ProductSubtype::ALL {
            assert_eq!(ProductSubtype::parse(subtype.as_str()).unwrap(), *subtype);
        }
        assert_eq!(ProductSubtype::StepUpCd.product_type(), ProductType::Cd);
        assert_eq!(ProductSubtype::Rila.product_type(), ProductType::Annuity);
    }
}
