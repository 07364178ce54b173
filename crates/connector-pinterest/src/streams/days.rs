//! Which days are read: those that aren't final yet, and some that are.
//!
//! Pinterest says of each day whether it still changes, and takes no day that is more than 90 days
//! back: one too many is a 400. Days are UTC.

use chrono::{Days as Count, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::api::Day;

/// How far back is read at the most. One less than Pinterest takes, as midnight may pass on the way.
const FARTHEST: u64 = 89;

/// How many days are read again in any case: final days have been seen to change within these.
const AGAIN: u64 = 3;

/// From which day on a stream reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Floor {
    /// The first day that wasn't final, or the first to read again; `None` before the first run.
    from: Option<NaiveDate>,
}

impl Floor {
    /// The first day to read; `first_run` is how many days back a first run reads.
    pub(super) fn first(self, today: NaiveDate, first_run: u64) -> NaiveDate {
        let from = self.from.unwrap_or_else(|| back(today, first_run));
        from.clamp(back(today, FARTHEST), today)
    }
}

/// What a run has seen so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seen {
    /// The day on which the run began: the last one that it reads.
    pub(super) today: NaiveDate,
    /// The first day that isn't final yet.
    unsettled: Option<NaiveDate>,
}

impl Seen {
    /// Of a run that begins on this day.
    pub(super) fn begin(today: NaiveDate) -> Self {
        Self {
            today,
            unsettled: None,
        }
    }

    /// Takes a day in.
    pub(super) fn see(&mut self, day: &Day) {
        if day.is_provisional() {
            let first = self.unsettled.map_or(day.date, |seen| seen.min(day.date));
            self.unsettled = Some(first);
        }
    }

    /// Where the next run begins to read.
    pub(super) fn floor(self) -> Floor {
        let again = back(self.today, AGAIN);
        Floor {
            from: Some(self.unsettled.map_or(again, |day| day.min(again))),
        }
    }
}

fn back(today: NaiveDate, days: u64) -> NaiveDate {
    today.checked_sub_days(Count::new(days)).unwrap_or(today)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn day(date: &str, status: &str) -> Day {
        let json = serde_json::json!({"date": date, "data_status": status});
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_is_not_final_is_read_again_and_three_days_in_any_case() {
        let today = date("2026-11-21");
        let mut seen = Seen::begin(today);
        assert_eq!(Floor::default().first(today, 30), date("2026-10-22"));
        seen.see(&day("2026-11-10", "READY"));
        seen.see(&day("2026-11-20", "ESTIMATE"));
        assert_eq!(seen.floor().first(today, 30), date("2026-11-18"));
        seen.see(&day("2026-11-12", "PROCESSING"));
        assert_eq!(seen.floor().first(today, 30), date("2026-11-12"));
    }

    #[test]
    fn no_day_is_asked_for_that_is_too_far_back_or_ahead() {
        let floor = Seen::begin(date("2026-01-05")).floor();
        let today = date("2026-11-21");
        assert_eq!(floor.first(today, 30), date("2026-08-24"));
        assert_eq!(floor.first(date("2025-12-24"), 30), date("2025-12-24"));
    }
}
