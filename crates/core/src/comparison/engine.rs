//! The comparison itself.

use std::collections::HashSet;

use rust_decimal::Decimal;

use super::Engine;
use super::crediting::scenarios;
use super::eligibility::{self, maturity};
use super::input::{ComparisonInput, Scenario};
use super::projection::{Projected, Projection, basis};
use super::result::{
    Basis, ComparedProduct, ComparisonResult, PointDetails, ProductDetails, ValuePoint,
};
use crate::dates::add_months;
use crate::ids::ProductId;
use crate::interest::{InterestError, apy_of_cd, effective_annual_yield};
use crate::money::{Amount, Percent};
use crate::product::ProductType;
use crate::violations::Violations;

/// Fewest products that make a comparison.
pub const MIN_PRODUCTS: usize = 2;
/// Most products in one comparison.
pub const MAX_PRODUCTS: usize = 10;
/// Longest horizon: 100 years.
pub const MAX_HORIZON_MONTHS: u32 = 1_200;

const ROUNDING: &str = "to the cent, halves away from zero";

/// Why there is no comparison.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CompareError {
    /// Not 2 to 10 products.
    #[error("must name 2 to 10 products")]
    ProductCount,
    /// The same product twice.
    #[error("must be distinct")]
    Repeated(ProductId),
    /// The amount is zero.
    #[error("must be greater than zero")]
    Amount,
    /// The horizon is zero or above 100 years.
    #[error("must lie between 1 and 1200")]
    Horizon,
    /// A value does not fit an amount of 13 digits.
    #[error("grows beyond 9999999999999.99 over this horizon")]
    OutOfRange(ProductId),
}

impl CompareError {
    /// The bad field of a request with `product_ids`, `investment_amount` and `horizon_months`.
    pub fn violations(&self) -> Violations {
        let (pointer, code) = match self {
            Self::ProductCount => ("/product_ids", "out_of_range"),
            Self::Repeated(_) => ("/product_ids", "duplicate"),
            Self::Amount | Self::OutOfRange(_) => ("/investment_amount", "out_of_range"),
            Self::Horizon => ("/horizon_months", "out_of_range"),
        };
        Violations::one(pointer, code, self.to_string())
    }
}

/// Compares 2 to 10 distinct products; see the module for what the figures mean.
///
/// # Errors
/// [`CompareError`].
pub fn compare(
    inputs: &[ComparisonInput],
    scenario: &Scenario,
) -> Result<ComparisonResult, CompareError> {
    if !(MIN_PRODUCTS..=MAX_PRODUCTS).contains(&inputs.len()) {
        return Err(CompareError::ProductCount);
    }
    if scenario.amount == Amount::ZERO {
        return Err(CompareError::Amount);
    }
    if !(1..=MAX_HORIZON_MONTHS).contains(&scenario.horizon_months) {
        return Err(CompareError::Horizon);
    }
    let mut seen = HashSet::new();
    if let Some(repeated) = inputs.iter().find(|input| !seen.insert(input.product_id)) {
        return Err(CompareError::Repeated(repeated.product_id));
    }
    let mut products = inputs
        .iter()
        .map(|input| one(input, scenario).map_err(|_| CompareError::OutOfRange(input.product_id)))
        .collect::<Result<Vec<_>, _>>()?;
    rank(&mut products);
    Ok(ComparisonResult {
        amount: scenario.amount,
        currency: scenario.currency,
        horizon_months: scenario.horizon_months,
        as_of: scenario.as_of,
        rounding: ROUNDING,
        products,
    })
}

/// Eligible products first, then the higher value at the horizon; equal ones by CUSIP and id, so
/// that the order never depends on the order of the question.
fn rank(products: &mut [ComparedProduct]) {
    products.sort_by(|a, b| {
        b.eligibility
            .eligible
            .cmp(&a.eligibility.eligible)
            .then(b.value_at_horizon.cmp(&a.value_at_horizon))
            .then(a.cusip.cmp(&b.cusip))
            .then(a.product_id.cmp(&b.product_id))
    });
    for (rank, product) in (1u32..).zip(products) {
        product.rank = rank;
    }
}

