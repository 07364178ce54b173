//! A page's numbers by day: page by page, group by group of metrics, window by window of time.
//!
//! The windows are chosen here, as the ones that Facebook names as next never end.

use chrono::Days;
use connector_core::{Batch, Checkpoint, PageStream, Result};

use super::days::{Cursor, Pass, first_day};
use super::groups::Groups;
use crate::api::PageInsights;
use crate::map;
use crate::pacific;
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

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let groups = || Groups::of(&METRICS, METRICS.len());
    let shared = reader.pages();
    let mut pass = cursor.pass(|| {
        let ids = shared.iter().map(|page| page.id.clone()).collect();
        Pass::new(pacific::day_of(reader.now()), ids, groups())
    });
    let thing = pass
        .thing()
        .and_then(|id| shared.iter().find(|page| page.id == id));
    let (Some(shared), Some(metrics)) = (thing, pass.groups.current()) else {
        // The page isn't shared any more, or none of its metrics is left.
        pass.finish(groups());
        return Ok(cursor.batch(pass, Vec::new(), reader.notices(None)));
    };
    let floor = cursor.floors.get(&shared.id).copied();
    let first = first_day(floor, pass.until, AGAIN, KEPT);
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
            cursor.close(&mut pass, groups());
            return Ok(cursor.batch(pass, Vec::new(), note.into_iter().collect()));
        }
    };
    pass.read_to(until);
    cursor.close(&mut pass, groups());
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
    Ok(cursor.batch(pass, mapped, notes))
}
