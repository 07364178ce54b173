//! What has no unified form.

use serde::{Deserialize, Serialize};

/// A record in the platform's own words, for what no unified model holds: a batch operation, a
/// quota. Its connector's `api` module has the type that reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Native {
    /// What it is, in the platform's words, snake case: `batch_operation`.
    pub kind: String,
    /// A line for a person.
    pub title: Option<String>,
    /// Where it stands, in the platform's words, lower case.
    pub status: Option<String>,
    /// The JSON as the platform sent it.
    pub body: serde_json::Value,
}
