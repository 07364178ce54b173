//! Numbers of campaigns by day, by reports: asked for, waited for, fetched by a link.
//!
//! Conversions are credited to the day of the click for thirty days, so a run reads the last thirty
//! days that it read before once more, and a number that was restated replaces the one before it.
//! A page is a part of one report, so that a large one isn't held as records all at once.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};
use connector_core::{Batch, Checkpoint, Error, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::accounts::{Account, Accounts};
use super::report_jobs::{self, Fetched, Job, Rows, State};
use crate::api::{CreateReport, Days, FARTHEST_DAYS, ListCampaigns, Paged};
use crate::dialect::is_of_one_object;
use crate::map::{self, AD_COLUMNS, GROWS_FOR, Mapped, RowOf, WINDOWS};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How many days a first run reads.
const FIRST_RUN: i64 = 90;

/// How many days one report is asked for. Pinterest allows more; a report that turns out too large
/// is asked for in halves.
const SLICE: i64 = 90;

/// How many rows of a report make a page: each is a number for most columns.
const ROWS: usize = 200;

/// How often a report that came to nothing is asked for again.
const MOST_TRIES: u8 = 3;

/// Where all ad accounts stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// How far each ad account is read; not at all one that isn't here.
    accounts: BTreeMap<String, Position>,
    /// The pass that is under way.
    pass: Option<Pass>,
}

/// How far an ad account is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Position {
    /// The first day that was ever read. What lies before it isn't read again.
    since: NaiveDate,
    /// The last day that was read.
    through: NaiveDate,
}

/// One pass over all ad accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Pass {
    /// Today in UTC, when it was begun. The last day to be read is the one before.
    today: NaiveDate,
    accounts: Accounts,
    /// What is being read of the first of them.
    slice: Option<Slice>,
    /// The first day that this pass reads of it.
    first: Option<NaiveDate>,
}

/// Days that one report is of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Slice {
    first: NaiveDate,
    last: NaiveDate,
    /// The report, once it was asked for.
    job: Option<Job>,
    /// How many of its rows were read.
    rows: usize,
    /// How often it was asked for in vain.
    tries: u8,
}

impl Slice {
    /// The days from one on, up to the last one or as many as a report is asked for.
    fn from(first: NaiveDate, last: NaiveDate) -> Option<Self> {
        (first <= last).then(|| Self {
            first,
            last: last.min(first + TimeDelta::days(SLICE - 1)),
            job: None,
            rows: 0,
            tries: 0,
        })
    }

