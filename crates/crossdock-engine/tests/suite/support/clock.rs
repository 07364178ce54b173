//! A clock that stands still until a test moves it.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, TimeZone as _, Utc};
use connector_core::Clock;
use tokio::sync::{Notify, watch};

/// Waits up to this long are between polls or attempts: they pass without time passing.
const SHORT: Duration = Duration::from_secs(10);

/// Stands still. A long sleep lasts until [`PausedClock::advance`] passes its end; a short one, as
/// between two polls of a lease, gives way to other tasks and is over.
#[derive(Debug)]
pub(crate) struct PausedClock {
    now: watch::Sender<DateTime<Utc>>,
    asleep: Mutex<Vec<Duration>>,
    fell_asleep: Notify,
    napped: Notify,
}

impl PausedClock {
    pub(crate) fn new() -> Self {
        let start = Utc.with_ymd_and_hms(2026, 11, 2, 9, 0, 0).unwrap();
        Self {
            now: watch::Sender::new(start),
            asleep: Mutex::default(),
            fell_asleep: Notify::new(),
            napped: Notify::new(),
        }
    }

    pub(crate) fn advance(&self, by: Duration) {
        self.now
            .send_modify(|now| *now += TimeDelta::from_std(by).unwrap());
    }

    /// Returns once somebody sleeps for exactly this long.
    pub(crate) async fn until_asleep_for(&self, duration: Duration) {
        loop {
            let told = self.fell_asleep.notified();
            tokio::pin!(told);
            told.as_mut().enable();
            if self.lock().contains(&duration) {
                return;
            }
            told.await;
        }
    }

    /// Returns once somebody sleeps for a short time, as between two polls.
    pub(crate) async fn until_napping(&self) {
        self.napped.notified().await;
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Duration>> {
        self.asleep.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Clock for PausedClock {
    fn now(&self) -> DateTime<Utc> {
        *self.now.borrow()
    }

    async fn sleep(&self, duration: Duration) {
        if duration <= SHORT {
            self.napped.notify_one();
            // Real, and short: other tasks, other threads and the database get their turn.
            tokio::time::sleep(Duration::from_millis(1)).await;
            return;
        }
        let until = self.now() + TimeDelta::from_std(duration).unwrap();
        let mut now = self.now.subscribe();
        let _asleep = Asleep::new(self, duration);
        // The sender is `self`, so it is there.
        now.wait_for(|now| *now >= until).await.unwrap();
    }
}

struct Asleep<'a> {
    clock: &'a PausedClock,
    duration: Duration,
}

impl<'a> Asleep<'a> {
    fn new(clock: &'a PausedClock, duration: Duration) -> Self {
        clock.lock().push(duration);
        clock.fell_asleep.notify_waiters();
        Self { clock, duration }
    }
}

impl Drop for Asleep<'_> {
    fn drop(&mut self) {
        let mut asleep = self.clock.lock();
        if let Some(at) = asleep.iter().position(|known| *known == self.duration) {
            asleep.swap_remove(at);
        }
    }
}
