//! A page's numbers by day: page by page, group by group of metrics, window by window of time.
//!
//! The windows are chosen here, as the ones that Facebook names as next never end.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use connector_core::{Batch, Checkpoint, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::groups::Groups;
use crate::api::PageInsights;
use crate::map;
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How far back numbers are kept: two years (developers.facebook.com, "Page insights").
const KEPT: Days = Days::new(729);

/// A window's length. Ninety days are the most, and a day less leaves room for the change of clocks.
const WINDOW: Days = Days::new(89);

/// How many days are read again, as Facebook still counts them.
const AGAIN: Days = Days::new(3);

/// What is asked for: what Facebook still gives in November 2026. The impressions ended in 2025, the
/// older unique numbers in June 2026.
const METRICS: [&str; 9] = [
    "page_media_view",
    "page_total_media_view_unique",
    "page_follows",
    "page_daily_follows_unique",
    "page_daily_unfollows_unique",
    "page_post_engagements",
    "page_total_actions",
    "page_video_views",
    "page_views_total",
];

/// Where the numbers stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    /// By page, the day up to which everything was read.
    floors: BTreeMap<String, NaiveDate>,
    pass: Option<Pass>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pass {
    /// The day after the last one to read.
    until: NaiveDate,
    /// The pages that are left. The first is being read.
    left: Vec<String>,
    /// The metrics that are left of the page.
    groups: Groups,
    /// The day at which the next window begins; the page's first day where there is none.
    at: Option<NaiveDate>,
}

impl Pass {
    fn next_page(&mut self) {
        self.left = self.left.split_off(self.left.len().min(1));
        self.groups = Groups::of(&METRICS, METRICS.len());
        self.at = None;
    }
}

/// The day that is under way in Los Angeles: by winter time, so that in summer it is an hour late and
/// never early.
fn today(now: DateTime<Utc>) -> NaiveDate {
    (now - TimeDelta::hours(8)).date_naive()
}

/// The first day to read of a page that was read up to a day, or never.
fn first_day(floor: Option<NaiveDate>, until: NaiveDate) -> NaiveDate {
    let kept = until - KEPT;
    floor
        .map_or(kept, |floor| (floor - AGAIN).max(kept))
        .min(until)
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let shared = reader.pages();
    let mut pass = cursor.pass.take().unwrap_or_else(|| Pass {
        until: today(reader.now()),
        left: shared.iter().map(|page| page.id.clone()).collect(),
        groups: Groups::of(&METRICS, METRICS.len()),
        at: None,
    });
    let thing = pass.left.first();
    let thing = thing.and_then(|id| shared.iter().find(|page| page.id == *id));
    let (Some(shared), Some(metrics)) = (thing, pass.groups.current()) else {
        // The page isn't shared any more, or none of its metrics is left.
        pass.next_page();
        return Ok(batch(cursor, pass, Vec::new(), reader.notices(None)));
    };
    let first = first_day(cursor.floors.get(&shared.id).copied(), pass.until);
    let since = pass.at.unwrap_or(first);
    let until = (since + WINDOW).min(pass.until);
    let answer = reader
        .call(&PageInsights {
            page: shared.id.clone(),
            metrics: metrics.to_vec(),
            since,
            until,
        })
        .await;
    let list = match answer {
        Ok(list) => list,
        Err(error) => {
            let note = pass.groups.mend(error)?;
            if pass.groups.current().is_none() {
                close(&mut cursor, &mut pass);
            }
            return Ok(batch(cursor, pass, Vec::new(), note.into_iter().collect()));
        }
    };
    pass.at = Some(until);
    if until >= pass.until {
        pass.at = None;
        pass.groups.finish();
    }
    if pass.groups.current().is_none() {
        close(&mut cursor, &mut pass);
    }
    let notes = reader.notices(list.served.as_deref());
    let now = reader.now();
    let mapped = list
        .data
        .into_iter()
        .flat_map(|entry| {
            map::entries(entry, reader.keep_raw(), |insight| {
                map::page_metrics(&shared.id, insight, now)
            })
        })
        .collect();
    Ok(batch(cursor, pass, mapped, notes))
}

/// Ends a page: all of its groups were read up to the end.
fn close(cursor: &mut Cursor, pass: &mut Pass) {
    if let Some(id) = pass.left.first() {
        cursor.floors.insert(id.clone(), pass.until);
    }
    pass.next_page();
}

fn batch(
    mut cursor: Cursor,
    pass: Pass,
    mapped: Vec<map::Mapped>,
    notes: Vec<String>,
) -> Batch<Cursor> {
    let next = if pass.left.is_empty() {
        Next::Done
    } else {
        cursor.pass = Some(pass);
        Next::More
    };
    Batch {
        notes,
        ..Batch::mapped(mapped, cursor, next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_over_when_it_is_over_in_los_angeles() {
        assert_eq!(
            today("2026-11-04T07:59:59Z".parse().unwrap()),
            day("2026-11-03")
        );
        assert_eq!(
            today("2026-11-04T08:00:00Z".parse().unwrap()),
            day("2026-11-04")
        );
    }

    #[test]
    fn what_was_read_is_read_again_for_three_days_and_nothing_before_it_is_kept() {
        let until = day("2026-11-04");
        assert_eq!(first_day(Some(day("2026-11-03")), until), day("2026-10-31"));
        assert_eq!(first_day(None, until), day("2024-11-05"));
        assert_eq!(first_day(Some(day("2020-01-01")), until), day("2024-11-05"));
        // A clock that went back.
        assert_eq!(first_day(Some(day("2027-01-01")), until), until);
    }
}
