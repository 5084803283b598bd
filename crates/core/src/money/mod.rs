//! Money and rates: exact decimals with the limits of their database columns. They are read from
//! JSON strings only, are never rounded on the way in, and never touch a float.

mod amount;
mod decimal_text;
mod percent;

pub use amount::Amount;
pub use percent::Percent;

use rust_decimal::{Decimal, RoundingStrategy};

/// Rounds to `places` decimals, halves away from zero.
///
/// This is what bank and insurance statements do, what PostgreSQL's `round(numeric)` does, and what
/// Regulation DD's "nearest hundredth" is read as, so all parts of the platform agree.
pub fn round_half_up(value: Decimal, places: u32) -> Decimal {
    value.round_dp_with_strategy(places, RoundingStrategy::MidpointAwayFromZero)
}
