//! Where the recordings lie.

use connector_core::Response;
use connector_testkit::recorded;
use serde_json::Value;

/// A file's text; `None`, with a word, where there is none.
pub(crate) fn text(path: &str) -> Option<String> {
    recorded::text(&format!("fixtures/google/{path}"))
}

/// The lines of a file of records.
pub(crate) fn records(path: &str) -> Option<Vec<Value>> {
    let read = |line| serde_json::from_str(line).unwrap();
    Some(text(path)?.lines().map(read).collect())
}

/// An answer of Google's.
pub(crate) fn response(body: &str) -> Response {
    http::Response::builder()
        .status(200)
        .body(body.to_owned().into())
        .unwrap()
}
