//! What can be synced: one file per stream, over what they share.
//!
//! [`pass`] walks through the lists of several things (pages, accounts), one page of one list at a
//! time; [`days`] walks through their days; [`ad_accounts`] says which ad accounts there are; [`groups`]
//! asks for metrics in groups, and finds the one that Meta doesn't know any more.

mod ad_accounts;
mod ad_campaigns;
mod ad_metrics;
mod conversations;
mod days;
mod groups;
mod instagram_media;
mod instagram_media_metrics;
mod instagram_metrics;
mod leads;
mod page_metrics;
mod page_post_metrics;
mod page_posts;
mod pass;
mod products;
mod reviews;

use connector_core::{Error, ErrorKind, PageStream, Result, SyncRequest};

use crate::descriptor::{
    AD_CAMPAIGNS, AD_METRICS, CONVERSATIONS, DESCRIPTOR, INSTAGRAM_MEDIA, INSTAGRAM_MEDIA_METRICS,
    INSTAGRAM_METRICS, LEADS, PAGE_METRICS, PAGE_POST_METRICS, PAGE_POSTS, PRODUCTS, REVIEWS,
};
use crate::map::Mapped;
use crate::reader::Reader;

/// Opens one stream.
pub(crate) fn open(reader: Reader, request: SyncRequest) -> Result<PageStream> {
    let resume = request.resume;
    match request.stream.as_str() {
        PAGE_POSTS => page_posts::pages(reader, resume),
        PAGE_POST_METRICS => page_post_metrics::pages(reader, resume),
        PAGE_METRICS => page_metrics::pages(reader, resume),
        INSTAGRAM_MEDIA => instagram_media::pages(reader, resume),
        INSTAGRAM_MEDIA_METRICS => instagram_media_metrics::pages(reader, resume),
        INSTAGRAM_METRICS => instagram_metrics::pages(reader, resume),
        CONVERSATIONS => conversations::pages(reader, resume),
        LEADS => leads::pages(reader, resume),
        REVIEWS => reviews::pages(reader, resume),
        PRODUCTS => products::pages(reader, resume),
        AD_CAMPAIGNS => ad_campaigns::pages(reader, resume),
        AD_METRICS => ad_metrics::pages(reader, resume),
        unknown => Err(no_such(unknown)),
    }
}

/// One record of a stream by its id, or `None` where Meta has none.
pub(crate) async fn one(reader: &Reader, stream: &str, id: &str) -> Result<Option<Mapped>> {
    let found = match stream {
        PAGE_POSTS => page_posts::one(reader, id).await,
        INSTAGRAM_MEDIA => instagram_media::one(reader, id).await,
        LEADS => leads::one(reader, id).await,
        PRODUCTS => products::one(reader, id).await,
        AD_CAMPAIGNS => ad_campaigns::one(reader, id).await,
        known if DESCRIPTOR.stream(known).is_some() => {
            return Err(Error::new(
                ErrorKind::Unsupported,
                "Meta gives no single record of this stream",
            )
            .with("stream", stream));
        }
        unknown => return Err(no_such(unknown)),
    };
    match found {
        // Meta has none with this id, or can't have: an id of another form is refused.
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::InputInvalid) => {
            Ok(None)
        }
        found => found,
    }
}

/// Whether a text can be the id of something that Meta numbers.
fn is_number(id: &str) -> bool {
    !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit())
}

fn no_such(stream: &str) -> Error {
    Error::new(ErrorKind::NotFound, "Meta has no such stream").with("stream", stream.escape_debug())
}
