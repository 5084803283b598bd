//! Changes of rates: what was proposed, by whom, and what a second person made of it.

pub(crate) mod decide;
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

/// One change of a product's rate.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RateChange {
    /// Its id.
    change_id: Uuid,
    /// The product.
    product_id: Uuid,
    /// `applied`, `unchanged`, `pending`, `approved` or `rejected`.
    status: String,
    /// `manual`, `feed` or `import`.
    origin: String,
    /// `manual`, `import`, or the feed it came from.
    source: Option<String>,
    /// Interest in percent a year.
    base_rate: Percent,
    /// Bonus in percent.
    bonus_rate: Percent,
    /// Always `percent`.
    #[schema(value_type = String, example = "percent")]
    rate_unit: &'static str,
    /// First day.
    effective_date: NaiveDate,
    /// Last day, inclusive; null holds until the next scheduled rate.
    end_date: Option<NaiveDate>,
    /// The rate on the first day when it was proposed; null where there was none.
    previous_base_rate: Option<Percent>,
    /// The bonus on the first day when it was proposed.
    previous_bonus_rate: Option<Percent>,
    /// Why it was proposed.
    reason: Option<String>,
    /// Why it was held: `out_of_tolerance`, or `conflict` with a stronger source.
    quarantine_reason: Option<String>,
    /// The batch that brought it.
    batch_id: Option<Uuid>,
    /// The feed's own id of the rate.
    external_id: Option<String>,
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
}

impl RateChange {
    /// Out of a row of `rates.change_get` or `rates.changes_list`.
    pub(crate) fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            change_id: row.get("change_id"),
            product_id: row.get("product_id"),
            status: row.get("status"),
            origin: row.get("origin"),
            source: row.get("source"),
            base_rate: percent(row, "base_rate")?,
            bonus_rate: percent(row, "bonus_rate")?,
            rate_unit: UNIT,
            effective_date: row.get("effective_date"),
            end_date: row.get("end_date"),
            previous_base_rate: optional_percent(row, "previous_base_rate")?,
            previous_bonus_rate: optional_percent(row, "previous_bonus_rate")?,
            reason: row.get("reason"),
            quarantine_reason: row.get("quarantine_reason"),
            batch_id: row.get("batch_id"),
            external_id: row.get("external_id"),
            proposed_at: row.get("proposed_at"),
            proposed_by: row.get("proposed_by"),
            decided_at: row.get("decided_at"),
            decided_by: row.get("decided_by"),
            decision_note: row.get("decision_note"),
        })
    }

    /// Its address.
    pub(crate) fn location(&self) -> String {
        format!("/v1/rate-changes/{}", self.change_id)
    }
}
