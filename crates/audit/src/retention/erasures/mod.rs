//! Requests to be forgotten: answered field by field, executed by a second person's word.

pub(crate) mod create;
pub(crate) mod decide;
pub(crate) mod get;
pub(crate) mod list;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_db::Row;
use wealth_http::Result;

use super::{millis, millis_opt, parsed};

/// What becomes of one field of a person's records.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct FieldAnswer {
    /// Where the field lies.
    table_name: String,
    /// The field.
    column_name: String,
    /// How many records of the person have it, events in the archive included.
    records: i64,
    /// `erase` or `keep`.
    outcome: String,
    /// Why it is kept: `legal_hold`, `retention`, `clock_not_started`, `still_a_member`, or
    /// `account_of_the_person`, which is the person's own and not the firm's.
    why: Option<String>,
    /// With `retention`: the last day of the record that is kept longest.
    keep_until: Option<NaiveDate>,
    /// The regulations, or the firm's reasons, by which it is kept.
    sources: Option<Vec<String>>,
}

/// A request to be forgotten.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ErasureRequest {
    /// Its id.
    erasure_id: Uuid,
    /// Who asks.
    person_id: Uuid,
    /// `gdpr_17`, `ccpa_1798_105`, or `firm`: the firm's own wish.
    ground: String,
    /// In words.
    reason: String,
    /// `received`, `executing` (the audit log is being erased), `done` or `rejected`.
    status: String,
    /// When it was taken down.
    #[serde(serialize_with = "millis")]
    requested_at: DateTime<Utc>,
    /// By whom.
    requested_by: String,
    /// When it was decided on.
    #[serde(serialize_with = "millis_opt")]
    decided_at: Option<DateTime<Utc>>,
    /// By whom: for a yes somebody else.
    decided_by: Option<String>,
    /// When the last event was erased and the certificate written.
    #[serde(serialize_with = "millis_opt")]
    finished_at: Option<DateTime<Utc>>,
    /// Of how many events of the audit log a part was destroyed, or the key to it in the archive.
    events: i64,
    /// SHA-256, in hexadecimal, of their ids, in their order and one a line.
    events_sha256: Option<String>,
}

/// A request with its answer.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnsweredErasure {
    /// The request.
    #[serde(flatten)]
    request: ErasureRequest,
    /// Field by field: the answer that was given, or what it would be now.
    answer: Vec<FieldAnswer>,
}

impl ErasureRequest {
    /// From a row of `audit.erasure_get` or `erasure_list`.
    fn read(row: &Row) -> Self {
        Self {
            erasure_id: row.get("erasure_id"),
            person_id: row.get("person_id"),
            ground: row.get("ground"),
            reason: row.get("reason"),
            status: row.get("status"),
            requested_at: row.get("requested_at"),
            requested_by: row.get("requested_by"),
            decided_at: row.get("decided_at"),
            decided_by: row.get("decided_by"),
            finished_at: row.get("finished_at"),
            events: row.get("events"),
            events_sha256: row.get("events_sha256"),
        }
    }
}

impl AnsweredErasure {
    /// From a row of `audit.erasure_get`.
    fn read(row: &Row) -> Result<Self> {
        Ok(Self { request: ErasureRequest::read(row), answer: parsed(row, "answer")? })
    }
}
