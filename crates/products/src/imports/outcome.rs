//! What the database made of a batch.

use wealth_core::import::{Format, RowError};
use wealth_db::Row;

use super::batch::{Batch, Counts};

/// What a batch came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// How many rows came to what.
    pub counts: Counts,
    /// What was wrong, in the order of the file, the rows that wait for a second person included.
    pub errors: Vec<RowError>,
}

impl Outcome {
    /// Reads the answer of `products.import_rows` or `rates.import_rows` to `batch`.
    pub fn of(batch: &Batch, answer: &[Row], format: Format) -> Self {
        let mut counts = Counts { failed: batch.failed, ..Counts::default() };
        let mut errors = batch.errors.clone();
        for row in answer {
            match row.get("outcome") {
                "created" => counts.created += 1,
                "updated" => counts.updated += 1,
                "unchanged" => counts.unchanged += 1,
                "quarantined" => {
                    counts.quarantined += 1;
                    errors.push(error(row, format));
                }
                _ => {
                    counts.failed += 1;
                    errors.push(error(row, format));
                }
            }
        }
        errors.sort_by_key(|error| error.line);
        Self { counts, errors }
    }
}

fn error(row: &Row, format: Format) -> RowError {
    let column: Option<&str> = row.get("column_name");
    let line: i64 = row.get("line");
    RowError {
        line: line.unsigned_abs(),
        column: column.map(|name| place(name, format)),
        code: row.get::<_, Option<String>>("code").unwrap_or_default(),
        message: row.get::<_, Option<String>>("message").unwrap_or_default(),
    }
}

/// The column of a CSV file, or the pointer of an NDJSON line, that the database's name stands for.
fn place(name: &str, format: Format) -> String {
    let csv = format == Format::Csv;
    match (name, csv) {
        ("start_date", true) => "availability_start".to_owned(),
        ("end_date", true) => "availability_end".to_owned(),
        ("start_date" | "end_date", false) => format!("/availability/{name}"),
        (name, true) => name.to_owned(),
        (name, false) => format!("/{name}"),
    }
}
