//! Ladders of maturities: an amount spread over terms, so that a part of it comes back every so
//! often.
//!
//! - The amount is divided evenly among the rungs. What a rung buys is a whole multiple of the
//!   product's minimum investment (of 1.00 where there is none). What that leaves of the rungs
//!   that are filled buys further multiples, the smallest rung first; the share of a rung for
//!   which nothing fits stays uninvested and is not moved to other terms.
//! - Rungs are filled from the shortest. Each takes, of the products whose term fits and that may
//!   be bought, the one with the highest yield to worst for the amount (which is the yield to
//!   maturity unless it can be called); equal ones by CUSIP. No product serves two rungs.
//! - What the FDIC insures is limited for each depositor and institution (12 U.S.C. 1821(a)(1)(E);
//!   12 CFR 330.6). No institution is given more principal than the limit, and no rung buys more than
//!   that of an insured product; interest counts for the insurance too, so that what may lie above it at maturity is shown as `uninsured`. Products of
//!   no known issuer count as institutions of their own. Ownership categories and what the client
//!   has at the bank already are not known here: the limit can be lowered for them.
//! - Interest that a CD pays out is shown at maturity, because its terms do not say when it is paid.

mod build;
mod candidate;
mod report;

pub use build::{LadderError, MAX_RUNGS, build};
pub use candidate::{LadderReason, LeftOut, LeftOutReason};
pub use report::{CashFlow, CashFlowKind, Concentration, Ladder, Pick, Rung};

use chrono::NaiveDate;

use crate::comparison::{Assumptions, Client, Engine, Scenario};
use crate::currency::Currency;
use crate::money::Amount;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Amount to spread.
    pub amount: Amount,
    /// Its currency.
    pub currency: Currency,
    /// Day of investment.
    pub as_of: NaiveDate,
    /// What is known of the client.
    pub client: Client,
    /// Terms in months, rising, without repetition.
    pub rungs: Vec<u32>,
    /// By how many months a product's term may differ from its rung.
    pub term_tolerance_months: u32,
    /// Whether CDs that the bank may repay before maturity are taken.
    pub include_callable: bool,
    /// Most principal that one insured institution is given.
    pub insured_limit: Amount,
}

impl Question {
    /// The same question about one product and amount.
    fn scenario(&self, amount: Amount, months: u32) -> Scenario {
        Scenario {
            amount,
            currency: self.currency,
            horizon_months: months,
            as_of: self.as_of,
            client: self.client,
            assumptions: Assumptions::default(),
            engine: Engine::default(),
        }
    }
}

#[cfg(test)]
mod tests;
