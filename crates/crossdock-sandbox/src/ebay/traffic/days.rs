//! Days in Los Angeles.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::America::Los_Angeles;

/// The day before the present one: the last that a report can cover.
pub(super) fn last_counted(now: DateTime<Utc>) -> NaiveDate {
    let today = local(now);
    today.pred_opt().unwrap_or(today)
}

/// The day that it is.
pub(super) fn local(now: DateTime<Utc>) -> NaiveDate {
    now.with_timezone(&Los_Angeles).date_naive()
}

/// The beginning or the end of a day as reports write it, in UTC.
pub(super) fn written(day: NaiveDate, end: bool) -> String {
    let seconds = if end { 86_399 } else { 0 };
    let at = day.and_time(NaiveTime::MIN) + TimeDelta::seconds(seconds);
    // Clocks are changed at two in the morning, so that both ends of every day exist once.
    let at = Los_Angeles
        .from_local_datetime(&at)
        .earliest()
        .map_or_else(|| at.and_utc(), |at| at.to_utc());
    super::super::state::written(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_seven_or_eight_hours_late() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            written(day("2026-01-15"), false),
            "2026-01-15T08:00:00.000Z"
        );
        assert_eq!(written(day("2026-07-15"), true), "2026-07-16T06:59:59.000Z");
        let now = "2026-07-15T06:30:00Z".parse().unwrap();
        assert_eq!(local(now), day("2026-07-14"));
        assert_eq!(last_counted(now), day("2026-07-13"));
    }
}
