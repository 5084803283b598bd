//! What happens to rates by the clock. It acts as a job of one tenant and not as a person, so that a
//! second person can release what it holds back, and is harmless to repeat. The jobs function calls
//! it.

use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::violations::Violations;
use wealth_core::{json as strict, problem};
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Problem, Result, Row404};

use crate::feeds::delivery::NewBatch;
use crate::feeds::report::BatchReport;
use crate::feeds::source_named;

/// What a turn of the rates did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turned {
    /// Tenants that had something to turn over.
    pub tenants: u32,
    /// Products whose rate in force changed.
    pub products: i64,
}

/// Turns over the rates whose day has come, tenant by tenant. One tenant's failure keeps no other
/// waiting; the call fails in the end, and the next does only what is left.
///
/// # Errors
/// `dependency_unavailable`, with each tenant that was left and why.
pub async fn activate(app: &App, request: Uuid) -> Result<Turned> {
    let (now, meter) = (app.clock.now(), Meter::default());
    let at = [p::timestamptz(&now)];
    let due = app.db.system_query(sql!("rates", "tenants_due"), &at, &meter);
    let (mut turned, mut failed) = (Turned { tenants: 0, products: 0 }, Vec::new());
    for row in due.await? {
        let tenant: Uuid = row.get("tenant_id");
        let params = [p::uuid(&tenant), p::timestamptz(&now), p::uuid(&request)];
        match app.db.system_query(sql!("rates", "job_activate"), &params, &meter).await {
            Ok(rows) => {
                let changed: i32 = rows.one_or(&problem::NOT_FOUND)?.get("products");
                turned.tenants += 1;
                turned.products += i64::from(changed);
            }
            Err(error) => failed.push(format!("{tenant}: {error}")),
        }
    }
    if failed.is_empty() {
        return Ok(turned);
    }
    Err(Problem::unavailable(format!("not activated: {}", failed.join("; "))))
}

/// Takes a batch that an outside system left for a tenant, in the shape of the body of `POST
/// /v1/rate-feeds/{source}/batches`. The same batch again gets the same report and changes nothing.
///
/// # Errors
/// What the batch is refused for, field by field; `dependency_unavailable`.
pub async fn deliver(
    app: &App,
    tenant: Uuid,
    source: &str,
    batch: Value,
    request: Uuid,
) -> Result<Value> {
    take(app, tenant, source, strict::from_value(batch)?, "", request).await
}

/// Ingests a batch as a job of the tenant. `place`: where it stands in what was sent.
pub(crate) async fn take(
    app: &App,
    tenant: Uuid,
    source: &str,
    batch: NewBatch,
    place: &str,
    request: Uuid,
) -> Result<Value> {
    let delivery = batch.prepare(&*app.ids).map_err(|found| {
        let mut placed = Violations::new();
        placed.nest(place, found);
        placed
    })?;
    let source = source_named(source)?;
    let (now, options) = (app.clock.now(), json!({"batch_id": app.ids.next()}));
    let params = [
        p::uuid(&tenant),
        p::timestamptz(&now),
        p::uuid(&request),
        p::text(&source),
        p::text(&delivery.external_batch_id),
        p::bytes(&delivery.fingerprint),
        p::json(&delivery.rows),
        p::json(&options),
    ];
    let sql = sql!("rates", "job_ingest");
    let rows = app.db.system_query(sql, &params, &Meter::default()).await?;
    let report = BatchReport::read(rows.one_or(&problem::NOT_FOUND)?.get("response"))?;
    serde_json::to_value(&report).map_err(|error| Problem::internal(error.to_string()))
}
