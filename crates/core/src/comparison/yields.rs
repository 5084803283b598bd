//! What a product yields that ends on a fixed day, and what it yields if it ends sooner.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};
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
/// A CD may be called on any day from its first call. From one day to the next the same simple
/// interest is added, and what grows so yields least at one of the two ends of such a stretch (its
/// logarithm over its days first rises and then falls). The stretches end where interest is added to
/// the principal, where the rate changes, and where a day count skips: all of them lie at the turn of
/// a month of the contract or of the calendar, so that the days around those turns are looked at.
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

    /// The days before `end` at which a call can be the worst, in order.
    fn calls(&self, end: NaiveDate) -> Result<BTreeSet<NaiveDate>, InterestError> {
        let issued = self.scenario.as_of;
        let Some(cd) = &self.input.cd_terms else { return Ok(BTreeSet::new()) };
        let Some(first) = first_call(cd, issued) else { return Ok(BTreeSet::new()) };
        let mut days = BTreeSet::from([first]);
        // Every rate changes whole months after issue; an anniversary of a change at the end of a
        // month may fall on another day than one of the issue.
        let changes = cd.step_ups.iter().map(|step| add_months(issued, step.after_months));
        for from in changes.chain([Ok(issued), Ok(first_of_month(issued))]) {
            let from = from?;
            for months in 0..=cd.term_months {
                days.extend(around(add_months(from, months)?));
            }
        }
        days.retain(|day| (first..end).contains(day));
        Ok(days)
    }
}

/// The first day of the month of a day.
fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// A turn, and the two days before it: the last of a month may earn nothing (30/360).
fn around(turn: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    (0..3).filter_map(move |days| turn.checked_sub_days(Days::new(days)))
}
