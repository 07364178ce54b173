//! How alias words a failure: `google.rpc.Status`.

use serde::Deserialize;

/// The body of every answer that is not a success. Handle failures by `code`, not by `message`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Status {
    /// A `google.rpc.Code`: 3 for a wrong parameter, 16 for a wrong token.
    pub code: i32,
    /// For a developer, in English.
    #[serde(default)]
    pub message: String,
    /// More, each with its `@type`.
    #[serde(default, deserialize_with = "super::wire::list")]
    pub details: Vec<serde_json::Value>,
}
