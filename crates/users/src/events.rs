//! Scheduled events of this context.

use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde_json::{Value, json};
use wealth_core::violations::Violations;
use wealth_http::{App, Problem, Result};

use crate::mail;
use crate::services::Services;

/// Handles one event: `SendMail` sends what is queued. Harmless when it comes twice.
pub fn on_event(
    app: App,
    services: Services,
    event: Value,
) -> BoxFuture<'static, Result<Value, Problem>> {
    async move {
        match event["detail-type"].as_str() {
            Some("SendMail") => Ok(json!(mail::drain(&app, &services).await?)),
            _ => {
                let problem: Problem =
                    Violations::one("/detail-type", "unknown_value", "must be SendMail").into();
                let text = problem.summary();
                Err(problem.because(text))
            }
        }
    }
    .boxed()
}
