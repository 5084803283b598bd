//! What a product yields that ends on a fixed day, and what it yields if it ends sooner.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::projection::{Projection, first_call, yearly};
use crate::dates::add_months;
use crate::interest::InterestError;
use crate::money::Percent;

/// What ends a holding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum YieldEvent {
    /// The bank repays before maturity.
    Call,
    /// The term, or the guarantee, is over.
    Maturity,
}

/// The lowest yield that the contract allows without a default: the least of the yields to every
/// call and to maturity (MSRB glossary, "yield to worst"; MSRB Rule G-15(a)(i)(A)(5) confirms to the
/// lower of call and maturity). A call repays the amount with the interest earned until then.
///
/// A CD may be called on any day from its first call. Between two changes of its rate the yield
/// moves one way only, so that the lowest lies at the first call, on a day the rate changes, or at
/// maturity; the anniversaries of issue and of each change are looked at too, because interest by the
/// year is added only then. In between, the days since interest was last added earn simple interest,
/// which yields no less.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct YieldToWorst {
    /// The day.
    pub date: NaiveDate,
    /// What happens then.
    pub event: YieldEvent,
    /// Constant yearly growth until then, without the bonus, in percent.
    #[serde(rename = "yield")]
    pub percent: Percent,
}

/// What the third engine adds to a product.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Yields {
    /// Constant yearly growth to maturity or to the end of the guarantee, without the bonus, in
    /// percent; null for what has no such day.
    pub yield_to_maturity: Option<Percent>,
    /// The lowest yield over every call and maturity; that to maturity where nothing can be called.
    pub yield_to_worst: Option<YieldToWorst>,
}

impl Projection<'_> {
    /// The yields of what ends on a fixed day.
    pub(super) fn yields(&self) -> Result<Yields, InterestError> {
        let Some(end) = self.growth_ends() else { return Ok(Yields::default()) };
        let plain = Projection { bonus: Decimal::ZERO, ..*self };
        let yield_to_maturity = plain.yield_until(end)?;
        let worst = |date, event, percent| YieldToWorst { date, event, percent };
        let mut lowest = yield_to_maturity.map(|found| worst(end, YieldEvent::Maturity, found));
        for date in self.calls(end)? {
            if let Some(found) = plain.yield_until(date)?
                && lowest.is_none_or(|lowest| found < lowest.percent)
            {
                lowest = Some(worst(date, YieldEvent::Call, found));
            }
        }
        Ok(Yields { yield_to_maturity, yield_to_worst: lowest })
    }

    /// The yield until a day; none where no day has passed.
    fn yield_until(&self, date: NaiveDate) -> Result<Option<Percent>, InterestError> {
        let days = date.signed_duration_since(self.scenario.as_of).num_days();
        if days <= 0 {
            return Ok(None);
        }
        let amount = self.scenario.amount.decimal();
        let growth = self.grown(date)?.checked_div(amount).ok_or(InterestError::Overflow)?;
        yearly(growth, days).map(Some)
    }

    /// The days before `end` at which a call can be the worst.
    fn calls(&self, end: NaiveDate) -> Result<Vec<NaiveDate>, InterestError> {
        let issued = self.scenario.as_of;
        let Some(cd) = &self.input.cd_terms else { return Ok(Vec::new()) };
        let Some(first) = first_call(cd, issued) else { return Ok(Vec::new()) };
        let mut dates = vec![first];
        for from in cd.step_ups.iter().map(|step| step.after_months).chain([0]) {
            for months in (from..=cd.term_months).step_by(12) {
                dates.push(add_months(issued, months)?);
            }
        }
        dates.retain(|date| (first..end).contains(date));
        Ok(dates)
    }
}
