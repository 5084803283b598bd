//! Forgetting what is long over (S4-47), and retiring signing keys.

use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Result, Row404};

use crate::services::Services;

/// Sessions are forgotten 30 days after their end; the audit log keeps their ids (C4-14). Gives how
/// many of each kind; `request` stands in the audit log.
///
/// # Errors
/// `dependency_unavailable` when database or keys cannot be had.
pub async fn purge(app: &App, services: &Services, request: Uuid) -> Result<Value> {
    let (now, meter) = (app.clock.now(), Meter::default());
    let params = [p::timestamptz(&now), p::uuid(&request)];
    let rows = app.db.system_query(sql!("users", "job_purge"), &params, &meter).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    let retired = services.keys.retire(app).await?;
    Ok(json!({
        "sessions": row.get::<_, i64>("sessions"),
        "one_time_tokens": row.get::<_, i64>("one_time_tokens"),
        "throttles": row.get::<_, i64>("throttles"),
        "retired_keys": retired,
    }))
}
