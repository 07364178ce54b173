//! What all streams of daily numbers share: which days of which source are read, which are read
//! again, and where a run goes on.
//!
//! Numbers of a day change after it is over, each platform's for another time. So a run begins some
//! days before where the last one ended, earlier where a day was told to be unfinished, and now and
//! then much earlier. One poll is one request.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};
use connector_core::{Batch, Checkpoint, Error, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::{Reader, is_of_one_source, left_out};
use crate::descriptor::HISTORY_DAYS;
use crate::map::Mapped;
use crate::service::Service;
use crate::sources;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// How many days a first run reads where nothing is set.
const HISTORY: i64 = 90;

/// What is particular to one such stream.
pub(super) trait Daily: Clone + Send + Sync + 'static {
    /// Whose sources are read.
    const SERVICE: Service;
    /// Which days.
    const PLAN: Plan;

    /// One request's worth of a source.
    fn read(&self, reader: &Reader, at: &At<'_>) -> impl Future<Output = Result<Reading>> + Send;
}

/// Which days a stream reads.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// How many days are asked for at once.
    pub(super) slice: i64,
    /// How many days before the end of the last run a run begins.
    pub(super) again: i64,
    /// How many days are read again once a week, where later changes are to be expected.
    pub(super) again_weekly: Option<i64>,
    /// How many days Google keeps.
    pub(super) longest: i64,
    /// How far the platform's days lag behind UTC. The last day to be read is the one before today
    /// there.
    pub(super) behind_utc: TimeDelta,
}

/// A place in a source.
#[derive(Clone, Copy, Debug)]
pub(super) struct At<'a> {
    /// The source, as Google names it.
    pub(super) source: &'a str,
    /// Where in it.
    pub(super) slice: &'a Slice,
    /// Today, where the platform is.
    pub(super) today: NaiveDate,
}

/// What a request gave.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) mapped: Vec<Mapped>,
    pub(super) onward: Onward,
    /// The first day whose numbers are still to come in full, where Google tells.
    pub(super) unsettled: Option<NaiveDate>,
    pub(super) notes: Vec<String>,
    /// How long to leave the platform alone before going on.
    pub(super) pause: Option<Duration>,
}

/// What comes after a request.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Onward {
    /// More rows of the same.
    Rows {
        offset: u64,
        /// What the page after this one must not begin with, for answers that don't say how many
        /// rows there are.
        mark: Option<String>,
    },
    /// The same days, split by something else.
    Step(u8),
    /// The days after these.
    Days,
}

/// Days that are being read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Slice {
    pub(super) first: NaiveDate,
    pub(super) last: NaiveDate,
    pub(super) step: u8,
    pub(super) offset: u64,
    pub(super) mark: Option<String>,
}

/// Where all sources stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    /// How far each source is read; not at all one that isn't here.
    sources: BTreeMap<String, Position>,
    /// The pass that is under way.
    pass: Option<Pass>,
}

/// How far a source is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Position {
    /// The first day that was ever read. What lies before it isn't read again.
    since: NaiveDate,
    /// The last day that was read.
    through: NaiveDate,
    /// The first day that was unfinished then.
    unsettled: Option<NaiveDate>,
    /// When it was last read far back.
    far_back_on: NaiveDate,
}

/// One pass over all sources.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Pass {
    /// Today, when it was begun.
    today: NaiveDate,
    /// The sources that are left. The first is being read.
    left: Vec<String>,
    /// Where in it.
    slice: Option<Slice>,
    /// The first day of it that this pass reads.
    first: Option<NaiveDate>,
    /// The first unfinished day of the source that is being read.
    unsettled: Option<NaiveDate>,
    /// Whether that source is being read far back.
    far_back: bool,
    /// How many sources were read.
    read: u32,
}

impl Pass {
    fn last_day(&self) -> NaiveDate {
        self.today - TimeDelta::days(1)
    }

    fn next_source(&mut self) {
        self.left = self.left.split_off(self.left.len().min(1));
        self.slice = None;
        self.first = None;
        self.unsettled = None;
        self.far_back = false;
    }
}

/// The pages of a stream of daily numbers.
pub(super) fn pages<D: Daily>(
    stream: D,
    reader: Reader,
    resume: Option<Checkpoint>,
) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let (stream, reader) = (stream.clone(), reader.clone());
        async move { page(&stream, &reader, cursor.unwrap_or_default()).await }
    })
}

