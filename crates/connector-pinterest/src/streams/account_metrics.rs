//! Numbers of the account by day, a month at a time.

use chrono::{Days as Count, NaiveDate};
use connector_core::{Batch, Checkpoint, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::days::{Floor, Seen};
use crate::api::{AccountAnalytics, Days};
use crate::map;
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How many days back a first run reads: all that there are.
const FIRST_RUN: u64 = 89;

/// How many days are asked for at once, after the first one of them.
const WINDOW: u64 = 29;

/// Where the stream stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    floor: Floor,
    run: Option<Run>,
}

/// A run that is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Run {
    /// The next day to read.
    next: NaiveDate,
    seen: Seen,
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut run = cursor.run.unwrap_or_else(|| {
        let today = reader.today();
        Run {
            next: cursor.floor.first(today, FIRST_RUN),
            seen: Seen::begin(today),
        }
    });
    let last = run.next.checked_add_days(Count::new(WINDOW));
    let last = last.unwrap_or(run.seen.today).min(run.seen.today);
    let days = Days {
        first: run.next,
        last,
    };
    let answer = reader.call(&AccountAnalytics { days }).await?;
    let mut mapped = Vec::new();
    for entry in answer.all.daily_metrics {
        if let Ok(day) = entry.value() {
            run.seen.see(day);
        }
        mapped.extend(map::entries(entry, reader.keep_raw(), |day| {
            map::account_day(&day)
        }));
    }
    let next = last.succ_opt().filter(|next| *next <= run.seen.today);
    let (cursor, next) = match next {
        Some(next) => {
            let run = Some(Run { next, ..run });
            (Cursor { run, ..cursor }, Next::More)
        }
        None => {
            let floor = run.seen.floor();
            (Cursor { floor, run: None }, Next::Done)
        }
    };
    Ok(Batch::mapped(mapped, cursor, next))
}
