//! Orders, by when they were last updated.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Error, ErrorKind, Next, PageStream, Result, SyncRequest};
use serde::{Deserialize, Serialize};

use super::Restarts;
use crate::api::{Entry, GetOrder, IncludedData, Order, OrderPage, Pagination, SearchOrders};
use crate::descriptor::MARKETPLACES;
use crate::map::{self, Mapped};
use crate::restricted;
use crate::seller::Seller;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// How far back orders are given.
const HISTORY: TimeDelta = TimeDelta::days(2 * 365);

/// What is read again below the last watermark: updates may become visible late.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// How long a page token is good, less an hour.
const TOKEN_LIFE: TimeDelta = TimeDelta::hours(23);

/// How far behind now Amazon answers for, where it doesn't say.
const LAG: TimeDelta = TimeDelta::minutes(3);

/// Where a pass over the orders stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// Updates from this instant on are read.
    after: DateTime<Utc>,
    /// Where they are placed; anywhere if empty.
    marketplaces: Vec<String>,
    /// The page to read next; the first where there is none.
    page: Option<PageToken>,
    /// Whether Amazon refused the addresses, so that this pass does without.
    without_addresses: bool,
    /// How often the pass was begun anew; sets the cursors of a second reading apart.
    restarts: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PageToken {
    token: String,
    /// When the pass was begun: its token is good for a day, and all its pages are of one search.
    begun: DateTime<Utc>,
    /// Up to when the search looked: where the next pass begins.
    until: DateTime<Utc>,
}

impl Cursor {
    fn at(after: DateTime<Utc>, marketplaces: Vec<String>) -> Self {
        Self {
            after,
            marketplaces,
            page: None,
            without_addresses: false,
            restarts: 0,
        }
    }

    /// Whether what this pass and those before it read holds all that is to be read now.
    fn covers(&self, marketplaces: &[String]) -> bool {
        self.marketplaces.is_empty()
            || (!marketplaces.is_empty()
                && marketplaces.iter().all(|id| self.marketplaces.contains(id)))
    }

    /// The cursor of a pass over these marketplaces. A page token is good for those with which it was
    /// given, and for a day; a marketplace that was not read before is read from its beginning.
    fn settled(self, marketplaces: Vec<String>, now: DateTime<Utc>) -> Self {
        if !self.covers(&marketplaces) {
            return Self::at(now - HISTORY, marketplaces);
        }
        let page = self
            .page
            .filter(|page| self.marketplaces == marketplaces && now - page.begun < TOKEN_LIFE);
        Self {
            marketplaces,
            page,
            ..self
        }
    }
}

pub(super) fn pages(seller: Seller, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    let restarts = Restarts::default();
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let (seller, restarts) = (seller.clone(), restarts.clone());
        async move {
            let marketplaces = marketplaces(&seller).await?;
            let now = seller.now();
            let cursor = match cursor {
                Some(cursor) => cursor.settled(marketplaces, now),
                None => Cursor::at(now - HISTORY, marketplaces),
            };
            page(&seller, cursor, keep_raw, &restarts).await
        }
    })
}

/// The marketplaces that the connection names. Without a name, none has to be: Amazon gives all of
/// the region.
async fn marketplaces(seller: &Seller) -> Result<Vec<String>> {
    if seller.session().settings().get(MARKETPLACES).is_none() {
        return Ok(Vec::new());
    }
    let named = seller.marketplaces().await?;
    Ok(named.into_iter().map(|one| one.id).collect())
}

async fn page(
    seller: &Seller,
    mut cursor: Cursor,
    keep_raw: bool,
    restarts: &Restarts,
) -> Result<Batch<Cursor>> {
    let now = seller.now();
    let mut notes = Vec::new();
    let page = match ask(seller, &mut cursor, &mut notes).await {
        Ok(page) => page,
        Err(error) if is_of_the_page(&error, &cursor) => {
            restarts.one_more(|| error)?;
            cursor.restarts = cursor.restarts.wrapping_add(1);
            cursor.page = None;
            let mut batch = Batch::new(Vec::new(), cursor, Next::More);
            batch.notes.push(
                "Amazon no longer took a page token: the orders of this run are read again."
                    .to_owned(),
            );
            return Ok(batch);
        }
        Err(error) => return Err(error),
    };
    if asks_for_addresses(seller, &cursor) && are_withheld(&page) {
        notes.push(restricted::WITHOUT.to_owned());
    }
    let (begun, until) = match &cursor.page {
        Some(page) => (page.begun, page.until),
        None => (now, page.last_updated_before.unwrap_or(now - LAG)),
    };
    let next = match Pagination::next(page.pagination) {
        Some(token) => {
            cursor.page = Some(PageToken {
                token,
                begun,
                until,
            });
            Next::More
        }
        None => {
            // A watermark never goes back, however Amazon's clock goes.
            let after = cursor.after.max(until - OVERLAP);
            cursor = Cursor::at(after, cursor.marketplaces);
            Next::Done
        }
    };
    let entries = page.orders.into_iter();
    let mapped = entries.map(|entry| entry.map(&["orderId"], keep_raw, map::order));
    let mut batch = Batch::mapped(mapped, cursor, next);
    batch.notes = notes;
    Ok(batch)
}

