//! Pacing: buckets that fill over time, corrected by what the platform says.
//!
//! One limiter per session, so all that uses a connection within a process shares its budget.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use super::LONGEST_WAIT;
use crate::dialect::{Charge, QuotaSignal};
use crate::error::{Error, ErrorKind, Result};

#[derive(Debug, Default)]
pub(super) struct Limiter(Mutex<HashMap<&'static str, Bucket>>);

#[derive(Debug)]
struct Bucket {
    level: f64,
    capacity: f64,
    per_second: f64,
    at: DateTime<Utc>,
    not_before: DateTime<Utc>,
}

impl Bucket {
    fn fill(&mut self, now: DateTime<Utc>) {
        let passed = (now - self.at)
            .to_std()
            .unwrap_or(Duration::ZERO)
            .as_secs_f64();
        self.level = passed
            .mul_add(self.per_second, self.level)
            .min(self.capacity);
        self.at = self.at.max(now);
    }
}

impl Limiter {
    /// Takes a charge, and says how long to wait before it may be used. The charge is taken even if
    /// it isn't there yet, so that those who wait do so one after the other.
    pub(super) fn take(&self, charge: Charge, now: DateTime<Utc>) -> Result<Duration> {
        let mut buckets = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let bucket = buckets.entry(charge.bucket).or_insert(Bucket {
            level: charge.capacity,
            capacity: charge.capacity,
            per_second: charge.per_second,
            at: now,
            not_before: now,
        });
        bucket.fill(now);
        // A charge larger than the bucket can only wait until the bucket is full.
        let missing = charge.amount.min(bucket.capacity) - bucket.level;
        let for_level = if missing <= 0.0 {
            Duration::ZERO
        } else {
            Duration::try_from_secs_f64(missing / bucket.per_second).unwrap_or(Duration::MAX)
        };
        let for_pause = (bucket.not_before - now).to_std().unwrap_or(Duration::ZERO);
        let wait = for_level.max(for_pause);
        if wait > LONGEST_WAIT {
            return Err(
                Error::new(ErrorKind::RateLimited, "the account's quota is spent")
                    .with("bucket", charge.bucket)
                    .retry_in(wait),
            );
        }
        bucket.level -= charge.amount;
        Ok(wait)
    }

    /// Takes over what the platform says.
    pub(super) fn observe(&self, signal: QuotaSignal, now: DateTime<Utc>) {
        let mut buckets = self
            .0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let bucket = buckets.entry(signal.bucket).or_insert(Bucket {
            level: signal.remaining.unwrap_or(f64::MAX),
            capacity: signal.capacity.unwrap_or(f64::MAX),
            per_second: signal.per_second.unwrap_or(1.0),
            at: now,
            not_before: now,
        });
        bucket.fill(now);
        if let Some(capacity) = signal.capacity {
            bucket.capacity = capacity;
        }
        if let Some(per_second) = signal.per_second.filter(|rate| *rate > 0.0) {
            bucket.per_second = per_second;
        }
        if let Some(remaining) = signal.remaining {
            bucket.level = remaining;
        }
        if let Some(pause) = signal.pause {
            let until = now + TimeDelta::from_std(pause).unwrap_or(TimeDelta::MAX);
            bucket.not_before = bucket.not_before.max(until);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_burst_is_free_and_then_the_rate_holds() {
        let limiter = Limiter::default();
        let charge = Charge::request("calls", 2.0, 1.0);
        let waits: Vec<u64> = (0..4)
            .map(|_| limiter.take(charge, at(0)).unwrap().as_secs())
            .collect();
        assert_eq!(waits, [0, 0, 1, 2]);
        assert_eq!(limiter.take(charge, at(10)).unwrap(), Duration::ZERO);
    }

    #[test]
    fn what_the_platform_says_wins() {
        let limiter = Limiter::default();
        let charge = Charge {
            bucket: "points",
            amount: 100.0,
            capacity: 1000.0,
            per_second: 50.0,
        };
        limiter.take(charge, at(0)).unwrap();
        let signal = QuotaSignal {
            bucket: "points",
            remaining: Some(0.0),
            capacity: Some(2000.0),
            per_second: Some(100.0),
            pause: None,
        };
        limiter.observe(signal, at(0));
        assert_eq!(limiter.take(charge, at(0)).unwrap(), Duration::from_secs(1));
    }

    #[test]
    fn a_wait_that_is_too_long_goes_back_and_takes_nothing() {
        let limiter = Limiter::default();
        let charge = Charge::request("daily", 1.0, 0.001);
        limiter.take(charge, at(0)).unwrap();
        let error = limiter.take(charge, at(0)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RateLimited);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(1000)));
        assert_eq!(limiter.take(charge, at(1000)).unwrap(), Duration::ZERO);
    }

    #[test]
    fn a_pause_holds_all_of_a_bucket() {
        let limiter = Limiter::default();
        let pause = Some(Duration::from_secs(5));
        let signal = QuotaSignal {
            bucket: "calls",
            remaining: None,
            capacity: None,
            per_second: None,
            pause,
        };
        limiter.observe(signal, at(0));
        let wait = limiter
            .take(Charge::request("calls", 10.0, 10.0), at(2))
            .unwrap();
        assert_eq!(wait, Duration::from_secs(3));
    }
}
