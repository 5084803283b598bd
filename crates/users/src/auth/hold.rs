//! Answers that leave at the same moment for every address.
//!
//! That both sides do the same statements and hashes is not all: a row that is changed takes longer
//! than none, by some tenths of a millisecond, and whoever asks often enough sees it. So what could
//! tell is held back until a fixed time after the call came, which the work hardly ever takes; if it
//! does, until twice that, and so on.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// An answer under way.
pub(crate) struct Hold {
    since: Instant,
    /// Nothing is held back if zero.
    step: Duration,
}

impl Hold {
    /// From now.
    pub(crate) fn new(step: Duration) -> Self {
        Self { since: Instant::now(), step }
    }

    /// Waits until the answer may go.
    pub(crate) async fn release(self) {
        let (taken, step) = (self.since.elapsed().as_nanos(), self.step.as_nanos());
        let Some(steps) = taken.checked_div(step) else { return };
        let wait = step.saturating_mul(steps + 1) - taken;
        sleep_until(Instant::now() + Duration::from_nanos(u64::try_from(wait).unwrap_or(u64::MAX)))
            .await;
    }
}
