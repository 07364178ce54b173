//! What can be synced: one file per stream. [`daily`] is what all streams of daily numbers
//! share, and [`whole`] what all do whose lists are read whole each time.

mod ad_campaigns;
mod ad_metrics;
mod analytics_daily;
mod bookings;
mod business_profile_performance;
mod daily;
mod products;
mod reviews;
mod search_performance;
mod video_metrics;
mod videos;
mod whole;

use connector_core::{Error, ErrorKind, PageStream, Result, Session, SyncRequest};

use crate::credential::GoogleCredential;
use crate::descriptor::{
    AD_CAMPAIGNS, AD_METRICS, ANALYTICS_DAILY, BOOKINGS, BUSINESS_PROFILE_PERFORMANCE, DESCRIPTOR,
    PRODUCTS, REVIEWS, SEARCH_PERFORMANCE, VIDEO_METRICS, VIDEOS,
};
use crate::map::Mapped;

/// Opens one stream.
pub(crate) fn open(session: Session<GoogleCredential>, request: SyncRequest) -> Result<PageStream> {
    let reader = Reader {
        session,
        keep_raw: request.keep_raw,
    };
    match request.stream.as_str() {
        ANALYTICS_DAILY => daily::pages(analytics_daily::Analytics, reader, request.resume),
        SEARCH_PERFORMANCE => daily::pages(search_performance::Search, reader, request.resume),
        BUSINESS_PROFILE_PERFORMANCE => daily::pages(
            business_profile_performance::Performance,
            reader,
            request.resume,
        ),
        PRODUCTS => whole::pages(products::Products, reader, request.resume),
        AD_CAMPAIGNS => whole::pages(ad_campaigns::AdCampaigns, reader, request.resume),
        AD_METRICS => daily::pages(ad_metrics::AdMetrics, reader, request.resume),
        REVIEWS => reviews::pages(reader, request.resume),
        BOOKINGS => bookings::pages(reader, request.resume),
        VIDEOS => videos::pages(reader, request.resume),
        VIDEO_METRICS => daily::pages(video_metrics::Videos, reader, request.resume),
        unknown => Err(no_such(unknown)),
    }
}

/// One record of a stream, read and mapped as the stream does; `None` when Google has none.
pub(crate) async fn one(
    session: Session<GoogleCredential>,
    stream: &str,
    external_id: &str,
) -> Result<Option<Mapped>> {
    let reader = Reader {
        session,
        keep_raw: false,
    };
    let found = match stream {
        REVIEWS => reviews::one(&reader, external_id).await,
        BOOKINGS => bookings::one(&reader, external_id).await,
        PRODUCTS => products::one(&reader, external_id).await,
        AD_CAMPAIGNS => ad_campaigns::one(&reader, external_id).await,
        VIDEOS => return videos::one(&reader, external_id).await,
        known if DESCRIPTOR.stream(known).is_some() => Err(Error::new(
            ErrorKind::Unsupported,
            "Google gives no single record of this stream",
        )),
        unknown => return Err(no_such(unknown)),
    };
    match found {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn no_such(stream: &str) -> Error {
    Error::new(ErrorKind::NotFound, "Google has no such stream")
        .with("stream", stream.escape_debug())
}

/// What every stream reads with.
#[derive(Clone, Debug)]
struct Reader {
    session: Session<GoogleCredential>,
    keep_raw: bool,
}

/// Whether a failure is of one source alone (no permission for it, or gone), so that the others can
/// still be read. A scope that is missing is one for all.
pub(crate) fn is_of_one_source(error: &Error) -> bool {
    let of_scope = matches!(
        error.context("code"),
        Some("ACCESS_TOKEN_SCOPE_INSUFFICIENT" | "insufficientPermissions")
    );
    matches!(
        error.kind(),
        ErrorKind::PermissionDenied | ErrorKind::NotFound
    ) && !of_scope
}

/// What a person is told of a source that is left out.
fn left_out(source: &str, error: &Error) -> String {
    format!("{source} was left out: {}.", error.message())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_scope_is_of_all_sources() {
        let denied = || Error::new(ErrorKind::PermissionDenied, "no");
        assert!(is_of_one_source(&denied()));
        assert!(!is_of_one_source(
            &denied().with("code", "ACCESS_TOKEN_SCOPE_INSUFFICIENT")
        ));
        assert!(!is_of_one_source(&Error::new(
            ErrorKind::ConfigInvalid,
            "off"
        )));
        assert_eq!(
            left_out("properties/1", &denied()),
            "properties/1 was left out: no."
        );
    }
}
