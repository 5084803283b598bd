//! The comparison with directories (S0-140): a turn for each firm that has one.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Result};

use crate::reconcile::Turn;
use crate::services::Services;

/// How long the turns of one call take together; a page may take ten seconds more.
const BUDGET: TimeDelta = TimeDelta::seconds(15);

/// Goes on with the day's comparisons, of all firms or of one; gives each firm's report. Called twice
/// it finds them in the other's hands, or over.
///
/// # Errors
/// `dependency_unavailable` when the database cannot be reached. A directory that cannot be is
/// reported.
pub async fn compare(
    app: &App,
    services: &Services,
    request: Uuid,
    tenant: Option<Uuid>,
) -> Result<Vec<Value>> {
    let ends = app.clock.now() + BUDGET;
    let params = [p::uuid(&tenant)];
    let sql = sql!("users", "job_directory_tenants");
    let rows = app.db.system_query(sql, &params, &Meter::default()).await?;
    let mut reports = Vec::new();
    for row in rows {
        if app.clock.now() >= ends {
            break;
        }
        let tenant: Uuid = row.get("tenant_id");
        let mut report = match services.directories.of(tenant).await {
            Ok(None) => continue,
            Ok(Some(directory)) => Turn::take(app, directory, tenant, request, ends).await?,
            // The other firms' directories are none the worse for it.
            Err(error) => json!({"status": "unavailable", "reason": error.to_string()}),
        };
        report["tenant_id"] = json!(tenant);
        tracing::info!(%report, "directory compared");
        reports.push(report);
    }
    Ok(reports)
}
