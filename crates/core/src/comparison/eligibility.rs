//! Whether a product may be bought.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::input::{ComparisonInput, Scenario};
use super::result::{Eligibility, Reason};
use crate::dates::add_months;
use crate::us_state::UsState;

/// What is known of the client; what is not known is a warning, never a refusal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Age in full years on the day of investment.
    #[serde(default)]
    pub age: Option<u32>,
    /// State of residence.
    #[serde(default)]
    pub state: Option<UsState>,
}

pub(super) fn check(input: &ComparisonInput, scenario: &Scenario) -> Eligibility {
    let mut found = Vec::new();
    let mut note = |condition: bool, reason: Reason| {
        if condition {
            found.push(reason);
        }
    };
    let amount = scenario.amount;
    note(!input.is_active, Reason::Inactive);
    let on_sale = input.availability.iter().any(|window| window.contains(scenario.as_of));
    note(!on_sale, Reason::NotAvailableOnDate);
    note(input.currency != scenario.currency, Reason::CurrencyDiffers);
    note(amount < input.minimum_investment, Reason::BelowMinimum);
    note(input.maximum_investment.is_some_and(|max| amount > max), Reason::AboveMaximum);
    let terms = input.annuity_terms.as_ref();
    let youngest = terms.and_then(|t| t.minimum_issue_age);
    let oldest = terms.and_then(|t| t.maximum_issue_age);
    match scenario.client.age {
        Some(age) => {
            note(youngest.is_some_and(|min| age < min), Reason::AgeBelowMinimum);
            note(oldest.is_some_and(|max| age > max), Reason::AgeAboveMaximum);
        }
        None => note(youngest.is_some() || oldest.is_some(), Reason::AgeNotGiven),
    }
    let limited = !input.states.is_empty();
    match scenario.client.state {
        Some(state) => note(limited && !input.states.contains(&state), Reason::StateNotApproved),
        None => note(limited, Reason::StateNotGiven),
    }
    note(input.not_appointed, Reason::NotAppointed);
    time_warnings(input, scenario, &mut note);
    let (warnings, reasons): (Vec<_>, Vec<_>) = found.into_iter().partition(|r| r.is_warning());
    Eligibility { eligible: reasons.is_empty(), reasons, warnings }
}

fn time_warnings(
    input: &ComparisonInput,
    scenario: &Scenario,
    note: &mut impl FnMut(bool, Reason),
) {
    if let Some(term) = term_months(input) {
        note(term > scenario.horizon_months, Reason::TermLongerThanHorizon);
        note(term < scenario.horizon_months, Reason::TermShorterThanHorizon);
    }
    if let Some(cd) = &input.cd_terms {
        note(cd.callable, Reason::Callable);
        note(cd.early_withdrawal_penalty.is_none(), Reason::NoEarlyWithdrawal);
    }
    let adjusted = input.annuity_terms.as_ref().is_some_and(|t| t.market_value_adjustment);
    // The first engine knew no assumption.
    let projected = scenario.assumptions.market_rate_change.is_some();
    note(adjusted && !projected, Reason::MarketValueAdjustment);
    let basis = super::projection::basis(input);
    note(basis == super::Basis::Illustrated, Reason::Illustrated);
    note(basis == super::Basis::Payout, Reason::IncomeProduct);
}

/// Months to maturity of a CD, or of the longer of guarantee and surrender schedule of an annuity.
pub(super) fn term_months(input: &ComparisonInput) -> Option<u32> {
    if let Some(cd) = &input.cd_terms {
        return Some(cd.term_months);
    }
    let terms = input.annuity_terms.as_ref()?;
    let charged = u32::try_from(terms.surrender_schedule.len()).unwrap_or(u32::MAX);
    let years = terms.guarantee_years.unwrap_or(0).max(charged);
    (years > 0).then(|| years.saturating_mul(12))
}

/// The day on which the term ends.
pub(super) fn maturity(
    input: &ComparisonInput,
    scenario: &Scenario,
) -> Option<(u32, chrono::NaiveDate)> {
    let months = term_months(input)?;
    add_months(scenario.as_of, months).ok().map(|date| (months, date))
}
