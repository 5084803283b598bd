//! Events: what happens by the clock. It may come twice, late or while another run is under way, and
//! does then only what is left to do.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};
use wealth_core::json as strict;
use wealth_core::violations::Violations;
use wealth_http::{App, Problem, Result};

use crate::seal::seal;
use crate::services::Services;

/// The part of an EventBridge event that tells its kind.
#[derive(Deserialize)]
struct Envelope {
    #[serde(rename = "detail-type")]
    detail_type: String,
}

/// Handles one event. An error makes EventBridge deliver again, and names what is wrong.
pub fn on_event(
    app: App,
    services: Services,
    event: Value,
) -> BoxFuture<'static, Result<Value, Problem>> {
    async move {
        // What the caller of HTTP would read has to stand in the error: an event gets no answer.
        handle(&app, &services, event).await.map_err(|problem| {
            let text = problem.summary();
            problem.because(text)
        })
    }
    .boxed()
}

async fn handle(app: &App, services: &Services, event: Value) -> Result<Value> {
    let event: Envelope = strict::from_value(event).map_err(Problem::from)?;
    if event.detail_type != "SealAudit" {
        let text = "must be SealAudit";
        return Err(Violations::one("/detail-type", "unknown_value", text).into());
    }
    let sealed = seal(app, services).await?;
    Ok(json!({"logs": sealed.logs, "leaves": sealed.leaves}))
}
