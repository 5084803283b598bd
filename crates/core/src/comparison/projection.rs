//! What an investment becomes.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::eligibility::maturity;
use super::input::{ComparisonInput, Scenario};
use super::result::Basis;
use crate::dates::add_months;
use crate::interest::{
    Compounding, DayCount, InterestError, Leg, compound, grow, legs_of_cd, simple,
};
use crate::money::Percent;
use crate::product::{
    CdTerms, CreditingMethod, EarlyWithdrawalPenalty, ProductSubtype, ProductType,
};

/// Unrounded values at one point in time.
pub(super) struct Projected {
    pub(super) value: Decimal,
    pub(super) early: Option<Decimal>,
    pub(super) guaranteed: Decimal,
}

/// What the projected values of a product rest on.
pub(super) fn basis(input: &ComparisonInput) -> Basis {
    let method = input.annuity_terms.as_ref().and_then(|t| t.crediting.as_ref()).map(|c| c.method);
    let fixed = matches!(method, None | Some(CreditingMethod::Fixed));
    match (input.product_type, input.product_subtype) {
        (_, Some(subtype)) if subtype.is_income() => Basis::Payout,
        (ProductType::Cd, _) => Basis::Guaranteed,
        (ProductType::Annuity, None | Some(ProductSubtype::Myga)) if fixed => Basis::Guaranteed,
        (ProductType::Annuity, Some(ProductSubtype::Fia))
            if method == Some(CreditingMethod::Fixed) =>
        {
            Basis::Guaranteed
        }
        _ => Basis::Illustrated,
    }
}

/// The projection of one product in one scenario.
pub(super) struct Projection<'a> {
    pub(super) input: &'a ComparisonInput,
    pub(super) scenario: &'a Scenario,
    /// Money credited on top of the amount.
    pub(super) bonus: Decimal,
}

