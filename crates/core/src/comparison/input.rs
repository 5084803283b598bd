//! What a comparison is made from.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Client, Engine};
use crate::currency::Currency;
use crate::cusip::Cusip;
use crate::dates::DateWindow;
use crate::ids::ProductId;
use crate::interest::InterestError;
use crate::money::{Amount, Percent};
use crate::product::{AnnuityTerms, CdTerms, ProductSubtype, ProductType, addition};
use crate::us_state::UsState;

/// One product with the rate that is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComparisonInput {
    /// The product.
    pub product_id: ProductId,
    /// Its CUSIP, which also breaks ties.
    pub cusip: Cusip,
    /// Its name as shown.
    pub product_name: String,
    /// Insurer or bank.
    pub issuer: Option<String>,
    /// Its type.
    pub product_type: ProductType,
    /// Its kind within the type.
    pub product_subtype: Option<ProductSubtype>,
    /// Currency of its amounts.
    pub currency: Currency,
    /// Whether it is on sale at all.
    pub is_active: bool,
    /// Least investment.
    pub minimum_investment: Amount,
    /// Most investment.
    pub maximum_investment: Option<Amount>,
    /// Base rate in force, percent a year.
    pub base_rate: Percent,
    /// Bonus in force, percent.
    pub bonus_rate: Percent,
    /// First day of the rate in force.
    pub rate_effective_date: NaiveDate,
    /// Whether the premium, or a share of it, is returned in any case.
    pub return_of_premium: bool,
    /// That share in percent.
    pub return_of_premium_percentage: Option<Percent>,
    /// Whether whoever asks would need the insurer's appointment and has none.
    pub not_appointed: bool,
    /// Where it may be sold; empty is everywhere.
    pub states: Vec<UsState>,
    /// Active availability windows.
    pub availability: Vec<DateWindow>,
    /// Annuity terms.
    pub annuity_terms: Option<AnnuityTerms>,
    /// CD terms.
    pub cd_terms: Option<CdTerms>,
}

impl ComparisonInput {
    /// The rate in force for an amount: the base rate with what its premium band adds.
    ///
    /// # Errors
    /// `Overflow` if the sum is no percentage.
    pub fn rate(&self, amount: Amount) -> Result<Percent, InterestError> {
        let bands = match (&self.cd_terms, &self.annuity_terms) {
            (Some(cd), _) => cd.rate_bands.as_slice(),
            (None, Some(annuity)) => annuity.rate_bands.as_slice(),
            (None, None) => &[],
        };
        let rate = self.base_rate.decimal() + addition(bands, amount).decimal();
        Ok(Percent::rounded(rate)?)
    }
}

/// What is assumed of markets; what is not assumed is not projected.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assumptions {
    /// Change of the index of index-linked contracts in every contract year, in percent.
    #[serde(default)]
    pub index_change: Option<Percent>,
    /// By how many percentage points market rates have moved when the client leaves early: what
    /// market value adjustments rest on.
    #[serde(default)]
    pub market_rate_change: Option<Percent>,
}

/// What is asked of the products.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scenario {
    /// Amount to invest.
    pub amount: Amount,
    /// Currency of the amount.
    pub currency: Currency,
    /// Months for which the money can stay.
    pub horizon_months: u32,
    /// Day of investment.
    pub as_of: NaiveDate,
    /// What is known of the client.
    pub client: Client,
    /// What is assumed of markets.
    pub assumptions: Assumptions,
    /// By which rules it is computed and shown.
    pub engine: Engine,
}
