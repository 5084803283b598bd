//! Disposal of records whose time is over: proposed, approved by a second person, executed by a job
//! after a wait, and certified.

pub(crate) mod create;
pub(crate) mod decide;
pub(crate) mod get;
pub(crate) mod items;
pub(crate) mod list;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;
use wealth_http::{Problem, Result};

use super::{millis, millis_opt};

/// A disposal.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Disposal {
    /// Its id.
    disposal_id: Uuid,
    /// Where the records lie.
    table_name: String,
    /// The day on which their time was found to be over.
    as_of: NaiveDate,
    /// Why now.
    reason: String,
    /// `proposed`, `approved` (it waits for its day, or is under way), `rejected` or `done`.
    status: String,
    /// How many records are on the list.
    records: i64,
    /// How many were due and left out, because a hold is over them.
    held: i64,
    /// When it was proposed.
    #[serde(serialize_with = "millis")]
    proposed_at: DateTime<Utc>,
    /// By whom, or by which job.
    proposed_by: String,
    /// When it was decided on.
    #[serde(serialize_with = "millis_opt")]
    decided_at: Option<DateTime<Utc>>,
    /// By whom: for a yes somebody else.
    decided_by: Option<String>,
    /// What was said with it.
    decision_note: Option<String>,
    /// The first day on which it may be executed.
    execute_on: Option<NaiveDate>,
    /// When the last record was judged and the certificate written.
    #[serde(serialize_with = "millis_opt")]
    finished_at: Option<DateTime<Utc>>,
    /// How many records are gone.
    disposed: Option<i64>,
    /// How many stayed after all, by the reason: `held`, `not_due`, `in_use`, `gone`.
    #[schema(value_type = Option<Object>)]
    kept: Option<BTreeMap<String, i64>>,
    /// SHA-256, in hexadecimal, of the ids that are gone, in their order and one a line.
    ids_sha256: Option<String>,
}

impl Disposal {
    /// From a row of `audit.disposal_get` or `disposal_list`.
    fn read(row: &Row) -> Result<Self> {
        let kept: Option<String> = row.get("kept");
        let kept = kept.as_deref().map(serde_json::from_str).transpose();
        Ok(Self {
            disposal_id: row.get("disposal_id"),
            table_name: row.get("table_name"),
            as_of: row.get("as_of"),
            reason: row.get("reason"),
            status: row.get("status"),
            records: row.get("records"),
            held: row.get("held"),
            proposed_at: row.get("proposed_at"),
            proposed_by: row.get("proposed_by"),
            decided_at: row.get("decided_at"),
            decided_by: row.get("decided_by"),
            decision_note: row.get("decision_note"),
            execute_on: row.get("execute_on"),
            finished_at: row.get("finished_at"),
            disposed: row.get("disposed"),
            kept: kept.map_err(|error| Problem::internal(error.to_string()))?,
            ids_sha256: row.get("ids_sha256"),
        })
    }
}
