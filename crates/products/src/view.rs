//! A product as it is answered.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use wealth_core::currency::Currency;
use wealth_core::cusip::Cusip;
use wealth_core::ids::{AvailabilityId, ProductId};
use wealth_core::isin::Isin;
use wealth_core::money::{Amount, Percent};
use wealth_core::product::{AnnuityTerms, CdTerms, ProductSubtype, ProductType};
use wealth_core::us_state::UsState;
use wealth_db::Row;
use wealth_http::{Problem, Result};

use crate::row::{self, Timestamp};

/// Unit of every rate: percent a year, 5.2500 being five and a quarter (C0-21).
pub(crate) const RATE_UNIT: &str = "percent";

/// A product without its long texts and parts, as lists show it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProductSummary {
    /// Its id.
    pub(crate) product_id: ProductId,
    /// Its CUSIP, unique in the tenant.
    pub(crate) cusip: Cusip,
    /// Its ISIN, given or derived from the CUSIP.
    pub(crate) isin: Option<Isin>,
    /// Its name.
    pub(crate) product_name: String,
    /// Top-level type.
    pub(crate) product_type: ProductType,
    /// Kind within the type.
    pub(crate) product_subtype: Option<ProductSubtype>,
    /// Insurer or bank.
    pub(crate) issuer: Option<String>,
    /// Free text.
    pub(crate) description: Option<String>,
    /// Currency of all amounts.
    pub(crate) currency: Currency,
    /// Least investment.
    pub(crate) minimum_investment: Amount,
    /// Most investment; null is unlimited.
    pub(crate) maximum_investment: Option<Amount>,
    /// Base rate in force on the firm's business date.
    pub(crate) base_rate: Percent,
    /// Bonus in force on the firm's business date; never part of a yield.
    pub(crate) bonus_rate: Percent,
    /// Unit of both.
    #[schema(value_type = String, example = "percent")]
    pub(crate) rate_unit: &'static str,
    /// First day of the rate in force.
    pub(crate) rate_effective_date: NaiveDate,
    /// Whether the premium, or a share of it, is returned in any case.
    pub(crate) return_of_premium: bool,
    /// That share in percent.
    pub(crate) return_of_premium_percentage: Option<Percent>,
    /// Number of the terms and conditions in force; 0 is none.
    pub(crate) terms_version: i32,
    /// States where it may be sold; empty is everywhere.
    pub(crate) states: Vec<UsState>,
    /// Whether it is on sale at all; availability windows say when.
    pub(crate) is_active: bool,
    /// When it was taken off sale.
    pub(crate) deactivated_at: Option<Timestamp>,
    /// When it was made.
    pub(crate) created_at: Timestamp,
    /// Who made it.
    pub(crate) created_by: String,
    /// When it was last changed.
    pub(crate) updated_at: Timestamp,
    /// Who last changed it.
    pub(crate) updated_by: Option<String>,
    /// Its version; the ETag is this number in quotes.
    pub(crate) version: i64,
}

/// A product with everything about it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ProductView {
    /// What lists show too.
    #[serde(flatten)]
    pub(crate) summary: ProductSummary,
    /// Terms and conditions in force.
    pub(crate) terms_and_conditions: Option<String>,
    /// Annuity terms; annuities only.
    #[schema(value_type = Option<AnnuityTerms>)]
    pub(crate) annuity_terms: Option<Value>,
    /// CD terms; CDs only.
    #[schema(value_type = Option<CdTerms>)]
    pub(crate) cd_terms: Option<Value>,
    /// Active availability windows, earliest first.
    pub(crate) availability: Vec<ActiveWindow>,
}

/// A window in which the product may be sold, both days included.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
pub(crate) struct ActiveWindow {
    /// Its id.
    pub(crate) availability_id: AvailabilityId,
    /// First day.
    pub(crate) start_date: NaiveDate,
    /// Last day.
    pub(crate) end_date: NaiveDate,
}

impl ProductSummary {
    /// From a row with the columns of `products.list`.
    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            product_id: row.get::<_, uuid::Uuid>("product_id").into(),
            cusip: row::parsed(row, "cusip")?,
            isin: row::parsed_opt(row, "isin")?,
            product_name: row.get("product_name"),
            product_type: row::parsed(row, "product_type")?,
            product_subtype: row::parsed_opt(row, "product_subtype")?,
            issuer: row.get("issuer"),
            description: row.get("description"),
            currency: row::parsed(row, "currency")?,
            minimum_investment: row::amount(row, "minimum_investment")?,
            maximum_investment: row::amount_opt(row, "maximum_investment")?,
            base_rate: row::percent(row, "base_rate")?,
            bonus_rate: row::percent(row, "bonus_rate")?,
            rate_unit: RATE_UNIT,
            rate_effective_date: row.get("rate_effective_date"),
            return_of_premium: row.get("return_of_premium"),
            return_of_premium_percentage: row::percent_opt(row, "return_of_premium_percentage")?,
            terms_version: row.get("terms_version"),
            states: row::parsed_list(row, "states")?,
            is_active: row.get("is_active"),
            deactivated_at: row::timestamp_opt(row, "deactivated_at"),
            created_at: row::timestamp(row, "created_at"),
            created_by: row.get("created_by"),
            updated_at: row::timestamp(row, "updated_at"),
            updated_by: row.get("updated_by"),
            version: row.get("version"),
        })
    }
}

impl ProductView {
    /// From a row of `products.get_by_id`.
    pub(crate) fn read(row: &Row) -> Result<Self> {
        let windows: Value = row.get("availability");
        let availability = serde_json::from_value(windows)
            .map_err(|error| Problem::internal(format!("column availability: {error}")))?;
        Ok(Self {
            summary: ProductSummary::read(row)?,
            terms_and_conditions: row.get("terms_and_conditions"),
            annuity_terms: row.get("annuity_terms"),
            cd_terms: row.get("cd_terms"),
            availability,
        })
    }
}
