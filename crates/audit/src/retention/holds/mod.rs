//! Legal holds: while one is not released, nothing in its scope is deleted.

pub(crate) mod create;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod release;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::retention::ScopeKind;
use wealth_db::Row;
use wealth_http::Result;

use super::{millis, millis_opt, parsed};

/// What a hold covers.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct HoldScopeView {
    /// What it covers.
    kind: ScopeKind,
    /// The table of a record or table.
    table_name: Option<String>,
    /// The id of a record.
    record_id: Option<String>,
    /// The person.
    person_id: Option<Uuid>,
    /// The class.
    class: Option<String>,
}

/// A legal hold.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LegalHold {
    /// Its id.
    hold_id: Uuid,
    /// The matter.
    name: String,
    /// Why it was placed.
    reason: String,
    /// `active`, `release_requested` (it still holds) or `released`.
    status: String,
    /// What it covers: any one scope is enough.
    scopes: Vec<HoldScopeView>,
    /// When it was placed.
    #[serde(serialize_with = "millis")]
    placed_at: DateTime<Utc>,
    /// By whom.
    placed_by: String,
    /// Why it may go.
    release_reason: Option<String>,
    /// When its release was asked for.
    #[serde(serialize_with = "millis_opt")]
    release_requested_at: Option<DateTime<Utc>>,
    /// By whom.
    release_requested_by: Option<String>,
    /// When it was released.
    #[serde(serialize_with = "millis_opt")]
    released_at: Option<DateTime<Utc>>,
    /// By whom: a second person.
    released_by: Option<String>,
}

impl LegalHold {
    /// From a row of `audit.hold_get` or `hold_list`.
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            hold_id: row.get("hold_id"),
            name: row.get("name"),
            reason: row.get("reason"),
            status: row.get("status"),
            scopes: parsed(row, "scopes")?,
            placed_at: row.get("placed_at"),
            placed_by: row.get("placed_by"),
            release_reason: row.get("release_reason"),
            release_requested_at: row.get("release_requested_at"),
            release_requested_by: row.get("release_requested_by"),
            released_at: row.get("released_at"),
            released_by: row.get("released_by"),
        })
    }
}
