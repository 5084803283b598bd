//! Sealing: every committed event is given its leaf, and the head of the tree is signed.
//!
//! Before anything is signed the log is held against what was signed before, here and in the archive:
//! whoever changed tiles or heads in the database gets no signature for it. All that a step changes
//! is one transaction, so that a run may die anywhere and the next one goes on.

mod archiving;
mod log;

use std::collections::VecDeque;
use std::time::Instant;

use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{Meter, Row, sql};
use wealth_http::{App, Problem, Result};

pub(crate) use self::archiving::problem as archive_problem;
pub(crate) use self::log::{Log, tile};
use crate::services::Services;

/// Events sealed in one transaction.
const CHUNK: i32 = 5_000;

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Logs that were visited.
    pub logs: u32,
    /// Events that were given their leaf.
    pub leaves: u64,
    /// How many seconds the oldest event of a log that is not sealed to its end had waited when the
    /// run began; none when time sufficed for all.
    pub waited: Option<i64>,
}

/// A log in the line.
struct Waiting<'a> {
    tenant: Uuid,
    waited: Option<i64>,
    /// Open once it was visited.
    log: Option<Log<'a>>,
}

/// Seals what there is to seal until `ends`, the log that waits longest first and each a chunk at a
/// time: the load of one firm keeps no other waiting. Nor does a log's failure; the run fails in the
/// end and names it.
///
/// # Errors
/// `chain_broken` for a log that is not what was signed, else `dependency_unavailable`.
pub async fn seal(app: &App, services: &Services, ends: Instant) -> Result<Sealed> {
    let waiting = sql!("audit", "tenants_to_seal");
    let found = app.db.system_query(waiting, &[], &Meter::default()).await?;
    let mut line: VecDeque<Waiting<'_>> = found.iter().map(Waiting::read).collect();
    let (mut sealed, mut failed, mut broken) = (Sealed::default(), Vec::new(), false);
    while Instant::now() < ends {
        let Some(mut next) = line.pop_front() else { break };
        let first = next.log.is_none();
        match next.seal_chunk(app, services).await {
            Ok(leaves) => {
                sealed.logs += u32::from(first);
                sealed.leaves += leaves;
                if leaves > 0 {
                    line.push_back(next);
                }
            }
            Err(problem) => {
                broken |= problem.code() == &problem::CHAIN_BROKEN;
                failed.push(format!("{}: {}", next.tenant, problem.why()));
            }
        }
    }
    sealed.waited = line.iter().filter_map(|log| log.waited).max();
    tracing::info!(
        logs = sealed.logs,
        leaves = sealed.leaves,
        failed = failed.len(),
        left = line.len(),
        "audit sealed"
    );
    match (failed.is_empty(), broken) {
        (true, _) => Ok(sealed),
        (false, true) => Err(Problem::new(&problem::CHAIN_BROKEN, failed.join("; "))),
        (false, false) => Err(Problem::unavailable(format!("not sealed: {}", failed.join("; ")))),
    }
}

impl<'a> Waiting<'a> {
    fn read(row: &Row) -> Self {
        Self { tenant: row.get("tenant_id"), waited: row.get("waited"), log: None }
    }

    /// Seals a chunk of the log and archives it; how many leaves it gave, 0 at the log's end.
    async fn seal_chunk(&mut self, app: &'a App, services: &'a Services) -> Result<u64> {
        let first = self.log.is_none();
        let log = match &mut self.log {
            Some(log) => log,
            None => {
                let mut log = Log::open(app, services, self.tenant).await?;
                log.hold_against_archive().await?;
                self.log.insert(log)
            }
        };
        let leaves = match log.seal_chunk(CHUNK).await {
            // Another run is at it, and does what is left.
            Err(problem) if problem.code() == &problem::STATE_CONFLICT => return Ok(0),
            sealed => sealed?,
        };
        // Also what a run that died has sealed, and never what the chunk before has archived.
        if leaves > 0 || first {
            log.archive().await?;
        }
        Ok(leaves)
    }
}

/// The log is not what was signed.
pub(crate) fn broken(why: impl std::fmt::Display) -> Problem {
    let text = "The log is not the one that was signed. Nothing more of it is sealed.";
    Problem::new(&problem::CHAIN_BROKEN, text).because(why.to_string())
}
