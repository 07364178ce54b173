//! What can be synced: one file per stream, over what they share.
//!
//! [`walk`] reads a list from its beginning to the bookmark that is null; [`days`] says which days are
//! read again.

mod account_metrics;
mod boards;
mod days;
mod pin_metrics;
mod pins;
mod walk;

use connector_core::{Error, ErrorKind, PageStream, Result, SyncRequest};

use crate::descriptor::{ACCOUNT_METRICS, BOARDS, DESCRIPTOR, PIN_METRICS, PINS};
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
        unknown => Err(no_such(unknown)),
    }
}

/// One record of a stream by its id, or `None` where Pinterest has none.
pub(crate) async fn one(reader: &Reader, stream: &str, id: &str) -> Result<Option<Mapped>> {
    let found = match stream {
        BOARDS => boards::one(reader, id).await,
        PINS => pins::one(reader, id).await,
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
