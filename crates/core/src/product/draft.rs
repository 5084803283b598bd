//! A product that is right by type.

use serde::Serialize;

use super::{AnnuityTerms, CdTerms, ProductSubtype, ProductType};
use crate::currency::Currency;
use crate::cusip::Cusip;
use crate::dates::DateWindow;
use crate::isin::Isin;
use crate::money::{Amount, Percent};
use crate::us_state::UsState;

/// A validated product, ready to be written. Made by [`super::NewProduct::validate`] and
/// [`super::ProductPatch::apply`]; a row read from the database is put into it to be patched.
///
/// It serialises to the same JSON that [`super::NewProduct`] reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProductDraft {
    /// CUSIP, unique in the tenant.
    pub cusip: Cusip,
    /// ISIN, given or derived from the CUSIP.
    pub isin: Option<Isin>,
    /// Name in NFC, 1 to 255 characters.
    pub product_name: String,
    /// Top-level type.
    pub product_type: ProductType,
    /// Kind within the type.
    pub product_subtype: Option<ProductSubtype>,
    /// Who stands behind the product: insurer or bank.
    pub issuer: Option<String>,
    /// Free text.
    pub description: Option<String>,
    /// Currency of all amounts.
    pub currency: Currency,
    /// Least investment.
    pub minimum_investment: Amount,
    /// Most investment; none is unlimited.
    pub maximum_investment: Option<Amount>,
    /// Base rate in percent a year.
    pub base_rate: Percent,
    /// Bonus in percent of the premium, never part of a yield.
    pub bonus_rate: Percent,
    /// Whether the premium, or a share of it, is returned in any case.
    pub return_of_premium: bool,
    /// That share in percent, two decimals (S0-15).
    pub return_of_premium_percentage: Option<Percent>,
    /// Terms and conditions, versioned by the database.
    pub terms_and_conditions: Option<String>,
    /// States where it may be sold, in order and without repeats; empty means everywhere.
    pub states: Vec<UsState>,
    /// Annuity terms; annuities only.
    pub annuity_terms: Option<AnnuityTerms>,
    /// CD terms; CDs only.
    pub cd_terms: Option<CdTerms>,
    /// First availability window; set when the product is made, never by a patch.
    pub availability: Option<DateWindow>,
}
