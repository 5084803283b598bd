//! PurgeSessions, every hour: forgets what is long over (S4-47), and retires signing keys.

use serde_json::{Value, json};
use wealth_core::problem;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Result, Row404};

use super::Event;
use crate::services::Services;

/// Sessions are forgotten 30 days after their end; the audit log keeps their ids (C4-14).
pub(super) async fn handle(app: &App, services: &Services, event: Event) -> Result<Value> {
    let (now, meter) = (app.clock.now(), Meter::default());
    let params = [p::timestamptz(&now), p::uuid(&event.id)];
    let rows = app.db.system_query(sql!("users", "job_purge"), &params, &meter).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let retired = services.keys.retire(app).await?;
    let report = json!({
        "sessions": row.get::<_, i64>("sessions"),
        "one_time_tokens": row.get::<_, i64>("one_time_tokens"),
        "throttles": row.get::<_, i64>("throttles"),
        "retired_keys": retired,
    });
    tracing::info!(%report, "purged");
    Ok(report)
}
