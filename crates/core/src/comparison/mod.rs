//! Comparing products for one amount and one horizon (S0-81 to S0-89, C0-16).
//!
//! The engine is pure: the same inputs give the same result, byte for byte once serialised (fixed
//! field order, decimals as strings of fixed scale). A saved comparison is reproduced by feeding it
//! the rates that were known then.
//!
//! What the figures mean:
//! - Amounts are rounded to cents, halves away from zero, only when shown; growth is not rounded.
//! - `base_rate` is taken as the rate credited each year. It is *guaranteed* for a MYGA during its
//!   guarantee period, for a fixed annuity of no subtype, and for a CD to its first call date; for
//!   index-linked and variable contracts it is an *illustration*, limited by the cap.
//! - A bonus is credited to an annuity's contract value at issue and grows with it; for a CD or
//!   another product it is paid once and does not grow. It is shown apart and never enters a yield.
//! - After a CD matures, or a fixed annuity's guarantee ends, the value stays: neither reinvestment
//!   nor renewal is assumed.
//! - Early values are what is left after surrender charge, free withdrawal and, for an assumed change
//!   of market rates, market value adjustment; how is said at `Projection::surrender`.
//! - Index-linked contracts are shown besides at their guaranteed minimum, at an unchanged index, at
//!   their cap and at an assumed change of the index.
//! - Yields to maturity, to call and to worst are constant yearly growth over the days held, without
//!   the bonus; how the worst is found is said at [`YieldToWorst`].
//! - A premium band adds to the base rate for the whole amount.
//!
//! Rules change by a new [`Engine`]; a saved comparison keeps the one that made it.

mod crediting;
mod eligibility;
mod engine;
mod holding;
mod input;
mod projection;
mod result;
mod surrender;
mod version;
mod yields;

pub use crediting::{IndexCase, IndexScenario, ScenarioPoint};
pub use eligibility::Client;
pub use engine::{CompareError, MAX_HORIZON_MONTHS, MAX_PRODUCTS, MIN_PRODUCTS, compare};
pub use holding::{Holding, hold};
pub use input::{Assumptions, ComparisonInput, Scenario};
pub use result::{
    Basis, ComparedProduct, ComparisonResult, Eligibility, FirstCall, PointDetails, ProductDetails,
    Reason, ValuePoint,
};
pub use surrender::EarlyWithdrawal;
pub use version::Engine;
pub use yields::{YieldEvent, YieldToWorst, Yields};