    /// The first half of the days; `None` for a single day.
    fn half(&self) -> Option<Self> {
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
    fn last_day(&self) -> NaiveDate {
        self.today - TimeDelta::days(1)
    }

    /// The first day of an ad account that is to be read: one to come where it was read today, as days
    /// are read again once a day and not with every run.
    fn first_day(&self, position: Option<&Position>) -> NaiveDate {
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
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    // A report is fetched once and read page by page: what is kept of it here is a cache alone.
    let fetched = Arc::new(Fetched::default());
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let (reader, fetched) = (reader.clone(), Arc::clone(&fetched));
        async move { page(&reader, &fetched, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, fetched: &Fetched, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let Some(mut pass) = cursor.pass.take() else {
        let (accounts, notes) = Accounts::list(reader).await?;
        let pass = Pass {
            today: reader.today(),
            accounts,
            slice: None,
            first: None,
        };
        return Ok(cursor.batch(pass, Vec::new(), notes, Next::More));
    };
    let Some(account) = pass.accounts.current().cloned() else {
        return Ok(cursor.batch(pass, Vec::new(), Vec::new(), Next::More));
    };
    let slice = pass.slice.take().or_else(|| {
        let first = pass.first_day(cursor.accounts.get(&account.id));
        pass.first = Some(first);
        Slice::from(first, pass.last_day())
    });
    let Some(slice) = slice else {
        // All of it was read today.
        pass.end(&mut cursor.accounts, &account);
        return Ok(cursor.batch(pass, Vec::new(), Vec::new(), Next::More));
    };
    match step(reader, fetched, &account, slice).await {
        Ok(Step::Nothing) => {
            pass.leave();
            Ok(cursor.batch(pass, Vec::new(), Vec::new(), Next::More))
        }
        Ok(Step::Wait(slice, next)) => {
            pass.slice = Some(slice);
            Ok(cursor.batch(pass, Vec::new(), Vec::new(), next))
        }
        Ok(Step::Rows(slice, rows)) => {
            let today = reader.today();
            let mapped = mapped(reader, &account, today, &rows, slice.rows);
            pass.go_on(&mut cursor.accounts, &account, slice, rows.len());
            Ok(cursor.batch(pass, mapped, Vec::new(), Next::More))
        }
        Ok(Step::InVain(state)) => {
            pass.leave();
            let note = format!(
                "The report of the ad account {} ended as {state:?} again and again: a later run \
                 asks for it anew",
                account.id
            );
            Ok(cursor.batch(pass, Vec::new(), vec![note], Next::More))
        }
        Err(error) if is_of_one_object(&error) => {
            let note = pass.accounts.leave_out(error)?;
            pass.slice = None;
            Ok(cursor.batch(pass, Vec::new(), vec![note], Next::More))
        }
        Err(error) => Err(error),
    }
}

/// What a step of a report came to.
enum Step {
    /// The ad account has no campaign, so there is nothing to ask for.
    Nothing,
    /// The report isn't there yet, or has to be asked for again.
    Wait(Slice, Next),
    /// Its rows.
    Rows(Slice, Arc<Rows>),
    /// It was asked for as often as it may be.
    InVain(State),
}

/// Asks for the report, looks after it, or fetches it.
async fn step(
    reader: &Reader,
    fetched: &Fetched,
    account: &Account,
    mut slice: Slice,
) -> Result<Step> {
    let Some(job) = slice.job.take() else {
        if slice.tries == 0 && !has_campaigns(reader, account).await? {
            return Ok(Step::Nothing);
        }
        let report = CreateReport {
            account: account.id.clone(),
            days: Days {
                first: slice.first,
                last: slice.last,
            },
            columns: AD_COLUMNS,
            windows: WINDOWS,
        };
        let (job, next) = report_jobs::ask(reader, &report).await?;
        slice.job = Some(job);
        return Ok(Step::Wait(slice, next));
    };
    match report_jobs::look(reader, fetched, &account.id, &job).await? {
        State::Ready(rows) => {
            slice.job = Some(job);
            Ok(Step::Rows(slice, rows))
        }
        State::InProgress => {
            let job = job.looked_after();
            let next = Next::After(job.pause());
            slice.job = Some(job);
            Ok(Step::Wait(slice, next))
        }
        State::TooLarge => match slice.half() {
            Some(half) => Ok(Step::Wait(half, Next::More)),
            None => Err(Error::contract(
                "a report of one day is too large to be read",
            )),
        },
        state @ (State::Lost | State::Failed) => {
            slice.rows = 0;
            slice.tries += 1;
            if slice.tries >= MOST_TRIES {
                return Ok(Step::InVain(state));
            }
            Ok(Step::Wait(slice, Next::After(job.pause())))
        }
    }
}

/// Whether there is a campaign at all: many an account has none, and a report takes its time.
async fn has_campaigns(reader: &Reader, account: &Account) -> Result<bool> {
    let some = ListCampaigns {
        account: account.id.clone(),
        paged: Paged {
            size: 1,
            bookmark: None,
        },
    };
    let some = reader.call(&some).await?;
    Ok(!some.items.is_empty() || some.next().is_some())
}

/// The records of the rows from one on, as many as make a page.
fn mapped(
    reader: &Reader,
    account: &Account,
    today: NaiveDate,
    rows: &Rows,
    from: usize,
) -> Vec<Mapped> {
    let some = rows.iter().skip(from).take(ROWS);
    some.flat_map(|(subject, row)| {
        let of = RowOf {
            account: &account.id,
            currency: account.currency,
            subject,
            today,
        };
        map::ad_entry(row, reader.keep_raw(), of)
    })
    .collect()
}

impl Pass {
    /// Goes on behind a page of a report that has so many rows.
    fn go_on(
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
    fn end(&mut self, positions: &mut BTreeMap<String, Position>, account: &Account) {
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
    fn leave(&mut self) {
        self.accounts.done();
        self.slice = None;
        self.first = None;
    }
}

impl Cursor {
    fn batch(
        mut self,
        pass: Pass,
        mapped: Vec<Mapped>,
        notes: Vec<String>,
        next: Next,
    ) -> Batch<Self> {
        let next = if pass.accounts.current().is_some() {
            self.pass = Some(pass);
            next
        } else {
            Next::Done
        };
        Batch {
            notes,
            ..Batch::mapped(mapped, self, next)
        }
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
