//! An import as it is answered.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;
use wealth_core::import::RowError;
use wealth_db::Row;
use wealth_http::Result;

use super::batch::Counts;
use crate::row::{self, Timestamp, timestamp, timestamp_opt};

/// Errors that an answer shows at most.
pub(super) const SHOWN: usize = 1000;

/// A run over one file.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportSummary {
    /// Its id; null for a dry run, which leaves nothing behind.
    pub(super) import_id: Option<Uuid>,
    /// `products` or `rates`.
    #[schema(example = "products")]
    pub(super) kind: String,
    /// Name of the file, if one was given.
    pub(super) file_name: Option<String>,
    /// SHA-256 of its bytes in hexadecimal.
    pub(super) file_sha256: String,
    /// `csv` or `ndjson`.
    pub(super) format: String,
    /// Whether it only looked.
    pub(super) dry_run: bool,
    /// `running`, `finished`, `failed` or `cancelled`.
    pub(super) status: String,
    /// All rows.
    pub(super) rows_total: u64,
    /// New products.
    pub(super) rows_created: u64,
    /// Changed products or rates.
    pub(super) rows_updated: u64,
    /// Rows that say what was there already.
    pub(super) rows_unchanged: u64,
    /// Rows whose rate waits for a second person; the rest of the row is loaded.
    pub(super) rows_quarantined: u64,
    /// Rows left out.
    pub(super) rows_failed: u64,
    /// When it began; null for a dry run.
    pub(super) started_at: Option<Timestamp>,
    /// When it ended.
    pub(super) finished_at: Option<Timestamp>,
    /// Who ran it; null for a dry run.
    pub(super) created_by: Option<String>,
}

/// A run with what was wrong.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ImportView {
    #[serde(flatten)]
    pub(super) summary: ImportSummary,
    /// The first thousand errors in the order of the file.
    pub(super) errors: Vec<RowError>,
}

impl ImportSummary {
    pub(super) fn read(row: &Row) -> Self {
        let count = |column| row.get::<_, i64>(column).unsigned_abs();
        Self {
            import_id: Some(row.get("import_id")),
            kind: row.get("kind"),
            file_name: row.get("file_name"),
            file_sha256: row::hex(row.get("file_sha256")),
            format: row.get("format"),
            dry_run: row.get("dry_run"),
            status: row.get("status"),
            rows_total: count("rows_total"),
            rows_created: count("rows_created"),
            rows_updated: count("rows_updated"),
            rows_unchanged: count("rows_unchanged"),
            rows_quarantined: count("rows_quarantined"),
            rows_failed: count("rows_failed"),
            started_at: Some(timestamp(row, "started_at")),
            finished_at: timestamp_opt(row, "finished_at"),
            created_by: row.get("created_by"),
        }
    }

    /// A run that only looked.
    pub(super) fn dry(file_name: Option<String>, sha256: &[u8], format: &str, c: Counts) -> Self {
        Self {
            import_id: None,
            kind: "products".to_owned(),
            file_name,
            file_sha256: row::hex(sha256),
            format: format.to_owned(),
            dry_run: true,
            status: "finished".to_owned(),
            rows_total: c.total(),
            rows_created: c.created,
            rows_updated: c.updated,
            rows_unchanged: c.unchanged,
            rows_quarantined: c.quarantined,
            rows_failed: c.failed,
            started_at: None,
            finished_at: None,
            created_by: None,
        }
    }
}

impl ImportView {
    pub(super) fn read(row: &Row) -> Result<Self> {
        let errors: Value = row.get("errors");
        let text = |error: &Value, key: &str| error[key].as_str().map(str::to_owned);
        let errors = errors.as_array().into_iter().flatten().map(|error| RowError {
            line: error["line"].as_u64().unwrap_or_default(),
            column: text(error, "column"),
            code: text(error, "code").unwrap_or_default(),
            message: text(error, "message").unwrap_or_default(),
        });
        Ok(Self { summary: ImportSummary::read(row), errors: errors.collect() })
    }
}
