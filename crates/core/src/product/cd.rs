//! Terms of a certificate of deposit.

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::named_values;
use super::limits::{not_negative, share, within};
use super::rate_band::bands;
use super::{NewRateBand, ProductSubtype, RateBand};
use crate::money::Percent;
use crate::parse::{Checked, Parse, ParseError, text_value};
use crate::shape::{NotNegativePercent, Share};
use crate::violations::Violations;

named_values! {
    /// When interest is added to the principal.
    Compounding, "unknown_value", "When interest is added to the principal", {
        /// Never: interest is paid out.
        Simple = "simple",
        /// Every day.
        Daily = "daily",
        /// Every month.
        Monthly = "monthly",
        /// Every three months.
        Quarterly = "quarterly",
        /// Every six months.
        Semiannual = "semiannual",
        /// Every year.
        Annual = "annual",
        /// Once, with the principal.
        AtMaturity = "at_maturity",
    }
}

impl Compounding {
    /// Months between two compoundings; none for simple, daily and at maturity.
    pub const fn period_months(self) -> Option<u32> {
        match self {
            Self::Monthly => Some(1),
            Self::Quarterly => Some(3),
            Self::Semiannual => Some(6),
            Self::Annual => Some(12),
            Self::Simple | Self::Daily | Self::AtMaturity => None,
        }
    }
}

named_values! {
    /// How days become a share of a year; see [`crate::interest::DayCount::year_fraction`].
    DayCount, "unknown_value", "Day-count convention", {
        /// Actual days over 365 (ISDA 2006 section 4.16(d), "Actual/365 (Fixed)").
        Act365Fixed = "ACT/365F",
        /// Actual days over 360 (ISDA 2006 section 4.16(e)).
        Act360 = "ACT/360",
        /// Months of 30 days, years of 360 (ISDA 2006 section 4.16(f), "30/360", Bond Basis).
        Thirty360 = "30/360",
        /// Actual days, each over the length of its own year (ISDA 2006 section 4.16(b)).
        ActActIsda = "ACT/ACT ISDA",
    }
}

/// What an early withdrawal costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum EarlyWithdrawalPenalty {
    /// Simple interest on the principal for this many days.
    DaysOfInterest(u32),
    /// Simple interest on the principal for this many months.
    MonthsOfInterest(u32),
    /// Percent of the principal.
    PercentageOfPrincipal(Percent),
}

/// A rise of the rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct StepUp {
    /// Months after issue from which the rate applies.
    pub after_months: u32,
    /// The rate from then on, in percent a year.
    pub rate: Percent,
}

/// Terms of a certificate of deposit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CdTerms {
    /// Months from issue to maturity.
    pub term_months: u32,
    /// Whether the bank may repay before maturity.
    pub callable: bool,
    /// First day on which the bank may call.
    pub first_call_date: Option<NaiveDate>,
    /// Months after issue during which the bank may not call.
    pub call_protection_months: Option<u32>,
    /// When interest is added.
    pub compounding: Compounding,
    /// How days are counted.
    pub day_count: DayCount,
    /// What an early withdrawal costs; none means it cannot be withdrawn, as with brokered CDs.
    pub early_withdrawal_penalty: Option<EarlyWithdrawalPenalty>,
    /// Rises of the rate, in order.
    pub step_ups: Vec<StepUp>,
    /// Whether the deposit is insured by the FDIC.
    pub fdic_insured: bool,
    /// Premium bands, by rising amount; none is one rate for any amount.
    pub rate_bands: Vec<RateBand>,
}

/// What an early withdrawal costs, as a request carries it: exactly one of the three.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPenalty {
    /// Simple interest on the principal for this many days, up to 3,650.
    #[schema(minimum = 0, maximum = 3650)]
    pub days_of_interest: Option<u32>,
    /// Simple interest on the principal for this many months, up to 120.
    #[schema(minimum = 0, maximum = 120)]
    pub months_of_interest: Option<u32>,
    /// Percent of the principal, 0 to 100.
    #[schema(value_type = Option<Share>)]
    pub percentage_of_principal: Option<Checked<Percent>>,
}

/// A rise of the rate, as a request carries it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewStepUp {
    /// Months after issue from which the rate applies, within the term.
    #[schema(minimum = 1, maximum = 479)]
    pub after_months: u32,
    /// The rate from then on, in percent a year.
    #[serde(default)]
    #[schema(value_type = NotNegativePercent, required = true)]
    pub rate: Checked<Percent>,
}

/// Terms of a certificate of deposit, as a request carries them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCdTerms {
    /// Months from issue to maturity, 1 to 480.
    #[schema(required = true, value_type = u32, minimum = 1, maximum = 480)]
    pub term_months: Option<u32>,
    /// Whether the bank may repay before maturity.
    #[serde(default)]
    pub callable: bool,
    /// First day on which the bank may call; callable CDs only.
    #[schema(value_type = Option<NaiveDate>)]
    pub first_call_date: Option<Checked<NaiveDate>>,
    /// Months after issue during which the bank may not call; callable CDs only.
    #[schema(minimum = 0, maximum = 480)]
    pub call_protection_months: Option<u32>,
    /// When interest is added; `daily` unless given.
    #[schema(value_type = Option<Compounding>)]
    pub compounding: Option<Checked<Compounding>>,
    /// How days are counted; `ACT/365F` unless given.
    #[schema(value_type = Option<DayCount>)]
    pub day_count: Option<Checked<DayCount>>,
    /// What an early withdrawal costs.
    pub early_withdrawal_penalty: Option<NewPenalty>,
    /// Rises of the rate, in order; at most 60.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub step_ups: Vec<NewStepUp>,
    /// Whether the deposit is insured by the FDIC; true unless given.
    pub fdic_insured: Option<bool>,
    /// Premium bands, by rising amount; at most 20. Below the first, and without any, the base rate
    /// holds as it is.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub rate_bands: Vec<NewRateBand>,
}

