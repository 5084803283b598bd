//! The comparisons with the firm's directory: what they found, and what waits for a person.

mod confirm;
mod list;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;
use wealth_http::{Routes, routes};

/// The routes of comparisons.
pub(crate) fn router<R: Routes>() -> R {
    R::empty().routes(routes!(list::handler)).routes(routes!(confirm::handler))
}

/// One night's comparison with the directory.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DirectoryRun {
    directory_run_id: Uuid,
    /// The firm's day that it belongs to.
    day: NaiveDate,
    /// `reading`, `done`, `held` (waits for a person), `superseded` (waited in vain) or `failed`.
    #[schema(example = "done")]
    status: String,
    started_at: DateTime<Utc>,
    finished_at: Option<DateTime<Utc>>,
    /// How many `people` and `groups` the directory named, and how many people are to be switched
    /// `off` and `on` and how many `left` a group and `came` into one.
    #[schema(value_type = Object)]
    counts: Value,
    /// Each difference with its outcome, 500 at most: `event_type`, `subject` (the directory's id),
    /// `group`, `outcome`.
    #[schema(value_type = Vec<Object>)]
    differences: Value,
    /// Why it is held, or does not go on.
    reason: Option<String>,
    /// Who has confirmed it.
    confirmed_by: Option<Uuid>,
}

impl DirectoryRun {
    fn read(row: &Row) -> Self {
        Self {
            directory_run_id: row.get("run_id"),
            day: row.get("day"),
            status: row.get("status"),
            started_at: row.get("started_at"),
            finished_at: row.get("finished_at"),
            counts: row.get("counts"),
            differences: row.get("differences"),
            reason: row.get("reason"),
            confirmed_by: row.get("confirmed_by"),
        }
    }
}
