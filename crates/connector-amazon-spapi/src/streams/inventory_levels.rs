//! Stock in Amazon's warehouses, marketplace by marketplace.
//!
//! Amazon tells what changed, but not when stock that is on its way does: once a day all of a
//! marketplace is read. A page token dies after half a minute; then its marketplace is begun anew.

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Batch, Error, ErrorKind, Next, PageStream, Result, SyncRequest};
use serde::{Deserialize, Serialize};

use super::Restarts;
use crate::api::{GetInventorySummaries, InventoryPage};
use crate::map::{self, Mapped};
use crate::seller::Seller;

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// What is read again below the last watermark: changes may become visible late.
const OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// After how long all of a marketplace is read again.
const WHOLE_AFTER: TimeDelta = TimeDelta::hours(24);

/// How long a page token is used: five seconds less than it lives.
const TOKEN_LIFE: TimeDelta = TimeDelta::seconds(25);

/// How long a run gives up for whose tokens die again and again.
const PAUSE: Duration = Duration::from_secs(60);

/// Where the stock stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Cursor {
    /// How far each marketplace is read; not at all one that isn't here.
    floors: BTreeMap<String, Floor>,
    /// The pass that is under way.
    pass: Option<Pass>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Floor {
    /// From when on changes are still to be read.
    changes: DateTime<Utc>,
    /// When all of it was read.
    whole: DateTime<Utc>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Pass {
    /// When it was begun.
    begun: DateTime<Utc>,
    /// The marketplaces that are left. The first is being read.
    left: Vec<String>,
    /// The page to read next; the first where there is none.
    page: Option<PageToken>,
    /// How often a marketplace was begun anew; sets the cursors of a second reading apart.
    restarts: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct PageToken {
    token: String,
    given: DateTime<Utc>,
}

impl Cursor {
    /// From when on changes of a marketplace are read; `None` where all of it is.
    fn changes_since(&self, marketplace_id: &str, begun: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let floor = self.floors.get(marketplace_id)?;
        (begun - floor.whole < WHOLE_AFTER).then_some(floor.changes)
    }

    /// Notes that a marketplace is read.
    fn note(&mut self, marketplace_id: &str, begun: DateTime<Utc>) {
        let whole = match self.changes_since(marketplace_id, begun) {
            Some(_) => self.floors.get(marketplace_id).map(|floor| floor.whole),
            None => None,
        };
        let floor = Floor {
            changes: begun - OVERLAP,
            whole: whole.unwrap_or(begun),
        };
        self.floors.insert(marketplace_id.to_owned(), floor);
    }
}

impl Pass {
    fn restart(&mut self) {
        self.page = None;
        self.restarts = self.restarts.wrapping_add(1);
    }
}

pub(super) fn pages(seller: Seller, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    let restarts = Restarts::default();
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let (seller, restarts) = (seller.clone(), restarts.clone());
        async move { page(&seller, cursor.unwrap_or_default(), keep_raw, &restarts).await }
    })
}

async fn page(
    seller: &Seller,
    mut cursor: Cursor,
    keep_raw: bool,
    restarts: &Restarts,
) -> Result<Batch<Cursor>> {
    let marketplaces = seller.marketplaces().await?;
    let mut pass = match cursor.pass.take() {
        Some(pass) => pass,
        None => Pass {
            begun: seller.now(),
            left: marketplaces.iter().map(|one| one.id.clone()).collect(),
            page: None,
            restarts: 0,
        },
    };
    let current = pass.left.first();
    let Some(marketplace) = current.and_then(|id| marketplaces.iter().find(|one| one.id == *id))
    else {
        // There is none, or it was taken off the list in the middle.
        pass.left = pass.left.split_off(pass.left.len().min(1));
        pass.page = None;
        return Ok(batch(Vec::new(), cursor, pass));
    };
    let id = marketplace.id.as_str();
    if pass
        .page
        .as_ref()
        .is_some_and(|page| seller.now() - page.given >= TOKEN_LIFE)
    {
        pass.restart();
    }
    let page = match ask(seller, &cursor, &pass, id).await {
        Err(error) if pass.page.is_some() && is_of_the_page(&error) => {
            restarts.one_more(|| {
                Error::new(
                    ErrorKind::Unavailable,
                    "Amazon's page tokens die before they can be used",
                )
                .retry_in(PAUSE)
                .with_source(error)
            })?;
            pass.restart();
            return Ok(batch(Vec::new(), cursor, pass));
        }
        answer => answer?,
    };
    let asked = pass.page.as_ref().map(|page| page.token.as_str());
    pass.page = super::next_page(page.pagination, asked)?.map(|token| PageToken {
        token,
        given: seller.now(),
    });
    if pass.page.is_none() {
        cursor.note(id, pass.begun);
        pass.left = pass.left.split_off(1);
    }
    let mapped = page
        .payload
        .inventory_summaries
        .into_iter()
        .map(|entry| {
            entry.map(&["sellerSku"], keep_raw, |summary| {
                map::inventory_level(summary, id)
            })
        })
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
    marketplace_id: &str,
) -> Result<InventoryPage> {
    seller
        .call(GetInventorySummaries {
            marketplace_id: marketplace_id.to_owned(),
            start_date_time: cursor.changes_since(marketplace_id, pass.begun),
            seller_sku: None,
            next_token: pass.page.as_ref().map(|page| page.token.clone()),
        })
        .await
}

fn is_of_the_page(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Rejected | ErrorKind::NotFound)
}

/// One stock level by its id. An id of another form, or of another marketplace, is of none.
pub(super) async fn one(seller: &Seller, id: &str) -> Result<Option<Mapped>> {
    let mut parts = id.splitn(3, '/');
    let (Some(marketplace_id), Some(_condition), Some(sku)) =
        (parts.next(), parts.next(), parts.next())
    else {
        return Ok(None);
    };
    let marketplaces = seller.marketplaces().await?;
    if sku.is_empty() || !marketplaces.iter().any(|one| one.id == marketplace_id) {
        return Ok(None);
    }
    let answer = seller
        .call(GetInventorySummaries {
            marketplace_id: marketplace_id.to_owned(),
            seller_sku: Some(sku.to_owned()),
            ..GetInventorySummaries::default()
        })
        .await?;
    // One code may be there in several conditions.
    let levels = answer.payload.inventory_summaries.into_iter().map(|entry| {
        entry.map(&["sellerSku"], false, |summary| {
            map::inventory_level(summary, marketplace_id)
        })
    });
    let mut found = None;
    for level in levels {
        match level {
            Ok(record) if record.external_id == id => return Ok(Some(Ok(record))),
            Ok(_) => {}
            odd => found = Some(odd),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::hours(hour)
    }

    #[test]
    fn changes_are_read_all_day_and_then_everything() {
        let mut cursor = Cursor::default();
        assert_eq!(cursor.changes_since("M", at(0)), None);
        cursor.note("M", at(0));
        let mut before = at(0);
        for hour in [1, 12, 23] {
            let since = cursor.changes_since("M", at(hour));
            assert_eq!(since, Some(before - OVERLAP));
            cursor.note("M", at(hour));
            assert_eq!(cursor.floors["M"].whole, at(0));
            before = at(hour);
        }
        assert_eq!(cursor.changes_since("M", at(24)), None);
        cursor.note("M", at(24));
        assert_eq!(cursor.floors["M"].whole, at(24));
        // Another marketplace is another matter.
        assert_eq!(cursor.changes_since("N", at(24)), None);
    }
}
