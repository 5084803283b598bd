//! Events: what happens by the clock or in another system, and not by a call. Each may come twice and
//! in any order, and does then only what is left to do.

mod cognito;
mod purge;
mod reconcile;
mod rotate_keys;

use aws_lc_rs::digest;
use futures_util::FutureExt;
use futures_util::future::BoxFuture;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;
use wealth_core::json as strict;
use wealth_core::violations::Violations;
use wealth_http::{App, Problem, Result};

use crate::mail;
use crate::services::Services;

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

/// An event on its way to what handles its kind.
pub(crate) struct Event {
    /// The same for every delivery of one event.
    pub(crate) id: Uuid,
    /// What it brings.
    pub(crate) detail: Value,
}

type Handler = for<'a> fn(&'a App, &'a Services, Event) -> BoxFuture<'a, Result<Value>>;

/// Every kind and what handles it.
const KINDS: &[(&str, Handler)] = &[
    ("SendMail", |app, services, _| async { Ok(json!(mail::drain(app, services).await?)) }.boxed()),
    ("PurgeSessions", |app, services, event| purge::handle(app, services, event).boxed()),
    ("ReconcileDirectory", |app, services, event| reconcile::handle(app, services, event).boxed()),
    ("RotateSigningKeys", |app, services, event| rotate_keys::handle(app, services, event).boxed()),
];

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

/// EventBridge's ids are UUIDs, those of its Scheduler are not: the same text gives the same id.
fn id_of(text: &str) -> Option<Uuid> {
    let digest = digest::digest(&digest::SHA256, text.as_bytes());
    let bytes: [u8; 16] = digest.as_ref().get(..16)?.try_into().ok()?;
    let derived = || uuid::Builder::from_random_bytes(bytes).into_uuid();
    (!text.is_empty()).then(|| text.parse().unwrap_or_else(|_| derived()))
}

async fn handle(app: &App, services: &Services, event: Value) -> Result<Value> {
    if event.get("triggerSource").is_some() {
        return cognito::handle(app, event).await;
    }
    let envelope: Envelope = strict::from_value(event).map_err(Problem::from)?;
    let known = KINDS.iter().find(|(kind, _)| *kind == envelope.detail_type);
    let Some((_, handler)) = known else {
        let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        let text = format!("must be one of {}", kinds.join(", "));
        return Err(Violations::one("/detail-type", "unknown_value", text).into());
    };
    let id = id_of(&envelope.id).unwrap_or_else(|| app.ids.next());
    handler(app, services, Event { id, detail: envelope.detail }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_event_has_the_same_id() {
        let id = "0199aaaa-0000-7000-8000-000000000001";
        assert_eq!(id_of(id).unwrap().to_string(), id);
        assert_eq!(id_of("d32c5kddcf5bb8c3"), id_of("d32c5kddcf5bb8c3"));
        assert_ne!(id_of("d32c5kddcf5bb8c3"), id_of("d32c5kddcf5bb8c4"));
        assert_eq!(id_of(""), None);
    }
}
