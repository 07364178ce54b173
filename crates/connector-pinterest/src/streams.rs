//! What can be synced: one file per stream, over what they share.
//!
//! [`walk`] reads a list from its beginning to the bookmark that is null; [`days`] says which days are
//! read again. [`accounts`] goes through the ad accounts, [`ad_pass`] says which of their days are read,
//! [`report_jobs`] asks for reports and waits for them, [`short_list`] reads a short list whole.

mod account_metrics;
mod accounts;
mod ad_campaigns;
mod ad_metrics;
mod ad_pass;
mod boards;
mod catalog_feeds;
mod days;
mod pin_metrics;
mod pins;
mod products;
mod report_jobs;
mod short_list;
mod walk;

use connector_core::{Error, ErrorKind, PageStream, Result, SyncRequest};

use crate::descriptor::{
    ACCOUNT_METRICS, AD_CAMPAIGNS, AD_METRICS, BOARDS, CATALOG_FEEDS, DESCRIPTOR, PIN_METRICS,
    PINS, PRODUCTS,
};
use crate::map::Mapped;
use crate::reader::Reader;

/// Opens one stream.
pub(crate) fn open(reader: Reader, request: SyncRequest) -> Result<PageStream> {
    let resume = request.resume;
    match request.stream.as_str() {
        BOARDS => boards::pages(reader, resume),
        PINS => pins::pages(reader, resume),
        ACCOUNT_METRICS => account_metrics::pages(reader, resume),
        PIN_METRICS => pin_metrics::pages(reader, resume),
        AD_CAMPAIGNS => ad_campaigns::pages(reader, resume),
        AD_METRICS => ad_metrics::pages(reader, resume),
        PRODUCTS => products::pages(reader, resume),
        CATALOG_FEEDS => catalog_feeds::pages(reader, resume),
        unknown => Err(no_such(unknown)),
    }
}

/// One record of a stream by its id, or `None` where Pinterest has none.
pub(crate) async fn one(reader: &Reader, stream: &str, id: &str) -> Result<Option<Mapped>> {
    let found = match stream {
        BOARDS => boards::one(reader, id).await,
        PINS => pins::one(reader, id).await,
        AD_CAMPAIGNS => ad_campaigns::one(reader, id).await,
        known if DESCRIPTOR.stream(known).is_some() => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "Pinterest gives no single record of this stream",
            )
            .with("stream", stream));
        }
        unknown => return Err(no_such(unknown)),
    };
    match found {
        Ok(found) => Ok(Some(found)),
        // Pinterest has none with this id, or can't have: an id of another form is refused.
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::NotFound | ErrorKind::InputInvalid | ErrorKind::Rejected
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

fn no_such(stream: &str) -> Error {
    Error::new(ErrorKind::NotFound, "Pinterest has no such stream")
        .with("stream", stream.escape_debug())
}
