//! Locations: all of them, every time. They are few, and Shopify can't tell which changed.

use connector_core::{Batch, Checkpoint, Next, PageStream, Result};
use serde::{Deserialize, Serialize};

use super::VERSION;
use super::reader::{MOST, Reader, read};
use crate::api::{Gid, Location, LocationQuery, LocationsQuery};
use crate::map::{self, Mapped};

/// The end of the page before; `None` after the last one, so that the next run starts over.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor {
    after: Option<String>,
}

pub(super) fn pages(reader: Reader, resume: Option<Checkpoint>) -> Result<PageStream> {
    connector_core::pages(VERSION, resume, move |cursor: Option<Cursor>| {
        let reader = reader.clone();
        async move { page(&reader, cursor.and_then(|cursor| cursor.after)).await }
    })
}

async fn page(reader: &Reader, after: Option<String>) -> Result<Batch<Cursor>> {
    let answer = reader
        .ask_in_pages(MOST, |first| LocationsQuery {
            first,
            after: after.clone(),
        })
        .await?;
    let locations = answer.data.locations;
    let after = locations.page_info.next();
    let next = if after.is_some() {
        Next::More
    } else {
        Next::Done
    };
    let mapped = locations.nodes.into_iter().map(|node| {
        let location: Location = read(&node)?;
        Ok(map::location(location).with_raw(reader.raw(node)))
    });
    let mut batch = Batch::mapped(mapped, Cursor { after }, next);
    batch.notes = answer.notes;
    Ok(batch)
}

/// One location as Shopify has it now.
pub(super) async fn one(reader: &Reader, id: Gid) -> Result<Option<Mapped>> {
    let answer = reader.ask(&LocationQuery { id }).await?;
    let location = answer.data.location;
    Ok(location.map(|location| Ok(map::location(location))))
}
