//! Batches with the operations in them, and the quota. All of them in each run: a batch has no time of
//! its last change to stop at.

use connector_core::{Batch, Error, ErrorKind, Next, PageStream, Result, Skipped, SyncRequest};
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{AliasSession, SIDE_BY_SIDE, next_token, page_of};
use crate::api::{GetBatch, GetBatchOperationQuota, GetBatchOperations, ListBatches};
use crate::map::{self, Mapped, QUOTA_ID};

/// The form of [`Cursor`].
const VERSION: u16 = 1;

/// The documented maximum of operations per page.
const OPERATIONS_PER_PAGE: u32 = 500;

/// Where a pass over the batches stands.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Cursor {
    /// The page of batches to read next; the first where there is none.
    token: Option<String>,
    /// The batches of the page before that are still to be read.
    queue: Vec<String>,
}

pub(super) fn pages(session: AliasSession, request: SyncRequest) -> Result<PageStream> {
    let keep_raw = request.keep_raw;
    connector_core::pages(VERSION, request.resume, move |cursor: Option<Cursor>| {
        let session = session.clone();
        async move { page(&session, cursor.unwrap_or_default(), keep_raw).await }
    })
}

async fn page(session: &AliasSession, mut cursor: Cursor, keep_raw: bool) -> Result<Batch<Cursor>> {
    let mut mapped = Vec::new();
    if cursor.queue.is_empty() {
        if cursor.token.is_none() {
            mapped.push(quota(session, keep_raw).await?);
        }
        let list = ListBatches {
            status: None,
            pagination_token: cursor.token.take(),
        };
        let page = page_of(session, &list, list.pagination_token.as_deref()).await?;
        cursor.token = next_token(page.next_pagination_token, page.has_more)?;
        for entry in page.batches {
            match map::id_of(&entry, "id") {
                Ok(id) => cursor.queue.push(id),
                Err(odd) => mapped.push(Err(odd)),
            }
        }
    } else {
        let rest = cursor.queue.split_off(cursor.queue.len().min(SIDE_BY_SIDE));
        let now = std::mem::replace(&mut cursor.queue, rest);
        let asked = now.into_iter().map(|id| ask(session, id, keep_raw));
        mapped = try_join_all(asked).await?;
    }
    let next = if cursor.queue.is_empty() && cursor.token.is_none() {
        Next::Done
    } else {
        Next::More
    };
    Ok(Batch::mapped(mapped, cursor, next))
}

/// One batch, then its operations.
async fn ask(session: &AliasSession, id: String, keep_raw: bool) -> Result<Mapped> {
    match batch(session, &id, keep_raw).await {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Err(Skipped {
            external_id: Some(id),
            reason: "it was listed, and is gone".to_owned(),
        })),
        read => read,
    }
}

/// One batch by its id, or the quota by its.
pub(crate) async fn one(session: &AliasSession, id: &str, keep_raw: bool) -> Result<Mapped> {
    if id == QUOTA_ID {
        quota(session, keep_raw).await
    } else {
        batch(session, id, keep_raw).await
    }
}

async fn quota(session: &AliasSession, keep_raw: bool) -> Result<Mapped> {
    let quota = session.call(&GetBatchOperationQuota).await?;
    Ok(map::quota(quota, keep_raw))
}

async fn batch(session: &AliasSession, id: &str, keep_raw: bool) -> Result<Mapped> {
    let batch = session.call(&GetBatch { id: id.to_owned() }).await?;
    Ok(map::batch(batch, &operations(session, id).await?, keep_raw))
}

async fn operations(session: &AliasSession, id: &str) -> Result<Vec<Box<RawValue>>> {
    let mut operations = Vec::new();
    let mut request = GetBatchOperations {
        id: id.to_owned(),
        limit: Some(OPERATIONS_PER_PAGE),
        ..GetBatchOperations::default()
    };
    loop {
        let page = session.call(&request).await?;
        operations.extend(
            page.operations
                .into_iter()
                .map(|entry| entry.into_parts().1),
        );
        let next = page.pagination_token.filter(|token| !token.is_empty());
        if next.is_none() {
            return Ok(operations);
        }
        if next == request.pagination_token {
            return Err(Error::contract("alias gives the same page again").with("batch", id));
        }
        request.pagination_token = next;
    }
}
