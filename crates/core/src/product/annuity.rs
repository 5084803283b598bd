//! Terms of an annuity.

use std::fmt;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::kind::named_values;
use super::limits::{share, within};
use super::rate_band::bands;
use super::{Crediting, NewCrediting, NewRateBand, ProductSubtype, RateBand};
use crate::money::Percent;
use crate::parse::{Checked, Parse, ParseError, text_value};
use crate::shape::Share;
use crate::violations::Violations;

named_values! {
    /// How the premium is paid.
    Premium, "unknown_value", "How the premium is paid", {
        /// Once.
        Single = "single",
        /// In as many payments as the owner likes.
        Flexible = "flexible",
    }
}

/// The surrender charge of one contract year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct SurrenderYear {
    /// Contract year, from 1.
    pub contract_year: u32,
    /// Percent of the contract value.
    pub charge: Percent,
}

/// Terms of an annuity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnnuityTerms {
    /// Charges by contract year, without a gap from year 1; none afterwards.
    pub surrender_schedule: Vec<SurrenderYear>,
    /// How interest is credited; none is the declared rate.
    pub crediting: Option<Crediting>,
    /// Youngest age at issue, in years.
    pub minimum_issue_age: Option<u32>,
    /// Oldest age at issue, in years.
    pub maximum_issue_age: Option<u32>,
    /// Percent of the contract value that may be withdrawn each year without charge.
    pub free_withdrawal_percentage: Option<Percent>,
    /// Whether an early surrender is adjusted by the movement of market rates.
    pub market_value_adjustment: bool,
    /// Years for which the rate is guaranteed.
    pub guarantee_years: Option<u32>,
    /// How the premium is paid.
    pub premium: Premium,
    /// Premium bands, by rising amount; none is one rate for any amount.
    pub rate_bands: Vec<RateBand>,
}

impl AnnuityTerms {
    /// The surrender charge in a contract year (from 1): zero after the schedule.
    pub fn charge_in(&self, contract_year: u32) -> Percent {
        self.surrender_schedule
            .iter()
            .find(|year| year.contract_year == contract_year)
            .map_or(Percent::ZERO, |year| year.charge)
    }
}

/// The surrender charge of one contract year, as a request carries it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSurrenderYear {
    /// Contract year, from 1.
    #[schema(minimum = 1, maximum = 50)]
    pub contract_year: u32,
    /// Percent of the contract value, 0 to 100.
    #[serde(default)]
    #[schema(value_type = Share, required = true)]
    pub charge: Checked<Percent>,
}

/// Terms of an annuity, as a request carries them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAnnuityTerms {
    /// Charges by contract year, without a gap from year 1; at most 50. They usually fall, but
    /// level and rising steps exist and are accepted.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub surrender_schedule: Vec<NewSurrenderYear>,
    /// How interest is credited; a RILA needs it.
    pub crediting: Option<NewCrediting>,
    /// Youngest age at issue, 0 to 120 years.
    #[schema(minimum = 0, maximum = 120)]
    pub minimum_issue_age: Option<u32>,
    /// Oldest age at issue, 0 to 120 years.
    #[schema(minimum = 0, maximum = 120)]
    pub maximum_issue_age: Option<u32>,
    /// Percent of the contract value that may be withdrawn each year without charge, 0 to 100.
    #[schema(value_type = Option<Share>)]
    pub free_withdrawal_percentage: Option<Checked<Percent>>,
    /// Whether an early surrender is adjusted by the movement of market rates.
    #[serde(default)]
    pub market_value_adjustment: bool,
    /// Years for which the rate is guaranteed, 1 to 100; a MYGA needs it.
    #[schema(minimum = 1, maximum = 100)]
    pub guarantee_years: Option<u32>,
    /// How the premium is paid; `single` unless given.
    #[schema(value_type = Option<Premium>)]
    pub premium: Option<Checked<Premium>>,
    /// Premium bands, by rising amount; at most 20. Below the first, and without any, the base rate
    /// holds as it is.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub rate_bands: Vec<NewRateBand>,
}

const MAX_SURRENDER_YEARS: usize = 50;

