//! Offers, with their listings.
//!
//! There is no list of all offers: they are asked for item by item. So a page is a page of items and
//! a request for each of them, and small.

use connector_core::{Batch, Checkpoint, Error, Next, PageStream, Result, Skipped};
use futures::future::try_join_all;

use super::pass::{Pass, Turn};
use super::reader::{INVENTORY, Reader, SIDE_BY_SIDE};
use super::{VERSION, found_or_none};
use crate::api::{
    Entry, GetInventoryItem, GetInventoryItems, GetOffer, GetOffers, InventoryItem, Offer,
};
use crate::map::{self, Mapped};

/// How many items make a page: so many requests and one.
const ITEMS: u32 = 25;

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Pass>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut pass: Pass) -> Result<Batch<Pass>> {
    let first = GetInventoryItems::all(reader.environment(), ITEMS)?.page;
    let page = pass.page(first);
    let answer = reader
        .call(INVENTORY, &GetInventoryItems { page: page.clone() })
        .await?;
    let mut mapped = Vec::new();
    for some in answer.inventory_items.chunks(SIDE_BY_SIDE) {
        let asked = some.iter().map(|item| of_item(reader, item));
        mapped.extend(try_join_all(asked).await?.into_iter().flatten());
    }
    let count = answer.inventory_items.len();
    let next = match pass.turn(&page, count, answer.total, answer.next.as_deref())? {
        Turn::More => Next::More,
        Turn::Done => Next::Done,
    };
    Ok(Batch::mapped(mapped, pass, next))
}

/// The offers of one item.
async fn of_item(reader: &Reader, item: &Entry<InventoryItem>) -> Result<Vec<Mapped>> {
    let item = match item.value() {
        Ok(item) => item,
        Err(error) => return Ok(vec![Err(Skipped::unreadable(error, item.raw(), &["sku"]))]),
    };
    let offers = offers(reader, &item.sku).await?;
    Ok(offers
        .into_iter()
        .map(|offer| {
            offer.map(&["offerId"], reader.keep_raw, |offer| {
                map::listing(&offer, Some(item))
            })
        })
        .collect())
}

/// All offers of an item; none where eBay says that there is no such thing.
async fn offers(reader: &Reader, sku: &str) -> Result<Vec<Entry<Offer>>> {
    let first = GetOffers::of_item(reader.environment(), sku)?.page;
    let mut pass = Pass::default();
    let mut all = Vec::new();
    loop {
        let page = pass.page(first.clone());
        if page == first {
            all.clear();
        }
        let endpoint = GetOffers { page: page.clone() };
        let Some(answer) = found_or_none(reader.call(INVENTORY, &endpoint).await)? else {
            return Ok(Vec::new());
        };
        let turn = pass.turn(
            &page,
            answer.offers.len(),
            answer.total,
            answer.next.as_deref(),
        )?;
        all.extend(answer.offers);
        if turn == Turn::Done {
            return Ok(all);
        }
    }
}

/// One offer as eBay has it now.
pub(super) async fn one(reader: &Reader, id: &str) -> Result<Mapped> {
    let environment = reader.environment();
    let id = id.to_owned();
    let offer = reader
        .call(INVENTORY, &GetOffer { environment, id })
        .await?;
    let sku = offer.value().ok().and_then(|offer| offer.sku.clone());
    let item = match sku {
        Some(sku) => {
            let item = GetInventoryItem { environment, sku };
            found_or_none(reader.call(INVENTORY, &item).await)?
        }
        None => None,
    };
    let item: Option<Result<InventoryItem, Error>> = item.map(|item| item.into_parts().0);
    let item = item.and_then(Result::ok);
    Ok(offer.map(&["offerId"], reader.keep_raw, |offer| {
        map::listing(&offer, item.as_ref())
    }))
}
