//! Availability windows: when a product may be sold. Both days belong to a window and active
//! windows of a product never overlap (S0-23 to S0-31, C0-17).

pub(crate) mod add;
pub(crate) mod change;
pub(crate) mod list;
pub(crate) mod remove;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::ids::AvailabilityId;
use wealth_db::Row;

use crate::row::{self, Timestamp};

/// A window.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Availability {
    /// Its id.
    pub(crate) availability_id: AvailabilityId,
    /// First day.
    pub(crate) start_date: NaiveDate,
    /// Last day.
    pub(crate) end_date: NaiveDate,
    /// False once it has been removed.
    pub(crate) is_active: bool,
    /// When it was made.
    pub(crate) created_at: Timestamp,
    /// Who made it.
    pub(crate) created_by: String,
}

impl Availability {
    /// From a row of `products.availability_get` or `availability_list`.
    fn read(row: &Row) -> Self {
        Self {
            availability_id: row.get::<_, Uuid>("availability_id").into(),
            start_date: row.get("start_date"),
            end_date: row.get("end_date"),
            is_active: row.get("is_active"),
            created_at: row::timestamp(row, "created_at"),
            created_by: row.get("created_by"),
        }
    }
}
