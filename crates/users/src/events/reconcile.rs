//! ReconcileDirectory, every few minutes of the night: a turn for each firm that has a directory.

use chrono::TimeDelta;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::json as strict;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Problem, Result};

use super::Event;
use crate::reconcile::Turn;
use crate::services::Services;

/// How long the turns of one event take together: the function has 29 s, of which a page may take
/// ten.
const BUDGET: TimeDelta = TimeDelta::seconds(15);

/// What the event may say.
#[derive(Deserialize, Default)]
struct Detail {
    /// One firm; all without it.
    tenant_id: Option<Uuid>,
}

/// Goes on with the day's comparisons. Delivered twice it finds them in the other's hands, or over.
pub(super) async fn handle(app: &App, services: &Services, event: Event) -> Result<Value> {
    let detail: Detail = match event.detail {
        Value::Null => Detail::default(),
        given => strict::from_value(given).map_err(Problem::from)?,
    };
    let ends = app.clock.now() + BUDGET;
    let params = [p::uuid(&detail.tenant_id)];
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
            Ok(Some(directory)) => Turn::take(app, directory, tenant, event.id, ends).await?,
            // The other firms' directories are none the worse for it.
            Err(error) => json!({"status": "unavailable", "reason": error.to_string()}),
        };
        report["tenant_id"] = json!(tenant);
        tracing::info!(%report, "directory compared");
        reports.push(report);
    }
    Ok(json!({ "tenants": reports }))
}