async fn ask(seller: &Seller, cursor: &mut Cursor, notes: &mut Vec<String>) -> Result<OrderPage> {
    let mut search = SearchOrders {
        last_updated_after: Some(cursor.after),
        marketplace_ids: cursor.marketplaces.clone(),
        included_data: included(seller, cursor.without_addresses),
        pagination_token: cursor.page.as_ref().map(|page| page.token.clone()),
        ..SearchOrders::default()
    };
    match seller.call(search.clone()).await {
        Err(error)
            if asks_for_addresses(seller, cursor)
                && error.kind() == ErrorKind::PermissionDenied =>
        {
            cursor.without_addresses = true;
            notes.push(restricted::WITHOUT.to_owned());
            search.included_data = included(seller, true);
            seller.call(search).await
        }
        answer => answer,
    }
}

fn asks_for_addresses(seller: &Seller, cursor: &Cursor) -> bool {
    restricted::is_wanted(seller.session()) && !cursor.without_addresses
}

/// Whether no order of a page has an address: how Amazon withholds them is not documented, and it
/// may leave them out as well as refuse.
fn are_withheld(page: &OrderPage) -> bool {
    let has_none =
        |entry: &Entry<Order>| entry.value().is_ok_and(|order| order.recipient.is_none());
    !page.orders.is_empty() && page.orders.iter().all(has_none)
}

/// What comes with an order: nothing about its buyer, unless the connection asks for it.
fn included(seller: &Seller, without_addresses: bool) -> Vec<IncludedData> {
    let mut included = vec![
        IncludedData::Proceeds,
        IncludedData::Expense,
        IncludedData::Cancellation,
        IncludedData::Fulfillment,
        IncludedData::Packages,
    ];
    if restricted::is_wanted(seller.session()) && !without_addresses {
        included.push(IncludedData::Recipient);
    }
    included
}

fn is_of_the_page(error: &Error, cursor: &Cursor) -> bool {
    cursor.page.is_some() && matches!(error.kind(), ErrorKind::Rejected | ErrorKind::NotFound)
}

/// One order by its id. Amazon refuses an id that none can have.
pub(super) async fn one(seller: &Seller, id: &str) -> Result<Option<Mapped>> {
    let ask = |without_addresses| GetOrder {
        order_id: id.to_owned(),
        included_data: included(seller, without_addresses),
    };
    let answer = match seller.call(ask(false)).await {
        Err(error)
            if error.kind() == ErrorKind::PermissionDenied
                && restricted::is_wanted(seller.session()) =>
        {
            seller.call(ask(true)).await?
        }
        answer => answer?,
    };
    Ok(Some(answer.order.map(&["orderId"], false, map::order)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(10_000) + TimeDelta::hours(hour)
    }

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn cursor(marketplaces: &[&str]) -> Cursor {
        Cursor {
            page: Some(PageToken {
                token: "t".to_owned(),
                begun: at(0),
                until: at(0),
            }),
            ..Cursor::at(at(-100), ids(marketplaces))
        }
    }

    #[test]
    fn a_page_token_is_used_for_a_day_and_for_its_own_search() {
        let same = cursor(&["US"]).settled(ids(&["US"]), at(22));
        assert_eq!(same, cursor(&["US"]));
        let late = cursor(&["US"]).settled(ids(&["US"]), at(23));
        assert_eq!((late.page, late.after), (None, at(-100)));
        let fewer = cursor(&["CA", "US"]).settled(ids(&["US"]), at(1));
        assert_eq!((fewer.page, fewer.after), (None, at(-100)));
    }

    #[test]
    fn a_marketplace_that_was_not_read_before_is_read_from_its_beginning() {
        for (before, now) in [(&["US"][..], &["CA", "US"][..]), (&["US"], &[])] {
            let settled = cursor(before).settled(ids(now), at(1));
            assert_eq!(settled, Cursor::at(at(1) - HISTORY, ids(now)));
        }
        // All of them were read.
        let settled = cursor(&[]).settled(ids(&["US"]), at(1));
        assert_eq!(settled.after, at(-100));
    }
}
