//! The platform's own keys: one secret with everything that this context signs, derives and
//! encrypts with. Private keys never enter the database.

mod rotation;
mod secret;
mod source;

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use wealth_db::{p, sql};
use wealth_http::{App, Problem, Result};

pub use rotation::Rotation;
pub use secret::{KeyError, Keys};
pub use source::{KeySource, Replaced, SecretsManagerKeys, StaticKeys};

/// How long keys are used without asking again (rules.md 2.3).
const FRESH_FOR: Duration = Duration::from_secs(300);

/// The keys in use. Clones are not needed: it lives in the shared services.
pub struct KeyStore {
    source: Arc<dyn KeySource>,
    /// Held across the fetch, so that any number of callers make one call.
    held: Mutex<Option<Held>>,
}

struct Held {
    keys: Arc<Keys>,
    ask_again: Instant,
    registered: bool,
}

impl KeyStore {
    /// A store that asks `source` when it first needs a key and then every five minutes.
    pub fn new(source: Arc<dyn KeySource>) -> Self {
        Self { source, held: Mutex::new(None) }
    }

    /// The keys, with their public halves known to every function. While the source cannot be
    /// asked, the last known keys stay in use.
    ///
    /// # Errors
    /// `dependency_unavailable` when there are no keys to be had.
    pub async fn get(&self, app: &App) -> Result<Arc<Keys>> {
        let mut held = self.held.lock().await;
        if held.as_ref().is_none_or(|held| Instant::now() >= held.ask_again) {
            self.renew(&mut held).await?;
        }
        let Some(held) = held.as_mut() else {
            return Err(Problem::unavailable("no keys"));
        };
        if !held.registered {
            register(app, &held.keys).await?;
            held.registered = true;
        }
        Ok(Arc::clone(&held.keys))
    }

    /// Uses these keys from now on; they are registered.
    async fn hold(&self, keys: Arc<Keys>) {
        let ask_again = Instant::now() + FRESH_FOR;
        *self.held.lock().await = Some(Held { keys, ask_again, registered: true });
    }

    async fn renew(&self, held: &mut Option<Held>) -> Result<()> {
        let ask_again = Instant::now() + FRESH_FOR;
        match (self.source.load().await, held.as_mut()) {
            (Ok(keys), known) => {
                let same = known.is_some_and(|known| known.registered && *known.keys == keys);
                *held = Some(Held { keys: Arc::new(keys), ask_again, registered: same });
                Ok(())
            }
            (Err(error), Some(known)) => {
                tracing::error!(%error, "keys not renewed; the last known ones stay in use");
                known.ask_again = Instant::now() + FRESH_FOR / 10;
                Ok(())
            }
            (Err(error), None) => Err(Problem::unavailable(error.to_string())),
        }
    }
}

/// Makes the public halves known, that of the coming key too: by the time it signs, every function
/// has long read it.
async fn register(app: &App, keys: &Keys) -> Result<()> {
    let query = sql!("users", "register_signing_key");
    for signer in keys.signers() {
        let (id, algorithm, key) = (signer.key_id(), signer.algorithm(), signer.jwk());
        let params = [p::text(&id), p::text(&algorithm), p::json(&key)];
        app.db.system_query(query, &params, &wealth_db::Meter::default()).await?;
    }
    Ok(())
}
