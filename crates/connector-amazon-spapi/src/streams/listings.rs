//! Listings, marketplace by marketplace, by when they were last updated.
//!
//! A search gives a thousand at the most, and what changes while it is paged through leaves it and
//! shifts the rest. So a pass looks at a window of time that is closed at its beginning, moves the
//! window on where it holds more than a search gives, and counts what comes against what Amazon
//! counts.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Error, ErrorKind, Next, PageStream, Result, Retry, SyncRequest};
use serde::{Deserialize, Serialize};

use super::Restarts;
use crate::api::{GetListingsItem, ListingPage, MOST_LISTINGS, Marketplace, SearchListingsItems};
use crate::map::{self, Mapped};
use crate::seller::Seller;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// What is read again below the last watermark: changes may become visible late.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// Where the listings stand.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cursor {
    /// From where on each marketplace is still to be read; all of one that isn't here.
    floors: BTreeMap<String, DateTime<Utc>>,
    /// The pass that is under way.
    pass: Option<Pass>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pass {
    /// When it was begun: what changes later is for the next one.
    until: DateTime<Utc>,
    /// The marketplaces that are left. The first is being read.
    left: Vec<String>,
    /// The window that is being read.
    window: Window,
    /// How often a window was read again; sets the cursors of a second reading apart.
    restarts: u32,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Window {
    /// Its beginning, where it isn't that of the marketplace's pass.
    moved_to: Option<DateTime<Utc>>,
    /// The page to read next; the first where there is none.
    page: Option<String>,
    /// How many its first page counted.
    expected: u64,
    /// How many came.
    read: u64,
    /// The latest change of those that came.
    latest: Option<DateTime<Utc>>,
}

/// What follows from a page.
#[derive(Debug, PartialEq)]
enum Step {
    /// The window has more pages.
    Page,
    /// The window held more than a search gives, and was moved.
    Moved,
    /// The window gave fewer than were counted: something left it. It has to be read again.
    Short,
    /// The marketplace is read.
    Read,
}

impl Pass {
    fn new(until: DateTime<Utc>, left: Vec<String>) -> Self {
        Self {
            until,
            left,
            window: Window::default(),
            restarts: 0,
        }
    }

    /// Takes a page in.
    fn step(&mut self, page: &ListingPage) -> Result<Step> {
        let window = &mut self.window;
        if window.page.is_none() {
            window.expected = page.number_of_results;
        }
        let came = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
        window.read = window.read.saturating_add(came);
        window.latest = window.latest.max(latest(page));
        window.page = super::next_page(page.pagination.clone(), window.page.as_deref())?;
        if window.page.is_some() && window.read < MOST_LISTINGS {
            return Ok(Step::Page);
        }
        if window.read >= window.expected {
            self.window = Window::default();
            return Ok(Step::Read);
        }
        if window.read < MOST_LISTINGS {
            return Ok(Step::Short);
        }
        // Those at the very end of the window come again with the next one.
        if window.latest <= window.moved_to {
            return Err(
                Error::contract("more listings changed in one instant than Amazon gives")
                    .with("most", MOST_LISTINGS),
            );
        }
        self.window = Window {
            moved_to: window.latest,
            ..Window::default()
        };
        Ok(Step::Moved)
    }

    /// Begins the window anew.
    fn restart(&mut self) {
        self.restarts = self.restarts.wrapping_add(1);
        self.window = Window {
            moved_to: self.window.moved_to,
            ..Window::default()
        };
    }
}

fn latest(page: &ListingPage) -> Option<DateTime<Utc>> {
    let items = page.items.iter().filter_map(|entry| entry.value().ok());
    items
        .flat_map(|item| &item.summaries)
        .filter_map(|summary| summary.last_updated_date)
        .max()
}

pub(super) fn pages(seller: Seller, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    let restarts = Restarts::default();
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let (seller, restarts) = (seller.clone(), restarts.clone());
        async move {
            let marketplaces = seller.marketplaces().await?;
            let cursor = cursor.unwrap_or_default();
            page(&seller, &marketplaces, cursor, keep_raw, &restarts).await
        }
    })
}

