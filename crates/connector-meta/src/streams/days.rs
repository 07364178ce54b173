//! Numbers by day of several things: thing by thing, group by group of metrics, from day to day.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use connector_core::{Batch, Next};
use serde::{Deserialize, Serialize};

use super::groups::Groups;
use crate::map::Mapped;

/// Where the numbers stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cursor {
    /// By thing, the day up to which everything was read.
    pub(super) floors: BTreeMap<String, NaiveDate>,
    pass: Option<Pass>,
}

/// One walk through the numbers of all things.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Pass {
    /// The day after the last one to read.
    pub(super) until: NaiveDate,
    /// The things that are left. The first is being read.
    left: Vec<String>,
    /// The metrics that are left of the thing.
    pub(super) groups: Groups,
    /// The day at which to go on; the thing's first day where there is none.
    pub(super) at: Option<NaiveDate>,
}

impl Pass {
    /// A walk through these things, up to a day.
    pub(super) fn new(until: NaiveDate, left: Vec<String>, groups: Groups) -> Self {
        Self {
            until,
            left,
            groups,
            at: None,
        }
    }

    /// The thing that is being read; `None` at the end.
    pub(super) fn thing(&self) -> Option<&str> {
        self.left.first().map(String::as_str)
    }

    /// Everything was read before this day: goes on there, or with the next group at the end.
    pub(super) fn read_to(&mut self, day: NaiveDate) {
        self.at = Some(day);
        if day >= self.until {
            self.at = None;
            self.groups.finish();
        }
    }

    /// Goes on to the next thing, whose metrics are these.
    pub(super) fn finish(&mut self, groups: Groups) {
        self.left = self.left.split_off(self.left.len().min(1));
        self.groups = groups;
        self.at = None;
    }
}

impl Cursor {
    /// The walk that is under way, or a new one.
    pub(super) fn pass(&mut self, begin: impl FnOnce() -> Pass) -> Pass {
        self.pass.take().unwrap_or_else(begin)
    }

    /// Ends a thing whose groups were all read up to the end; `groups` are those of the next one.
    pub(super) fn close(&mut self, pass: &mut Pass, groups: Groups) {
        if pass.groups.current().is_some() {
            return;
        }
        if let Some(id) = pass.left.first() {
            self.floors.insert(id.clone(), pass.until);
        }
        pass.finish(groups);
    }

    /// A page of the stream: done where no thing is left.
    pub(super) fn batch(
        mut self,
        pass: Pass,
        mapped: Vec<Mapped>,
        notes: Vec<String>,
    ) -> Batch<Self> {
        let next = if pass.left.is_empty() {
            Next::Done
        } else {
            self.pass = Some(pass);
            Next::More
        };
        Batch {
            notes,
            ..Batch::mapped(mapped, self, next)
        }
    }
}

/// The first day to read of what was read up to a day, or never: some days again, and none that lies
/// further back than `most`.
pub(super) fn first_day(
    floor: Option<NaiveDate>,
    until: NaiveDate,
    again: Days,
    most: Days,
) -> NaiveDate {
    let earliest = until - most;
    floor
        .map_or(earliest, |floor| (floor - again).max(earliest))
        .min(until)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_was_read_is_read_again_for_some_days_and_nothing_before_it_is_kept() {
        let first = |floor, until| first_day(floor, until, Days::new(3), Days::new(729));
        let until = day("2026-11-04");
        assert_eq!(first(Some(day("2026-11-03")), until), day("2026-10-31"));
        assert_eq!(first(None, until), day("2024-11-05"));
        assert_eq!(first(Some(day("2020-01-01")), until), day("2024-11-05"));
        // A clock that went back.
        assert_eq!(first(Some(day("2027-01-01")), until), until);
    }

    #[test]
    fn a_thing_is_closed_when_all_of_its_groups_are_read() {
        let groups = || Groups::of(&["a", "b"], 1);
        let mut cursor = Cursor::default();
        let mut pass = Pass::new(day("2026-11-04"), vec!["1".to_owned()], groups());
        pass.read_to(day("2026-11-03"));
        assert_eq!(pass.at, Some(day("2026-11-03")));
        pass.read_to(day("2026-11-04"));
        cursor.close(&mut pass, groups());
        assert_eq!((pass.at, pass.thing()), (None, Some("1")));
        pass.read_to(day("2026-11-04"));
        cursor.close(&mut pass, groups());
        let batch = cursor.batch(pass, Vec::new(), Vec::new());
        assert_eq!(batch.next, Next::Done);
        assert_eq!(batch.cursor.floors["1"], day("2026-11-04"));
    }
}
