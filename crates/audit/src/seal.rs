//! Sealing: every committed event is given its leaf, and the head of the tree is signed.
//!
//! Before anything is signed the log is held against what was signed before, here and in the archive:
//! whoever changed tiles or heads in the database gets no signature for it. All that a step changes
//! is one transaction, so that a run may die anywhere and the next one goes on.

mod archiving;
mod log;

use std::time::{Duration, Instant};

use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{Meter, sql};
use wealth_http::{App, Problem, Result};

pub(crate) use self::archiving::problem as archive_problem;
pub(crate) use self::log::{Log, tile};
use crate::services::Services;

/// Events sealed in one transaction.
const CHUNK: i32 = 5_000;
/// When a run stops taking more: the next minute's run goes on, and the function ends at 29 s.
const ENOUGH: Duration = Duration::from_secs(15);

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Logs that were visited.
    pub logs: u32,
    /// Events that were given their leaf.
    pub leaves: u64,
}

/// Seals what there is to seal, log by log. One log's failure keeps no other waiting; the run fails
/// in the end and names it.
///
/// # Errors
/// `chain_broken` for a log that is not what was signed, else `dependency_unavailable`.
pub async fn seal(app: &App, services: &Services) -> Result<Sealed> {
    let started = Instant::now();
    let waiting = sql!("audit", "tenants_to_seal");
    let found = app.db.system_query(waiting, &[], &Meter::default()).await?;
    let (mut sealed, mut failed, mut broken) = (Sealed::default(), Vec::new(), false);
    for row in found {
        let tenant: Uuid = row.get("tenant_id");
        match seal_log(app, services, tenant, started).await {
            Ok(leaves) => {
                sealed.logs += 1;
                sealed.leaves += leaves;
            }
            Err(problem) => {
                broken |= problem.code() == &problem::CHAIN_BROKEN;
                failed.push(format!("{tenant}: {}", problem.cause().unwrap_or(&problem.summary())));
            }
        }
    }
    tracing::info!(
        logs = sealed.logs,
        leaves = sealed.leaves,
        failed = failed.len(),
        "audit sealed"
    );
    match (failed.is_empty(), broken) {
        (true, _) => Ok(sealed),
        (false, true) => Err(Problem::new(&problem::CHAIN_BROKEN, failed.join("; "))),
        (false, false) => Err(Problem::unavailable(format!("not sealed: {}", failed.join("; ")))),
    }
}

/// Seals one log and archives what was sealed; how many leaves it gave.
async fn seal_log(app: &App, services: &Services, tenant: Uuid, started: Instant) -> Result<u64> {
    let mut log = Log::open(app, services, tenant).await?;
    log.hold_against_archive().await?;
    let mut leaves = 0;
    while started.elapsed() < ENOUGH {
        match log.seal_chunk(CHUNK).await {
            Ok(0) => break,
            Ok(sealed) => leaves += sealed,
            // Another run is at it, and does what is left.
            Err(problem) if problem.code() == &problem::STATE_CONFLICT => return Ok(leaves),
            Err(problem) => return Err(problem),
        }
    }
    log.archive().await?;
    Ok(leaves)
}

/// The log is not what was signed.
pub(crate) fn broken(why: impl std::fmt::Display) -> Problem {
    let text = "The log is not the one that was signed. Nothing more of it is sealed.";
    Problem::new(&problem::CHAIN_BROKEN, text).because(why.to_string())
}
