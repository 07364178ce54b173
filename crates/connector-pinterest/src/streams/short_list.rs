//! A list that is short and read whole before anything else: ad accounts, catalogues, groups.

use connector_core::{Endpoint, Error, Result};
use serde::de::DeserializeOwned;

use crate::api::{Entry, List, Paged};
use crate::reader::Reader;

/// How many pages of such a list are read: a list that is longer goes on for ever.
const MOST_PAGES: usize = 100;

/// All of a list. `endpoint` asks for a page of it.
///
/// # Errors
/// Those of the call, and [`ContractBroken`](connector_core::ErrorKind::ContractBroken) for a list
/// without an end.
pub(super) async fn all<T, E>(
    reader: &Reader,
    endpoint: impl Fn(Paged) -> E + Send,
) -> Result<Vec<Entry<T>>>
where
    T: DeserializeOwned + Send,
    E: Endpoint<Response = List<T>>,
{
    let mut all = Vec::new();
    let mut bookmark = None;
    for _ in 0..MOST_PAGES {
        let list = reader
            .call(&endpoint(Paged::from(bookmark.clone())))
            .await?;
        let next = list.next();
        all.extend(list.items);
        if next.is_none() {
            return Ok(all);
        }
        if next == bookmark {
            break;
        }
        bookmark = next;
    }
    Err(Error::contract("Pinterest gives a list without an end"))
}
