//! What the endpoints share: reading answers, and writing addresses and times.

use chrono::{DateTime, SecondsFormat, Utc};
use connector_core::{Error, Response, Result, endpoint};
use serde::de::DeserializeOwned;

/// Reads an answer that must be an object: a list would be read as one whose fields are in order.
pub(super) fn object<T: DeserializeOwned>(response: &Response) -> Result<T> {
    let first = response
        .body()
        .iter()
        .find(|byte| !byte.is_ascii_whitespace());
    if first.is_some_and(|byte| *byte == b'[') {
        return Err(Error::contract("the answer has an unexpected shape").with("path", "."));
    }
    endpoint::json(response.body())
}

/// Reads an answer that is empty where there is nothing: status 204.
pub(super) fn object_or_nothing<T: DeserializeOwned>(response: &Response) -> Result<Option<T>> {
    if response.status() == http::StatusCode::NO_CONTENT {
        return Ok(None);
    }
    object(response).map(Some)
}

/// The last part of the address in which eBay tells the id of what was made.
pub(super) fn id_in_location(response: &Response) -> Result<String> {
    response
        .headers()
        .get(http::header::LOCATION)
        .and_then(|location| location.to_str().ok())
        .and_then(|location| location.trim_end_matches('/').rsplit('/').next())
        .filter(|id| !id.is_empty())
        .map(str::to_owned)
        .ok_or_else(|| Error::contract("eBay doesn't tell the id of what was made"))
}

/// A time as filters want it: with milliseconds and `Z`.
pub(super) fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
