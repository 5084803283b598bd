//! Rotation of the key that signs: the next one, long published, takes its place.

use std::sync::Arc;

use uuid::Uuid;
use wealth_core::problem;
use wealth_db::{Meter, p, sql};
use wealth_http::{App, Problem, Result, Row404};

use super::secret::{KeyError, Keys};
use super::source::Replaced;
use super::{KeyStore, register};

/// What became of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotation {
    /// The next key signs, and there is a new next one.
    Done,
    /// It was done before, under the same id.
    Before,
    /// Not done: these keys stay as they are.
    Fixed,
    /// Not done: not every function has read the next key yet.
    TooYoung,
}

impl KeyStore {
    /// Promotes the next key and makes a new next one, once for each `version`. Functions that hold
    /// the old keys sign with them for five minutes more, which stays accepted: see
    /// `users.retire_signing_keys`.
    ///
    /// # Errors
    /// `dependency_unavailable` when the secret cannot be read or written.
    pub async fn rotate(&self, app: &App, version: Uuid) -> Result<Rotation> {
        if self.source.is_fixed() {
            return Ok(Rotation::Fixed);
        }
        if self.source.has(&version.to_string()).await.map_err(unavailable)? {
            return Ok(Rotation::Before);
        }
        // Not those in memory: what is replaced is what stands in the secret.
        let keys = self.source.load().await.map_err(unavailable)?;
        register(app, &keys).await?;
        let Some(next) = keys.next_signer() else {
            return self.replace(app, keys.rotated().map_err(unavailable)?, version).await;
        };
        let id = next.key_id();
        let known = sql!("users", "signing_key_known");
        let rows = app.db.system_query(known, &[p::text(&id)], &Meter::default()).await?;
        if !rows.one_or(&problem::NOT_FOUND)?.get::<_, bool>("known") {
            return Ok(Rotation::TooYoung);
        }
        self.replace(app, keys.rotated().map_err(unavailable)?, version).await
    }

    async fn replace(&self, app: &App, keys: Keys, version: Uuid) -> Result<Rotation> {
        // Known before it is stored: whoever reads the secret finds every key of it accepted.
        register(app, &keys).await?;
        let replaced = self.source.replace(&keys, &version.to_string()).await;
        if replaced.map_err(unavailable)? == Replaced::Before {
            return Ok(Rotation::Before);
        }
        self.hold(Arc::new(keys)).await;
        Ok(Rotation::Done)
    }

    /// Puts away keys whose last token is over; how many.
    ///
    /// # Errors
    /// `dependency_unavailable` when the secret cannot be read.
    pub async fn retire(&self, app: &App) -> Result<i32> {
        let keys = self.source.load().await.map_err(unavailable)?;
        let live: Vec<String> = keys.signers().map(|signer| signer.key_id()).collect();
        let now = app.clock.now();
        let params = [p::texts(&live), p::timestamptz(&now)];
        let retire = sql!("users", "retire_signing_keys");
        let rows = app.db.system_query(retire, &params, &Meter::default()).await?;
        Ok(rows.one_or(&problem::NOT_FOUND)?.get("retired"))
    }
}

fn unavailable(error: KeyError) -> Problem {
    Problem::unavailable(error.to_string())
}
