//! One product looked at for one rung.

use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;

use super::Question;
use crate::comparison::{ComparisonInput, Holding, Reason, hold};
use crate::cusip::Cusip;
use crate::ids::ProductId;
use crate::interest::InterestError;
use crate::money::{Amount, Percent};

/// Why a product that may be bought was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LadderReason {
    /// The bank may repay it before maturity, and such products were not asked for.
    CallableNotAsked,
    /// Its institution would hold more principal than is insured.
    InsuredLimitReached,
    /// Leaving when the guarantee ends still costs a surrender charge.
    SurrenderChargeAtEnd,
    /// It serves another rung.
    InAnotherRung,
    /// Another product yields more, or as much.
    LowerYield,
}

/// A reason of eligibility or of the ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum LeftOutReason {
    /// It may not be bought.
    Eligibility(Reason),
    /// It was not taken.
    Ladder(LadderReason),
}

/// A product that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct LeftOut {
    /// The product.
    pub product_id: ProductId,
    /// Its CUSIP.
    pub cusip: Cusip,
    /// Its name as shown.
    pub product_name: String,
    /// Its yield to worst for what the rung would have bought.
    pub yield_to_worst: Option<Percent>,
    /// Why.
    pub reasons: Vec<LeftOutReason>,
}

/// A product with what it would come to on a rung.
pub(super) struct Candidate<'a> {
    pub(super) input: &'a ComparisonInput,
    pub(super) amount: Amount,
    pub(super) holding: Holding,
    pub(super) reasons: Vec<LeftOutReason>,
}

/// Months to the end of what a product promises: the term of a CD, the guarantee of an annuity.
pub(super) fn term(input: &ComparisonInput) -> Option<u32> {
    match (&input.cd_terms, &input.annuity_terms) {
        (Some(cd), _) => Some(cd.term_months),
        (None, Some(annuity)) => annuity.guarantee_years?.checked_mul(12),
        (None, None) => None,
    }
}

/// What a product is bought in multiples of.
pub(super) fn unit(input: &ComparisonInput) -> Decimal {
    let least = input.minimum_investment.decimal();
    if least.is_zero() { Decimal::ONE } else { least }
}

/// The most whole units within `room`; nothing if not even one fits.
fn whole_units(input: &ComparisonInput, room: Decimal) -> Result<Amount, InterestError> {
    let room = input.maximum_investment.map_or(room, |most| most.decimal().min(room));
    let unit = unit(input);
    let units = room.checked_div(unit).ok_or(InterestError::Overflow)?.floor();
    Ok(Amount::rounded(units.checked_mul(unit).ok_or(InterestError::Overflow)?)?)
}

impl<'a> Candidate<'a> {
    /// Looks at a product for a share of the amount; none if it has no fixed end.
    pub(super) fn new(
        input: &'a ComparisonInput,
        share: Amount,
        question: &Question,
    ) -> Result<Option<Self>, InterestError> {
        let insured = input.cd_terms.as_ref().is_some_and(|cd| cd.fdic_insured);
        let room = if insured { share.min(question.insured_limit) } else { share };
        let bought = whole_units(input, room.decimal())?;
        // What cannot be bought at all is judged, and refused, for the whole share.
        let amount = if bought == Amount::ZERO { share } else { bought };
        let Some(months) = term(input) else { return Ok(None) };
        let Some(holding) = hold(input, &question.scenario(amount, months))? else {
            return Ok(None);
        };
        let mut reasons: Vec<_> =
            holding.eligibility.reasons.iter().copied().map(LeftOutReason::Eligibility).collect();
        let below = LeftOutReason::Eligibility(Reason::BelowMinimum);
        if bought == Amount::ZERO && !reasons.contains(&below) {
            reasons.push(below);
        }
        let callable = input.cd_terms.as_ref().is_some_and(|cd| cd.callable);
        let mut note = |condition: bool, reason| {
            if condition {
                reasons.push(LeftOutReason::Ladder(reason));
            }
        };
        note(callable && !question.include_callable, LadderReason::CallableNotAsked);
        note(holding.charged_at_end, LadderReason::SurrenderChargeAtEnd);
        Ok(Some(Self { input, amount, holding, reasons }))
    }

    /// The yield that decides.
    pub(super) fn percent(&self) -> Option<Percent> {
        self.holding.yields.yield_to_worst.map(|worst| worst.percent)
    }

    /// Why it was left out, as shown.
    pub(super) fn left_out(mut self) -> LeftOut {
        if self.reasons.is_empty() {
            self.reasons.push(LeftOutReason::Ladder(LadderReason::LowerYield));
        }
        LeftOut {
            product_id: self.input.product_id,
            cusip: self.input.cusip,
            product_name: self.input.product_name.clone(),
            yield_to_worst: self.percent(),
            reasons: self.reasons,
        }
    }
}
