//! A dry run: everything is tried in the database and rolled back.

use anyhow::Result;
use products::imports::{Counts, Kind, Outcome};
use wealth_core::SystemIds;

use super::End;
use super::load::{self, Job};
use super::report::Report;
use crate::signals::Signals;

/// Products are rolled back batch by batch, so that they are not locked for long: no row depends on
/// another. A rate is judged against those before it, so rates share one transaction.
pub(super) async fn run(job: &Job<'_>, report: &mut Report, signals: &mut Signals) -> Result<End> {
    let mut reader = job.input.reader(job.kind, job.batch, 1)?;
    let bar = load::bar(job.input);
    let mut counts = Counts::default();
    let mut tx = job.actor.begin("import_dry_run");
    while let Some(batch) = reader.next_batch(&SystemIds)? {
        let answer = tokio::select! {
            answer = load::send(job, &mut tx, &batch) => answer?,
            _ = signals.next() => return Ok(End::Interrupted(batch.first_line)),
        };
        if job.kind == Kind::Products {
            // Dropped without COMMIT, it is rolled back.
            tx = job.actor.begin("import_dry_run");
        }
        let outcome = Outcome::of(&batch, &answer, job.input.format);
        counts += outcome.counts;
        report.add(&outcome.errors)?;
        bar.set_position(reader.bytes_read());
    }
    bar.finish_and_clear();
    report.close()?;
    Ok(End::Done(counts))
}
