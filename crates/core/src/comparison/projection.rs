//! What an investment becomes.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::Engine;
use super::crediting::credit;
use super::eligibility::maturity;
use super::input::{ComparisonInput, Scenario};
use super::result::{Basis, FirstCall};
use super::surrender::Surrender;
use crate::dates::add_months;
use crate::interest::{
    Compounding, DayCount, InterestError, Leg, compound, grow, legs_of_cd, pow, simple,
};
use crate::money::{Amount, Percent};
use crate::product::{
    CdTerms, CreditingMethod, EarlyWithdrawalPenalty, ProductSubtype, ProductType,
};

/// Unrounded values at one point in time.
pub(super) struct Projected {
    pub(super) value: Decimal,
    pub(super) early: Option<Surrender>,
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
            early: self.early(value, months, date)?,
            guaranteed: self.guaranteed(value, months, date)?.max(self.returned_premium()),
        })
    }

    fn amount(&self) -> Decimal {
        self.scenario.amount.decimal()
    }

    /// The premium that is returned in any case.
    pub(super) fn returned_premium(&self) -> Decimal {
        if !self.input.return_of_premium {
            return Decimal::ZERO;
        }
        let share = self.input.return_of_premium_percentage.unwrap_or(Percent::HUNDRED);
        self.amount() * share.fraction()
    }

    fn value(&self, months: u32, date: NaiveDate) -> Result<Decimal, InterestError> {
        if basis(self.input) == Basis::Payout {
            let years = Decimal::from(months) / Decimal::from(12);
            return Ok(simple(self.amount(), self.rate()?, years)? - self.amount());
        }
        let until = self.growth_ends().map_or(date, |end| end.min(date));
        self.grown(until)
    }

    /// Growth up to a day: the bonus grows with an annuity and lies beside anything else.
    pub(super) fn grown(&self, until: NaiveDate) -> Result<Decimal, InterestError> {
        let start = self.scenario.as_of;
        if let Some(cd) = &self.input.cd_terms {
            let legs = legs_of_cd(self.rate()?, cd, start, until)?;
            return self.with_bonus(grow(self.amount(), &legs, cd.compounding, cd.day_count)?);
        }
        let legs = [Leg { rate: self.credited_rate()?, start, end: until }];
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

    /// The rate in force for this amount.
    fn rate(&self) -> Result<Percent, InterestError> {
        self.input.rate(self.scenario.amount)
    }

    /// That rate, limited by a cap and, since the second engine, by a floor: no contract year
    /// credits less than it guarantees.
    pub(super) fn credited_rate(&self) -> Result<Percent, InterestError> {
        let rate = self.rate()?;
        let crediting = self.input.annuity_terms.as_ref().and_then(|t| t.crediting.as_ref());
        let capped = crediting.and_then(|c| c.cap).map_or(rate, |cap| cap.min(rate));
        let floor = crediting.and_then(|c| c.floor).filter(|_| self.scenario.engine > Engine::V1);
        Ok(floor.map_or(capped, |floor| floor.max(capped)))
    }

    /// The day after which no growth is assumed: maturity, or the end of a guarantee.
    pub(super) fn growth_ends(&self) -> Option<NaiveDate> {
        if self.input.cd_terms.is_some() {
            return maturity(self.input, self.scenario).map(|(_, date)| date);
        }
        if basis(self.input) != Basis::Guaranteed {
            return None;
        }
        let years = self.input.annuity_terms.as_ref()?.guarantee_years?;
        add_months(self.scenario.as_of, years.saturating_mul(12)).ok()
    }

    fn early(
        &self,
        value: Decimal,
        months: u32,
        date: NaiveDate,
    ) -> Result<Option<Surrender>, InterestError> {
        let Some(cd) = &self.input.cd_terms else {
            return if self.scenario.engine > Engine::V1 {
                self.surrender(value, months)
            } else {
                Ok(self.surrender_of_old(value, months))
            };
        };
        let free =
            |value| Surrender { value, free: value, charge: Decimal::ZERO, adjustment: None };
        if self.growth_ends().is_some_and(|end| date >= end) {
            return Ok(Some(free(value)));
        }
        let Some(penalty) = cd.early_withdrawal_penalty else { return Ok(None) };
        let charge = self.penalty(penalty)?.ok_or(InterestError::Overflow)?;
        let left = (value - charge).max(Decimal::ZERO);
        Ok(Some(Surrender { value: left, free: Decimal::ZERO, charge, adjustment: None }))
    }

    /// The surrender of the first engine: the charge on the whole contract value.
    fn surrender_of_old(&self, value: Decimal, months: u32) -> Option<Surrender> {
        use ProductSubtype as S;
        if matches!(
            self.input.product_subtype,
            Some(S::Spia | S::Dia | S::Bond | S::StructuredNote)
        ) {
            return None;
        }
        let year = months.div_ceil(12).max(1);
        let rate = self.input.annuity_terms.as_ref().map_or(Percent::ZERO, |t| t.charge_in(year));
        let charge = value * rate.fraction();
        let left = (value - charge).max(self.returned_premium());
        Some(Surrender { value: left, free: Decimal::ZERO, charge, adjustment: None })
    }

    /// Simple interest at the base rate on the amount, or a share of the amount; none if it is too
    /// large to represent.
    fn penalty(&self, penalty: EarlyWithdrawalPenalty) -> Result<Option<Decimal>, InterestError> {
        let Some(yearly) = self.amount().checked_mul(self.rate()?.fraction()) else {
            return Ok(None);
        };
        let interest = |count: u32, of: u32| {
            yearly.checked_mul(Decimal::from(count))?.checked_div(Decimal::from(of))
        };
        Ok(match penalty {
            EarlyWithdrawalPenalty::DaysOfInterest(days) => interest(days, 365),
            EarlyWithdrawalPenalty::MonthsOfInterest(months) => interest(months, 12),
            EarlyWithdrawalPenalty::PercentageOfPrincipal(share) => {
                self.amount().checked_mul(share.fraction())
            }
        })
    }

    /// The first call of a callable CD within its term.
    pub(super) fn first_call(&self) -> Result<Option<FirstCall>, InterestError> {
        let (issued, amount) = (self.scenario.as_of, self.amount());
        let call = self.input.cd_terms.as_ref().and_then(|cd| first_call(cd, issued));
        let Some(date) = call.filter(|call| self.growth_ends().is_none_or(|end| *call < end))
        else {
            return Ok(None);
        };
        let value = self.grown(date)?;
        let days = date.signed_duration_since(issued).num_days();
        let growth = (value - self.bonus).checked_div(amount).ok_or(InterestError::Overflow)?;
        let yield_to_call = (days > 0).then(|| yearly(growth, days)).transpose()?;
        Ok(Some(FirstCall { date, value: Amount::rounded(value)?, yield_to_call }))
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
        let Some(worst) = self.worst_year()? else { return Ok(Decimal::ZERO) };
        // A loss may come at once; a credit comes only at the end of a full year.
        let years = if worst.is_negative() { months.div_ceil(12) } else { months / 12 };
        compound(self.amount() + self.bonus, worst, 1, u64::from(years))
    }

    /// The worst credit of a contract year: that of a total loss of the index. Nothing is
    /// guaranteed but by a FIA and by the terms of a RILA.
    fn worst_year(&self) -> Result<Option<Percent>, InterestError> {
        let crediting = self.input.annuity_terms.as_ref().and_then(|t| t.crediting.as_ref());
        let loss = Percent::rounded(-Decimal::ONE_HUNDRED)?;
        match (self.input.product_subtype, crediting) {
            (Some(ProductSubtype::Fia), _) | (Some(ProductSubtype::Rila), Some(_)) => {
                credit(self.input, self.rate()?, loss).map(Some)
            }
            _ => Ok(None),
        }
    }
}

/// The constant yearly growth, in percent, that gives `growth` in some days: the general formula of
/// Regulation DD (12 CFR part 1030, Appendix A, Part I, A), `(1 + interest / principal) ^ (365 /
/// days) - 1`, over the days actually held and to four decimals.
pub(super) fn yearly(growth: Decimal, days: i64) -> Result<Percent, InterestError> {
    let percent = (pow(growth, 365, days)? - Decimal::ONE).checked_mul(Decimal::ONE_HUNDRED);
    Ok(Percent::rounded(percent.ok_or(InterestError::Overflow)?)?)
}

/// The first day on which a callable CD may be repaid; at once if nothing protects it.
pub(super) fn first_call(cd: &CdTerms, issued: NaiveDate) -> Option<NaiveDate> {
    if !cd.callable {
        return None;
    }
    let protected = add_months(issued, cd.call_protection_months.unwrap_or(0)).ok()?;
    Some(cd.first_call_date.unwrap_or(protected).max(issued))
}
