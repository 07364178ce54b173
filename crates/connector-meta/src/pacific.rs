//! Days as Meta counts them for pages and accounts of Instagram: from midnight to midnight in Los
//! Angeles (developers.facebook.com, "Page insights").

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone as _, Utc};
use chrono_tz::America::Los_Angeles;

/// The zone's name.
pub(crate) const ZONE: &str = "America/Los_Angeles";

/// When a day begins.
pub(crate) fn begin(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let there = Los_Angeles.from_local_datetime(&midnight).earliest();
    // Clocks change at two in the morning there, so there is a midnight each day.
    there.map_or_else(|| midnight.and_utc(), |at| at.to_utc())
}

/// The day that is under way.
pub(crate) fn day_of(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Los_Angeles).date_naive()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_clocks_of_los_angeles() {
        for (day, begins) in [
            ("2026-01-15", "2026-01-15T08:00:00Z"),
            ("2026-03-08", "2026-03-08T08:00:00Z"),
            ("2026-03-09", "2026-03-09T07:00:00Z"),
            ("2026-11-01", "2026-11-01T07:00:00Z"),
            ("2026-11-02", "2026-11-02T08:00:00Z"),
        ] {
            let day: NaiveDate = day.parse().unwrap();
            let at: DateTime<Utc> = begins.parse().unwrap();
            assert_eq!((begin(day), day_of(at)), (at, day));
            assert_eq!(
                day_of(at - chrono::TimeDelta::seconds(1)),
                day.pred_opt().unwrap()
            );
        }
    }
}