impl NewAnnuityTerms {
    /// The terms, by the rules of the subtype.
    ///
    /// # Errors
    /// Every bad field.
    pub fn validate(self, subtype: Option<ProductSubtype>) -> Result<AnnuityTerms, Violations> {
        let mut v = Violations::new();
        let surrender_schedule = schedule(self.surrender_schedule, &mut v);
        let crediting = match self.crediting.map(|c| c.validate(subtype)) {
            Some(Ok(crediting)) => Some(crediting),
            Some(Err(found)) => {
                v.nest("/crediting", found);
                None
            }
            None if subtype == Some(ProductSubtype::Rila) => {
                v.add("/crediting", "required", "a RILA needs its crediting terms");
                None
            }
            None => None,
        };
        let minimum_issue_age =
            within(self.minimum_issue_age, (0, 120), "/minimum_issue_age", &mut v);
        let maximum_issue_age =
            within(self.maximum_issue_age, (0, 120), "/maximum_issue_age", &mut v);
        if let (Some(min), Some(max)) = (minimum_issue_age, maximum_issue_age)
            && min > max
        {
            v.add("/maximum_issue_age", "out_of_range", "must not be below minimum_issue_age");
        }
        let guarantee_years = within(self.guarantee_years, (1, 100), "/guarantee_years", &mut v);
        if subtype == Some(ProductSubtype::Myga) && self.guarantee_years.is_none() {
            v.add("/guarantee_years", "required", "a MYGA needs its guarantee period");
        }
        let free = share(self.free_withdrawal_percentage, "/free_withdrawal_percentage", &mut v);
        let rate_bands = bands(self.rate_bands, &mut v);
        let premium = self.premium.and_then(|p| p.optional("/premium", &mut v));
        v.into_result(AnnuityTerms {
            surrender_schedule,
            crediting,
            minimum_issue_age,
            maximum_issue_age,
            free_withdrawal_percentage: free,
            market_value_adjustment: self.market_value_adjustment,
            guarantee_years,
            premium: premium.unwrap_or(Premium::Single),
            rate_bands,
        })
    }
}

fn schedule(years: Vec<NewSurrenderYear>, v: &mut Violations) -> Vec<SurrenderYear> {
    if years.len() > MAX_SURRENDER_YEARS {
        v.add("/surrender_schedule", "too_many", "may have at most 50 years");
        return Vec::new();
    }
    let mut schedule = Vec::with_capacity(years.len());
    for (expected, (i, year)) in (1u32..).zip(years.into_iter().enumerate()) {
        if year.contract_year != expected {
            let pointer = format!("/surrender_schedule/{i}/contract_year");
            v.add(
                pointer,
                "not_contiguous",
                format!("must be {expected}: years run from 1 without a gap"),
            );
        }
        let pointer = format!("/surrender_schedule/{i}/charge");
        if matches!(year.charge, Checked::Missing) {
            v.add(pointer.as_str(), "required", "is required");
        } else if let Some(charge) = share(Some(year.charge), &pointer, v) {
            schedule.push(SurrenderYear { contract_year: expected, charge });
        }
    }
    schedule
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(subtype: ProductSubtype, json: &str) -> Result<AnnuityTerms, Vec<String>> {
        let new: NewAnnuityTerms = serde_json::from_str(json).unwrap();
        new.validate(Some(subtype)).map_err(|v| v.0.into_iter().map(|e| e.pointer).collect())
    }

    #[test]
    fn charges_end_with_the_schedule() {
        let terms = check(
            ProductSubtype::Myga,
            r#"{"guarantee_years":3,"surrender_schedule":[{"contract_year":1,"charge":"7"},{"contract_year":2,"charge":"6"}]}"#,
        )
        .unwrap();
        assert_eq!(terms.charge_in(2).to_string(), "6.0000");
        assert_eq!(terms.charge_in(3), Percent::ZERO);
        assert_eq!(terms.premium, Premium::Single);
    }

    #[test]
    fn gaps_and_bad_charges_are_named() {
        let found = check(
            ProductSubtype::Fia,
            r#"{"surrender_schedule":[{"contract_year":2,"charge":"101"},{"contract_year":2}],
                "minimum_issue_age":80,"maximum_issue_age":18,"free_withdrawal_percentage":"-1","premium":"x"}"#,
        )
        .unwrap_err();
        assert_eq!(
            found,
            [
                "/surrender_schedule/0/contract_year",
                "/surrender_schedule/0/charge",
                "/surrender_schedule/1/charge",
                "/maximum_issue_age",
                "/free_withdrawal_percentage",
                "/premium"
            ]
        );
    }

    #[test]
    fn some_subtypes_need_more() {
        assert_eq!(check(ProductSubtype::Myga, "{}").unwrap_err(), ["/guarantee_years"]);
        assert_eq!(check(ProductSubtype::Rila, "{}").unwrap_err(), ["/crediting"]);
        assert!(check(ProductSubtype::Va, "{}").is_ok());
    }
}