/// Longest term: 40 years, beyond any CD on sale.
const MAX_TERM: u32 = 480;
const MAX_STEP_UPS: usize = 60;

impl NewCdTerms {
    /// The terms, by the rules of the subtype.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self, subtype: Option<ProductSubtype>) -> Result<CdTerms, Violations> {
        let mut v = Violations::new();
        if self.term_months.is_none() {
            v.add("/term_months", "required", "is required");
        }
        let term = within(self.term_months, (1, MAX_TERM), "/term_months", &mut v);
        let first_call_date =
            self.first_call_date.and_then(|d| d.optional("/first_call_date", &mut v));
        let last = term.unwrap_or(MAX_TERM);
        let protection =
            within(self.call_protection_months, (0, last), "/call_protection_months", &mut v);
        check_call(self.callable, first_call_date, protection, &mut v);
        let compounding = self.compounding.and_then(|c| c.optional("/compounding", &mut v));
        let day_count = self.day_count.and_then(|d| d.optional("/day_count", &mut v));
        let penalty = self.early_withdrawal_penalty.and_then(|p| p.validate(&mut v));
        let step_ups = step_ups(self.step_ups, last, &mut v);
        if subtype == Some(ProductSubtype::StepUpCd) && step_ups.is_empty() {
            v.add("/step_ups", "required", "a step-up CD needs at least one step");
        }
        let rate_bands = bands(self.rate_bands, &mut v);
        v.into_result(CdTerms {
            term_months: term.unwrap_or_default(),
            callable: self.callable,
            first_call_date,
            call_protection_months: protection,
            compounding: compounding.unwrap_or(Compounding::Daily),
            day_count: day_count.unwrap_or(DayCount::Act365Fixed),
            early_withdrawal_penalty: penalty,
            step_ups,
            fdic_insured: self.fdic_insured.unwrap_or(true),
            rate_bands,
        })
    }
}

fn check_call(callable: bool, date: Option<NaiveDate>, months: Option<u32>, v: &mut Violations) {
    if !callable && date.is_some() {
        v.add("/first_call_date", "not_applicable", "only a callable CD has it");
    }
    if !callable && months.is_some() {
        v.add("/call_protection_months", "not_applicable", "only a callable CD has it");
    }
    if date.is_some() && months.is_some() {
        let message = "give either first_call_date or call_protection_months";
        v.add("/call_protection_months", "conflict", message);
    }
}

impl NewPenalty {
    fn validate(self, v: &mut Violations) -> Option<EarlyWithdrawalPenalty> {
        let at = "/early_withdrawal_penalty";
        let given = usize::from(self.days_of_interest.is_some())
            + usize::from(self.months_of_interest.is_some())
            + usize::from(self.percentage_of_principal.is_some());
        if given != 1 {
            let message = "must have exactly one of days_of_interest, months_of_interest, percentage_of_principal";
            v.add(at, "conflict", message);
            return None;
        }
        let days = within(self.days_of_interest, (0, 3650), &format!("{at}/days_of_interest"), v);
        let months =
            within(self.months_of_interest, (0, 120), &format!("{at}/months_of_interest"), v);
        let share =
            share(self.percentage_of_principal, &format!("{at}/percentage_of_principal"), v);
        days.map(EarlyWithdrawalPenalty::DaysOfInterest)
            .or(months.map(EarlyWithdrawalPenalty::MonthsOfInterest))
            .or(share.map(EarlyWithdrawalPenalty::PercentageOfPrincipal))
    }
}

fn step_ups(steps: Vec<NewStepUp>, term: u32, v: &mut Violations) -> Vec<StepUp> {
    if steps.len() > MAX_STEP_UPS {
        v.add("/step_ups", "too_many", "may have at most 60 steps");
        return Vec::new();
    }
    let mut previous = 0;
    let mut result = Vec::with_capacity(steps.len());
    for (i, step) in steps.into_iter().enumerate() {
        if step.after_months <= previous || step.after_months >= term {
            let message = "must rise from step to step and lie within the term";
            v.add(format!("/step_ups/{i}/after_months"), "out_of_range", message);
        }
        previous = previous.max(step.after_months);
        let pointer = format!("/step_ups/{i}/rate");
        if matches!(step.rate, Checked::Missing) {
            v.add(pointer.as_str(), "required", "is required");
        } else if let Some(rate) = not_negative(Some(step.rate), &pointer, v) {
            result.push(StepUp { after_months: step.after_months, rate });
        }
    }
    result
}

#[cfg(test)]
mod tests;
