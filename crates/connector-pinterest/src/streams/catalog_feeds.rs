//! Feeds of all catalogues, each time, with what became of their last run.

use connector_core::{Batch, Checkpoint, Next, PageStream, Result};
use serde_json::value::RawValue;

use super::walk::{Cursor, Step, TOO_DEEP};
use crate::api::{Entry, Feed, FeedResult, ListFeedResults, ListFeeds, Paged};
use crate::dialect::is_of_one_object;
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How many feeds are on a page: there is a request for each of them.
const FEEDS: u8 = 25;

/// How many runs are asked for. Their order isn't documented, so the newest of them is looked for.
const RUNS: u8 = 25;

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, cursor: Cursor) -> Result<Batch<Cursor>> {
    let feeds = ListFeeds {
        paged: Paged {
            size: FEEDS,
            bookmark: cursor.bookmark.clone(),
        },
    };
    let answer = reader.call(&feeds).await;
    match cursor.take(reader, answer)? {
        Step::Page(list, next) => {
            let mut mapped = Vec::new();
            for entry in list.items {
                mapped.push(with_last_run(reader, entry).await?);
            }
            let more = if next.is_some() {
                Next::More
            } else {
                Next::Done
            };
            Ok(Batch::mapped(mapped, next.unwrap_or_default(), more))
        }
        Step::Anew(cursor) => Ok(Batch::new(Vec::new(), cursor, Next::More)),
        Step::TooDeep => Ok(Batch {
            notes: vec![TOO_DEEP.to_owned()],
            ..Batch::new(Vec::new(), Cursor::default(), Next::Done)
        }),
    }
}

async fn with_last_run(reader: &Reader, entry: Entry<Feed>) -> Result<Mapped> {
    let entry = entry.with_raw(|raw| map::clean_feed(&raw));
    let raw = entry.raw().to_owned();
    let last = match entry.value() {
        Ok(feed) => last_run(reader, &feed.id).await?,
        Err(_unreadable) => None,
    };
    let last = last.as_ref().map(|(result, raw)| (result.clone(), &**raw));
    Ok(map::entry(entry, reader.keep_raw(), |feed| {
        map::feed(feed, &raw, last)
    }))
}

/// The newest run of a feed; `None` for one that never ran, or is gone.
async fn last_run(reader: &Reader, feed: &str) -> Result<Option<(FeedResult, Box<RawValue>)>> {
    let runs = ListFeedResults {
        feed: feed.to_owned(),
        size: RUNS,
    };
    let runs = match reader.call(&runs).await {
        Err(error) if is_of_one_object(&error) => return Ok(None),
        runs => runs?,
    };
    let runs = runs.items.into_iter().filter_map(|entry| {
        let (result, raw) = entry.into_parts();
        Some((result.ok()?, raw))
    });
    Ok(runs.max_by_key(|(result, _)| result.created_at))
}
