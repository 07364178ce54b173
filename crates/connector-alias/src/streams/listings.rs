//! Listings: all of them in each run, the oldest first, so that what is listed meanwhile comes at the
//! end and moves no page.
//!
//! A search by last change would need fewer requests, but what leaves the search (sold, deleted) would
//! then stay in the store for ever. A listing that leaves it while its pages are read may move one
//! other listing from a page to be read to one that was: the next run brings that one back.

use connector_core::{Batch, Next, PageStream, Result, SyncRequest};
use serde::{Deserialize, Serialize};

use super::{AliasSession, next_token, page_of};
use crate::api::{ListingOrder, ListingPage, ListingSort, SearchListing};
use crate::map;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// The documented maximum.
const PAGE_SIZE: u32 = 50;

/// The page to read next; the first where there is no token.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    token: Option<String>,
}

pub(super) fn pages(session: AliasSession, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let session = session.clone();
        async move { page(&session, cursor.unwrap_or_default(), keep_raw).await }
    })
}

async fn page(session: &AliasSession, cursor: Cursor, keep_raw: bool) -> Result<Batch<Cursor>> {
    let (page, token) = search(session, cursor.token).await?;
    let total = page
        .pagination
        .total_count
        .and_then(|total| u64::try_from(total).ok());
    let next = if token.is_some() {
        Next::More
    } else {
        Next::Done
    };
    let records = page
        .listings
        .into_iter()
        .map(|listing| map::entry(listing, &["id"], keep_raw, map::listing));
    let mut batch = Batch::mapped(records, Cursor { token }, next);
    batch.total = total;
    Ok(batch)
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