async fn page<D: Daily>(stream: &D, reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut pass = match cursor.pass.take() {
        Some(pass) => pass,
        None => begin::<D>(reader).await?,
    };
    let Some(source) = pass.left.first().cloned() else {
        let mut batch = Batch::new(Vec::new(), cursor, Next::Done);
        batch.notes.push(format!(
            "There is nothing to read in {}: nothing was chosen, or nothing is there.",
            D::SERVICE.title()
        ));
        return Ok(batch);
    };
    let slice = match pass.slice.take() {
        Some(slice) => Some(slice),
        None => {
            let history = history(reader)?;
            let (first, far_back) =
                first_day(&D::PLAN, cursor.sources.get(&source), &pass, history);
            pass.far_back = far_back;
            pass.first = Some(first);
            slice(&D::PLAN, first, pass.last_day())
        }
    };
    let Some(slice) = slice else {
        // All of it was read already; the clock may have gone back.
        pass.read += 1;
        pass.next_source();
        return Ok(batch(Vec::new(), cursor, pass));
    };
    let at = At {
        source: &source,
        slice: &slice,
        today: pass.today,
    };
    let reading = match stream.read(reader, &at).await {
        Err(error) if is_of_one_source(&error) => {
            pass.next_source();
            if pass.left.is_empty() && pass.read == 0 {
                return Err(error);
            }
            let mut batch = batch(Vec::new(), cursor, pass);
            batch.notes.push(left_out(&source, &error));
            return Ok(batch);
        }
        reading => reading?,
    };
    pass.unsettled = match (pass.unsettled, reading.unsettled) {
        (Some(one), Some(two)) => Some(one.min(two)),
        (one, two) => one.or(two),
    };
    pass.slice = onward::<D>(&slice, reading.onward, pass.last_day());
    if pass.slice.is_none() {
        cursor.note(&source, &pass);
        pass.read += 1;
        pass.next_source();
    }
    let mut batch = batch(reading.mapped, cursor, pass);
    batch.notes = reading.notes;
    if let (Some(pause), Next::More) = (reading.pause, batch.next) {
        batch.next = Next::After(pause);
    }
    Ok(batch)
}

async fn begin<D: Daily>(reader: &Reader) -> Result<Pass> {
    let today = (reader.session.now() - D::PLAN.behind_utc).date_naive();
    let mut left = sources::chosen(&reader.session, D::SERVICE).await?;
    left.dedup();
    Ok(Pass {
        today,
        left,
        slice: None,
        first: None,
        unsettled: None,
        far_back: false,
        read: 0,
    })
}

fn batch(mapped: Vec<Mapped>, mut cursor: Cursor, pass: Pass) -> Batch<Cursor> {
    let next = if pass.left.is_empty() {
        Next::Done
    } else {
        cursor.pass = Some(pass);
        Next::More
    };
    Batch::mapped(mapped, cursor, next)
}

impl Cursor {
    /// Notes that a source is read.
    fn note(&mut self, source: &str, pass: &Pass) {
        let before = self.sources.get(source);
        let far_back_on = match before {
            Some(position) if !pass.far_back => position.far_back_on,
            _ => pass.today,
        };
        let since = before.map(|position| position.since).or(pass.first);
        let position = Position {
            since: since.unwrap_or_else(|| pass.last_day()),
            through: pass.last_day(),
            unsettled: pass.unsettled,
            far_back_on,
        };
        self.sources.insert(source.to_owned(), position);
    }
}

/// The first day of a source to be read, and whether that is far back.
fn first_day(
    plan: &Plan,
    position: Option<&Position>,
    pass: &Pass,
    history: i64,
) -> (NaiveDate, bool) {
    let last = pass.last_day();
    let oldest = last - TimeDelta::days(plan.longest - 1);
    let Some(position) = position else {
        return ((last - TimeDelta::days(history - 1)).max(oldest), true);
    };
    let mut first = position.through - TimeDelta::days(plan.again - 1);
    if let Some(unsettled) = position.unsettled {
        first = first.min(unsettled);
    }
    let mut far_back = false;
    if let Some(days) = plan.again_weekly
        && pass.today - position.far_back_on >= TimeDelta::days(7)
    {
        first = first.min(last - TimeDelta::days(days - 1));
        far_back = true;
    }
    (first.max(oldest).max(position.since), far_back)
}

fn slice(plan: &Plan, first: NaiveDate, last: NaiveDate) -> Option<Slice> {
    (first <= last).then(|| Slice {
        first,
        last: last.min(first + TimeDelta::days(plan.slice - 1)),
        step: 0,
        offset: 0,
        mark: None,
    })
}

fn onward<D: Daily>(slice: &Slice, onward: Onward, last: NaiveDate) -> Option<Slice> {
    match onward {
        Onward::Rows { offset, mark } => Some(Slice {
            offset,
            mark,
            ..slice.clone()
        }),
        Onward::Step(step) => Some(Slice {
            step,
            offset: 0,
            mark: None,
            ..slice.clone()
        }),
        Onward::Days => self::slice(&D::PLAN, slice.last + TimeDelta::days(1), last),
    }
}

/// How many days a first run reads.
fn history(reader: &Reader) -> Result<i64> {
    let Some(typed) = reader.session.settings().get(HISTORY_DAYS) else {
        return Ok(HISTORY);
    };
    match typed.parse() {
        Ok(days @ 1..=3_650) => Ok(days),
        _ => Err(Error::input(
            HISTORY_DAYS,
            "this is a number of days, from 1 to 3650",
        )),
    }
}

#[cfg(test)]
mod tests;
