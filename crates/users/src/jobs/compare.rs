//! The comparison with directories (S0-140): a turn for each firm that has one.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Problem, Result};

use crate::reconcile::{Directory, Turn};
use crate::services::Services;

/// How long a firm's turn takes at most, so that a large one leaves time to the others; a page may
/// take ten seconds more.
const SLICE: TimeDelta = TimeDelta::seconds(20);

/// What a call did.
#[derive(Debug, Default)]
pub struct Compared {
    /// Each firm's report.
    pub reports: Vec<Value>,
    /// Whether a firm was left for want of time, and another call has to go on.
    pub more: bool,
}

/// Goes on with the day's comparisons for `budget`, of all firms or of one. Called twice it finds
/// them in the other's hands, or over. One firm's failure keeps no other waiting; the call fails in
/// the end and names it.
///
/// # Errors
/// `dependency_unavailable` when the database cannot be reached. A directory that cannot be is
/// reported.
pub async fn compare(
    app: &App,
    services: &Services,
    request: Uuid,
    tenant: Option<Uuid>,
    budget: TimeDelta,
) -> Result<Compared> {
    let ends = app.clock.now() + budget;
    let params = [p::uuid(&tenant)];
    let sql = sql!("users", "job_directory_tenants");
    let rows = app.db.system_query(sql, &params, &Meter::default()).await?;
    let (mut compared, mut failed) = (Compared::default(), Vec::new());
    for row in rows {
        let tenant: Uuid = row.get("tenant_id");
        let until = ends.min(app.clock.now() + SLICE);
        if app.clock.now() >= ends {
            compared.more = true;
            break;
        }
        let directory = match services.directories.of(tenant).await {
            Ok(None) => continue,
            Ok(Some(directory)) => Ok(directory),
            Err(error) => Err(error.to_string()),
        };
        match turn(app, directory, tenant, request, until).await {
            Ok(report) => compared.reports.push(report),
            Err(problem) => {
                failed.push(format!("{tenant}: {}", problem.why()));
            }
        }
        compared.more |= app.clock.now() >= until;
    }
    if failed.is_empty() {
        return Ok(compared);
    }
    Err(Problem::unavailable(format!("not compared: {}", failed.join("; "))))
}

/// A firm's turn; its report.
async fn turn(
    app: &App,
    directory: std::result::Result<Arc<dyn Directory>, String>,
    tenant: Uuid,
    request: Uuid,
    until: DateTime<Utc>,
) -> Result<Value> {
    let mut report = match directory {
        Ok(directory) => Turn::take(app, directory, tenant, request, until).await?,
        Err(reason) => json!({"status": "unavailable", "reason": reason}),
    };
    report["tenant_id"] = json!(tenant);
    tracing::info!(%report, "directory compared");
    Ok(report)
}
