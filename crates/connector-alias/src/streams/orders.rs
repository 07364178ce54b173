//! Orders, and the payouts that follow from them.
//!
//! Alias has no filter by date and doesn't sort by last change; its search gives the newest sale first.
//! So a run reads from the newest sale down to a *floor* that the run before has set, [`OVERLAP`] below
//! the newest sale then, and after that it asks one by one for the *stragglers*: the orders below the
//! floor that were not finished. What was finished doesn't change.
//!
//! The limits of the rule, which a complete read doesn't have: an order that stays unfinished for more
//! than [`LONGEST`] after its sale is not read again, nor is a finished one that alias changes
//! afterwards and that lies below the floor.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, ErrorKind, Next, PageStream, Result, Skipped, SyncRequest};
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::{AliasSession, page_of, take_some};
use crate::api::{Entry, GetOrder, Order, SearchOrders};
use crate::map::{self, Mapped};

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// The documented maximum.
const PAGE_SIZE: u32 = 50;

/// How far below the newest sale the floor is.
const OVERLAP: TimeDelta = TimeDelta::days(7);

/// How far below the newest sale stragglers are followed.
const LONGEST: TimeDelta = TimeDelta::days(180);

/// How many stragglers are asked for one by one. Where there are more, the floor is lowered to the next
/// one: a page brings fifty orders for the price of one.
const MOST_STRAGGLERS: usize = 10;

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
    /// Whether the pages of this pass were not the newest first.
    #[serde(default)]
    unsorted: bool,
    /// The unfinished orders of this pass, and those of the run before that it has not come to.
    open: BTreeMap<String, DateTime<Utc>>,
    /// The stragglers that are still to be asked for; none while pages are read.
    asking: Option<BTreeSet<String>>,
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
    if let Some(asking) = cursor.asking.take() {
        return stragglers(session, cursor, asking, keep_raw, map).await;
    }
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
    let next = if at_floor || token.is_none() {
        cursor.finish()
    } else {
        cursor.token = token;
        Next::More
    };
    let records = page
        .results
        .into_iter()
        .map(|order| order.map(&["id"], keep_raw, map));
    let mut batch = Batch::mapped(records, cursor, next);
    batch.notes = notes;
    Ok(batch)
}

/// Asks for some of the stragglers.
async fn stragglers(
    session: &AliasSession,
    mut cursor: Cursor,
    mut asking: BTreeSet<String>,
    keep_raw: bool,
    map: fn(Order) -> Mapped,
) -> Result<Batch<Cursor>> {
    let now = take_some(&mut asking);
    let asked = now.into_iter().map(|id| ask(session, id));
    let mut mapped = Vec::new();
    for answer in try_join_all(asked).await? {
        match answer {
            Ok(entry) => {
                if let Ok(order) = entry.value()
                    && map::is_final(order)
                {
                    cursor.open.remove(&order.id);
                }
                mapped.push(entry.map(&["id"], keep_raw, map));
            }
            Err(gone) => {
                if let Some(id) = &gone.external_id {
                    cursor.open.remove(id);
                }
                mapped.push(Err(gone));
            }
        }
    }
    let next = if asking.is_empty() {
        Next::Done
    } else {
        Next::More
    };
    cursor.asking = Some(asking).filter(|asking| !asking.is_empty());
    Ok(Batch::mapped(mapped, cursor, next))
}

async fn ask(session: &AliasSession, id: String) -> Result<Result<Entry<Order>, Skipped>> {
    let endpoint = GetOrder { id };
    match session.call(&endpoint).await {
        Ok(answer) => Ok(Ok(answer.order)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Err(Skipped {
            external_id: Some(endpoint.id),
            reason: "it was unfinished, and is gone".to_owned(),
        })),
        Err(error) => Err(error),
    }
}

