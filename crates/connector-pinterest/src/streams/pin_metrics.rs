//! Numbers of pins by day.
//!
//! The list of pins is walked through, and the numbers of those on it are asked for, several pins at
//! once. Not every app may do that: for one that may not, and where one of the pins is gone, they are
//! asked for one by one, which costs a call of sixty a minute each.

use chrono::NaiveDate;
use connector_core::{Batch, Checkpoint, Error, Next, PageStream, Result, Skipped};
use serde::{Deserialize, Serialize};

use super::days::{Floor, Seen};
use super::walk::{self, Step, TOO_DEEP};
use crate::api::{
    Analytics, Days, ListPins, Paged, PinAnalytics, PinsAnalytics, SomePinsAnalytics,
};
use crate::dialect::is_of_one_object;
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How many days back a first run reads. Pinterest has 90; of each pin, that is three times as much.
const FIRST_RUN: u64 = 29;

/// How many pins are asked for at once. Pinterest takes 100; a page of this stream stays a small one.
const AT_ONCE: usize = 25;

/// The numbers that every pin has. Those of films alone fail the request for others.
const METRICS: [&str; 4] = ["IMPRESSION", "OUTBOUND_CLICK", "PIN_CLICK", "SAVE"];

/// Where the stream stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    floor: Floor,
    run: Option<Run>,
}

/// A run that is under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    /// The first day that is read.
    first: NaiveDate,
    seen: Seen,
    /// Where the list of pins goes on; `None` once all of it was read.
    list: Option<walk::Cursor>,
    /// The pins that were listed and not asked for yet, each with the day on which it was made.
    left: Vec<(String, Option<NaiveDate>)>,
    /// How many of these are asked for one by one.
    alone: usize,
    /// Whether pins may be asked for together.
    together: bool,
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, cursor: Cursor) -> Result<Batch<Cursor>> {
    let floor = cursor.floor;
    let mut run = cursor.run.unwrap_or_else(|| {
        let today = reader.today();
        Run {
            first: floor.first(today, FIRST_RUN),
            seen: Seen::begin(today),
            list: Some(walk::Cursor::default()),
            left: Vec::new(),
            alone: 0,
            together: true,
        }
    });
    let mut notes = Vec::new();
    let mapped = if !run.left.is_empty() {
        numbers(reader, &mut run).await?
    } else if let Some(list) = run.list.take() {
        listed(reader, &mut run, list, &mut notes).await?
    } else {
        Vec::new()
    };
    let (cursor, next) = if run.left.is_empty() && run.list.is_none() {
        let floor = run.seen.floor();
        (Cursor { floor, run: None }, Next::Done)
    } else {
        let run = Some(run);
        (Cursor { floor, run }, Next::More)
    };
    Ok(Batch {
        notes,
        ..Batch::mapped(mapped, cursor, next)
    })
}

/// Reads one page of the list of pins.
async fn listed(
    reader: &Reader,
    run: &mut Run,
    list: walk::Cursor,
    notes: &mut Vec<String>,
) -> Result<Vec<Mapped>> {
    let paged = Paged::from(list.bookmark.clone());
    let answer = reader.call(&ListPins { paged }).await;
    match list.take(reader, answer)? {
        Step::Page(list, next) => {
            // A pin that can't be read is the list's to tell of.
            let pins = list.items.into_iter();
            let pins = pins.filter_map(|entry| entry.into_parts().0.ok());
            let made = |at: chrono::DateTime<chrono::Utc>| at.date_naive();
            run.left
                .extend(pins.map(|pin| (pin.id, pin.created_at.map(made))));
            run.list = next;
        }
        Step::Anew(list) => run.list = Some(list),
        Step::TooDeep => notes.push(TOO_DEEP.to_owned()),
    }
    Ok(Vec::new())
}

/// Reads the numbers of the pins that are next.
async fn numbers(reader: &Reader, run: &mut Run) -> Result<Vec<Mapped>> {
    let days = Days {
        first: run.first,
        last: run.seen.today,
    };
    let metrics = METRICS.map(str::to_owned).to_vec();
    if run.together && run.alone == 0 {
        let next = run.left.iter().take(AT_ONCE);
        let ids: Vec<String> = next.map(|(id, _)| id.clone()).collect();
        let count = ids.len();
        let some = SomePinsAnalytics { ids, days, metrics };
        return match reader.call(&some).await {
            Ok(mut answer) => {
                let pins: Vec<_> = run.left.drain(..count).collect();
                let of = |(id, made): (String, _)| match found(&mut answer, &id) {
                    Ok(analytics) => pin_numbers(reader, run, analytics, &id, made),
                    Err(odd) => vec![Err(odd)],
                };
                Ok(pins.into_iter().flat_map(of).collect())
            }
            Err(error) => {
                apart(run, error, count)?;
                Ok(Vec::new())
            }
        };
    }
    run.alone = run.alone.saturating_sub(1);
    if run.left.is_empty() {
        return Ok(Vec::new());
    }
    let (id, made) = run.left.remove(0);
    let pin = PinAnalytics {
        id: id.clone(),
        days,
        metrics,
    };
    match reader.call(&pin).await {
        Ok(analytics) => Ok(pin_numbers(reader, run, analytics, &id, made)),
        Err(error) if is_of_one_object(&error) => {
            let reason = "Pinterest doesn't give the numbers of this pin";
            Ok(vec![Err(Skipped::new(&id, reason))])
        }
        Err(error) => Err(error),
    }
}

/// Has pins asked for one by one that can't be asked for together: these, where one of them is gone,
/// or all, where the app may not.
fn apart(run: &mut Run, error: Error, count: usize) -> Result<()> {
    use connector_core::ErrorKind::{NotFound, PermissionDenied, Rejected};

    match error.kind() {
        NotFound | Rejected => run.alone = count,
        PermissionDenied if is_of_one_object(&error) => run.together = false,
        _ => return Err(error),
    }
    Ok(())
}

/// What an answer says of one pin.
fn found(answer: &mut PinsAnalytics, id: &str) -> Result<Analytics, Skipped> {
    let Some(entry) = answer.remove(id) else {
        let reason = "Pinterest answered without the numbers of this pin";
        return Err(Skipped::new(id, reason));
    };
    let (analytics, _raw) = entry.into_parts();
    analytics.map_err(|error| Skipped::new(id, error.message()))
}

/// The numbers of one pin. Days before it was made have none.
fn pin_numbers(
    reader: &Reader,
    run: &mut Run,
    analytics: Analytics,
    id: &str,
    made: Option<NaiveDate>,
) -> Vec<Mapped> {
    let mut mapped = Vec::new();
    for entry in analytics.all.daily_metrics {
        if let Ok(day) = entry.value() {
            if made.is_some_and(|made| day.date < made) {
                continue;
            }
            run.seen.see(day);
        }
        mapped.extend(map::entries(entry, reader.keep_raw(), |day| {
            map::pin_day(id, &day)
        }));
    }
    mapped
}
