//! A run that loads.

use std::time::Duration;

use anyhow::{Context as _, Result};
use indicatif::{ProgressBar, ProgressStyle};
use products::imports::{Batch, Counts, Kind, Outcome};
use serde_json::json;
use uuid::Uuid;
use wealth_core::import::RowError;
use wealth_core::{IdGen as _, SystemIds};
use wealth_db::{DbError, Row, Tx, p, sql};

use super::End;
use super::actor::Actor;
use super::file::Input;
use super::report::Report;
use crate::signals::Signals;

/// Pauses before a batch is tried again after the connection or a race was lost: about a minute.
pub(super) const PAUSES: [u64; 8] = [100, 300, 1_000, 3_000, 8_000, 15_000, 15_000, 15_000];
/// Errors fetched at a time for the report.
const PAGE: i64 = 1000;

/// What a run works on.
pub(super) struct Job<'a> {
    pub(super) actor: &'a Actor,
    pub(super) input: &'a Input,
    pub(super) kind: Kind,
    pub(super) batch: u16,
}

/// Loads batch by batch. A signal ends it between two batches.
pub(super) async fn run(job: &Job<'_>, report: &mut Report, signals: &mut Signals) -> Result<End> {
    let (id, next_line) = start(job).await?;
    let mut reader = job.input.reader(job.kind, job.batch, next_line)?;
    let bar = bar(job.input);
    while let Some(batch) = reader.next_batch(&SystemIds)? {
        tokio::select! {
            // Whoever asks us to stop comes first; the batch that is cancelled is rolled back, or
            // is in the account if its COMMIT was on the way.
            biased;
            _ = signals.next() => return Ok(End::Interrupted(batch.first_line)),
            taken = take(job, id, &batch) => taken?,
        }
        bar.set_position(reader.bytes_read());
    }
    bar.finish_and_clear();
    let params = [p::uuid(&id), p::text(&"finished")];
    let tx = job.actor.begin("import_finish");
    tx.query_and_commit(sql!("products", "import_finish"), &params).await?;
    write_report(job, id, report).await?;
    Ok(End::Done(counts(&account(job, id).await?)))
}

/// Opens the run, or finds the unfinished one over the same bytes.
async fn start(job: &Job<'_>) -> Result<(Uuid, u64)> {
    let (id, kind, format) = (SystemIds.next(), job.kind.as_str(), job.input.format_name());
    let name = job.input.path.file_name().map(|name| name.to_string_lossy().into_owned());
    let options = json!({"batch": job.batch});
    let params = [
        p::uuid(&id),
        p::text(&kind),
        p::text(&format),
        p::bytes(&job.input.sha256),
        p::text(&name),
        p::json(&options),
    ];
    let tx = job.actor.begin("import_start");
    let rows = tx.query_and_commit(sql!("products", "import_start"), &params).await?;
    let row = rows.first().context("the run could not be opened")?;
    let next_line: i64 = row.get("next_line");
    if row.get("resumed") {
        eprintln!("wealth: going on with an unfinished run at line {next_line}");
    }
    Ok((row.get("import_id"), next_line.unsigned_abs()))
}

/// Loads a batch exactly once. After an error the account of the run tells whether it was taken:
/// batch and account are one transaction.
async fn take(job: &Job<'_>, id: Uuid, batch: &Batch) -> Result<()> {
    let mut pauses = PAUSES.iter();
    loop {
        let error = match try_once(job, id, batch).await {
            Ok(()) => return Ok(()),
            Err(error) => error,
        };
        let Some(pause) = pauses.next().filter(|_| may_heal(&error)) else {
            return Err(error).with_context(|| place(batch));
        };
        tokio::time::sleep(Duration::from_millis(*pause)).await;
        if let Ok(row) = account(job, id).await
            && row.get::<_, i64>("next_line").unsigned_abs() == batch.next_line
        {
            return Ok(());
        }
    }
}

fn may_heal(error: &DbError) -> bool {
    match error {
        DbError::Unavailable(_)
        | DbError::UnknownOutcome
        | DbError::Contention(_)
        | DbError::Timeout(_) => true,
        // Either the batch was taken by a COMMIT that we did not hear of, or another program works
        // on the same file: the account will tell.
        DbError::Rejected(rejection) => rejection.code.as_deref() == Some("state_conflict"),
        _ => false,
    }
}

fn place(batch: &Batch) -> String {
    let (first, last) = (batch.first_line, batch.next_line.saturating_sub(1));
    format!("lines {first} to {last} were not loaded; the same command goes on from there")
}

async fn try_once(job: &Job<'_>, id: Uuid, batch: &Batch) -> Result<(), DbError> {
    let mut tx = job.actor.begin("import_batch");
    let answer = send(job, &mut tx, batch).await?;
    let outcome = Outcome::of(batch, &answer, job.input.format);
    let (first, next) = (batch.first_line.cast_signed(), batch.next_line.cast_signed());
    let (counts, errors) = (json!(outcome.counts), json!(outcome.errors));
    let params =
        [p::uuid(&id), p::int8(&first), p::int8(&next), p::json(&counts), p::json(&errors)];
    tx.query_and_commit(sql!("products", "import_progress"), &params).await.map(drop)
}

/// Sends the good rows of a batch.
pub(super) async fn send(job: &Job<'_>, tx: &mut Tx, batch: &Batch) -> Result<Vec<Row>, DbError> {
    let options = json!({});
    let params = [p::json(&batch.rows), p::json(&options)];
    let statement = match job.kind {
        Kind::Products => sql!("products", "import_rows"),
        Kind::Rates => sql!("rates", "import_rows"),
    };
    tx.query(statement, &params).await
}

async fn account(job: &Job<'_>, id: Uuid) -> Result<Row> {
    let tx = job.actor.begin("import_account");
    let rows = tx.query_and_commit(sql!("products", "import_get"), &[p::uuid(&id)]).await?;
    rows.into_iter().next().context("the run is gone")
}

fn counts(row: &Row) -> Counts {
    let count = |column| row.get::<_, i64>(column).unsigned_abs();
    Counts {
        created: count("rows_created"),
        updated: count("rows_updated"),
        unchanged: count("rows_unchanged"),
        quarantined: count("rows_quarantined"),
        failed: count("rows_failed"),
    }
}

/// All errors of the run, those of its earlier parts included.
async fn write_report(job: &Job<'_>, id: Uuid, report: &mut Report) -> Result<()> {
    let (mut line, mut ordinal) = (0_i64, 0_i32);
    loop {
        let params = [p::uuid(&id), p::int8(&line), p::int4(&ordinal), p::int8(&PAGE)];
        let tx = job.actor.begin("import_report");
        let rows = tx.query_and_commit(sql!("products", "import_errors"), &params).await?;
        let Some(last) = rows.last() else { break };
        (line, ordinal) = (last.get("line"), last.get("ordinal"));
        let errors: Vec<RowError> = rows.iter().map(error).collect();
        report.add(&errors)?;
    }
    report.close()
}

fn error(row: &Row) -> RowError {
    RowError {
        line: row.get::<_, i64>("line").unsigned_abs(),
        column: row.get("column_name"),
        code: row.get("code"),
        message: row.get("message"),
    }
}

/// A bar over the bytes of the file; nothing is drawn unless standard error is a terminal.
pub(super) fn bar(input: &Input) -> ProgressBar {
    let bar = ProgressBar::new(input.size);
    let template = "{bar:40} {percent}% {bytes_per_sec} {eta} left";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    bar
}
