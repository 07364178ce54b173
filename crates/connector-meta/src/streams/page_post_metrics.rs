//! Numbers of posts over their life, with the list of posts: one request for many of them.
//!
//! They grow for about a month: the first run reads those of all posts, later ones those of posts that
//! are younger. A number is that of the day on which it is read.

use chrono::TimeDelta;
use connector_core::{Batch, Checkpoint, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::groups::Groups;
use super::pass::{self, Pass};
use crate::api::{PostMetrics, PublishedPosts};
use crate::dialect::Meaning;
use crate::map;
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// For how long a post's numbers are read again.
const AGAIN: TimeDelta = TimeDelta::days(30);

/// How many posts are asked for at once: with their numbers, more may be refused.
const LIMIT: u32 = 50;

/// What is asked for: what Facebook still gives in November 2026.
const METRICS: [&str; 5] = [
    "post_media_view",
    "post_total_media_view_unique",
    "post_clicks",
    "post_reactions_by_type_total",
    "post_video_views",
];

/// Where the numbers stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    walk: pass::Cursor,
    /// The metrics that are left of the page that is being read; all where there is none.
    groups: Option<Groups>,
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, cursor: Cursor) -> Result<Batch<Cursor>> {
    let Cursor { mut walk, groups } = cursor;
    let shared = reader.pages();
    let mut pass = walk.pass(|| {
        let ids = shared.iter().map(|page| page.id.clone()).collect();
        Pass::new(reader.now(), ids, LIMIT)
    });
    let mut groups = groups.unwrap_or_else(|| Groups::of(&METRICS, METRICS.len()));
    let thing = pass
        .thing()
        .and_then(|id| shared.iter().find(|page| page.id == id));
    let (Some(shared), Some(metrics)) = (thing, groups.current()) else {
        pass.finish();
        return Ok(batch(
            walk.batch(pass, Vec::new(), reader.notices(None)),
            None,
        ));
    };
    let floor = walk.floors.get(&shared.id);
    let mut answer = reader
        .call(&PostMetrics {
            posts: PublishedPosts {
                page: shared.id.clone(),
                since: floor.map(|floor| *floor - AGAIN),
                until: Some(pass.began),
                limit: pass.limit,
                from: pass.from().cloned(),
            },
            metrics: metrics.to_vec(),
        })
        .await;
    let mut notes = Vec::new();
    if let Err(error) = answer {
        if Meaning::of(&error) == Some(Meaning::UnknownMetric) {
            notes.extend(groups.mend(error)?);
            if groups.current().is_none() {
                let began = pass.began;
                walk.finish(&mut pass, began);
                return Ok(batch(walk.batch(pass, Vec::new(), notes), None));
            }
            return Ok(batch(walk.batch(pass, Vec::new(), notes), Some(groups)));
        }
        answer = Err(error);
    }
    let read_on = pass.began.date_naive();
    let Some((list, ended)) = pass.take(reader, answer)? else {
        return Ok(batch(walk.batch(pass, Vec::new(), notes), Some(groups)));
    };
    if ended {
        groups.finish();
    }
    let groups = groups.current().is_some().then_some(groups);
    if groups.is_none() {
        let began = pass.began;
        walk.finish(&mut pass, began);
    }
    notes.extend(reader.notices(list.served.as_deref()));
    let mapped = list
        .data
        .into_iter()
        .flat_map(|entry| {
            map::entries(entry, reader.keep_raw(), |post| {
                map::post_metrics(post, read_on)
            })
        })
        .collect();
    Ok(batch(walk.batch(pass, mapped, notes), groups))
}

fn batch(walked: Batch<pass::Cursor>, groups: Option<Groups>) -> Batch<Cursor> {
    Batch {
        records: walked.records,
        skipped: walked.skipped,
        notes: walked.notes,
        cursor: Cursor {
            walk: walked.cursor,
            groups,
        },
        next: walked.next,
        total: walked.total,
    }
}
