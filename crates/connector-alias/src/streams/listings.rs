//! Listings: all of them in each run, the oldest first, so that what is listed meanwhile comes at the
//! end and moves no page; then those of the newest orders that the search has not shown, one by one.
//!
//! A search by last change would need fewer requests, but what leaves the search would then stay in
//! the store for ever. Whether the search shows what is sold isn't documented: asking for it by id tells
//! a sale from a deletion either way. A listing that leaves the search while its pages are read may move
//! one other from a page to be read to one that was: the next run brings that one back.

use std::collections::BTreeSet;

use connector_core::{Batch, ErrorKind, Next, PageStream, Result, SyncRequest};
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

use super::{AliasSession, next_token, page_of, take_some};
use crate::api::{
    Entry, GetListing, Listing, ListingOrder, ListingPage, ListingSort, SearchListing, SearchOrders,
};
use crate::map::{self, Mapped};

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// The documented maximum, of listings and of orders.
const PAGE_SIZE: u32 = 50;

/// Where a pass stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// The page to read next; the first where there is none.
    token: Option<String>,
    /// The listings of the newest orders that no page has shown; none before the first page.
    sold: Option<BTreeSet<String>>,
    /// Whether all pages were read.
    searched: bool,
}

pub(super) fn pages(session: AliasSession, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let session = session.clone();
        async move { page(&session, cursor.unwrap_or_default(), keep_raw).await }
    })
}

async fn page(session: &AliasSession, cursor: Cursor, keep_raw: bool) -> Result<Batch<Cursor>> {
    let mut sold = match cursor.sold {
        Some(sold) => sold,
        None => newly_sold(session).await?,
    };
    if cursor.searched {
        let asked = take_some(&mut sold);
        let asked = asked.into_iter().map(|id| ask(session, id, keep_raw));
        let mapped = try_join_all(asked).await?.into_iter().flatten();
        let (next, cursor) = Cursor::after(None, sold);
        return Ok(Batch::mapped(mapped, cursor, next));
    }
    let (page, token) = search(session, cursor.token).await?;
    for listing in page.listings.iter().filter_map(|entry| entry.value().ok()) {
        sold.remove(&listing.id);
    }
    let total = page
        .pagination
        .total_count
        .and_then(|total| u64::try_from(total).ok());
    let records = page
        .listings
        .into_iter()
        .map(|listing| read(listing, keep_raw));
    let (next, cursor) = Cursor::after(token, sold);
    let mut batch = Batch::mapped(records, cursor, next);
    batch.total = total;
    Ok(batch)
}

impl Cursor {
    fn after(token: Option<String>, sold: BTreeSet<String>) -> (Next, Self) {
        if token.is_none() && sold.is_empty() {
            return (Next::Done, Self::default());
        }
        let cursor = Self {
            searched: token.is_none(),
            token,
            sold: Some(sold),
        };
        (Next::More, cursor)
    }
}

/// The listings of the newest orders. A token that may not read orders goes without.
async fn newly_sold(session: &AliasSession) -> Result<BTreeSet<String>> {
    let newest = SearchOrders {
        page_size: Some(PAGE_SIZE),
        ..SearchOrders::default()
    };
    match session.call(&newest).await {
        Ok(page) => Ok(page
            .results
            .iter()
            .filter_map(|entry| entry.value().ok()?.listing_id.clone())
            .filter(|id| !id.is_empty())
            .collect()),
        Err(error) if error.kind() == ErrorKind::PermissionDenied => Ok(BTreeSet::new()),
        Err(error) => Err(error),
    }
}

/// A sold listing, where alias still has it.
async fn ask(session: &AliasSession, id: String, keep_raw: bool) -> Result<Option<Mapped>> {
    match one(session, &id, keep_raw).await {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// One listing by its id, whatever became of it.
pub(crate) async fn one(session: &AliasSession, id: &str, keep_raw: bool) -> Result<Mapped> {
    let answer = session.call(&GetListing { id: id.to_owned() }).await?;
    Ok(read(answer.listing, keep_raw))
}

fn read(entry: Entry<Listing>, keep_raw: bool) -> Mapped {
    entry.map(&["id"], keep_raw, map::listing)
}

/// One page of all listings, the oldest first, and the token of the next.
pub(super) async fn search(
    session: &AliasSession,
    token: Option<String>,
) -> Result<(ListingPage, Option<String>)> {
    let search = SearchListing {
        page_size: Some(PAGE_SIZE),
        pagination_token: token,
        sort_by: Some(ListingSort::CREATED_AT),
        order_by: Some(ListingOrder::ASC),
        ..SearchListing::default()
    };
    let mut page = page_of(session, &search, search.pagination_token.as_deref()).await?;
    let next = next_token(
        page.pagination.pagination_token.take(),
        page.pagination.has_more,
    )?;
    Ok((page, next))
}
