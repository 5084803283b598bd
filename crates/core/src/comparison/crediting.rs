//! What an index-linked annuity credits.

use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::input::{ComparisonInput, Scenario};
use super::projection::{Projection, basis};
use super::result::Basis;
use crate::interest::{InterestError, compound};
use crate::money::{Amount, Percent};
use crate::product::{CreditingMethod, ProductSubtype};

/// How the index is assumed to move in every contract year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndexCase {
    /// The index loses everything: what the contract guarantees to credit.
    GuaranteedMinimum,
    /// The index does not move.
    Unchanged,
    /// The credit reaches its cap; left out where there is none.
    Cap,
    /// The index moves as the question assumes; left out unless it does.
    Assumed,
}

/// An index-linked contract in one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct IndexScenario {
    /// The case.
    pub case: IndexCase,
    /// Change of the index in each contract year, in percent; null where the case is a credit.
    pub index_change: Option<Percent>,
    /// What is credited at the end of each contract year, in percent.
    pub annual_credit: Percent,
    /// Values at each full year and at the horizon.
    pub values: Vec<ScenarioPoint>,
}

/// Values of a scenario at one point in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ScenarioPoint {
    /// Months after the investment.
    pub months: u32,
    /// Contract value, bonus included.
    pub value: Amount,
    /// What the client would get on leaving then.
    pub early_value: Option<Amount>,
}

/// The cases of an index-linked contract, at `months`; none for any other product.
pub(super) fn scenarios(
    projection: &Projection<'_>,
    months: &[u32],
) -> Result<Vec<IndexScenario>, InterestError> {
    let (input, scenario) = (projection.input, projection.scenario);
    if !is_linked(input) {
        return Ok(Vec::new());
    }
    cases(input, scenario)?
        .into_iter()
        .map(|(case, index_change, annual_credit)| {
            let values = months.iter().map(|at| point(projection, *at, annual_credit));
            let values = values.collect::<Result<_, _>>()?;
            Ok(IndexScenario { case, index_change, annual_credit, values })
        })
        .collect()
}

fn is_linked(input: &ComparisonInput) -> bool {
    let subtype = input.product_subtype;
    basis(input) == Basis::Illustrated
        && matches!(subtype, Some(ProductSubtype::Fia | ProductSubtype::Rila))
}

type Case = (IndexCase, Option<Percent>, Percent);

fn cases(input: &ComparisonInput, scenario: &Scenario) -> Result<Vec<Case>, InterestError> {
    let rate = input.rate(scenario.amount)?;
    let of =
        |case, change| Ok::<_, InterestError>((case, Some(change), credit(input, rate, change)?));
    let total_loss = Percent::rounded(-Decimal::ONE_HUNDRED)?;
    let mut cases = vec![
        of(IndexCase::GuaranteedMinimum, total_loss)?,
        of(IndexCase::Unchanged, Percent::ZERO)?,
    ];
    let crediting = input.annuity_terms.as_ref().and_then(|t| t.crediting.as_ref());
    cases.extend(crediting.and_then(|c| c.cap).map(|cap| (IndexCase::Cap, None, cap)));
    if let Some(change) = scenario.assumptions.index_change {
        cases.push(of(IndexCase::Assumed, change)?);
    }
    Ok(cases)
}

fn point(
    projection: &Projection<'_>,
    months: u32,
    credit: Percent,
) -> Result<ScenarioPoint, InterestError> {
    let start = projection.scenario.amount.decimal() + projection.bonus;
    // A credit comes only at the end of a full contract year, whatever the index does until then.
    let value = compound(start, credit, 1, u64::from(months / 12))?;
    let left = projection.surrender(value, months)?;
    Ok(ScenarioPoint {
        months,
        value: Amount::rounded(value)?,
        early_value: left.map(|left| Amount::rounded(left.value)).transpose()?,
    })
}

/// What one contract year credits when the index moves by `change`.
///
/// A gain counts by its participation rate, less the spread but not below nothing, up to the cap.
/// `performance_triggered` credits its set rate unless the index fell. A loss is nothing for a FIA;
/// a RILA bears what exceeds its buffer, or all of it down to its floor. No credit is below a floor.
///
/// # Errors
/// `Overflow` if the participation makes more of it than a percentage holds.
pub(super) fn credit(
    input: &ComparisonInput,
    rate: Percent,
    change: Percent,
) -> Result<Percent, InterestError> {
    let crediting = input.annuity_terms.as_ref().and_then(|t| t.crediting.as_ref());
    let Some(terms) = crediting else { return Ok(change.max(Percent::ZERO)) };
    let credited = if change.is_negative() {
        match (input.product_subtype, terms.buffer) {
            (Some(ProductSubtype::Rila), Some(buffer)) => {
                let beyond = Percent::rounded(change.decimal() + buffer.decimal())?;
                return Ok(beyond.min(Percent::ZERO));
            }
            (Some(ProductSubtype::Rila), None) => change,
            _ => Percent::ZERO,
        }
    } else if terms.method == CreditingMethod::PerformanceTriggered {
        terms.cap.unwrap_or(rate)
    } else {
        let share = terms.participation_rate.unwrap_or(Percent::HUNDRED).fraction();
        let spread = terms.spread.unwrap_or_default().decimal();
        let gain = Percent::rounded((change.decimal() * share - spread).max(Decimal::ZERO))?;
        terms.cap.map_or(gain, |cap| gain.min(cap))
    };
    Ok(terms.floor.map_or(credited, |floor| credited.max(floor)))
}
