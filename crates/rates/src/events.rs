//! Events: batches of rates from EventBridge, and the daily turn of scheduled rates.
//!
//! Both act as a job of one tenant and not as a person, so a second person can release what they
//! hold back. Both may come twice and in any order: a batch is known by its id, and the turn only
//! does what is due and not done.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::violations::Violations;
use wealth_core::{json as strict, problem};
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Problem, Result, Row404};

use crate::feeds::delivery::NewBatch;
use crate::feeds::report::BatchReport;
use crate::feeds::source_named;

/// The part of an EventBridge event that all kinds share.
#[derive(Deserialize)]
struct Envelope {
    /// EventBridge's id; a UUID where EventBridge itself made it.
    #[serde(default)]
    id: String,
    #[serde(rename = "detail-type")]
    detail_type: String,
    #[serde(default)]
    detail: Value,
}

/// A batch in an event.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RateBatch {
    tenant_id: Uuid,
    source: String,
    external_batch_id: String,
    rates: Vec<Value>,
}

/// Handles one event. An error makes EventBridge deliver again, and names what is wrong.
pub fn on_event(app: App, event: Value) -> BoxFuture<'static, Result<Value, Problem>> {
    async move {
        // What the caller of HTTP would read has to stand in the error: an event gets no answer.
        handle(&app, event).await.map_err(|problem| {
            let text = problem.summary();
            problem.because(text)
        })
    }
    .boxed()
}

async fn handle(app: &App, event: Value) -> Result<Value> {
    let event: Envelope = read(event, "")?;
    let request: Uuid = event.id.parse().unwrap_or_else(|_| app.ids.next());
    match event.detail_type.as_str() {
        "RateBatch" => deliver(app, read(event.detail, "/detail")?, request).await,
        "ActivateDueRates" => activate(app, request).await,
        _ => {
            let text = "must be RateBatch or ActivateDueRates";
            Err(Violations::one("/detail-type", "unknown_value", text).into())
        }
    }
}

fn read<T: DeserializeOwned>(value: Value, pointer: &str) -> Result<T> {
    strict::from_value(value).map_err(|found| {
        let mut placed = Violations::new();
        placed.nest(pointer, found);
        placed.into()
    })
}

/// Takes a batch as HTTP does, for the tenant that the event names. Whoever may put events on the
/// bus may name it: that is the bus's policy to decide.
async fn deliver(app: &App, event: RateBatch, request: Uuid) -> Result<Value> {
    let RateBatch { tenant_id, source, external_batch_id, rates } = event;
    let delivery = NewBatch { external_batch_id, rates }.prepare(&*app.ids).map_err(|found| {
        let mut placed = Violations::new();
        placed.nest("/detail", found);
        placed
    })?;
    let source = source_named(&source)?;
    let (now, options) = (app.clock.now(), json!({"batch_id": app.ids.next()}));
    let params = [
        p::uuid(&tenant_id),
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

/// Turns over the rates whose day has come, tenant by tenant. One tenant's failure keeps no other
/// waiting; the event fails in the end, and its redelivery does only what is left.
async fn activate(app: &App, request: Uuid) -> Result<Value> {
    let (now, meter) = (app.clock.now(), Meter::default());
    let at = [p::timestamptz(&now)];
    let due = app.db.system_query(sql!("rates", "tenants_due"), &at, &meter);
    let (mut tenants, mut products, mut failed) = (0u32, 0i64, Vec::new());
    for row in due.await? {
        let tenant: Uuid = row.get("tenant_id");
        let params = [p::uuid(&tenant), p::timestamptz(&now), p::uuid(&request)];
        match app.db.system_query(sql!("rates", "job_activate"), &params, &meter).await {
            Ok(rows) => {
                let changed: i32 = rows.one_or(&problem::NOT_FOUND)?.get("products");
                tenants += 1;
                products += i64::from(changed);
            }
            Err(error) => failed.push(format!("{tenant}: {error}")),
        }
    }
    tracing::info!(tenants, products, failed = failed.len(), "due rates activated");
    if failed.is_empty() {
        return Ok(json!({"tenants": tenants, "products": products}));
    }
    Err(Problem::unavailable(format!("not activated: {}", failed.join("; "))))
}
