//! What a property's reports may cost: the six buckets that `returnPropertyQuota` shows.
//! (Data API v1beta, `PropertyQuota`; the figures are those of a standard property.)

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::report::Asked;
use crate::google::params::{PACIFIC, put, today};
use crate::google::refusal::{Outcome, Refusal};

const PER_DAY: u64 = 200_000;
const PER_HOUR: u64 = 40_000;
const PER_PROJECT_HOUR: u64 = 14_000;
const THRESHOLDED_PER_HOUR: u64 = 120;
const CONCURRENT: u64 = 10;
const SERVER_ERRORS: u64 = 10;

/// One property's use.
#[derive(Debug, Default)]
pub(in crate::google) struct Quota {
    hour: i64,
    day: String,
    /// Tokens of this hour and of this day.
    hourly: u64,
    daily: u64,
    thresholded: u64,
    /// What the last report cost, as `consumed` shows it.
    last: u64,
    /// The bucket that the control API emptied, and the hour in which.
    drained: Option<(&'static str, i64)>,
}

/// What is said when a bucket is empty, by bucket.
static EXHAUSTED: &[(&str, &str)] = &[
    (
        "concurrent",
        "Exhausted concurrent requests quota. Please send fewer requests concurrently.",
    ),
    (
        "project_hour",
        "Exhausted property tokens for a project per hour. These quota tokens will return in under an hour.",
    ),
    (
        "hour",
        "Exhausted property tokens per hour. These quota tokens will return in under an hour.",
    ),
    (
        "day",
        "Exhausted property tokens per day. These quota tokens will return in under a day.",
    ),
    (
        "thresholded",
        "Exhausted potentially thresholded requests quota. This quota will refresh in under an hour.",
    ),
    (
        "server_errors",
        "Exhausted server errors quota. Please wait an hour and try again.",
    ),
];

impl Quota {
    /// Empties a bucket until the hour, or for `day` the day, is over; false where there is none
    /// with this name.
    pub(in crate::google) fn drain(&mut self, bucket: &str, now: DateTime<Utc>) -> bool {
        self.turn(now);
        let found = EXHAUSTED.iter().find(|(name, _)| *name == bucket);
        if bucket == "day" {
            self.daily = PER_DAY;
        } else {
            self.drained = found.map(|(name, _)| (*name, self.hour));
        }
        found.is_some()
    }

    /// Begins a new hour, and a new day, where the old one is over.
    fn turn(&mut self, now: DateTime<Utc>) {
        let hour = now.timestamp().div_euclid(3_600);
        if hour != self.hour {
            (self.hour, self.hourly, self.thresholded, self.drained) = (hour, 0, 0, None);
        }
        let day = today(PACIFIC, now).to_string();
        if day != self.day {
            (self.day, self.daily) = (day, 0);
        }
    }

    /// Refuses a report where a bucket is empty.
    pub(super) fn check(&mut self, now: DateTime<Utc>) -> Outcome<()> {
        self.turn(now);
        let empty = self
            .drained
            .map(|(bucket, _)| bucket)
            .or((self.daily >= PER_DAY).then_some("day"))
            .or((self.hourly >= PER_HOUR).then_some("hour"))
            .or((self.hourly >= PER_PROJECT_HOUR).then_some("project_hour"))
            .or((self.thresholded >= THRESHOLDED_PER_HOUR).then_some("thresholded"));
        let text = empty.and_then(|empty| EXHAUSTED.iter().find(|(bucket, _)| *bucket == empty));
        text.map_or(Ok(()), |(_, text)| Err(Refusal::exhausted(text)))
    }

    /// Charges a report: more for more columns, days and rows. How Google reckons isn't published;
    /// most reports cost ten tokens or fewer, as these do.
    pub(super) fn spend(&mut self, asked: &Asked, rows: usize, now: DateTime<Utc>) {
        self.turn(now);
        let columns = asked.dimensions.len() + asked.metrics.len();
        let size = columns / 3 + rows / 2_000 + asked.days() / 60;
        self.last = 1 + u64::try_from(size).unwrap_or(u64::MAX);
        self.hourly += self.last;
        self.daily += self.last;
        self.thresholded += u64::from(asked.is_thresholded());
    }

    /// `propertyQuota`. Zeros are left out, as everywhere.
    pub(super) fn json(&self) -> Value {
        let status = |consumed: u64, remaining: u64| {
            let mut status = json!({});
            put(&mut status, "consumed", (consumed > 0).then_some(consumed));
            put(
                &mut status,
                "remaining",
                (remaining > 0).then_some(remaining),
            );
            status
        };
        json!({
            "tokensPerDay": status(self.last, PER_DAY.saturating_sub(self.daily)),
            "tokensPerHour": status(self.last, PER_HOUR.saturating_sub(self.hourly)),
            "tokensPerProjectPerHour":
                status(self.last, PER_PROJECT_HOUR.saturating_sub(self.hourly)),
            "concurrentRequests": status(0, CONCURRENT),
            "serverErrorsPerProjectPerHour": status(0, SERVER_ERRORS),
            "potentiallyThresholdedRequestsPerHour":
                status(0, THRESHOLDED_PER_HOUR.saturating_sub(self.thresholded)),
        })
    }
}