fn one(input: &ComparisonInput, scenario: &Scenario) -> Result<ComparedProduct, InterestError> {
    let bonus_amount = Amount::rounded(scenario.amount.decimal() * input.bonus_rate.fraction())?;
    let projection = Projection { input, scenario, bonus: bonus_amount.decimal() };
    let values = points(scenario.horizon_months)
        .map(|months| point(&projection, months, scenario))
        .collect::<Result<Vec<_>, _>>()?;
    let last = point(&projection, scenario.horizon_months, scenario)?;
    let maturity = maturity(input, scenario);
    let value_at_maturity = match maturity {
        Some((months, _)) => Some(Amount::rounded(projection.at(months)?.value)?),
        None => None,
    };
    Ok(ComparedProduct {
        rank: 0,
        product_id: input.product_id,
        cusip: input.cusip,
        product_name: input.product_name.clone(),
        issuer: input.issuer.clone(),
        product_type: input.product_type,
        product_subtype: input.product_subtype,
        base_rate: input.base_rate,
        bonus_rate: input.bonus_rate,
        rate_unit: "percent",
        rate_effective_date: input.rate_effective_date,
        eligibility: eligibility::check(input, scenario),
        basis: basis(input),
        bonus_amount,
        maturity_date: maturity.map(|(_, date)| date),
        value_at_maturity,
        value_at_horizon: last.value,
        early_value_at_horizon: last.early_value,
        guaranteed_at_horizon: last.guaranteed_value,
        effective_annual_yield: yearly(input, scenario)?,
        apy: apy(input, scenario)?,
        values,
        details: (scenario.engine > Engine::V1).then(|| details(&projection)).transpose()?,
    })
}

fn details(projection: &Projection<'_>) -> Result<ProductDetails, InterestError> {
    let scenario = projection.scenario;
    let months: Vec<u32> = points(scenario.horizon_months).collect();
    Ok(ProductDetails {
        rate_for_amount: projection.input.rate(scenario.amount)?,
        first_call: projection.first_call()?,
        index_scenarios: scenarios(projection, &months)?,
        yields: (scenario.engine > Engine::V2).then(|| projection.yields()).transpose()?,
    })
}

/// Every full year, and the horizon if it is not one.
fn points(horizon: u32) -> impl Iterator<Item = u32> {
    let broken = (!horizon.is_multiple_of(12)).then_some(horizon);
    (1..=horizon / 12).map(|year| year * 12).chain(broken)
}

fn point(
    projection: &Projection<'_>,
    months: u32,
    scenario: &Scenario,
) -> Result<ValuePoint, InterestError> {
    let Projected { value, early, guaranteed } = projection.at(months)?;
    Ok(ValuePoint {
        months,
        date: add_months(scenario.as_of, months)?,
        value: Amount::rounded(value)?,
        early_value: early.as_ref().map(|left| Amount::rounded(left.value)).transpose()?,
        guaranteed_value: Amount::rounded(guaranteed)?,
        details: if scenario.engine > Engine::V1 {
            let early_withdrawal = early.as_ref().map(|left| left.shown()).transpose()?;
            Some(PointDetails { early_withdrawal })
        } else {
            None
        },
    })
}

/// Yearly growth to the horizon without the bonus; none for income, which returns no principal.
fn yearly(input: &ComparisonInput, scenario: &Scenario) -> Result<Option<Percent>, InterestError> {
    if basis(input) == Basis::Payout {
        return Ok(None);
    }
    let plain = Projection { input, scenario, bonus: Decimal::ZERO };
    let value = Amount::rounded(plain.at(scenario.horizon_months)?.value)?;
    effective_annual_yield(scenario.amount, value, scenario.horizon_months).map(Some)
}

fn apy(input: &ComparisonInput, scenario: &Scenario) -> Result<Option<Decimal>, InterestError> {
    match &input.cd_terms {
        Some(cd) if input.product_type == ProductType::Cd => {
            let found =
                apy_of_cd(scenario.amount, input.rate(scenario.amount)?, cd, scenario.as_of)?;
            Ok(Some(found.apy))
        }
        _ => Ok(None),
    }
}

#[cfg(test)]
mod tests;
