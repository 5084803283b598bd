//! Interest in exact decimals: day counts, growth, and the annual percentage yield of Regulation DD.
//!
//! Accuracy: calculations carry 28 significant digits; powers with a fractional exponent have a
//! relative error below 1e-22 (proven by test over the range used), growth below 1e-20 over 100
//! years of daily compounding. Nothing is rounded before the result, which the caller rounds.
//! Every step is checked: too large a result is [`InterestError::Overflow`], never a panic.

mod apy;
mod day_count;
mod growth;
mod power;

pub use apy::{Derivation, apy, apy_of_cd, effective_annual_yield};
pub use growth::{Leg, compound, grow, legs_of_cd, simple};
pub use power::pow;

pub use crate::product::{Compounding, DayCount};

use crate::parse::ParseError;

/// Why a calculation has no result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InterestError {
    /// A number grew beyond 28 digits or beyond its column.
    #[error("the result is too large to represent")]
    Overflow,
    /// An input for which the formula is not defined.
    #[error("{0}")]
    Undefined(&'static str),
}

impl From<ParseError> for InterestError {
    fn from(_: ParseError) -> Self {
        Self::Overflow
    }
}
