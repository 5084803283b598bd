//! How long records are kept, why, and what stands in the way of their end (S0-134, X-14, X-19;
//! rules.md §3). Pure: the facts of a record go in, the date with its reasons comes out.

mod firm;
mod hold;
mod period;
mod rule;

pub use firm::{NewRetentionOverride, RetentionOverride};
pub use hold::{Hold, HoldScope, NewHold, NewHoldScope, ScopeKind};
pub use period::{Period, fiscal_year_end};
pub use rule::{Basis, Fiscal, Origin, Promise, Record, Retention, RuleVersion, retention};
