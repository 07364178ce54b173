//! Inventory items, and the levels of them: two streams of one list.
//!
//! eBay can't tell what changed, so each run reads all of it.

use connector_core::{Batch, Checkpoint, Next, PageStream, Result, Skipped};

use super::pass::{Pass, Turn};
use super::reader::{INVENTORY, Reader};
use super::{VERSION, found_or_none};
use crate::api::{Entry, GetInventoryItem, GetInventoryItems, InventoryItem};
use crate::map::{self, Mapped};

/// Half of what a page may have.
const PAGE: u32 = 100;

/// What an item becomes.
type Map = fn(Entry<InventoryItem>, bool) -> Vec<Mapped>;

pub(super) fn items(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    pages(reader, resume, |entry, keep_raw| {
        vec![entry.map(&["sku"], keep_raw, map::product)]
    })
}

pub(super) fn levels(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    pages(reader, resume, levels_of)
}

fn levels_of(entry: Entry<InventoryItem>, keep_raw: bool) -> Vec<Mapped> {
    let (item, raw) = entry.into_parts();
    match item {
        Ok(item) => map::inventory_levels(&item)
            .into_iter()
            .map(|record| Ok(record.with_raw(keep_raw.then(|| raw.clone()))))
            .collect(),
        Err(error) => vec![Err(Skipped::unreadable(&error, &raw, &["sku"]))],
    }
}

fn pages(reader: Reader, resume: Option<Checkpoint>, map: Map) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Pass>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default(), map).await }
    })
}

async fn page(reader: &Reader, mut pass: Pass, map: Map) -> Result<Batch<Pass>> {
    let first = GetInventoryItems::all(reader.environment(), PAGE)?.page;
    let page = pass.page(first);
    let answer = reader
        .call(INVENTORY, &GetInventoryItems { page: page.clone() })
        .await?;
    let entries = answer.inventory_items;
    let next = match pass.turn(&page, entries.len(), answer.total, answer.next.as_deref())? {
        Turn::More => Next::More,
        Turn::Done => Next::Done,
    };
    let mapped = entries
        .into_iter()
        .flat_map(|entry| map(entry, reader.keep_raw));
    Ok(Batch::mapped(mapped, pass, next))
}

/// One item as eBay has it now.
pub(super) async fn item(reader: &Reader, sku: &str) -> Result<Mapped> {
    let entry = ask(reader, sku).await?;
    Ok(entry.map(&["sku"], reader.keep_raw, map::product))
}

/// One level as eBay has it now; `None` where its item has no such one.
pub(super) async fn level(reader: &Reader, external_id: &str) -> Result<Option<Mapped>> {
    let Some((_, sku)) = external_id.split_once('/') else {
        return Ok(None);
    };
    let Some(entry) = found_or_none(ask(reader, sku).await)? else {
        return Ok(None);
    };
    let is_it = |mapped: &Mapped| match mapped {
        Ok(record) => record.external_id == external_id,
        Err(Skipped { .. }) => true,
    };
    Ok(levels_of(entry, reader.keep_raw).into_iter().find(is_it))
}

async fn ask(reader: &Reader, sku: &str) -> Result<Entry<InventoryItem>> {
    let endpoint = GetInventoryItem {
        environment: reader.environment(),
        sku: sku.to_owned(),
    };
    reader.call(INVENTORY, &endpoint).await
}
