//! Bulk operations: a query that Shopify runs by itself, into a file of one object per line.

use chrono::{DateTime, Utc};
use connector_core::Operation;
use serde::{Deserialize, Serialize};

use super::admin::connection_cost;
use super::{Connection, Gid, Query};

/// The download of a bulk operation's file.
pub const BULK_FILE: Operation = Operation::read("bulk_operation_file");

/// Starts a bulk operation. Its file has every child after its parent.
///
/// At most five run at once per app and shop (2026-01 and later).
#[derive(Clone, Debug, Serialize)]
pub struct RunBulkQuery {
    /// A query without variables: one root field, at most five connections, two levels deep.
    pub query: &'static str,
}

impl Query for RunBulkQuery {
    const OPERATION: Operation = Operation::write("bulkOperationRunQuery");
    const DOCUMENT: &'static str = include_str!("graphql/bulk_run.graphql");
    type Data = Started;

    fn cost(&self) -> f64 {
        10.0
    }
}

/// The answer to a [`RunBulkQuery`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Started {
    /// The mutation's payload.
    pub bulk_operation_run_query: StartedPayload,
}

/// The payload of [`Started`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StartedPayload {
    /// `None` only beside user errors, which the dialect makes failures.
    pub bulk_operation: Option<StartedBulkOperation>,
}

/// A bulk operation that was just started.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StartedBulkOperation {
    /// Its id.
    pub id: Gid,
    /// When: everything until then is in its file.
    pub created_at: DateTime<Utc>,
}

/// One bulk operation.
#[derive(Clone, Debug, Serialize)]
pub struct BulkOperationQuery {
    /// Its id.
    pub id: Gid,
}

impl Query for BulkOperationQuery {
    const OPERATION: Operation = Operation::read("bulkOperation");
    const DOCUMENT: &'static str = include_str!("graphql/bulk_operation.graphql");
    type Data = BulkOperationData;

    fn cost(&self) -> f64 {
        1.0
    }
}

/// The answer to a [`BulkOperationQuery`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkOperationData {
    /// `None` when Shopify has forgotten it.
    pub bulk_operation: Option<BulkOperation>,
}

/// A bulk operation.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkOperation {
    /// Its id.
    pub id: Gid,
    /// `CREATED`, `RUNNING`, `COMPLETED`, `CANCELING`, `CANCELED`, `FAILED`, `EXPIRED`.
    pub status: String,
    /// `ACCESS_DENIED`, `INTERNAL_SERVER_ERROR`, `TIMEOUT`, when it failed.
    pub error_code: Option<String>,
    /// When it was started.
    pub created_at: DateTime<Utc>,
    /// How many objects, so lines, the file has.
    #[serde(deserialize_with = "number")]
    pub object_count: u64,
    /// How many of them have no parent.
    #[serde(deserialize_with = "number")]
    pub root_object_count: u64,
    /// How long the file is, in bytes.
    #[serde(default, deserialize_with = "maybe_number")]
    pub file_size: Option<u64>,
    /// Where the file is, for seven days; `None` until it is complete, and when nothing matched.
    pub url: Option<String>,
}

/// The newest bulk operations of this app in this shop.
#[derive(Clone, Debug, Serialize)]
pub struct BulkOperationsQuery {
    /// How many.
    pub first: u32,
}

impl Query for BulkOperationsQuery {
    const OPERATION: Operation = Operation::read("bulkOperations");
    const DOCUMENT: &'static str = include_str!("graphql/bulk_operations.graphql");
    type Data = BulkOperations;

    fn cost(&self) -> f64 {
        connection_cost(self.first, 1.0)
    }
}

/// The answer to a [`BulkOperationsQuery`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkOperations {
    /// Newest first.
    pub bulk_operations: Connection<RecentBulkOperation>,
}

/// A bulk operation as it is listed.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RecentBulkOperation {
    /// Its id.
    pub id: Gid,
    /// `QUERY`, `MUTATION`.
    #[serde(rename = "type")]
    pub kind: String,
    /// As [`BulkOperation::status`].
    pub status: String,
    /// When it was started.
    pub created_at: DateTime<Utc>,
    /// Its document.
    pub query: String,
}

impl RecentBulkOperation {
    /// Whether it is still under way with this document, however the platform laid it out.
    #[must_use]
    pub fn is_running(&self, document: &str) -> bool {
        matches!(self.status.as_str(), "CREATED" | "RUNNING")
            && self
                .query
                .split_whitespace()
                .eq(document.split_whitespace())
    }
}

/// Ends a bulk operation.
#[derive(Clone, Debug, Serialize)]
pub struct CancelBulkOperation {
    /// Its id.
    pub id: Gid,
}

impl Query for CancelBulkOperation {
    const OPERATION: Operation = Operation::write("bulkOperationCancel").idempotent();
    const DOCUMENT: &'static str = include_str!("graphql/bulk_cancel.graphql");
    type Data = Canceled;

    fn cost(&self) -> f64 {
        10.0
    }
}

/// The answer to a [`CancelBulkOperation`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Canceled {
    /// The mutation's payload: what it was that ends.
    pub bulk_operation_cancel: Option<serde_json::Value>,
}

/// `UnsignedInt64` comes as text, as it may be more than JavaScript's numbers hold.
fn number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    maybe_number(deserializer)?.ok_or_else(|| serde::de::Error::custom("a count is missing"))
}

fn maybe_number<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<u64>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Number(u64),
        Text(String),
    }
    match Option::<Form>::deserialize(deserializer)? {
        None => Ok(None),
        Some(Form::Number(number)) => Ok(Some(number)),
        Some(Form::Text(text)) => {
            text.parse()
                .map(Some)
                .map_err(|_cause: std::num::ParseIntError| {
                    serde::de::Error::custom("this is no count")
                })
        }
    }
}
