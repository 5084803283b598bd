//! Appointments of producers: who may sell for which insurer, in which state, and whether the firm
//! holds its sales representatives to it.

pub(crate) mod add;
pub(crate) mod change;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod remove;
pub(crate) mod settings;

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::ids::{AppointmentId, UserId};
use wealth_core::product::LineOfAuthority;
use wealth_core::us_state::UsState;
use wealth_db::Row;
use wealth_http::Result;

use crate::row::{self, Timestamp};

/// An appointment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AppointmentView {
    /// Its id.
    pub(crate) appointment_id: AppointmentId,
    /// Who is appointed.
    pub(crate) user_id: UserId,
    /// By which insurer.
    pub(crate) issuer: String,
    /// In which state.
    pub(crate) state: UsState,
    /// For which products.
    pub(crate) line_of_authority: LineOfAuthority,
    /// Number of the licence there.
    pub(crate) license_number: String,
    /// First day.
    pub(crate) start_date: NaiveDate,
    /// Last day; null is open.
    pub(crate) end_date: Option<NaiveDate>,
    /// When it was recorded.
    pub(crate) created_at: Timestamp,
    /// Who recorded it.
    pub(crate) created_by: String,
    /// When it was last changed.
    pub(crate) updated_at: Timestamp,
    /// Who changed it last; null if nobody did.
    pub(crate) updated_by: Option<String>,
}

impl AppointmentView {
    /// From a row of `products.appointment_get` or `appointment_list`.
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            appointment_id: row.get::<_, Uuid>("appointment_id").into(),
            user_id: row.get::<_, Uuid>("user_id").into(),
            issuer: row.get("issuer"),
            state: row::parsed(row, "state")?,
            line_of_authority: row::parsed(row, "line_of_authority")?,
            license_number: row.get("license_number"),
            start_date: row.get("start_date"),
            end_date: row.get("end_date"),
            created_at: row::timestamp(row, "created_at"),
            created_by: row.get("created_by"),
            updated_at: row::timestamp(row, "updated_at"),
            updated_by: row.get("updated_by"),
        })
    }
}
