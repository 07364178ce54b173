//! Time that passes only when everybody waits.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use connector_core::Clock;
use tokio::time::Instant;

/// A clock over tokio's paused time: sleeping costs nothing and moves it on.
///
/// Made for a runtime that was started paused, in which it has to be made and used.
#[derive(Debug)]
pub struct TestClock {
    start: DateTime<Utc>,
    base: Instant,
    slept: Mutex<Vec<Duration>>,
}

impl TestClock {
    /// A clock that stands at `start` now.
    #[must_use]
    pub fn new(start: DateTime<Utc>) -> Self {
        Self {
            start,
            base: Instant::now(),
            slept: Mutex::default(),
        }
    }

    /// When it began.
    #[must_use]
    pub fn start(&self) -> DateTime<Utc> {
        self.start
    }

    /// Every sleep that was asked for since the last call of this, in order.
    pub fn take_slept(&self) -> Vec<Duration> {
        std::mem::take(&mut *self.slept.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Lets time pass without anybody having asked for it.
    pub async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        self.start + TimeDelta::from_std(self.base.elapsed()).unwrap_or(TimeDelta::MAX)
    }

    async fn sleep(&self, duration: Duration) {
        self.slept
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(duration);
        tokio::time::sleep(duration).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn sleepers_wait_side_by_side() {
        let clock = TestClock::new(DateTime::UNIX_EPOCH);
        tokio::join!(
            clock.sleep(Duration::from_secs(3600)),
            clock.sleep(Duration::from_secs(60))
        );
        assert_eq!(clock.now().timestamp(), 3600);
        assert_eq!(
            clock.take_slept(),
            [Duration::from_secs(3600), Duration::from_secs(60)]
        );
        assert!(clock.take_slept().is_empty());
    }
}
