//! Overrides: the rate of one account in place of the product's, for a reason and a time.

pub(crate) mod create;
pub(crate) mod decide;
pub(crate) mod end;
pub(crate) mod get;
pub(crate) mod list;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::Percent;
use wealth_db::Row;
use wealth_http::Result;

use crate::row::{UNIT, optional_percent, percent};

/// The rate of one account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RateOverrideView {
    /// Its id.
    override_id: Uuid,
    /// The product.
    product_id: Uuid,
    /// The account.
    account_reference: String,
    /// Interest in percent a year.
    base_rate: Percent,
    /// Bonus in percent.
    bonus_rate: Percent,
    /// Always `percent`.
    #[schema(value_type = String, example = "percent")]
    rate_unit: &'static str,
    /// First day.
    effective_date: NaiveDate,
    /// Last day, inclusive; null is open.
    end_date: Option<NaiveDate>,
    /// `applied`, `pending`, `approved` or `rejected`.
    status: String,
    /// Why the account has a rate of its own.
    reason: String,
    /// The product's rate on the first day when this was proposed; null where there was none.
    product_base_rate: Option<Percent>,
    /// The product's bonus on that day.
    product_bonus_rate: Option<Percent>,
    /// When it was proposed.
    proposed_at: DateTime<Utc>,
    /// By whom.
    proposed_by: String,
    /// When it was decided on.
    decided_at: Option<DateTime<Utc>>,
    /// By whom.
    decided_by: Option<String>,
    /// What the second person said.
    decision_note: Option<String>,
    /// Since when it is believed; null while it waits, and if it was rejected.
    recorded_at: Option<DateTime<Utc>>,
    /// Until when it was believed; null is still.
    superseded_at: Option<DateTime<Utc>>,
    /// The one that this is the rest of, if that was ended early.
    derived_from: Option<Uuid>,
}

impl RateOverrideView {
    /// From a row of `rates.override_get` or `override_list`.
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            override_id: row.get("override_id"),
            product_id: row.get("product_id"),
            account_reference: row.get("account_reference"),
            base_rate: percent(row, "base_rate")?,
            bonus_rate: percent(row, "bonus_rate")?,
            rate_unit: UNIT,
            effective_date: row.get("effective_date"),
            end_date: row.get("end_date"),
            status: row.get("status"),
            reason: row.get("reason"),
            product_base_rate: optional_percent(row, "product_base_rate")?,
            product_bonus_rate: optional_percent(row, "product_bonus_rate")?,
            proposed_at: row.get("proposed_at"),
            proposed_by: row.get("proposed_by"),
            decided_at: row.get("decided_at"),
            decided_by: row.get("decided_by"),
            decision_note: row.get("decision_note"),
            recorded_at: row.get("recorded_at"),
            superseded_at: row.get("superseded_at"),
            derived_from: row.get("derived_from"),
        })
    }
}
