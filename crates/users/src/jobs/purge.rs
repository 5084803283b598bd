//! Forgetting what is long over (S4-47), and retiring signing keys.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Result, Row404};

use crate::services::Services;

/// Sessions of one firm that go at a time: each asks for its holds once more.
const CHUNK: i32 = 5_000;
/// When a part takes no further firm.
const ENOUGH: Duration = Duration::from_secs(10);

/// What a part of the purge did.
#[derive(Debug, Default)]
pub struct Purged {
    /// How many of each kind are forgotten.
    pub counts: Value,
    /// The firm behind which the next part begins; none after the last part.
    pub next: Option<Uuid>,
    /// Each firm whose sessions could not be purged, and why. It keeps no other waiting.
    pub failed: Vec<String>,
}

/// Forgets the sessions of the firms behind `after` whose time is over, firm by firm, and after the last
/// one what is nobody's: old links, counters and keys. The audit log keeps the ids of sessions (C4-14);
/// `request` stands in it.
///
/// # Errors
/// `dependency_unavailable` when database or keys cannot be had.
pub async fn purge(
    app: &App,
    services: &Services,
    request: Uuid,
    after: Option<Uuid>,
) -> Result<Purged> {
    let started = Instant::now();
    let firms = sql!("users", "job_purge_firms");
    let firms = app.db.system_query(firms, &[p::uuid(&after)], &Meter::default()).await?;
    let (mut sessions, mut failed) = (0, Vec::new());
    for row in firms {
        let tenant: Uuid = row.get("tenant_id");
        match purge_firm(app, tenant, request).await {
            Ok(count) => sessions += count,
            Err(problem) => {
                failed.push(format!("{tenant}: {}", problem.why()));
            }
        }
        if started.elapsed() > ENOUGH {
            let counts = json!({ "sessions": sessions });
            return Ok(Purged { counts, next: Some(tenant), failed });
        }
    }
    // Keys are retired whatever becomes of the links, and the other way round.
    let (links, retired) = (forget_links(app).await, services.keys.retire(app).await);
    let mut counts = links?;
    counts["sessions"] = json!(sessions);
    counts["retired_keys"] = json!(retired?);
    Ok(Purged { counts, next: None, failed })
}

async fn purge_firm(app: &App, tenant: Uuid, request: Uuid) -> Result<i64> {
    let now = app.clock.now();
    let params = [p::uuid(&tenant), p::timestamptz(&now), p::uuid(&request), p::int4(&CHUNK)];
    let rows = app.db.system_query(sql!("users", "job_purge"), &params, &Meter::default()).await?;
    Ok(rows.one_or(&problem::NOT_FOUND)?.get("sessions"))
}

async fn forget_links(app: &App) -> Result<Value> {
    let (now, purge) = (app.clock.now(), sql!("users", "job_purge_tokens"));
    let rows = app.db.system_query(purge, &[p::timestamptz(&now)], &Meter::default()).await?;
    let row = rows.one_or(&problem::NOT_FOUND)?;
    Ok(json!({
        "one_time_tokens": row.get::<_, i64>("one_time_tokens"),
        "throttles": row.get::<_, i64>("throttles"),
    }))
}
