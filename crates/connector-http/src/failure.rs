//! What a failure of the client means: was the request sent, and who must act.

use std::error::Error as StdError;
use std::io;

use connector_core::{Error, ErrorKind};

/// Turns reqwest's error into ours. The address is taken out of it first, as its query may hold a
/// secret.
pub(crate) fn classify(error: reqwest::Error) -> Error {
    let error = error.without_url();
    let (kind, message, arrived) = judge(&error);
    let failure = Error::new(kind, message).with_source(error);
    if arrived {
        failure.maybe_arrived()
    } else {
        failure
    }
}

fn judge(error: &reqwest::Error) -> (ErrorKind, &'static str, bool) {
    if error.is_builder() {
        return (
            ErrorKind::Unexpected,
            "the request can't be sent as it is",
            false,
        );
    }
    // Before the first byte of the request: name, connection, proxy, TLS.
    if error.is_connect() {
        let message = if error.is_dns() {
            "the host's name can't be resolved"
        } else if find::<rustls::Error>(error).is_some() {
            "the TLS handshake failed"
        } else if error.is_timeout() {
            "no connection was made in time"
        } else {
            "no connection could be made"
        };
        return (ErrorKind::Unavailable, message, false);
    }
    if error.is_timeout() {
        return (ErrorKind::Unavailable, "no answer came in time", true);
    }
    let corrupt = find::<io::Error>(error).is_some_and(|cause| {
        matches!(
            cause.kind(),
            io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput
        )
    });
    if error.is_decode() && corrupt {
        return (
            ErrorKind::ContractBroken,
            "the answer can't be unpacked",
            false,
        );
    }
    (
        ErrorKind::Unavailable,
        "the connection broke before the answer was whole",
        true,
    )
}

/// The first cause of this type, also where an [`io::Error`] wraps it.
fn find<'e, T: StdError + 'static>(error: &'e (dyn StdError + 'static)) -> Option<&'e T> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        if let Some(found) = wrapped.and_then(|inner| find::<T>(inner)) {
            return Some(found);
        }
        cause = error.source();
    }
    None
}
