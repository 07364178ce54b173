//! How long limits last whose answers don't say so.

use std::time::Duration;

use chrono::{DateTime, NaiveTime, TimeDelta, Utc};

use super::failure::Failure;

/// When Google's quota days begin: midnight in California, which in winter is this late in UTC. In
/// summer it is an hour earlier, and an hour too long is no harm.
const MIDNIGHT_PACIFIC: TimeDelta = TimeDelta::hours(8);

/// The load quota of Search Console is counted over ten minutes; Google advises to wait fifteen
/// (developers.google.com/webmaster-tools/limits).
const LOAD: Duration = Duration::from_secs(15 * 60);

/// Analytics allows ten requests at once.
const CONCURRENT: Duration = Duration::from_secs(30);
const HALF_AN_HOUR: Duration = Duration::from_secs(30 * 60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// The wait that a limit is known to want; `None` where backing off is all there is.
pub(super) fn known(failure: &Failure, now: DateTime<Utc>) -> Option<Duration> {
    if failure.has("dailyLimitExceeded")
        || failure.is_youtube_quota()
        || failure.says("per day")
        || failure.has_quota_error("RESOURCE_EXHAUSTED")
    {
        return Some(until_next_day(now));
    }
    if failure.has_quota_error("EXCESSIVE_LONG_TERM_QUERY_RESOURCE_CONSUMPTION") {
        return Some(HOUR);
    }
    if failure.has_quota_error("EXCESSIVE_SHORT_TERM_QUERY_RESOURCE_CONSUMPTION") {
        return Some(LOAD);
    }
    // The words are all that tells Analytics' budgets apart (Data API v1, "Quotas").
    for (words, wait) in [
        ("concurrent requests quota", CONCURRENT),
        ("per hour", HALF_AN_HOUR),
        ("thresholded requests quota", HALF_AN_HOUR),
        ("server errors quota", HOUR),
    ] {
        if failure.says(words) {
            return Some(wait);
        }
    }
    failure.has("quotaExceeded").then_some(LOAD)
}

/// The time until the next quota day.
fn until_next_day(now: DateTime<Utc>) -> Duration {
    let midnight = now.date_naive().and_time(NaiveTime::MIN).and_utc() + MIDNIGHT_PACIFIC;
    let next = if midnight > now {
        midnight
    } else {
        midnight + TimeDelta::days(1)
    };
    (next - now).to_std().unwrap_or(HOUR)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quota_day_ends_at_eight() {
        let at = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        assert_eq!(until_next_day(at("2026-11-20T07:00:00Z")), HOUR);
        assert_eq!(until_next_day(at("2026-11-20T08:00:00Z")), HOUR * 24);
        assert_eq!(until_next_day(at("2026-11-20T20:00:00Z")), HOUR * 12);
    }
}
