//! What a replacement costs the consumer.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::money::Amount;
use crate::parse::Checked;
use crate::shape;
use crate::text;
use crate::violations::Violations;

/// Longest surrender period, in months.
const MAX_MONTHS: u32 = 1_200;

/// The contract that is replaced, as a request carries it.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReplacement {
    /// Number or name of the existing contract.
    #[serde(default)]
    #[schema(required = true, value_type = shape::ExternalId)]
    pub existing_contract: String,
    /// Its insurer.
    #[serde(default)]
    #[schema(required = true, value_type = shape::Name)]
    pub existing_issuer: String,
    /// Its value before surrender.
    #[serde(default)]
    #[schema(required = true, value_type = Amount)]
    pub existing_value: Checked<Amount>,
    /// Surrender charge that is lost; 0.00 if there is none.
    #[serde(default)]
    #[schema(required = true, value_type = Amount)]
    pub surrender_charge: Checked<Amount>,
    /// Existing benefits that are lost, such as death, living or other contractual ones.
    #[schema(value_type = Option<shape::Note>)]
    pub benefits_lost: Option<String>,
    /// Months of a new surrender period, 0 to 1200; 0 if none begins.
    #[schema(required = true, value_type = u32, minimum = 0, maximum = 1200)]
    pub new_surrender_period_months: Option<u32>,
    /// By how much fees and charges rise, in words.
    #[schema(value_type = Option<shape::Note>)]
    pub increased_fees: Option<String>,
    /// Whether the consumer exchanged or replaced another annuity in the 60 months before.
    #[schema(required = true, value_type = bool)]
    pub exchanged_within_60_months: Option<bool>,
    /// Why the new product substantially benefits the consumer over the life of the product.
    #[serde(default)]
    #[schema(required = true, value_type = shape::Note)]
    pub benefit: String,
}

/// The contract that is replaced (NAIC Model #275, section 6(A)(1)(d)).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Replacement {
    /// Number or name of the existing contract.
    pub existing_contract: String,
    /// Its insurer.
    pub existing_issuer: String,
    /// Its value before surrender.
    pub existing_value: Amount,
    /// Surrender charge that is lost.
    pub surrender_charge: Amount,
    /// Existing benefits that are lost.
    pub benefits_lost: Option<String>,
    /// Months of a new surrender period.
    pub new_surrender_period_months: u32,
    /// By how much fees and charges rise.
    pub increased_fees: Option<String>,
    /// Whether there was another exchange or replacement in the 60 months before.
    pub exchanged_within_60_months: bool,
    /// Why it benefits the consumer.
    pub benefit: String,
}

impl NewReplacement {
    /// The replacement, after noting what is wrong with it.
    pub(super) fn validate(self, v: &mut Violations) -> Replacement {
        let contract = "/replacement/existing_contract";
        let contract = text::clean(&self.existing_contract, text::EXTERNAL_ID, contract, v);
        let issuer = "/replacement/existing_issuer";
        let issuer = text::clean(&self.existing_issuer, text::NAME, issuer, v);
        let value = self.existing_value.required("/replacement/existing_value", v);
        let charge = self.surrender_charge.required("/replacement/surrender_charge", v);
        if let (Some(value), Some(charge)) = (value, charge)
            && charge > value
        {
            let message = "must not exceed existing_value";
            v.add("/replacement/surrender_charge", "out_of_range", message);
        }
        let mut words = |given: Option<String>, name: &str| {
            text::clean(&given?, text::REASON, &format!("/replacement/{name}"), v)
        };
        let benefits_lost = words(self.benefits_lost, "benefits_lost");
        let increased_fees = words(self.increased_fees, "increased_fees");
        let benefit = words(Some(self.benefit), "benefit");
        let at = "/replacement/new_surrender_period_months";
        match self.new_surrender_period_months {
            None => v.add(at, "required", "is required"),
            Some(months) if months > MAX_MONTHS => {
                v.add(at, "out_of_range", "must lie between 0 and 1200");
            }
            Some(_) => {}
        }
        if self.exchanged_within_60_months.is_none() {
            v.add("/replacement/exchanged_within_60_months", "required", "is required");
        }
        Replacement {
            existing_contract: contract.unwrap_or_default(),
            existing_issuer: issuer.unwrap_or_default(),
            existing_value: value.unwrap_or_default(),
            surrender_charge: charge.unwrap_or_default(),
            benefits_lost,
            new_surrender_period_months: self.new_surrender_period_months.unwrap_or_default(),
            increased_fees,
            exchanged_within_60_months: self.exchanged_within_60_months.unwrap_or_default(),
            benefit: benefit.unwrap_or_default(),
        }
    }
}

/// What a reviewer of a replacement has to weigh (section 6(A)(1)(d)(i) and (iii)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReplacementConcern {
    /// A surrender charge is incurred.
    SurrenderCharge,
    /// A new surrender period begins.
    NewSurrenderPeriod,
    /// Existing benefits are lost.
    BenefitsLost,
    /// Fees or charges rise.
    IncreasedFees,
    /// There was another exchange or replacement in the 60 months before.
    ExchangedWithin60Months,
    /// Within the horizon the consumer could not leave the new contract with what the old one was
    /// worth.
    NoBreakEven,
}

/// What a replacement comes to by the figures of the comparison.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReplacementFigures {
    /// What is left of the existing contract after its surrender charge.
    pub surrender_value: Amount,
    /// The first month shown at which the new contract's early value, for the surrender value, makes
    /// up for the existing contract's value today; null within the horizon.
    pub break_even_months: Option<u32>,
    /// What has to be weighed.
    pub concerns: Vec<ReplacementConcern>,
}

/// Compares: `points` are months and early value of the recommended product for `amount`, as the
/// comparison showed them. An early value counts in proportion to the surrender value, because that
/// is what is invested.
pub fn figures(
    replacement: &Replacement,
    amount: Amount,
    points: &[(u32, Option<Amount>)],
) -> ReplacementFigures {
    use ReplacementConcern as C;
    let old = replacement.existing_value.decimal();
    let left = old - replacement.surrender_charge.decimal();
    let made_up = |early: &Amount| {
        let share = early.decimal().checked_div(amount.decimal());
        share.and_then(|share| share.checked_mul(left)).is_some_and(|value| value >= old)
    };
    let found = points.iter().find(|(_, early)| early.as_ref().is_some_and(made_up));
    let break_even_months = found.map(|(months, _)| *months);
    let charged = replacement.surrender_charge > Amount::ZERO;
    let concerns = [
        (charged, C::SurrenderCharge),
        (replacement.new_surrender_period_months > 0, C::NewSurrenderPeriod),
        (replacement.benefits_lost.is_some(), C::BenefitsLost),
        (replacement.increased_fees.is_some(), C::IncreasedFees),
        (replacement.exchanged_within_60_months, C::ExchangedWithin60Months),
        (break_even_months.is_none(), C::NoBreakEven),
    ];
    ReplacementFigures {
        // Not negative: a charge above the value was refused.
        surrender_value: Amount::rounded(left).unwrap_or_default(),
        break_even_months,
        concerns: concerns.into_iter().filter(|(is, _)| *is).map(|(_, what)| what).collect(),
    }
}
