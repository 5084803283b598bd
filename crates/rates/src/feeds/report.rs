//! What became of a batch.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::violations::FieldError;
use wealth_http::{Problem, Result};

/// How many rates of a batch came to what.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub(crate) struct BatchCounts {
    /// Delivered.
    total: u32,
    /// Put in force or scheduled.
    applied: u32,
    /// In force already.
    unchanged: u32,
    /// Delivered before under the same id.
    duplicate: u32,
    /// Held for a second person.
    quarantined: u32,
    /// Not taken; mended they may come again.
    rejected: u32,
}

/// A rate that was not taken.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RejectedRate {
    /// Its place in the batch, from 0.
    index: u64,
    /// The source's own id, where it could be read.
    external_id: Option<String>,
    /// What is wrong; pointers lead into the rate.
    errors: Vec<FieldError>,
}

/// A rate that waits for a second person.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct QuarantinedRate {
    /// Its place in the batch, from 0.
    index: u64,
    /// The source's own id.
    external_id: Option<String>,
    /// `out_of_tolerance`, or `conflict` with a stronger source.
    reason: String,
    /// The rate change to decide on.
    change_id: Uuid,
}

/// What became of a batch: the same however often it is delivered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BatchReport {
    /// Our id of the batch.
    batch_id: Uuid,
    /// The feed.
    source: String,
    /// The source's own id of the batch.
    external_batch_id: String,
    /// How many came to what.
    counts: BatchCounts,
    /// Rates that were not taken, with their places.
    rejected: Vec<RejectedRate>,
    /// Rates that wait for a second person.
    quarantined: Vec<QuarantinedRate>,
    /// Whether the batch had come before.
    #[serde(skip)]
    pub replayed: bool,
}

/// The answer of `rates.ingest_feed_batch`.
#[derive(Deserialize)]
struct Stored {
    batch_id: Uuid,
    source: String,
    external_batch_id: String,
    replayed: bool,
    counts: BatchCounts,
    rows: Vec<StoredRow>,
}

#[derive(Deserialize)]
struct StoredRow {
    index: u64,
    external_id: Option<String>,
    outcome: String,
    code: Option<String>,
    change_id: Option<Uuid>,
    errors: Option<Vec<StoredError>>,
}

#[derive(Deserialize)]
struct StoredError {
    pointer: String,
    code: String,
    message: String,
}

impl BatchReport {
    /// Out of the stored answer.
    pub(crate) fn read(response: Value) -> Result<Self> {
        let stored: Stored = serde_json::from_value(response)
            .map_err(|error| Problem::internal(format!("a stored batch: {error}")))?;
        let mut report = Self {
            batch_id: stored.batch_id,
            source: stored.source,
            external_batch_id: stored.external_batch_id,
            counts: stored.counts,
            rejected: Vec::new(),
            quarantined: Vec::new(),
            replayed: stored.replayed,
        };
        for row in stored.rows {
            report.add(row);
        }
        Ok(report)
    }

    /// Its address.
    pub(crate) fn location(&self) -> String {
        format!("/v1/rate-feeds/{}/batches/{}", self.source, self.batch_id)
    }

    fn add(&mut self, row: StoredRow) {
        let StoredRow { index, external_id, outcome, code, change_id, errors } = row;
        match (outcome.as_str(), change_id) {
            ("rejected", _) => {
                let errors = match errors {
                    Some(errors) => errors.into_iter().map(Into::into).collect(),
                    None => vec![explain(code.unwrap_or_default())],
                };
                self.rejected.push(RejectedRate { index, external_id, errors });
            }
            ("quarantined", Some(change_id)) => {
                let reason = code.unwrap_or_default();
                self.quarantined.push(QuarantinedRate { index, external_id, reason, change_id });
            }
            _ => {}
        }
    }
}

impl From<StoredError> for FieldError {
    fn from(error: StoredError) -> Self {
        Self { pointer: error.pointer, code: error.code.into(), message: error.message }
    }
}

/// The database's reasons in words. What can be seen in the rate alone was checked before.
fn explain(code: String) -> FieldError {
    let (pointer, message) = match code.as_str() {
        "external_id_reused" => {
            ("/external_id", "was used for another rate; a new rate needs a new id")
        }
        "duplicate_in_batch" => ("/external_id", "stands in this batch before"),
        "unknown_product" => ("/cusip", "names no product of the catalogue"),
        _ => ("", "cannot be taken"),
    };
    FieldError { pointer: pointer.to_owned(), code: code.into(), message: message.to_owned() }
}
