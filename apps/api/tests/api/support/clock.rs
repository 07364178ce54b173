//! A clock whose hands a test can move.

use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use connector_core::Clock;
use tokio::sync::watch;

#[derive(Debug)]
pub(crate) struct TestClock(watch::Sender<DateTime<Utc>>);

impl TestClock {
    /// Stands at noon of a day, until it is moved.
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new("2026-11-20T12:00:00Z".parse().unwrap()))
    }

    pub(crate) fn forward(&self, by: TimeDelta) {
        self.0.send_modify(|now| *now += by);
    }
}

#[async_trait]
impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        let until = self.now() + duration;
        let mut hands = self.0.subscribe();
        hands.wait_for(|now| *now >= until).await.unwrap();
    }
}
