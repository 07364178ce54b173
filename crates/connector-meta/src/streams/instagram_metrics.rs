//! Numbers of accounts of Instagram by day.
//!
//! Nearly all of them come only as a total of the time that is asked for, so each day is a request of
//! its own, and the first run reads ninety days. New followers come as a series, for thirty days and
//! for accounts with a hundred followers (developers.facebook.com, "Instagram account insights").

use chrono::Days;
use connector_core::{Batch, Checkpoint, ErrorKind, PageStream, Result};

use super::days::{Cursor, Pass, first_day};
use super::groups::Groups;
use crate::api::{AccountInsights, MetricType};
use crate::map;
use crate::pacific;
use crate::reader::Reader;

/// The form of the cursor.
const VERSION: u16 = 1;

/// How far back the first run reads.
const FIRST: Days = Days::new(90);

/// How far back new followers can be asked for, the day that is under way left out.
const FOLLOWERS_KEPT: Days = Days::new(29);

/// How many days are read again: numbers lag by up to two.
const AGAIN: Days = Days::new(3);

/// What comes as the total of a day.
const TOTALS: [&str; 13] = [
    "views",
    "reach",
    "accounts_engaged",
    "total_interactions",
    "likes",
    "comments",
    "saves",
    "shares",
    "replies",
    "reposts",
    "profile_views",
    "profile_links_taps",
    "website_clicks",
];

/// What comes as a series.
const FOLLOWERS: &str = "follower_count";

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

fn groups() -> Groups {
    Groups::of(&TOTALS, TOTALS.len()).then(&[FOLLOWERS])
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let linked = reader.linked();
    let mut pass = cursor.pass(|| {
        let ids = linked.iter().map(|it| it.account.clone()).collect();
        Pass::new(pacific::day_of(reader.now()), ids, groups())
    });
    let thing = pass
        .thing()
        .and_then(|id| linked.iter().find(|it| it.account == id));
    let (Some(linked), Some(metrics)) = (thing, pass.groups.current()) else {
        // There is none, or it isn't shared any more.
        pass.finish(groups());
        return Ok(cursor.batch(pass, Vec::new(), reader.instagram_notices(None)));
    };
    let is_series = *metrics == [FOLLOWERS];
    let floor = cursor.floors.get(&linked.account).copied();
    let first = first_day(floor, pass.until, AGAIN, FIRST);
    let (since, until) = if is_series {
        (first.max(pass.until - FOLLOWERS_KEPT), pass.until)
    } else {
        let day = pass.at.unwrap_or(first);
        (day, (day + Days::new(1)).min(pass.until))
    };
    if since >= until {
        // Not a day is over since.
        pass.read_to(pass.until);
        cursor.close(&mut pass, groups());
        return Ok(cursor.batch(pass, Vec::new(), reader.notices(None)));
    }
    let answer = reader
        .call(&AccountInsights {
            page: linked.page.clone(),
            account: linked.account.clone(),
            metrics: metrics.to_vec(),
            metric_type: if is_series {
                MetricType::TimeSeries
            } else {
                MetricType::TotalValue
            },
            since: pacific::begin(since),
            until: pacific::begin(until),
        })
        .await;
    let list = match answer {
        Ok(list) => list,
        Err(error) if is_series && error.kind() == ErrorKind::Rejected => {
            // How it refuses small accounts isn't documented; the rest is worth having without.
            pass.read_to(until);
            cursor.close(&mut pass, groups());
            let note = "Instagram gives no new followers of an account, as of those with fewer than a \
                        hundred";
            return Ok(cursor.batch(pass, Vec::new(), vec![note.to_owned()]));
        }
        Err(error) => {
            let note = pass.groups.mend(error)?;
            cursor.close(&mut pass, groups());
            return Ok(cursor.batch(pass, Vec::new(), note.into_iter().collect()));
        }
    };
    pass.read_to(until);
    cursor.close(&mut pass, groups());
    let notes = reader.instagram_notices(list.served.as_deref());
    let now = reader.now();
    let mapped = list
        .data
        .into_iter()
        .flat_map(|entry| {
            map::entries(entry, reader.keep_raw(), |insight| {
                map::account_metrics(&linked.account, insight, since, now)
            })
        })
        .collect();
    Ok(cursor.batch(pass, mapped, notes))
}
