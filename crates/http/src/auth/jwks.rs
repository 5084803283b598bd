//! The key sets of all issuers.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};

use super::binding::{Binding, Keys};
use super::error::{AuthError, Refusal, Unavailable};
use super::fetch::JwksFetcher;
use super::keys::{KeySet, VerificationKey};
use super::refresh::{Lifetimes, Refresh};

/// A withdrawn key is accepted for ten minutes at most while the provider answers. When it does
/// not, the last set serves for a day: an outage of the provider is far likelier than someone who
/// stole a key and also keeps us from the provider.
const LIFETIMES: Lifetimes = Lifetimes {
    fresh: TimeDelta::minutes(10),
    stale: TimeDelta::hours(24),
    retry: TimeDelta::seconds(5),
    retry_stale: TimeDelta::seconds(60),
};

/// Least time between two fetches for the sake of an unknown `kid`: a flood of invented ids must
/// not become a flood of fetches.
const UNKNOWN_KEY_INTERVAL: TimeDelta = TimeDelta::seconds(60);

/// Key sets by address. Addresses come from the configuration only, which also bounds their number.
pub(super) struct KeySets {
    fetcher: Arc<dyn JwksFetcher>,
    sets: RwLock<HashMap<String, Arc<Refresh<KeySet>>>>,
}

impl KeySets {
    pub(super) fn new(fetcher: Arc<dyn JwksFetcher>) -> Self {
        Self { fetcher, sets: RwLock::new(HashMap::new()) }
    }

    /// The key that the binding has under this id.
    pub(super) async fn find(
        &self,
        binding: &Binding,
        id: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Arc<VerificationKey>, AuthError> {
        let key = match binding.keys() {
            Keys::Broken => return Err(Refusal::BrokenConfiguration.into()),
            Keys::Static(set) => set.get(id).cloned(),
            Keys::Uri(uri) => self.find_fetched(uri, id, now).await?,
        };
        Ok(key.ok_or(Refusal::UnknownKey)?)
    }

    /// Whether this very key is still one of the binding's.
    pub(super) async fn holds(
        &self,
        binding: &Binding,
        key: &Arc<VerificationKey>,
        now: DateTime<Utc>,
    ) -> bool {
        match binding.keys() {
            Keys::Broken => false,
            Keys::Static(set) => set.holds(key),
            Keys::Uri(uri) => self.current(uri, now).await.is_ok_and(|set| set.holds(key)),
        }
    }

    async fn find_fetched(
        &self,
        uri: &str,
        id: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<Option<Arc<VerificationKey>>, AuthError> {
        let set = self.current(uri, now).await?;
        if let Some(key) = set.get(id) {
            return Ok(Some(Arc::clone(key)));
        }
        let load = async |previous| self.load(uri, previous).await;
        let renewed = self.cell(uri).renew_now(now, UNKNOWN_KEY_INTERVAL, load).await;
        Ok(renewed.and_then(|set| set.get(id).cloned()))
    }

    async fn current(&self, uri: &str, now: DateTime<Utc>) -> Result<Arc<KeySet>, Unavailable> {
        let load = async |previous| self.load(uri, previous).await;
        self.cell(uri).get(now, load).await.map_err(|_| Unavailable::KeySet)
    }

    async fn load(&self, uri: &str, previous: Option<Arc<KeySet>>) -> Result<KeySet, ()> {
        let document = self.fetcher.fetch(uri).await.map_err(|error| {
            tracing::warn!(jwks_uri = uri, %error, "key set not fetched");
        })?;
        KeySet::from_bytes(&document, previous.as_deref()).map_err(|error| {
            tracing::warn!(jwks_uri = uri, %error, "key set not read");
        })
    }

    fn cell(&self, uri: &str) -> Arc<Refresh<KeySet>> {
        if let Some(cell) = self.sets.read().unwrap_or_else(PoisonError::into_inner).get(uri) {
            return Arc::clone(cell);
        }
        let mut sets = self.sets.write().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(sets.entry(uri.to_owned()).or_insert_with(|| Arc::new(Refresh::new(LIFETIMES))))
    }
}
