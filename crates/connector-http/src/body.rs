//! Reading a streamed body whole, up to a limit.

use bytes::{Bytes, BytesMut};
use connector_core::{Download, Error, Response, Result};
use futures::TryStreamExt as _;

/// Reads the body. The limit counts what comes out of decompression, so that a small answer can't
/// unpack into all memory.
pub(crate) async fn read(download: Download, limit: usize) -> Result<Response> {
    let (head, mut stream) = download.into_parts();
    let announced = head.headers.get(http::header::CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |size| size > limit)) {
        return Err(too_long(limit));
    }
    let mut whole = BytesMut::new();
    while let Some(piece) = stream.try_next().await? {
        if piece.len() > limit - whole.len() {
            return Err(too_long(limit));
        }
        whole.extend_from_slice(&piece);
    }
    Ok(Response::from_parts(head, Bytes::from(whole)))
}

fn too_long(limit: usize) -> Error {
    Error::contract("the answer is longer than the limit").with("limit_bytes", limit)
}
