//! Events: batches of rates from EventBridge. A batch may come twice and in any order: it is known by
//! its id.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;
use wealth_core::json as strict;
use wealth_core::violations::Violations;
use wealth_http::{App, Problem, Result};

use crate::feeds::delivery::NewBatch;
use crate::jobs;

/// The part of an EventBridge event that tells its kind.
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

/// Takes a batch as HTTP does, for the tenant that the event names. Whoever may put events on the
/// bus may name it: that is the bus's policy to decide.
async fn handle(app: &App, event: Value) -> Result<Value> {
    let event: Envelope = read(event, "")?;
    let request: Uuid = event.id.parse().unwrap_or_else(|_| app.ids.next());
    if event.detail_type != "RateBatch" {
        return Err(Violations::one("/detail-type", "unknown_value", "must be RateBatch").into());
    }
    let batch: RateBatch = read(event.detail, "/detail")?;
    let RateBatch { tenant_id, source, external_batch_id, rates } = batch;
    let batch = NewBatch { external_batch_id, rates };
    jobs::take(app, tenant_id, &source, batch, "/detail", request).await
}

fn read<T: DeserializeOwned>(value: Value, pointer: &str) -> Result<T> {
    strict::from_value(value).map_err(|found| {
        let mut placed = Violations::new();
        placed.nest(pointer, found);
        placed.into()
    })
}
