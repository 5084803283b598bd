//! One product held to its end.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::eligibility::{self, term_months};
use super::projection::{Projection, first_call};
use super::{ComparisonInput, Eligibility, Scenario, Yields};
use crate::interest::InterestError;
use crate::money::{Amount, Percent};

/// A product held until its term, or its guarantee, is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// Whether it may be bought.
    pub eligibility: Eligibility,
    /// Whether leaving on the last day costs a surrender charge.
    pub charged_at_end: bool,
    /// The last day.
    pub maturity_date: NaiveDate,
    /// What is there on that day, interest and bonus included.
    pub value_at_maturity: Amount,
    /// Bonus in money.
    pub bonus_amount: Amount,
    /// The rate for the amount, percent a year.
    pub rate: Percent,
    /// The first day before the last on which the bank may repay.
    pub first_call_date: Option<NaiveDate>,
    /// What it yields.
    pub yields: Yields,
}

/// Holds a product to its end; none for what has no fixed end.
///
/// # Errors
/// `Overflow` if a value does not fit.
pub fn hold(
    input: &ComparisonInput,
    scenario: &Scenario,
) -> Result<Option<Holding>, InterestError> {
    let bonus_amount = Amount::rounded(scenario.amount.decimal() * input.bonus_rate.fraction())?;
    let projection = Projection { input, scenario, bonus: bonus_amount.decimal() };
    let Some(maturity_date) = projection.growth_ends() else { return Ok(None) };
    let guarantee = input.annuity_terms.as_ref().and_then(|t| t.guarantee_years);
    let charged = guarantee.is_some_and(|years| term_months(input) > years.checked_mul(12));
    let call = input.cd_terms.as_ref().and_then(|cd| first_call(cd, scenario.as_of));
    let worth: Decimal = projection.grown(maturity_date)?;
    Ok(Some(Holding {
        eligibility: eligibility::check(input, scenario),
        charged_at_end: charged,
        maturity_date,
        value_at_maturity: Amount::rounded(worth)?,
        bonus_amount,
        rate: input.rate(scenario.amount)?,
        first_call_date: call.filter(|call| *call < maturity_date),
        yields: projection.yields()?,
    }))
}