impl Projection<'_> {
    /// All values after some months.
    pub(super) fn at(&self, months: u32) -> Result<Projected, InterestError> {
        let date = add_months(self.scenario.as_of, months)?;
        let value = self.value(months, date)?;
        Ok(Projected {
            value,
            early: self.early(value, months, date),
            guaranteed: self.guaranteed(value, months, date)?.max(self.returned_premium()),
        })
    }

    fn amount(&self) -> Decimal {
        self.scenario.amount.decimal()
    }

    /// The premium that is returned in any case.
    fn returned_premium(&self) -> Decimal {
        if !self.input.return_of_premium {
            return Decimal::ZERO;
        }
        let share = self.input.return_of_premium_percentage.unwrap_or(Percent::HUNDRED);
        self.amount() * share.fraction()
    }

    fn value(&self, months: u32, date: NaiveDate) -> Result<Decimal, InterestError> {
        if basis(self.input) == Basis::Payout {
            let years = Decimal::from(months) / Decimal::from(12);
            return Ok(simple(self.amount(), self.input.base_rate, years)? - self.amount());
        }
        let until = self.growth_ends().map_or(date, |end| end.min(date));
        self.grown(until)
    }

    /// Growth up to a day: the bonus grows with an annuity and lies beside anything else.
    fn grown(&self, until: NaiveDate) -> Result<Decimal, InterestError> {
        let start = self.scenario.as_of;
        if let Some(cd) = &self.input.cd_terms {
            let legs = legs_of_cd(self.input.base_rate, cd, start, until)?;
            return self.with_bonus(grow(self.amount(), &legs, cd.compounding, cd.day_count)?);
        }
        let legs = [Leg { rate: self.credited_rate(), start, end: until }];
        let annual = |principal| grow(principal, &legs, Compounding::Annual, DayCount::Act365Fixed);
        if self.input.product_type == ProductType::Annuity {
            annual(self.amount() + self.bonus)
        } else {
            self.with_bonus(annual(self.amount())?)
        }
    }

    fn with_bonus(&self, value: Decimal) -> Result<Decimal, InterestError> {
        value.checked_add(self.bonus).ok_or(InterestError::Overflow)
    }

    /// The base rate, limited by a cap.
    fn credited_rate(&self) -> Percent {
        let crediting = self.input.annuity_terms.as_ref().and_then(|t| t.crediting.as_ref());
        let cap = crediting.and_then(|c| c.cap);
        cap.map_or(self.input.base_rate, |cap| cap.min(self.input.base_rate))
    }

    /// The day after which no growth is assumed: maturity, or the end of a guarantee.
    fn growth_ends(&self) -> Option<NaiveDate> {
        if self.input.cd_terms.is_some() {
            return maturity(self.input, self.scenario).map(|(_, date)| date);
        }
        if basis(self.input) != Basis::Guaranteed {
            return None;
        }
        let years = self.input.annuity_terms.as_ref()?.guarantee_years?;
        add_months(self.scenario.as_of, years.saturating_mul(12)).ok()
    }

    fn early(&self, value: Decimal, months: u32, date: NaiveDate) -> Option<Decimal> {
        if let Some(cd) = &self.input.cd_terms {
            let matured = self.growth_ends().is_some_and(|end| date >= end);
            if matured {
                return Some(value);
            }
            let penalty = self.penalty(cd.early_withdrawal_penalty?)?;
            return Some((value - penalty).max(Decimal::ZERO));
        }
        match self.input.product_subtype {
            Some(ProductSubtype::Spia | ProductSubtype::Dia) => None,
            Some(ProductSubtype::Bond | ProductSubtype::StructuredNote) => None,
            _ => {
                // The charge of the year that is ending: year 1 for months 1 to 12.
                let year = months.div_ceil(12).max(1);
                let charge =
                    self.input.annuity_terms.as_ref().map_or(Percent::ZERO, |t| t.charge_in(year));
                let kept = value - value * charge.fraction();
                Some(kept.max(self.returned_premium()))
            }
        }
    }

    /// Simple interest at the base rate on the amount, or a share of the amount.
    fn penalty(&self, penalty: EarlyWithdrawalPenalty) -> Option<Decimal> {
        let yearly = self.amount().checked_mul(self.input.base_rate.fraction())?;
        match penalty {
            EarlyWithdrawalPenalty::DaysOfInterest(days) => {
                yearly.checked_mul(Decimal::from(days))?.checked_div(Decimal::from(365))
            }
            EarlyWithdrawalPenalty::MonthsOfInterest(months) => {
                yearly.checked_mul(Decimal::from(months))?.checked_div(Decimal::from(12))
            }
            EarlyWithdrawalPenalty::PercentageOfPrincipal(share) => {
                self.amount().checked_mul(share.fraction())
            }
        }
    }

    fn guaranteed(
        &self,
        value: Decimal,
        months: u32,
        date: NaiveDate,
    ) -> Result<Decimal, InterestError> {
        if let Some(cd) = &self.input.cd_terms
            && let Some(call) = first_call(cd, self.scenario.as_of)
            && call < date
        {
            return self.grown(self.growth_ends().map_or(call, |end| end.min(call)));
        }
        if basis(self.input) != Basis::Illustrated {
            return Ok(value);
        }
        let Some(worst) = self.worst_year() else { return Ok(Decimal::ZERO) };
        // A loss may come at once; a credit comes only at the end of a full year.
        let years = if worst.is_negative() { months.div_ceil(12) } else { months / 12 };
        compound(self.amount() + self.bonus, worst, 1, u64::from(years))
    }

    /// The worst credit of a contract year: a FIA's floor (zero unless higher), a RILA's floor, or
    /// what its buffer leaves of a total loss; nothing is guaranteed elsewhere.
    fn worst_year(&self) -> Option<Percent> {
        let crediting = self.input.annuity_terms.as_ref().and_then(|t| t.crediting.as_ref());
        match self.input.product_subtype {
            Some(ProductSubtype::Fia) => {
                Some(crediting.and_then(|c| c.floor).unwrap_or(Percent::ZERO))
            }
            Some(ProductSubtype::Rila) => {
                let crediting = crediting?;
                let buffer = |b: Percent| Percent::rounded(b.decimal() - Decimal::ONE_HUNDRED).ok();
                crediting.buffer.and_then(buffer).or(crediting.floor)
            }
            _ => None,
        }
    }
}

/// The first day on which a callable CD may be repaid; at once if nothing protects it.
fn first_call(cd: &CdTerms, issued: NaiveDate) -> Option<NaiveDate> {
    if !cd.callable {
        return None;
    }
    let protected = add_months(issued, cd.call_protection_months.unwrap_or(0)).ok()?;
    Some(cd.first_call_date.unwrap_or(protected).max(issued))
}
