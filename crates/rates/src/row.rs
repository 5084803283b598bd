//! Rates as they stand in rows and answers.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::Percent;
use wealth_db::Row;
use wealth_http::{Problem, Result};

/// The unit of every rate of this platform (C0-21).
pub(crate) const UNIT: &str = "percent";

/// A percentage out of a column.
pub(crate) fn percent(row: &Row, column: &str) -> Result<Percent> {
    exact(row.get(column))
}

/// A percentage out of a column that may be NULL.
pub(crate) fn optional_percent(row: &Row, column: &str) -> Result<Option<Percent>> {
    row.get::<_, Option<Decimal>>(column).map(exact).transpose()
}

fn exact(value: Decimal) -> Result<Percent> {
    Percent::new(value).map_err(|error| Problem::internal(format!("{value}: {error}")))
}

/// A rate of one product over its days.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ProductRate {
    /// Id of the row in the rate history.
    rate_history_id: Uuid,
    /// The product.
    product_id: Uuid,
    /// Interest in percent a year, without bonus.
    base_rate: Percent,
    /// Bonus in percent, never part of a yield.
    bonus_rate: Percent,
    /// Always `percent`: `5.2500` is five and a quarter per cent.
    #[schema(value_type = String, example = "percent")]
    rate_unit: &'static str,
    /// First day.
    effective_date: NaiveDate,
    /// Last day, inclusive; null is open-ended.
    end_date: Option<NaiveDate>,
    /// `manual`, `import`, or the feed it came from.
    source: String,
    /// When it was recorded: from this instant on it was believed.
    recorded_at: DateTime<Utc>,
}

impl ProductRate {
    /// Out of a row with these columns.
    pub(crate) fn read(product_id: Uuid, row: &Row) -> Result<Self> {
        Ok(Self {
            rate_history_id: row.get("rate_history_id"),
            product_id,
            base_rate: percent(row, "base_rate")?,
            bonus_rate: percent(row, "bonus_rate")?,
            rate_unit: UNIT,
            effective_date: row.get("effective_date"),
            end_date: row.get("end_date"),
            source: row.get("source"),
            recorded_at: row.get("recorded_at"),
        })
    }

    /// The first day, which orders a timeline.
    pub(crate) fn effective_date(&self) -> NaiveDate {
        self.effective_date
    }
}

/// A row of the rate history with where it came from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RecordedRate {
    /// The rate.
    #[serde(flatten)]
    rate: ProductRate,
    /// When a later row took its place; null while it is believed.
    superseded_at: Option<DateTime<Utc>>,
    /// The feed's own id of the rate.
    external_id: Option<String>,
    /// The batch that brought it.
    batch_id: Option<Uuid>,
    /// The change that made it.
    change_id: Option<Uuid>,
    /// The row of which this one is the rest, where a change cut it.
    derived_from: Option<Uuid>,
    /// Why it was set, in the words of who set it.
    reason: Option<String>,
    /// The second person, where one was needed.
    approved_by: Option<String>,
    /// Who set it.
    created_by: String,
}

impl RecordedRate {
    /// Out of a row of `rates.history_all`.
    pub(crate) fn read(product_id: Uuid, row: &Row) -> Result<Self> {
        Ok(Self {
            rate: ProductRate::read(product_id, row)?,
            superseded_at: row.get("superseded_at"),
            external_id: row.get("external_id"),
            batch_id: row.get("batch_id"),
            change_id: row.get("change_id"),
            derived_from: row.get("derived_from"),
            reason: row.get("reason"),
            approved_by: row.get("approved_by"),
            created_by: row.get("created_by"),
        })
    }

    /// First day and id, which order the history.
    pub(crate) fn key(&self) -> (NaiveDate, Uuid) {
        (self.rate.effective_date, self.rate.rate_history_id)
    }
}
