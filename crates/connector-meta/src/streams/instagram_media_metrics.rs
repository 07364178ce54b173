//! Numbers of what is on Instagram over its life: the list, then a request for each of them, as which
//! numbers there are depends on what it is, and one odd medium would fail the others'.
//!
//! They grow for about a month: the first run reads those of two years, for which they are kept, later
//! ones those of media that are younger. A number is that of the day on which it is read.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use connector_core::{Batch, Checkpoint, ErrorKind, PageStream, Result, Skipped};
use serde::{Deserialize, Serialize};

use super::groups::Groups;
use super::pass::{self, Pass};
use crate::api::{Entry, InstagramMedia, Medium, MediumInsights};
use crate::dialect::Meaning;
use crate::map::{self, Mapped};
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// For how long numbers are kept.
const KEPT: TimeDelta = TimeDelta::days(730);

/// For how long they are read again.
const AGAIN: TimeDelta = TimeDelta::days(30);

/// How many media there are on a page, each of them a request more.
const LIMIT: u32 = 25;

/// What all have (developers.facebook.com, "Instagram media insights", read in November 2026).
const EVERYWHERE: [&str; 7] = [
    "views",
    "reach",
    "likes",
    "comments",
    "saved",
    "shares",
    "total_interactions",
];

/// What reels have besides.
const REELS: [&str; 2] = ["ig_reels_avg_watch_time", "ig_reels_video_view_total_time"];

/// What all others have besides.
const FEED: [&str; 3] = ["follows", "profile_visits", "profile_activity"];

/// Metrics that Meta turned out not to have, by what the medium is.
type Without = BTreeMap<String, BTreeSet<String>>;

/// Where the numbers stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Cursor {
    walk: pass::Cursor,
    /// What isn't asked for again in this walk.
    without: Without,
}

/// What came of asking for the numbers of one medium.
enum Numbers {
    Are(Vec<Mapped>),
    /// There are none, and why; nothing to tell where it is gone.
    None(Option<&'static str>),
    /// It is from before the account was a professional one, and so is all that is older.
    Before,
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, cursor: Cursor) -> Result<Batch<Cursor>> {
    let Cursor {
        mut walk,
        mut without,
    } = cursor;
    let linked = reader.linked();
    let mut pass = walk.pass(|| {
        // Each walk asks for everything again: what was missing may be there.
        without.clear();
        let ids = linked.iter().map(|it| it.account.clone()).collect();
        Pass::new(reader.now(), ids, LIMIT)
    });
    let thing = pass
        .thing()
        .and_then(|id| linked.iter().find(|it| it.account == id));
    let Some(linked) = thing else {
        // There is none, or it isn't shared any more.
        pass.finish();
        let done = walk.batch(pass, Vec::new(), reader.instagram_notices(None));
        return Ok(batch(done, without));
    };
    let kept = pass.began - KEPT;
    let floor = walk.floors.get(&linked.account);
    let answer = reader
        .call(&InstagramMedia {
            page: linked.page.clone(),
            account: linked.account.clone(),
            since: Some(floor.map_or(kept, |floor| (*floor - AGAIN).max(kept))),
            until: Some(pass.began),
            limit: pass.limit,
            from: pass.from().cloned(),
        })
        .await;
    let read_on = pass.began.date_naive();
    let Some((list, mut ended)) = pass.take(reader, answer)? else {
        return Ok(batch(walk.batch(pass, Vec::new(), Vec::new()), without));
    };
    let mut notes = reader.instagram_notices(list.served.as_deref());
    let mut mapped = Vec::new();
    for entry in list.data {
        let (medium, raw) = entry.into_parts();
        let medium = match medium {
            Ok(medium) => medium,
            Err(error) => {
                mapped.push(Err(Skipped::unreadable(&error, &raw, &["id"])));
                continue;
            }
        };
        let numbers = numbers(
            reader,
            &linked.page,
            &medium,
            read_on,
            &mut without,
            &mut notes,
        );
        match numbers.await? {
            Numbers::Are(more) => mapped.extend(more),
            Numbers::None(why) => notes.extend(why.map(str::to_owned)),
            Numbers::Before => {
                let why = "Instagram has no numbers of what was published before the account became a \
                           professional one";
                notes.push(why.to_owned());
                ended = true;
                break;
            }
        }
    }
    if ended {
        let began = pass.began;
        walk.finish(&mut pass, began);
    }
    Ok(batch(walk.batch(pass, mapped, notes), without))
}

/// The numbers of one medium, without those that Meta turns out not to have.
async fn numbers(
    reader: &Reader,
    page: &str,
    medium: &Medium,
    read_on: NaiveDate,
    without: &mut Without,
    notes: &mut Vec<String>,
) -> Result<Numbers> {
    let shown_as = medium.media_product_type.as_deref().unwrap_or_default();
    let own: &[&str] = if shown_as == "REELS" { &REELS } else { &FEED };
    let missing = without.entry(shown_as.to_owned()).or_default();
    let metrics: Vec<&str> = EVERYWHERE
        .iter()
        .chain(own)
        .copied()
        .filter(|name| !missing.contains(*name))
        .collect();
    let mut groups = Groups::of(&metrics, metrics.len());
    let mut found: Vec<Entry<_>> = Vec::new();
    while let Some(group) = groups.current() {
        let group = group.to_vec();
        let ask = MediumInsights {
            page: page.to_owned(),
            id: medium.id.clone(),
            metrics: group.clone(),
        };
        match reader.call(&ask).await {
            Ok(list) => {
                found.extend(list.data);
                groups.finish();
            }
            Err(error) if Meaning::of(&error) == Some(Meaning::BeforeBusiness) => {
                return Ok(Numbers::Before);
            }
            Err(error) if Meaning::of(&error) == Some(Meaning::FewViewers) => {
                return Ok(Numbers::None(Some(
                    "Instagram gives no numbers of what fewer than five people saw",
                )));
            }
            // Deleted since it was listed.
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Numbers::None(None)),
            Err(error) => {
                if let Some(note) = groups.mend(error)? {
                    notes.push(note);
                    missing.extend(group);
                }
            }
        }
    }
    let numbers = found.into_iter().flat_map(|entry| {
        map::entries(entry, reader.keep_raw(), |insight| {
            map::medium_metrics(&medium.id, insight, read_on)
        })
    });
    Ok(Numbers::Are(numbers.collect()))
}

fn batch(walked: Batch<pass::Cursor>, without: Without) -> Batch<Cursor> {
    Batch {
        records: walked.records,
        skipped: walked.skipped,
        notes: walked.notes,
        cursor: Cursor {
            walk: walked.cursor,
            without,
        },
        next: walked.next,
        total: walked.total,
    }
}
