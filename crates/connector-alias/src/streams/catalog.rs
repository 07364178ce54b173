//! Catalog items: those that are listed, each asked for by its id, and those that the watch list
//! finds, which come whole from the search.

use connector_core::{Batch, ErrorKind, Next, PageStream, Result, Skipped, SyncRequest};
use futures::future::try_join_all;

use super::AliasSession;
use super::items::{Cursor, Step};
use crate::api::{CatalogItem, Entry, GetCatalogItem};
use crate::map::{self, Mapped};

/// The form of [`Cursor`].
const VERSION: u16 = 1;

pub(super) fn pages(session: AliasSession, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let session = session.clone();
        async move { page(&session, cursor.unwrap_or_default(), keep_raw).await }
    })
}

async fn page(session: &AliasSession, mut cursor: Cursor, keep_raw: bool) -> Result<Batch<Cursor>> {
    let mapped: Vec<Mapped> = match cursor.step(session).await? {
        Step::Noted => Vec::new(),
        Step::Found(entries) => entries
            .into_iter()
            .filter(|entry| is_new(&mut cursor, entry))
            .map(|entry| read(entry, keep_raw))
            .collect(),
        Step::Ask(ids) => {
            try_join_all(ids.into_iter().map(|id| ask(session, id, keep_raw))).await?
        }
    };
    let next = if cursor.is_done() {
        Next::Done
    } else {
        Next::More
    };
    Ok(Batch::mapped(mapped, cursor.settled(), next))
}

/// Two searches may find the same item. One that can't be read is kept, to be accounted for.
fn is_new(cursor: &mut Cursor, entry: &Entry<CatalogItem>) -> bool {
    entry
        .value()
        .map_or(true, |item| cursor.has_come(&item.catalog_id))
}

async fn ask(session: &AliasSession, id: String, keep_raw: bool) -> Result<Mapped> {
    match one(session, &id, keep_raw).await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Err(Skipped {
            external_id: Some(id),
            reason: "it is listed, and not in the catalog".to_owned(),
        })),
        read => read,
    }
}

/// One item by its id, listed or not.
pub(crate) async fn one(session: &AliasSession, id: &str, keep_raw: bool) -> Result<Mapped> {
    let answer = session.call(&GetCatalogItem { id: id.to_owned() }).await?;
    Ok(read(answer.catalog_item, keep_raw))
}

fn read(entry: Entry<CatalogItem>, keep_raw: bool) -> Mapped {
    entry.map(&["catalog_id"], keep_raw, map::product)
}
