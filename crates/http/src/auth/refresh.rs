//! A value that is fetched, kept for a while and renewed by one caller at a time.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Mutex;

/// How long a value serves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lifetimes {
    /// Fresh: served without a question.
    pub(super) fresh: TimeDelta,
    /// Stale: served only while renewal fails or is under way, counted from the last success.
    pub(super) stale: TimeDelta,
    /// Least time between two attempts while nothing can be served.
    pub(super) retry: TimeDelta,
    /// The same while a stale value serves: an attempt may keep a caller waiting for as long as
    /// the other side takes to fail.
    pub(super) retry_stale: TimeDelta,
}

/// The value cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotThere;

/// See the module.
pub(super) struct Refresh<T> {
    lifetimes: Lifetimes,
    held: RwLock<Option<Held<T>>>,
    /// Held while a renewal runs; the time of the last attempt.
    gate: Mutex<Option<DateTime<Utc>>>,
}

struct Held<T> {
    value: Arc<T>,
    fetched_at: DateTime<Utc>,
}

impl<T> Refresh<T> {
    pub(super) fn new(lifetimes: Lifetimes) -> Self {
        Self { lifetimes, held: RwLock::new(None), gate: Mutex::new(None) }
    }

    pub(super) fn with_value(lifetimes: Lifetimes, value: T, now: DateTime<Utc>) -> Self {
        let held = Held { value: Arc::new(value), fetched_at: now };
        Self { lifetimes, held: RwLock::new(Some(held)), gate: Mutex::new(Some(now)) }
    }

    /// The value, renewed first when it is no longer fresh. `load` gets the value held so far.
    ///
    /// Callers that have a stale value do not wait for the one that renews it.
    pub(super) async fn get<F, E>(&self, now: DateTime<Utc>, load: F) -> Result<Arc<T>, NotThere>
    where
        F: AsyncFnOnce(Option<Arc<T>>) -> Result<T, E>,
    {
        if let Some(value) = self.younger_than(self.lifetimes.fresh, now) {
            return Ok(value);
        }
        let stale = self.younger_than(self.lifetimes.stale, now);
        let retry = if stale.is_some() { self.lifetimes.retry_stale } else { self.lifetimes.retry };
        let mut last_attempt = match (self.gate.try_lock(), stale) {
            (Ok(gate), _) => gate,
            (Err(_), Some(value)) => return Ok(value),
            (Err(_), None) => self.gate.lock().await,
        };
        if self.younger_than(self.lifetimes.fresh, now).is_none()
            && !within(retry, *last_attempt, now)
        {
            self.renew(now, &mut last_attempt, load).await;
        }
        self.younger_than(self.lifetimes.stale, now).ok_or(NotThere)
    }

    /// Renews although the value is fresh, because something was missing in it; at most once in
    /// `least`, whoever asks. `None` when it was too early or failed.
    pub(super) async fn renew_now<F, E>(
        &self,
        now: DateTime<Utc>,
        least: TimeDelta,
        load: F,
    ) -> Option<Arc<T>>
    where
        F: AsyncFnOnce(Option<Arc<T>>) -> Result<T, E>,
    {
        let mut last_attempt = self.gate.lock().await;
        if within(least, *last_attempt, now) {
            // Perhaps the caller before us in the queue has just renewed it.
            return self.younger_than(least, now);
        }
        self.renew(now, &mut last_attempt, load).await;
        self.younger_than(least, now)
    }

    /// The attempt counts from its start: a caller that gives up midway must not open the gate
    /// for another fetch.
    async fn renew<F, E>(&self, now: DateTime<Utc>, last: &mut Option<DateTime<Utc>>, load: F)
    where
        F: AsyncFnOnce(Option<Arc<T>>) -> Result<T, E>,
    {
        *last = Some(now);
        let previous = self.younger_than(self.lifetimes.stale, now);
        if let Ok(value) = load(previous).await {
            let held = Held { value: Arc::new(value), fetched_at: now };
            *self.held.write().unwrap_or_else(PoisonError::into_inner) = Some(held);
        }
    }

    fn younger_than(&self, age: TimeDelta, now: DateTime<Utc>) -> Option<Arc<T>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.as_ref()
            .filter(|held| within(age, Some(held.fetched_at), now))
            .map(|held| Arc::clone(&held.value))
    }
}

/// A time in the future means that the clock went backwards: it counts as long ago.
fn within(age: TimeDelta, then: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    then.is_some_and(|then| then <= now && now.signed_duration_since(then) < age)
}