/// One page of the listings of these marketplaces.
pub(super) async fn page(
    seller: &Seller,
    marketplaces: &[Marketplace],
    mut cursor: Cursor,
    keep_raw: bool,
    restarts: &Restarts,
) -> Result<Batch<Cursor>> {
    let mut pass = match cursor.pass.take() {
        Some(pass) => pass,
        None => Pass::new(
            seller.now(),
            marketplaces.iter().map(|one| one.id.clone()).collect(),
        ),
    };
    let current = pass.left.first();
    let Some(marketplace) = current.and_then(|id| marketplaces.iter().find(|one| one.id == *id))
    else {
        // There is none, or it was taken off the list in the middle.
        pass.left = pass.left.split_off(pass.left.len().min(1));
        pass.window = Window::default();
        return Ok(batch(Vec::new(), cursor, pass));
    };
    let answer = ask(seller, &cursor, &pass, marketplace).await;
    let page = match answer {
        Err(error) if pass.window.page.is_some() && is_of_the_page(&error) => {
            restarts.one_more(|| error)?;
            pass.restart();
            return Ok(batch(Vec::new(), cursor, pass));
        }
        answer => answer?,
    };
    match pass.step(&page)? {
        Step::Page | Step::Moved => {}
        Step::Short => {
            let (expected, read) = (pass.window.expected, pass.window.read);
            restarts.one_more(|| {
                Error::contract("Amazon gives fewer listings than it counts")
                    .with("counted", expected)
                    .with("given", read)
            })?;
            pass.restart();
        }
        Step::Read => {
            let id = marketplace.id.clone();
            let floor = pass.until - OVERLAP;
            cursor
                .floors
                .entry(id)
                .and_modify(|known| *known = floor.max(*known))
                .or_insert(floor);
            pass.left = pass.left.split_off(1);
        }
    }
    let mapped = page
        .items
        .into_iter()
        .map(|entry| entry.map(&["sku"], keep_raw, |item| map::listing(item, marketplace)))
        .collect();
    Ok(batch(mapped, cursor, pass))
}

fn batch(mapped: Vec<Mapped>, mut cursor: Cursor, pass: Pass) -> Batch<Cursor> {
    let next = if pass.left.is_empty() {
        Next::Done
    } else {
        cursor.pass = Some(pass);
        Next::More
    };
    Batch::mapped(mapped, cursor, next)
}

async fn ask(
    seller: &Seller,
    cursor: &Cursor,
    pass: &Pass,
    marketplace: &Marketplace,
) -> Result<ListingPage> {
    let floor = cursor.floors.get(&marketplace.id).copied();
    seller
        .call(SearchListingsItems {
            seller_id: seller.id(),
            marketplace_id: marketplace.id.clone(),
            last_updated_after: pass.window.moved_to.or(floor),
            last_updated_before: Some(pass.until),
            page_token: pass.window.page.clone(),
        })
        .await
}

/// Whether it is the page token that isn't taken: refused outright, or said to be of another search
/// as often as it was asked for.
fn is_of_the_page(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::Rejected | ErrorKind::NotFound => true,
        ErrorKind::Unavailable => {
            error.retry() == Retry::Spent && error.context("code") == Some("InvalidInput")
        }
        _ => false,
    }
}

/// One listing by its id. An id without a marketplace of the account is of none.
pub(super) async fn one(seller: &Seller, id: &str) -> Result<Option<Mapped>> {
    let Some((marketplace_id, sku)) = id.split_once('/') else {
        return Ok(None);
    };
    let marketplaces = seller.marketplaces().await?;
    let Some(marketplace) = marketplaces.iter().find(|one| one.id == marketplace_id) else {
        return Ok(None);
    };
    let item = seller
        .call(GetListingsItem {
            seller_id: seller.id(),
            sku: sku.to_owned(),
            marketplace_id: marketplace.id.clone(),
        })
        .await?;
    Ok(Some(item.map(&["sku"], false, |item| {
        map::listing(item, marketplace)
    })))
}

#[cfg(test)]
mod tests;
