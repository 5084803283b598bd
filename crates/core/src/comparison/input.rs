//! What a comparison is made from.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::Client;
use crate::currency::Currency;
use crate::cusip::Cusip;
use crate::dates::DateWindow;
use crate::ids::ProductId;
use crate::money::{Amount, Percent};
use crate::product::{AnnuityTerms, CdTerms, ProductSubtype, ProductType};
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
    /// Where it may be sold; empty is everywhere.
    pub states: Vec<UsState>,
    /// Active availability windows.
    pub availability: Vec<DateWindow>,
    /// Annuity terms.
    pub annuity_terms: Option<AnnuityTerms>,
    /// CD terms.
    pub cd_terms: Option<CdTerms>,
}

/// What is asked of the products.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
}
