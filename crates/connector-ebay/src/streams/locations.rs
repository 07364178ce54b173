//! The places where stock lies.

use connector_core::{Batch, Checkpoint, Next, PageStream, Result};

use super::VERSION;
use super::pass::{Pass, Turn};
use super::reader::{INVENTORY, Reader};
use crate::api::{GetInventoryLocation, GetInventoryLocations};
use crate::map::{self, Mapped};

const ID: &str = "merchantLocationKey";

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Pass>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.unwrap_or_default()).await }
    })
}

async fn page(reader: &Reader, mut pass: Pass) -> Result<Batch<Pass>> {
    let page = pass.page(GetInventoryLocations::all(reader.environment())?.page);
    let answer = reader
        .call(INVENTORY, &GetInventoryLocations { page: page.clone() })
        .await?;
    let count = answer.locations.len();
    let next = match pass.turn(&page, count, answer.total, answer.next.as_deref())? {
        Turn::More => Next::More,
        Turn::Done => Next::Done,
    };
    let mapped = answer
        .locations
        .into_iter()
        .map(|entry| entry.map(&[ID], reader.keep_raw, map::location));
    Ok(Batch::mapped(mapped, pass, next))
}

/// One place as eBay has it now.
pub(super) async fn one(reader: &Reader, key: &str) -> Result<Mapped> {
    let endpoint = GetInventoryLocation {
        environment: reader.environment(),
        key: key.to_owned(),
    };
    let entry = reader.call(INVENTORY, &endpoint).await?;
    Ok(entry.map(&[ID], reader.keep_raw, map::location))
}
