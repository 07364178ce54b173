//! Orders, and the payouts that follow from them.
//!
//! Alias has no filter by date and doesn't sort by last change; its search gives the newest sale first.
//! So a run reads from the newest sale down to a *floor*, which the run before has set: the sale of the
//! oldest order that was still unfinished then, and at least [`OVERLAP`] before the newest sale. What
//! was unfinished may have changed, and lies above the floor; what was finished doesn't change.
//!
//! The limits of the rule, which a complete read doesn't have: an order that stays unfinished for more
//! than [`LONGEST`] after its sale is not read again until it's finished, nor is a finished one that
//! alias changes afterwards and that lies below the floor.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Next, PageStream, Result, SyncRequest};
use serde::{Deserialize, Serialize};

use super::{AliasSession, page_of};
use crate::api::{Order, SearchOrders};
use crate::map::{self, Mapped};

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// The documented maximum.
const PAGE_SIZE: u32 = 50;

/// How far below the newest sale a run always reads.
const OVERLAP: TimeDelta = TimeDelta::days(14);

/// How far below the newest sale a run reads at the most, however old an unfinished order is.
const LONGEST: TimeDelta = TimeDelta::days(180);

/// How much newer than the ones before it an order may be before the search is held not to be sorted.
/// Sales that come while pages are read push some orders to a second page, which makes them look newer.
const SLACK: TimeDelta = TimeDelta::days(2);

/// Where a pass over the orders stands. The next run starts from what [`Cursor::finish`] leaves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// The page to read next; the first where there is none.
    token: Option<String>,
    /// The pass may stop below this sale; none reads everything.
    floor: Option<DateTime<Utc>>,
    /// The newest sale of this pass.
    newest: Option<DateTime<Utc>>,
    /// The oldest sale of this pass.
    lowest: Option<DateTime<Utc>>,
    /// The oldest sale of this pass whose order is not finished.
    oldest_open: Option<DateTime<Utc>>,
    /// Whether the pages of this pass were not the newest first.
    #[serde(default)]
    unsorted: bool,
}

pub(super) fn pages(
    session: AliasSession,
    request: SyncRequest,
    map: fn(Order) -> Mapped,
) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let session = session.clone();
        async move { page(&session, cursor.unwrap_or_default(), keep_raw, map).await }
    })
}

async fn page(
    session: &AliasSession,
    mut cursor: Cursor,
    keep_raw: bool,
    map: fn(Order) -> Mapped,
) -> Result<Batch<Cursor>> {
    let search = SearchOrders {
        page_size: Some(PAGE_SIZE),
        pagination_token: cursor.token.take(),
        ..SearchOrders::default()
    };
    let page = page_of(session, &search, search.pagination_token.as_deref()).await?;
    let orders = page.results.iter().filter_map(|entry| entry.value().ok());
    let was_sorted = !cursor.unsorted;
    let at_floor = cursor.note(orders);
    let mut notes = Vec::new();
    if was_sorted && cursor.unsorted && cursor.floor.is_some() {
        notes.push(
            "Alias did not give the newest orders first, so this run reads all of them.".to_owned(),
        );
    }
    let token = page
        .pagination
        .next_page_token
        .filter(|token| !token.is_empty());
    let next = match token {
        Some(token) if !at_floor => {
            cursor.token = Some(token);
            Next::More
        }
        _ => {
            cursor = cursor.finish();
            Next::Done
        }
    };
    let records = page
        .results
        .into_iter()
        .map(|order| map::entry(order, &["id"], keep_raw, map));
    let mut batch = Batch::mapped(records, cursor, next);
    batch.notes = notes;
    Ok(batch)
}

impl Cursor {
    /// Takes note of one page's orders; whether the pass may end here.
    fn note<'a>(&mut self, orders: impl Iterator<Item = &'a Order>) -> bool {
        let mut newest_here = None;
        for order in orders {
            let Some(sold_at) = order.sold_at else {
                continue;
            };
            if self.lowest.is_some_and(|lowest| sold_at - lowest > SLACK) {
                self.unsorted = true;
            }
            newest_here = newest_here.max(Some(sold_at));
            self.newest = self.newest.max(Some(sold_at));
            self.lowest = Some(self.lowest.map_or(sold_at, |lowest| lowest.min(sold_at)));
            if !map::is_final(order) {
                let oldest = self
                    .oldest_open
                    .map_or(sold_at, |oldest| oldest.min(sold_at));
                self.oldest_open = Some(oldest);
            }
        }
        !self.unsorted && matches!((newest_here, self.floor), (Some(at), Some(floor)) if at < floor)
    }

    /// What the next run starts from.
    fn finish(self) -> Self {
        let floor = self.newest.map(|newest| {
            let recent = newest - OVERLAP;
            let floor = self.oldest_open.map_or(recent, |oldest| oldest.min(recent));
            floor.max(newest - LONGEST)
        });
        Self {
            // A run that saw no order knows no better floor than its own.
            floor: floor.or(self.floor),
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn at(day: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(day)
    }

    fn order(day: i64, status: &str) -> Order {
        let sold_at = at(day).to_rfc3339();
        serde_json::from_value(json!({"id": "o", "status": status, "sold_at": sold_at})).unwrap()
    }

    fn done(day: i64) -> Order {
        order(day, "ORDER_STATUS_COMPLETED")
    }

    fn open(day: i64) -> Order {
        order(day, "ORDER_STATUS_IN_TRANSIT")
    }

    fn pass(floor: Option<i64>, orders: &[Order]) -> (bool, Cursor) {
        let mut cursor = Cursor {
            floor: floor.map(at),
            ..Cursor::default()
        };
        let ends = cursor.note(orders.iter());
        (ends, cursor)
    }

    fn next_floor(orders: &[Order]) -> Option<DateTime<Utc>> {
        pass(None, orders).1.finish().floor
    }

    #[test]
    fn the_next_run_reads_down_to_the_oldest_unfinished_order() {
        assert_eq!(
            next_floor(&[done(1_000), open(950), done(900)]),
            Some(at(950))
        );
        assert_eq!(
            next_floor(&[done(1_000), order(940, "ORDER_STATUS_NEW")]),
            Some(at(940))
        );
    }

    #[test]
    fn it_reads_the_overlap_at_least_and_the_longest_window_at_most() {
        assert_eq!(
            next_floor(&[open(1_000), done(999)]),
            Some(at(1_000) - OVERLAP)
        );
        assert_eq!(
            next_floor(&[done(1_000), open(1)]),
            Some(at(1_000) - LONGEST)
        );
        assert_eq!(next_floor(&[]), None);
        assert_eq!(pass(Some(7), &[]).1.finish().floor, Some(at(7)));
    }

    #[test]
    fn a_pass_ends_only_where_a_whole_page_lies_below_the_floor() {
        assert!(!pass(Some(100), &[done(101), done(99), done(98)]).0);
        assert!(!pass(Some(100), &[done(100)]).0);
        assert!(pass(Some(100), &[done(99), done(98)]).0);
        assert!(!pass(None, &[done(99)]).0);
        let undated: Order = serde_json::from_value(json!({"id": "o"})).unwrap();
        assert!(!pass(Some(100), &[undated]).0);
    }

    #[test]
    fn what_is_not_sorted_is_read_to_the_end() {
        let (ends, cursor) = pass(Some(100), &[done(50), done(60), done(40)]);
        assert!(cursor.unsorted && !ends);
        // What a sale in between pushes to a second page is no disorder.
        assert!(!pass(Some(100), &[done(50), done(49), done(50)]).1.unsorted);
    }
}
