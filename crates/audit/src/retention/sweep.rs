//! The job of disposal: lists of what is due are proposed, and approved ones are executed when
//! their day has come. It may be run at any time, twice, and by two at once.

use std::time::{Duration, Instant};

use uuid::Uuid;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Problem, Result};

/// Records judged in one transaction.
const CHUNK: i32 = 500;
/// When a run stops taking more: the next one goes on.
const ENOUGH: Duration = Duration::from_secs(15);

/// What a run did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Lists that were proposed.
    pub proposed: u64,
    /// Records that were disposed of.
    pub disposed: u64,
    /// Records that stayed after all: held, not due, in use, or gone already.
    pub kept: u64,
    /// Disposals that were ended and certified.
    pub certified: u64,
    /// Whether there was more to do than time.
    pub more: bool,
}

/// Proposes for every firm what is due, and executes what was approved. One firm's failure keeps no
/// other waiting; the run fails in the end and names it.
///
/// # Errors
/// `dependency_unavailable`: some firm's records could not be judged.
pub async fn sweep(app: &App) -> Result<Swept> {
    let started = Instant::now();
    let firms = sql!("audit", "tenants_to_sweep");
    let firms = app.db.system_query(firms, &[], &Meter::default()).await?;
    let (mut swept, mut failed) = (Swept::default(), Vec::new());
    for row in firms {
        let tenant: Uuid = row.get("tenant_id");
        if let Err(problem) = sweep_firm(app, tenant, started, &mut swept).await {
            failed.push(format!("{tenant}: {}", problem.why()));
        }
    }
    tracing::info!(
        proposed = swept.proposed,
        disposed = swept.disposed,
        kept = swept.kept,
        certified = swept.certified,
        failed = failed.len(),
        "retention swept"
    );
    if failed.is_empty() {
        Ok(swept)
    } else {
        Err(Problem::unavailable(format!("not swept: {}", failed.join("; "))))
    }
}

async fn sweep_firm(app: &App, tenant: Uuid, started: Instant, swept: &mut Swept) -> Result<()> {
    let (now, request) = (app.clock.now(), app.ids.next());
    let params = [p::uuid(&tenant), p::timestamptz(&now), p::uuid(&request)];
    let propose = sql!("audit", "job_propose_disposals");
    let rows = app.db.system_query(propose, &params, &Meter::default()).await?;
    let made: i32 = rows.first().map_or(0, |row| row.get("made"));
    swept.proposed += u64::try_from(made).unwrap_or_default();
    loop {
        if started.elapsed() > ENOUGH {
            swept.more = true;
            return Ok(());
        }
        let params = [p::uuid(&tenant), p::timestamptz(&now), p::uuid(&request), p::int4(&CHUNK)];
        let dispose = sql!("audit", "job_dispose");
        let rows = app.db.system_query(dispose, &params, &Meter::default()).await?;
        // Nothing is approved whose day has come, or another run is at it.
        let Some(row) = rows.first() else { return Ok(()) };
        let count = |column: &str| u64::try_from(row.get::<_, i64>(column)).unwrap_or_default();
        swept.disposed += count("disposed");
        swept.kept += count("kept");
        swept.certified += u64::from(row.get::<_, bool>("finished"));
    }
}
