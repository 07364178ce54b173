//! Days in Pacific time: Meta's pages and Instagram accounts count by them.

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

/// The instant at which a day begins in Los Angeles.
pub(in super::super) fn begin(day: NaiveDate) -> DateTime<Utc> {
    // The clocks change at two in the morning, so at midnight of the day itself they haven't yet.
    let summer = change(day.year(), 3, 8).is_some_and(|spring| day > spring)
        && change(day.year(), 11, 1).is_some_and(|autumn| day <= autumn);
    let hours = if summer { 7 } else { 8 };
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(hours)
}

/// The day in Los Angeles to which an instant belongs.
pub(in super::super) fn day_of(at: DateTime<Utc>) -> NaiveDate {
    let day = at.date_naive();
    if begin(day) <= at {
        day
    } else {
        day - TimeDelta::days(1)
    }
}

/// The first Sunday from a day of a month on.
fn change(year: i32, month: u32, from: u32) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(year, month, from)?;
    first
        .iter_days()
        .take(7)
        .find(|day| day.weekday() == Weekday::Sun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_follow_the_clock_of_los_angeles() {
        for (day, begins) in [
            ("2026-01-15", "2026-01-15T08:00:00Z"),
            ("2026-03-08", "2026-03-08T08:00:00Z"),
            ("2026-03-09", "2026-03-09T07:00:00Z"),
            ("2026-11-01", "2026-11-01T07:00:00Z"),
            ("2026-11-02", "2026-11-02T08:00:00Z"),
        ] {
            let day: NaiveDate = day.parse().unwrap();
            let at: DateTime<Utc> = begins.parse().unwrap();
            assert_eq!(begin(day), at);
            assert_eq!(day_of(at), day);
            assert_eq!(day_of(at - TimeDelta::seconds(1)), day - TimeDelta::days(1));
        }
    }
}
