//! Which days a sum is of: said once, for every route that sums.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, Utc};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::failure::{Answer, Failure};

/// How many days are summed unless said, today included.
const USUAL_DAYS: u64 = 28;

/// How many days one question may span: a year to compare with, and some.
const MOST_DAYS: i64 = 400;

/// Which days.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct Span {
    /// The first day, `2026-11-01`; 27 days before the last one unless said.
    from: Option<NaiveDate>,
    /// The last day; today unless said, as UTC has it.
    to: Option<NaiveDate>,
}

/// A first and a last day, in this order and not too far apart.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SpanOfDays {
    /// The first day.
    pub(crate) from: NaiveDate,
    /// The last day.
    pub(crate) to: NaiveDate,
}

impl Span {
    /// The days that are meant.
    ///
    /// # Errors
    /// An input's, where they are in the wrong order, too many, or of a year that no database holds.
    pub(crate) fn days(&self, now: DateTime<Utc>) -> Answer<SpanOfDays> {
        let to = self.to.unwrap_or_else(|| now.date_naive());
        let usual = to.checked_sub_days(Days::new(USUAL_DAYS - 1)).unwrap_or(to);
        let from = self.from.unwrap_or(usual);
        let days = (to - from).num_days() + 1;
        if days < 1 {
            return Err(Failure::input(
                "from",
                "The first day is after the last one.",
            ));
        }
        if days > MOST_DAYS {
            let message = format!("One question may span {MOST_DAYS} days at most.");
            return Err(Failure::input("from", message));
        }
        for (name, day) in [("from", from), ("to", to)] {
            if !(1..=9998).contains(&day.year()) {
                return Err(Failure::input(
                    name,
                    "The year is none that can be asked for.",
                ));
            }
        }
        Ok(SpanOfDays { from, to })
    }
}

impl SpanOfDays {
    /// The first day's first instant, and the first one after the last day, as UTC has them.
    pub(crate) fn instants(self) -> (DateTime<Utc>, DateTime<Utc>) {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let after = self.to.succ_opt().unwrap_or(self.to);
        (midnight(self.from), midnight(after))
    }
}
