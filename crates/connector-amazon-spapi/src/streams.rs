//! What can be synced: one file per stream.

mod catalog;
mod inventory_levels;
mod jobs;
mod listings;
mod market_snapshots;
mod orders;
mod payouts;
mod returns;
mod sales_and_traffic;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use connector_core::{Error, ErrorKind, PageStream, Result, SyncRequest};

use crate::api::Pagination;
use crate::descriptor::{
    CATALOG, DESCRIPTOR, INVENTORY_LEVELS, LISTINGS, MARKET_SNAPSHOTS, ORDERS, PAYOUTS, RETURNS,
    SALES_AND_TRAFFIC,
};
use crate::map::Mapped;
use crate::seller::Seller;

/// Opens one stream.
pub(crate) fn open(seller: Seller, request: SyncRequest) -> Result<PageStream> {
    match request.stream.as_str() {
        ORDERS => orders::pages(seller, request),
        LISTINGS => listings::pages(seller, request),
        CATALOG => catalog::pages(seller, request),
        INVENTORY_LEVELS => inventory_levels::pages(seller, request),
        MARKET_SNAPSHOTS => market_snapshots::pages(seller, request),
        PAYOUTS => payouts::pages(seller, request),
        SALES_AND_TRAFFIC => sales_and_traffic::pages(seller, request),
        RETURNS => returns::pages(seller, request),
        unknown => Err(no_such(unknown)),
    }
}

/// One record of a stream by its id, or `None` where Amazon has none.
pub(crate) async fn one(seller: &Seller, stream: &str, id: &str) -> Result<Option<Mapped>> {
    let found = match stream {
        ORDERS => orders::one(seller, id).await,
        LISTINGS => listings::one(seller, id).await,
        CATALOG => catalog::one(seller, id).await,
        INVENTORY_LEVELS => inventory_levels::one(seller, id).await,
        known if DESCRIPTOR.stream(known).is_some() => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "Amazon gives no single record of this stream",
            )
            .with("stream", stream));
        }
        unknown => return Err(no_such(unknown)),
    };
    match found {
        // Amazon has none with this id, or can't have: an id of another form is refused.
        Err(error) if is_about_the_id(&error) => Ok(None),
        found => found,
    }
}

/// How often one run has begun something anew. It is counted in memory alone: the next run may try
/// as often again.
#[derive(Clone, Debug, Default)]
struct Restarts(Arc<AtomicU32>);

impl Restarts {
    /// More than that are no bad luck.
    const MOST: u32 = 3;

    /// Counts one more, and fails where there were enough.
    fn one_more(&self, error: impl FnOnce() -> Error) -> Result<()> {
        if self.0.fetch_add(1, Ordering::Relaxed) < Self::MOST {
            Ok(())
        } else {
            Err(error())
        }
    }
}

/// The token of the next page. One that is the token of the page before leads round in a circle:
/// Amazon ignores parameters that it doesn't know, and tokens under a wrong name with them.
fn next_page(pagination: Option<Pagination>, asked: Option<&str>) -> Result<Option<String>> {
    following(Pagination::next(pagination), asked)
}

/// The same for a token that stands by itself. An empty one is none.
fn following(next: Option<String>, asked: Option<&str>) -> Result<Option<String>> {
    let next = next.filter(|token| !token.is_empty());
    if next.is_some() && next.as_deref() == asked {
        return Err(Error::contract("Amazon gives the same page again"));
    }
    Ok(next)
}

fn is_about_the_id(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::Rejected => true,
        ErrorKind::InputInvalid => error.field() == Some("id"),
        _ => false,
    }
}

/// What a stream that there isn't is answered with.
pub(crate) fn no_such(stream: &str) -> Error {
    Error::new(ErrorKind::NotFound, "Amazon has no such stream").with("stream", stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_begins_anew_only_so_often() {
        let restarts = Restarts::default();
        for _ in 0..Restarts::MOST {
            restarts.one_more(|| Error::contract("x")).unwrap();
        }
        assert!(restarts.one_more(|| Error::contract("x")).is_err());
    }

    #[test]
    fn a_page_that_leads_to_itself_is_told() {
        let page = |token: &str| {
            Some(Pagination {
                next_token: Some(token.to_owned()),
            })
        };
        assert_eq!(
            next_page(page("b"), Some("a")).unwrap().as_deref(),
            Some("b")
        );
        assert_eq!(next_page(page(""), Some("a")).unwrap(), None);
        assert_eq!(next_page(None, None).unwrap(), None);
        assert!(next_page(page("a"), Some("a")).is_err());
    }
}
