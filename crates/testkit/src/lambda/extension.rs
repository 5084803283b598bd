//! The extensions API, as far as an internal extension sees it: register, then wait for events.
//!
//! A registered extension is what makes Lambda send SIGTERM before it ends an environment; without
//! one the process is killed outright.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::sync::Notify;

use super::service::random_id;

/// The extensions of one execution environment.
#[derive(Default)]
pub(super) struct Extensions {
    /// Identifier to name.
    registered: Mutex<HashMap<String, String>>,
    never: Notify,
}

/// Why a registration is refused: the error type of the API.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// The name is missing, or an extension of this name is registered.
    Name,
    /// Internal extensions may subscribe to INVOKE only; the emulator refuses that too, because no
    /// function here uses it and an event that nobody answers would stall a real environment.
    Events,
}

impl Extensions {
    /// Registers an extension and returns its identifier.
    pub(super) fn register(&self, name: Option<&str>, body: &[u8]) -> Result<String, Refused> {
        let name = name.filter(|name| !name.is_empty()).ok_or(Refused::Name)?;
        let body: Value = serde_json::from_slice(body).map_err(|_| Refused::Events)?;
        if body.get("events").and_then(Value::as_array).is_none_or(|events| !events.is_empty()) {
            return Err(Refused::Events);
        }
        let mut registered = self.lock();
        if registered.values().any(|other| other == name) {
            return Err(Refused::Name);
        }
        let identifier = random_id().to_string();
        registered.insert(identifier.clone(), name.to_owned());
        Ok(identifier)
    }

    /// True when at least one extension is registered.
    pub(super) fn any(&self) -> bool {
        !self.lock().is_empty()
    }

    /// Whether this identifier was handed out.
    pub(super) fn knows(&self, identifier: Option<&str>) -> bool {
        identifier.is_some_and(|identifier| self.lock().contains_key(identifier))
    }

    /// The long poll of an extension without subscriptions: no event ever comes.
    pub(super) async fn next(&self) {
        self.never.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, String>> {
        self.registered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