/// One order by its id, or what follows from it.
pub(crate) async fn one(
    session: &AliasSession,
    id: &str,
    keep_raw: bool,
    map: fn(Order) -> Mapped,
) -> Result<Mapped> {
    let answer = session.call(&GetOrder { id: id.to_owned() }).await?;
    Ok(answer.order.map(&["id"], keep_raw, map))
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
            if map::is_final(order) {
                self.open.remove(&order.id);
            } else {
                self.open.insert(order.id.clone(), sold_at);
            }
        }
        !self.unsorted && matches!((newest_here, self.floor), (Some(at), Some(floor)) if at < floor)
    }

    /// Ends the reading of pages: sets the floor of the next run, and what is to be asked for by id
    /// in this one.
    fn finish(&mut self) -> Next {
        // A run that saw no order knows no better floor than its own.
        if let Some(newest) = self.newest.take() {
            self.open.retain(|_, sold_at| *sold_at >= newest - LONGEST);
            let mut floor = newest - OVERLAP;
            let mut below: Vec<DateTime<Utc>> = self
                .open
                .values()
                .copied()
                .filter(|sold_at| *sold_at < floor)
                .collect();
            below.sort_unstable();
            // The newest ones are left to the pages of the next run.
            if let Some(first) = below.get(MOST_STRAGGLERS) {
                floor = *first;
            }
            self.floor = Some(floor);
            self.open.retain(|_, sold_at| *sold_at < floor);
        }
        let stragglers: BTreeSet<String> = self.open.keys().cloned().collect();
        (self.lowest, self.unsorted) = (None, false);
        if stragglers.is_empty() {
            return Next::Done;
        }
        self.asking = Some(stragglers);
        Next::More
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
        let (id, sold_at) = (day.to_string(), at(day).to_rfc3339());
        serde_json::from_value(json!({"id": id, "status": status, "sold_at": sold_at})).unwrap()
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

    fn finished(orders: &[Order]) -> (Next, Cursor) {
        let (_, mut cursor) = pass(None, orders);
        (cursor.finish(), cursor)
    }

    fn asked(cursor: &Cursor) -> Vec<&str> {
        cursor.asking.iter().flatten().map(String::as_str).collect()
    }

    #[test]
    fn the_floor_is_an_overlap_below_and_what_is_unfinished_below_it_is_asked_for() {
        let (next, cursor) = finished(&[open(1_000), done(990), open(989), open(900), open(1)]);
        assert_eq!(
            (next, cursor.floor),
            (Next::More, Some(at(1_000) - OVERLAP))
        );
        // The newest is above the floor, the oldest too old to be followed.
        assert_eq!(asked(&cursor), ["900", "989"]);
        let unknown = order(900, "ORDER_STATUS_NEW");
        assert_eq!(asked(&finished(&[open(1_000), unknown]).1), ["900"]);
    }

    #[test]
    fn a_run_without_stragglers_is_done_and_one_without_orders_keeps_its_floor() {
        let (next, cursor) = finished(&[open(1_000), done(900)]);
        assert_eq!((next, cursor.asking), (Next::Done, None));
        let (_, mut empty) = pass(Some(7), &[]);
        assert_eq!((empty.finish(), empty.floor), (Next::Done, Some(at(7))));
    }

    #[test]
    fn a_straggler_that_a_page_shows_finished_is_no_longer_one() {
        let (_, mut cursor) = finished(&[open(1_000), open(900)]);
        cursor.asking = None;
        cursor.note([done(1_001), done(900)].iter());
        assert_eq!((cursor.finish(), cursor.asking), (Next::Done, None));
    }

    #[test]
    fn too_many_stragglers_lower_the_floor() {
        let orders: Vec<Order> = (0..300)
            .rev()
            .map(|hour| {
                let mut order = open(hour);
                order.sold_at = Some(at(900) + TimeDelta::hours(hour));
                order
            })
            .chain([done(1_000)])
            .collect();
        let (_, cursor) = finished(&orders);
        assert_eq!(asked(&cursor).len(), MOST_STRAGGLERS);
        assert_eq!(cursor.floor, Some(at(900) + TimeDelta::hours(10)));
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
