//! What can be synced: one file per stream, and one for what two of them share.

pub(crate) mod batch_operations;
pub(crate) mod catalog;
mod items;
pub(crate) mod listings;
pub(crate) mod market_depth;
pub(crate) mod market_snapshots;
pub(crate) mod orders;

use std::collections::BTreeSet;

use connector_core::{Endpoint, Error, ErrorKind, PageStream, Result, Session, SyncRequest};

use crate::credential::AliasCredential;
use crate::descriptor::{
    BATCH_OPERATIONS, CATALOG, LISTINGS, MARKET_DEPTH, MARKET_SNAPSHOTS, ORDERS, PAYOUTS,
};
use crate::map;

type AliasSession = Session<AliasCredential>;

/// How many requests of one page are sent side by side: alias takes many seconds for an answer on bad
/// days. The session paces them all the same.
const SIDE_BY_SIDE: usize = 5;

/// Takes as many ids out of a set as are asked for side by side.
fn take_some<T: Ord>(from: &mut BTreeSet<T>) -> Vec<T> {
    std::iter::from_fn(|| from.pop_first())
        .take(SIDE_BY_SIDE)
        .collect()
}

/// Opens one stream.
pub(crate) fn open(session: AliasSession, request: SyncRequest) -> Result<PageStream> {
    match request.stream.as_str() {
        CATALOG => catalog::pages(session, request),
        LISTINGS => listings::pages(session, request),
        ORDERS => orders::pages(session, request, map::order),
        MARKET_SNAPSHOTS => market_snapshots::pages(session, request),
        MARKET_DEPTH => market_depth::pages(session, request),
        BATCH_OPERATIONS => batch_operations::pages(session, request),
        // There is nothing to read payouts from but orders.
        PAYOUTS => orders::pages(session, request, map::payout),
        unknown => Err(no_such(unknown)),
    }
}

/// What a stream that there isn't is answered with.
pub(crate) fn no_such(stream: &str) -> Error {
    Error::new(ErrorKind::NotFound, "alias has no such stream").with("stream", stream)
}

/// Calls for one page of a list. Alias doesn't say how long a page token lives: where it refuses a
/// page that is asked for by one, the checkpoint is what can't be used any more.
async fn page_of<E: Endpoint>(
    session: &AliasSession,
    endpoint: &E,
    token: Option<&str>,
) -> Result<E::Response> {
    session
        .call(endpoint)
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::Rejected | ErrorKind::NotFound if token.is_some() => Error::new(
                ErrorKind::CheckpointInvalid,
                "alias does not take the page token any more: the stream starts over",
            )
            .with_source(error),
            _ => error,
        })
}

/// The token of the next page, of an answer that says by a flag whether there is one.
fn next_token(token: Option<String>, has_more: bool) -> Result<Option<String>> {
    if !has_more {
        return Ok(None);
    }
    match token {
        Some(token) if !token.is_empty() => Ok(Some(token)),
        _ => Err(Error::contract(
            "alias has more pages and gives no token for them",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_page_needs_a_flag_and_a_token() {
        let token = |token: &str| Some(token.to_owned());
        assert_eq!(next_token(token("t"), true).unwrap(), token("t"));
        assert_eq!(next_token(token("t"), false).unwrap(), None);
        assert_eq!(next_token(token(""), false).unwrap(), None);
        for absent in [token(""), None] {
            let error = next_token(absent, true).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ContractBroken);
        }
    }
}
