//! Orders, by when they last changed.
//!
//! A run asks for what changed since [`OVERLAP`] before the run before it began, without an end:
//! nothing leaves such a list while its pages are read, so that no order is pushed to a page that was
//! read already; what changes meanwhile is the next run's.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Checkpoint, ErrorKind, Next, PageStream, Result};
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::pass::{Pass, Turn};
use super::reader::{FULFILLMENT, Reader, SIDE_BY_SIDE};
use crate::api::{Entry, GetOrder, GetOrders, Order};
use crate::map::{self, Mapped};

/// How many orders make a page. Those that are being cancelled are asked for one by one, too.
const PAGE: u32 = 50;

/// How far before the run before a run looks: eBay's index lags, and clocks differ.
const OVERLAP: TimeDelta = TimeDelta::minutes(30);

/// How far back orders can be read: two years, less a day for what is two years there.
const MEMORY: TimeDelta = TimeDelta::days(729);

#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// When the run before this one began; none before the first.
    since: Option<DateTime<Utc>>,
    /// The run that is under way: all its pages ask for the same.
    run: Option<Run>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct Run {
    began: DateTime<Utc>,
    from: DateTime<Utc>,
    pass: Pass,
}

impl Cursor {
    fn begin(&self, now: DateTime<Utc>) -> Run {
        let oldest = now - MEMORY;
        let from = self.since.map_or(oldest, |since| since - OVERLAP);
        Run {
            began: now,
            from: from.max(oldest).min(now),
            pass: Pass::default(),
        }
    }
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut cursor: Cursor) -> Result<Batch<Cursor>> {
    let mut run = match cursor.run.take() {
        Some(run) => run,
        None => cursor.begin(reader.session.now()),
    };
    let mut notes = Vec::new();
    if cursor.since.is_none() && run.pass.is_new() {
        notes.push("eBay gives orders of the last two years, and no older ones.".to_owned());
    }
    let first = GetOrders::changed_since(reader.environment(), run.from, PAGE)?.page;
    let page = run.pass.page(first);
    let answer = reader
        .call(FULFILLMENT, &GetOrders { page: page.clone() })
        .await?;
    let total = answer.total;
    let count = answer.orders.len();
    let turn = run.pass.turn(&page, count, total, answer.next.as_deref())?;
    let mapped = with_reasons(reader, answer.orders).await?;
    let next = match turn {
        Turn::More => {
            cursor.run = Some(run);
            Next::More
        }
        Turn::Done => {
            cursor.since = Some(run.began);
            Next::Done
        }
    };
    let mut batch = Batch::mapped(mapped, cursor, next);
    batch.notes = notes;
    batch.total = total;
    Ok(batch)
}

/// The orders of a page. Who wants to cancel one, and why, a list never says, so these are asked for
/// one by one.
async fn with_reasons(reader: &Reader, orders: Vec<Entry<Order>>) -> Result<Vec<Mapped>> {
    let mut mapped = Vec::with_capacity(orders.len());
    let mut orders = orders.into_iter();
    loop {
        let some: Vec<_> = orders.by_ref().take(SIDE_BY_SIDE).collect();
        if some.is_empty() {
            return Ok(mapped);
        }
        let whole = some.into_iter().map(|order| whole(reader, order));
        for order in try_join_all(whole).await? {
            mapped.push(map_one(reader, order));
        }
    }
}

fn map_one(reader: &Reader, order: Entry<Order>) -> Mapped {
    order.map(&["orderId"], reader.keep_raw, |order| map::order(&order))
}

/// An order with its requests to cancel it, where there are any.
async fn whole(reader: &Reader, listed: Entry<Order>) -> Result<Entry<Order>> {
    let asked = match listed.value() {
        Ok(order) if lacks_requests(order) => order.order_id.clone(),
        _ => return Ok(listed),
    };
    match ask(reader, asked).await {
        Ok(whole) => Ok(whole),
        // Gone since: what the list said is the last that can be said of it.
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(listed),
        Err(error) => Err(error),
    }
}

fn lacks_requests(order: &Order) -> bool {
    order.cancel_status.as_ref().is_some_and(|cancel| {
        let state = cancel.cancel_state.as_deref();
        state.is_some_and(|state| state != "NONE_REQUESTED") && cancel.cancel_requests.is_empty()
    })
}

async fn ask(reader: &Reader, id: String) -> Result<Entry<Order>> {
    let environment = reader.environment();
    reader
        .call(FULFILLMENT, &GetOrder { environment, id })
        .await
}

/// One order as eBay has it now.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Mapped> {
    let order = ask(reader, id.to_owned()).await?;
    Ok(map_one(reader, order))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_begins_an_overlap_before_the_one_before_and_never_before_ebay_remembers() {
        let now: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
        let from = |since: Option<TimeDelta>| {
            let since = since.map(|ago| now - ago);
            Cursor { since, run: None }.begin(now).from
        };
        assert_eq!(from(None), now - MEMORY);
        assert_eq!(
            from(Some(TimeDelta::hours(1))),
            now - TimeDelta::minutes(90)
        );
        assert_eq!(from(Some(TimeDelta::days(900))), now - MEMORY);
        // A clock that was ahead.
        assert_eq!(from(Some(TimeDelta::hours(-2))), now);
    }
}
