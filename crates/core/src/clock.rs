//! Time as an argument: every date rule takes a [`Clock`] or an explicit date, so that it can be
//! tested on any day.

use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, Utc};

/// Tells the time. Object-safe, so that it travels as `Arc<dyn Clock>`.
pub trait Clock: Send + Sync {
    /// The present instant in UTC.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        // The one place of the platform that may ask the machine: everything else is handed a Clock.
        #[allow(clippy::disallowed_methods)]
        let now = std::time::SystemTime::now();
        DateTime::<Utc>::from(now)
    }
}

/// A clock that stands still until it is moved; for tests and for replaying a recorded day.
#[derive(Debug)]
pub struct FixedClock(Mutex<DateTime<Utc>>);

impl FixedClock {
    /// A clock that shows `at`.
    pub fn new(at: DateTime<Utc>) -> Self {
        Self(Mutex::new(at))
    }

    /// Moves the clock to `at`, forwards or backwards.
    pub fn set(&self, at: DateTime<Utc>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = at;
    }

    /// Moves the clock by `by`; stays where it is if the result is no representable instant.
    pub fn advance(&self, by: chrono::TimeDelta) {
        let mut now = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *now = now.checked_add_signed(by).unwrap_or(*now);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let start = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let clock = FixedClock::new(start);
        assert_eq!(clock.now(), start);
        clock.advance(chrono::TimeDelta::days(1));
        assert_eq!(clock.now(), start + chrono::TimeDelta::days(1));
        clock.set(start);
        assert_eq!(clock.now(), start);
    }

    #[test]
    fn the_system_clock_is_past_the_day_this_was_written() {
        assert!(SystemClock.now().timestamp() > 1_700_000_000);
    }
}
