//! Which days of which ad account are read, report by report.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};

use super::accounts::{Account, Accounts};
use super::report_jobs::Job;
use crate::api::FARTHEST_DAYS;
use crate::map::GROWS_FOR;

/// How many days a first run reads.
const FIRST_RUN: i64 = 90;

/// How many days one report is asked for. Pinterest allows more; a report that turns out too large
/// is asked for in halves.
const SLICE: i64 = 90;

/// How many rows of a report make a page: each is a number for most columns.
pub(super) const ROWS: usize = 200;

/// How far an ad account is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Position {
    /// The first day that was ever read. What lies before it isn't read again.
    pub(super) since: NaiveDate,
    /// The last day that was read.
    pub(super) through: NaiveDate,
}

/// One pass over all ad accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Pass {
    /// Today in UTC, when it was begun. The last day to be read is the one before.
    pub(super) today: NaiveDate,
    pub(super) accounts: Accounts,
    /// What is being read of the first of them.
    pub(super) slice: Option<Slice>,
    /// The first day that this pass reads of it.
    pub(super) first: Option<NaiveDate>,
}

/// Days that one report is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Slice {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    /// The report, once it was asked for.
    pub(super) job: Option<Job>,
    /// How many of its rows were read.
    pub(super) rows: usize,
    /// How often it was asked for in vain.
    pub(super) tries: u8,
}

impl Slice {
    /// The days from one on, up to the last one or as many as a report is asked for.
    pub(super) fn from(first: NaiveDate, last: NaiveDate) -> Option<Self> {
        (first <= last).then(|| Self {
            first,
            last: last.min(first + TimeDelta::days(SLICE - 1)),
            job: None,
            rows: 0,
            tries: 0,
        })
    }

    /// The first half of the days; `None` for a single day.
    pub(super) fn half(&self) -> Option<Self> {
        let days = (self.last - self.first).num_days();
        (days > 0).then(|| Self {
            last: self.first + TimeDelta::days((days - 1) / 2),
            job: None,
            rows: 0,
            ..*self
        })
    }
}

impl Pass {
    pub(super) fn last_day(&self) -> NaiveDate {
        self.today - TimeDelta::days(1)
    }

    /// The first day of an ad account that is to be read: one to come where it was read today, as days
    /// are read again once a day and not with every run.
    pub(super) fn first_day(&self, position: Option<&Position>) -> NaiveDate {
        let last = self.last_day();
        let first = match position {
            None => last - TimeDelta::days(FIRST_RUN - 1),
            Some(position) if position.through >= last => self.today,
            Some(position) => {
                let again = position.through + TimeDelta::days(1) - GROWS_FOR;
                again.max(position.since)
            }
        };
        first.max(self.today - TimeDelta::days(FARTHEST_DAYS - 1))
    }

    /// Goes on behind a page of a report that has so many rows.
    pub(super) fn go_on(
        &mut self,
        positions: &mut BTreeMap<String, Position>,
        account: &Account,
        mut slice: Slice,
        rows: usize,
    ) {
        slice.rows += ROWS;
        self.slice = if slice.rows < rows {
            Some(slice)
        } else {
            Slice::from(slice.last + TimeDelta::days(1), self.last_day())
        };
        if self.slice.is_none() {
            self.end(positions, account);
        }
    }

    /// Ends the ad account that is being read.
    pub(super) fn end(&mut self, positions: &mut BTreeMap<String, Position>, account: &Account) {
        let last = self.last_day();
        let first = self.first.take().unwrap_or(last);
        positions
            .entry(account.id.clone())
            .and_modify(|position| position.through = position.through.max(last))
            .or_insert(Position {
                since: first,
                through: last,
            });
        self.accounts.done();
        self.slice = None;
    }

    /// Leaves the ad account that is being read as it was.
    pub(super) fn leave(&mut self) {
        self.accounts.done();
        self.slice = None;
        self.first = None;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(number: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + TimeDelta::days(number)
    }

    fn pass(today: i64) -> Pass {
        Pass {
            today: day(today),
            accounts: Accounts::of(&["1", "2"]),
            slice: None,
            first: None,
        }
    }

    #[test]
    fn a_run_reads_again_what_conversions_are_still_credited_to() {
        let pass = pass(100);
        assert_eq!(pass.first_day(None), day(10));
        let mut position = Position {
            since: day(10),
            through: day(98),
        };
        assert_eq!(pass.first_day(Some(&position)), day(69));
        let read = Position {
            through: day(99),
            ..position
        };
        assert_eq!(Slice::from(pass.first_day(Some(&read)), day(99)), None);
        // Nothing older than what was read first, nor than what a report reaches.
        position.since = day(80);
        assert_eq!(pass.first_day(Some(&position)), day(80));
        position.since = day(-3000);
        position.through = day(-2000);
        let farthest = pass.first_day(Some(&position));
        assert_eq!((pass.today - farthest).num_days(), FARTHEST_DAYS - 1);
    }

    #[test]
    fn a_report_is_read_row_by_row_before_the_days_after_it() {
        let mut positions = BTreeMap::new();
        let mut pass = pass(101);
        let account = pass.accounts.current().unwrap().clone();
        pass.first = Some(day(0));
        let slice = Slice::from(day(0), day(100)).unwrap();
        assert_eq!(slice.last, day(89));
        pass.go_on(&mut positions, &account, slice, ROWS + 1);
        let slice = pass.slice.take().unwrap();
        assert_eq!((slice.first, slice.rows), (day(0), ROWS));
        pass.go_on(&mut positions, &account, slice, ROWS + 1);
        let slice = pass.slice.take().unwrap();
        assert_eq!(
            (slice.first, slice.last, slice.rows),
            (day(90), day(100), 0)
        );
        pass.go_on(&mut positions, &account, slice, 0);
        assert_eq!(pass.slice, None);
        assert_eq!(pass.accounts.current().unwrap().id, "2");
        let read = positions["1"];
        assert_eq!((read.since, read.through), (day(0), day(100)));
    }

    #[test]
    fn a_report_that_is_too_large_is_asked_for_in_halves() {
        let mut slice = Slice::from(day(0), day(10)).unwrap();
        let mut days = Vec::new();
        while let Some(half) = slice.half() {
            days.push((half.last - half.first).num_days() + 1);
            slice = half;
        }
        assert_eq!(days, [5, 2, 1]);
    }

    proptest! {
        #[test]
        fn slices_have_every_day_once(begin in 0_i64..300, days in 1_i64..300) {
            let last = day(begin + days - 1);
            let mut seen = Vec::new();
            let mut next = Slice::from(day(begin), last);
            while let Some(at) = next {
                seen.extend(at.first.iter_days().take_while(|day| *day <= at.last));
                next = Slice::from(at.last + TimeDelta::days(1), last);
            }
            let expected: Vec<_> = (begin..begin + days).map(day).collect();
            prop_assert_eq!(seen, expected);
        }
    }
}
