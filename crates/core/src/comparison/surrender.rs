//! What leaving early costs.

use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::eligibility::term_months;
use super::projection::Projection;
use crate::interest::{InterestError, pow};
use crate::money::{Amount, Percent, round_half_up};
use crate::product::ProductSubtype;

/// What leaving at one point in time costs. The early value is the contract value less the charge,
/// moved by the adjustment; never below nothing, nor below the premium that is returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EarlyWithdrawal {
    /// Part of the value that leaves without charge and adjustment.
    pub free_amount: Amount,
    /// Surrender charge or penalty.
    pub charge: Amount,
    /// Market value adjustment for the assumed change of market rates; null unless one is assumed,
    /// and for products without it.
    #[schema(value_type = Option<String>, example = "-412.35")]
    pub market_value_adjustment: Option<Decimal>,
}

/// Unrounded figures of a surrender.
pub(super) struct Surrender {
    pub(super) value: Decimal,
    pub(super) free: Decimal,
    pub(super) charge: Decimal,
    pub(super) adjustment: Option<Decimal>,
}

impl Surrender {
    /// As it is shown.
    pub(super) fn shown(&self) -> Result<EarlyWithdrawal, InterestError> {
        let cents = |value| {
            let mut value = round_half_up(value, 2);
            value.rescale(2);
            if value.is_zero() { value.abs() } else { value }
        };
        Ok(EarlyWithdrawal {
            free_amount: Amount::rounded(self.free)?,
            charge: Amount::rounded(self.charge)?,
            market_value_adjustment: self.adjustment.map(cents),
        })
    }
}

impl Projection<'_> {
    /// The surrender of an annuity worth `value`, or of a product without terms, which costs
    /// nothing; none where leaving is not offered.
    ///
    /// - The charge is that of the contract year that is ending: year 1 for months 1 to 12.
    /// - The free withdrawal of that year is taken first: a share of the value at that time, of
    ///   which nothing was taken before. Charge and adjustment apply to the rest.
    /// - The adjustment, until the longer of guarantee and surrender schedule ends, is
    ///   `rest * (((1 + i) / (1 + i + d)) ^ (n / 12) - 1)` with `i` the rate of the contract, `d`
    ///   the assumed change of market rates and `n` the months that remain: the common form, with
    ///   the contract's own rate for the index at issue and without a contract's own margin.
    pub(super) fn surrender(
        &self,
        value: Decimal,
        months: u32,
    ) -> Result<Option<Surrender>, InterestError> {
        use ProductSubtype as S;
        if matches!(
            self.input.product_subtype,
            Some(S::Spia | S::Dia | S::Bond | S::StructuredNote)
        ) {
            return Ok(None);
        }
        let terms = self.input.annuity_terms.as_ref();
        let charged = terms.map_or(Percent::ZERO, |t| t.charge_in(months.div_ceil(12).max(1)));
        let factor = self.adjustment(months)?;
        let bound = charged != Percent::ZERO || factor.is_some();
        let share = terms.and_then(|t| t.free_withdrawal_percentage).unwrap_or_default();
        let free = if bound { value * share.fraction() } else { value };
        let charge = (value - free) * charged.fraction();
        let adjustment = factor.map(|factor| (value - free) * factor);
        let left = value - charge + adjustment.unwrap_or_default();
        let value = left.max(Decimal::ZERO).max(self.returned_premium());
        Ok(Some(Surrender { value, free, charge, adjustment }))
    }

    /// The factor of the market value adjustment, if it applies and is asked for.
    fn adjustment(&self, months: u32) -> Result<Option<Decimal>, InterestError> {
        let Some(change) = self.scenario.assumptions.market_rate_change else { return Ok(None) };
        let adjusts = self.input.annuity_terms.as_ref().is_some_and(|t| t.market_value_adjustment);
        let left = term_months(self.input).map_or(0, |term| term.saturating_sub(months));
        if !adjusts || left == 0 {
            return Ok(None);
        }
        let issued = Decimal::ONE + self.input.rate(self.scenario.amount)?.fraction();
        let now = issued + change.fraction();
        let ratio = issued.checked_div(now).ok_or(InterestError::Overflow)?;
        Ok(Some(pow(ratio, i64::from(left), 12)? - Decimal::ONE))
    }
}
