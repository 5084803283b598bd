//! The configured issuers, as remembered by this process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};

use super::binding::Binding;
use super::error::{AuthError, Refusal, Unavailable};
use super::issuer::{IssuerConfig, IssuerSource, SourceError};
use super::refresh::{Lifetimes, Refresh};

/// An issuer that is switched off is refused after five minutes at the latest. The source is our
/// own database: when it is away, a request would fail after authentication anyway.
const LIFETIMES: Lifetimes = Lifetimes {
    fresh: TimeDelta::minutes(5),
    stale: TimeDelta::hours(1),
    retry: TimeDelta::seconds(1),
    retry_stale: TimeDelta::seconds(5),
};

/// How long an unknown issuer is remembered as such.
const UNKNOWN_TTL: TimeDelta = TimeDelta::seconds(60);

/// Unknown issuers looked up in one minute at most, and remembered at most: tokens with invented
/// issuers must neither become queries nor memory. Beyond that a token of an issuer that this
/// process has not met yet is refused until the minute is over; those already met are not touched.
const UNKNOWN_MAX: usize = 60;

/// Least time between two readings because of an unknown `kid`.
const UNKNOWN_KEY_INTERVAL: TimeDelta = TimeDelta::seconds(60);

pub(super) type Bindings = Vec<Arc<Binding>>;

/// See the module.
pub(super) struct Issuers {
    source: Arc<dyn IssuerSource>,
    known: RwLock<HashMap<String, Arc<Refresh<Bindings>>>>,
    unknown: Mutex<Unknown>,
    /// First meetings happen one at a time; the time of the last one that failed.
    first_meeting: tokio::sync::Mutex<Option<DateTime<Utc>>>,
}

#[derive(Default)]
struct Unknown {
    seen: HashMap<String, DateTime<Utc>>,
}

impl Unknown {
    /// Drops what is over; a time in the future means that the clock went backwards.
    fn prune(&mut self, now: DateTime<Utc>) {
        self.seen.retain(|_, at| *at <= now && now.signed_duration_since(*at) < UNKNOWN_TTL);
    }

    fn check(&mut self, issuer: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.prune(now);
        if self.seen.contains_key(issuer) {
            Err(Refusal::UnknownIssuer)
        } else if self.seen.len() >= UNKNOWN_MAX {
            Err(Refusal::IssuerLookupBudget)
        } else {
            Ok(())
        }
    }
}

impl Issuers {
    pub(super) fn new(source: Arc<dyn IssuerSource>) -> Self {
        Self {
            source,
            known: RwLock::new(HashMap::new()),
            unknown: Mutex::new(Unknown::default()),
            first_meeting: tokio::sync::Mutex::new(None),
        }
    }

    /// The bindings of an issuer, at least one.
    pub(super) async fn find(
        &self,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Bindings>, AuthError> {
        let bindings = match self.cell(issuer) {
            Some(cell) => self.current(&cell, issuer, now).await?,
            None => self.meet(issuer, now).await?,
        };
        if bindings.is_empty() {
            self.known.write().unwrap_or_else(PoisonError::into_inner).remove(issuer);
            self.note_unknown(issuer, now);
            return Err(Refusal::UnknownIssuer.into());
        }
        Ok(bindings)
    }

    /// Whether this very binding is still configured.
    pub(super) async fn holds(&self, binding: &Arc<Binding>, now: DateTime<Utc>) -> bool {
        let bindings = self.find(&binding.config.issuer, now).await;
        bindings.is_ok_and(|all| all.iter().any(|held| Arc::ptr_eq(held, binding)))
    }

    /// The bindings read anew, because a key was missing in them: at most once a minute, whoever
    /// asks. `None` when it was too early or failed.
    pub(super) async fn find_anew(
        &self,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Option<Arc<Bindings>> {
        let load = async |previous: Option<Arc<Bindings>>| {
            let previous = previous.map(|bindings| bindings.to_vec()).unwrap_or_default();
            self.load(issuer).await.map(|configs| bind(configs, &previous))
        };
        self.cell(issuer)?.renew_now(now, UNKNOWN_KEY_INTERVAL, load).await
    }

    async fn current(
        &self,
        cell: &Refresh<Bindings>,
        issuer: &str,
        now: DateTime<Utc>,
    ) -> Result<Arc<Bindings>, Unavailable> {
        let load = async |previous: Option<Arc<Bindings>>| {
            let previous = previous.map(|bindings| bindings.to_vec()).unwrap_or_default();
            self.load(issuer).await.map(|configs| bind(configs, &previous))
        };
        cell.get(now, load).await.map_err(|_| Unavailable::IssuerSource)
    }

    async fn meet(&self, issuer: &str, now: DateTime<Utc>) -> Result<Arc<Bindings>, AuthError> {
        self.check_unknown(issuer, now)?;
        let mut failed_at = self.first_meeting.lock().await;
        // The caller before us in the queue may have asked the same.
        if let Some(cell) = self.cell(issuer) {
            drop(failed_at);
            return Ok(self.current(&cell, issuer, now).await?);
        }
        self.check_unknown(issuer, now)?;
        let recently = |at: DateTime<Utc>| at <= now && now - at < LIFETIMES.retry;
        if failed_at.is_some_and(recently) {
            return Err(Unavailable::IssuerSource.into());
        }
        let Ok(configs) = self.load(issuer).await else {
            *failed_at = Some(now);
            return Err(Unavailable::IssuerSource.into());
        };
        let bindings = bind(configs, &[]);
        if !bindings.is_empty() {
            let cell = Refresh::with_value(LIFETIMES, bindings.clone(), now);
            let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
            known.insert(issuer.to_owned(), Arc::new(cell));
        } else {
            // Noted while the gate is held: the next in the queue must see it.
            self.note_unknown(issuer, now);
        }
        Ok(Arc::new(bindings))
    }

    async fn load(&self, issuer: &str) -> Result<Vec<IssuerConfig>, SourceError> {
        let found = self.source.find(issuer).await;
        found.inspect_err(|error| tracing::warn!(issuer, %error, "issuer not looked up"))
    }

    fn cell(&self, issuer: &str) -> Option<Arc<Refresh<Bindings>>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).get(issuer).cloned()
    }

    fn check_unknown(&self, issuer: &str, now: DateTime<Utc>) -> Result<(), Refusal> {
        self.unknown.lock().unwrap_or_else(PoisonError::into_inner).check(issuer, now)
    }

    fn note_unknown(&self, issuer: &str, now: DateTime<Utc>) {
        let mut unknown = self.unknown.lock().unwrap_or_else(PoisonError::into_inner);
        unknown.seen.insert(issuer.to_owned(), now);
    }
}

/// A binding whose configuration did not change keeps its identity, which is what remembered
/// verifications point to.
fn bind(configs: Vec<IssuerConfig>, previous: &[Arc<Binding>]) -> Bindings {
    let reuse = |config: IssuerConfig| {
        let held = previous.iter().find(|held| held.config == config);
        held.cloned().unwrap_or_else(|| Arc::new(Binding::new(config)))
    };
    configs.into_iter().map(reuse).collect()
}
