//! What can be synced: one file per stream, and one each for what several share.
//!
//! eBay counts calls by application and day and says nothing of it until there are none left. Then it
//! answers 429 without a word on when to come back, so the application's own limits are asked for, and
//! the run is put off until the day ends.

mod listings;
mod locations;
mod orders;
mod pass;
mod payouts;
mod reader;
mod stock;
mod traffic;

use connector_core::{Error, ErrorKind, PageStream, Result, Session, SyncRequest};

use crate::application::Application;
use crate::credential::EbayCredential;
use crate::descriptor;
use crate::map::Mapped;
use reader::Reader;

/// The form of every stream's cursor.
const VERSION: u16 = 1;

/// The pages of one stream.
pub(crate) fn open(
    session: Session<EbayCredential>,
    application: Application,
    request: SyncRequest,
) -> Result<PageStream> {
    let reader = Reader::new(session, application, request.keep_raw);
    match request.stream.as_str() {
        descriptor::INVENTORY_ITEMS => stock::items(reader, request.resume),
        descriptor::INVENTORY_LEVELS => stock::levels(reader, request.resume),
        descriptor::LISTINGS => listings::pages(reader, request.resume),
        descriptor::ORDERS => orders::pages(reader, request.resume),
        descriptor::PAYOUTS => payouts::pages(reader, request.resume),
        descriptor::TRAFFIC => traffic::pages(reader, request.resume),
        descriptor::LOCATIONS => locations::pages(reader, request.resume),
        unknown => Err(no_such(unknown)),
    }
}

/// One record of a stream, read and mapped as the stream does; `None` when eBay has none.
pub(crate) async fn one(
    session: Session<EbayCredential>,
    application: Application,
    stream: &str,
    external_id: &str,
) -> Result<Option<Mapped>> {
    let reader = Reader::new(session, application, false);
    let found = match stream {
        descriptor::INVENTORY_ITEMS => stock::item(&reader, external_id).await,
        descriptor::INVENTORY_LEVELS => return stock::level(&reader, external_id).await,
        descriptor::LISTINGS => listings::one(&reader, external_id).await,
        descriptor::ORDERS => orders::one(&reader, external_id).await,
        descriptor::PAYOUTS => payouts::one(&reader, external_id).await,
        descriptor::LOCATIONS => locations::one(&reader, external_id).await,
        descriptor::TRAFFIC => Err(Error::new(
            ErrorKind::Unsupported,
            "eBay gives no single number of a traffic report",
        )),
        unknown => Err(no_such(unknown)),
    };
    found_or_none(found)
}

/// What eBay doesn't have is no failure.
fn found_or_none<T>(found: Result<T>) -> Result<Option<T>> {
    match found {
        Ok(found) => Ok(Some(found)),
        // A stream that there isn't has no number of eBay's.
        Err(error) if error.kind() == ErrorKind::NotFound && error.context("stream").is_none() => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn no_such(stream: &str) -> Error {
    Error::new(ErrorKind::NotFound, "eBay has no such stream").with("stream", stream.escape_debug())
}
