//! The bucket of points that every app has in every shop.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

/// How large buckets are and how fast they fill. The standard plan's figures unless changed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Limits {
    /// Points in a full bucket.
    pub(crate) maximum: f64,
    /// Points that come back in a second.
    pub(crate) restore: f64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            maximum: 2_000.0,
            restore: 100.0,
        }
    }
}

/// One bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Bucket {
    available: f64,
    at: DateTime<Utc>,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn full(limits: Limits, now: DateTime<Utc>) -> Self {
        Self {
            available: limits.maximum,
            at: now,
        }
    }

    /// Lets in what came back since the last time.
    pub(crate) fn refill(&mut self, limits: Limits, now: DateTime<Utc>) {
        let seconds = (now - self.at)
            .to_std()
            .map_or(0.0, |elapsed| elapsed.as_secs_f64());
        self.available = (self.available + seconds * limits.restore).min(limits.maximum);
        self.at = now;
    }

    /// Takes points out if there are enough.
    pub(crate) fn take(&mut self, points: u32) -> bool {
        let enough = self.available >= f64::from(points);
        if enough {
            self.available -= f64::from(points);
        }
        enough
    }

    /// Gives back what was asked for but not used.
    pub(crate) fn give_back(&mut self, points: u32, limits: Limits) {
        self.available = (self.available + f64::from(points)).min(limits.maximum);
    }

    /// Leaves nothing.
    pub(crate) fn drain(&mut self, now: DateTime<Utc>) {
        *self = Self {
            available: 0.0,
            at: now,
        };
    }

    /// The bucket as `throttleStatus` shows it.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a bucket holds a few thousand points"
    )]
    pub(crate) fn status(&self, limits: Limits) -> Value {
        json!({
            "maximumAvailable": limits.maximum,
            "currentlyAvailable": self.available.floor() as i64,
            "restoreRate": limits.restore,
        })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn points_come_back_with_time_up_to_the_maximum() {
        let limits = Limits::default();
        let start = DateTime::UNIX_EPOCH;
        let mut bucket = Bucket::full(limits, start);
        assert!(bucket.take(1_500));
        assert!(!bucket.take(501));
        bucket.refill(limits, start + TimeDelta::seconds(1));
        assert!(bucket.take(600));
        assert!(!bucket.take(1));
        bucket.refill(limits, start + TimeDelta::hours(1));
        assert_eq!(bucket.status(limits)["currentlyAvailable"], 2_000);
        bucket.drain(start + TimeDelta::hours(1));
        bucket.give_back(7, limits);
        assert_eq!(bucket.status(limits)["currentlyAvailable"], 7);
    }
}
