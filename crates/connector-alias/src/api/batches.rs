//! What became of batches, and how many operations may run at the same time.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::call::Call;
use super::{
    BatchOperationStatus, BatchStatus, BatchType, Condition, Entry, Listing, PackagingCondition,
    SizeUnit, wire,
};

/// Lists the seller's batches.
#[derive(Clone, Debug, Default)]
pub struct ListBatches {
    /// Only those that stand there.
    pub status: Option<BatchStatus>,
    /// From the page before.
    pub pagination_token: Option<String>,
}

/// The answer of [`ListBatches`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct BatchPage {
    /// The batches, without their times.
    #[serde(default, deserialize_with = "wire::list")]
    pub batches: Vec<Entry<Batch>>,
    /// For the next page; empty on the last.
    pub next_pagination_token: Option<String>,
    /// Whether there is one.
    #[serde(default)]
    pub has_more: bool,
}

/// Asks for one batch.
#[derive(Clone, Debug)]
pub struct GetBatch {
    /// The batch.
    pub id: String,
}

/// One batch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Batch {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: Option<BatchStatus>,
    /// What it does.
    #[serde(rename = "type")]
    pub kind: Option<BatchType>,
    /// How many of its operations wait.
    #[serde(default, deserialize_with = "wire::int64")]
    pub queued: Option<i64>,
    /// How many were carried out.
    #[serde(default, deserialize_with = "wire::int64")]
    pub processed: Option<i64>,
    /// How many failed.
    #[serde(default, deserialize_with = "wire::int64")]
    pub failed: Option<i64>,
    /// When it was accepted.
    #[serde(default, deserialize_with = "wire::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was begun.
    #[serde(default, deserialize_with = "wire::time")]
    pub processed_at: Option<DateTime<Utc>>,
    /// When it was done.
    #[serde(default, deserialize_with = "wire::time")]
    pub completed_at: Option<DateTime<Utc>>,
}

/// Asks for the operations of one batch.
#[derive(Clone, Debug, Default)]
pub struct GetBatchOperations {
    /// The batch.
    pub id: String,
    /// Only those that stand there.
    pub status: Option<BatchOperationStatus>,
    /// Operations per page: 25 where left out, at most 500.
    pub limit: Option<u32>,
    /// From the page before.
    pub pagination_token: Option<String>,
}

/// The answer of [`GetBatchOperations`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct BatchOperationPage {
    /// The batch.
    pub id: Option<String>,
    /// Its operations.
    #[serde(default, deserialize_with = "wire::list")]
    pub operations: Vec<Entry<BatchOperation>>,
    /// For the next page; empty on the last.
    pub pagination_token: Option<String>,
}

/// One operation of a batch. Of the requests and results, only those of its own kind are there.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BatchOperation {
    /// What it does.
    #[serde(rename = "type")]
    pub kind: Option<BatchType>,
    /// Where it stands.
    pub status: Option<BatchOperationStatus>,
    /// Whether it was carried out.
    pub success: Option<bool>,
    /// Why not.
    #[serde(default, deserialize_with = "wire::list")]
    pub errors: Vec<String>,
    /// When it was accepted.
    #[serde(default, deserialize_with = "wire::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it was begun.
    #[serde(default, deserialize_with = "wire::time")]
    pub processed_at: Option<DateTime<Utc>>,
    /// When it was done.
    #[serde(default, deserialize_with = "wire::time")]
    pub completed_at: Option<DateTime<Utc>>,
    /// What was to be created.
    pub create_listing_request: Option<BatchCreateRequest>,
    /// What was created.
    pub create_listing_result: Option<BatchCreateResult>,
    /// What was to be changed. The types of its values are not documented.
    pub update_listing_request: Option<serde_json::Value>,
    /// What was changed.
    pub update_listing_result: Option<BatchUpdateResult>,
    /// What was to go live.
    pub activate_listing_request: Option<BatchListingId>,
    /// What went live.
    pub activate_listing_result: Option<BatchListingId>,
    /// What was to be taken from the market.
    pub deactivate_listing_request: Option<BatchListingId>,
    /// What was taken from the market.
    pub deactivate_listing_result: Option<BatchListingId>,
    /// What was to be deleted.
    pub delete_listing_request: Option<BatchListingId>,
    /// What was deleted.
    pub delete_listing_result: Option<BatchListingId>,
}

/// A listing that an operation is about.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BatchListingId {
    /// The listing.
    pub id: Option<String>,
}

/// What an operation was to create.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BatchCreateRequest {
    /// What is offered.
    pub catalog_id: Option<String>,
    /// Whether to go live.
    pub activate: Option<bool>,
    /// The system of the size.
    pub size_unit: Option<SizeUnit>,
    /// The item's condition.
    pub condition: Option<Condition>,
    /// The box's condition.
    pub packaging_condition: Option<PackagingCondition>,
    /// The price in US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub price_cents: Option<i64>,
    /// The size.
    #[serde(default, deserialize_with = "wire::size")]
    pub size: Option<f64>,
    /// How many listings.
    #[serde(default, deserialize_with = "wire::int64")]
    pub quantity: Option<i64>,
}

/// What an operation created.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BatchCreateResult {
    /// The listing.
    pub listing: Option<Listing>,
}

/// What an operation changed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BatchUpdateResult {
    /// The listing.
    pub id: Option<String>,
    /// How it is now.
    pub to: Option<BatchUpdated>,
}

/// How a changed listing is now.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct BatchUpdated {
    /// What is offered.
    pub catalog_id: Option<String>,
    /// The price in US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub price_cents: Option<i64>,
    /// The size.
    #[serde(default, deserialize_with = "wire::size")]
    pub size: Option<f64>,
}

/// Asks how many operations may run at the same time.
#[derive(Clone, Copy, Debug, Default)]
pub struct GetBatchOperationQuota;

/// The answer of [`GetBatchOperationQuota`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BatchQuota {
    /// How many run or wait now.
    #[serde(default, deserialize_with = "wire::int64")]
    pub used_operation_quota: Option<i64>,
    /// How many may.
    #[serde(default, deserialize_with = "wire::int64")]
    pub max_operation_quota: Option<i64>,
}

impl Endpoint for ListBatches {
    const OPERATION: Operation = Operation::read("ListBatches");
    type Response = BatchPage;

    fn request(&self) -> Result<Request> {
        Call::get(&["listings", "batch"])
            .maybe("status", self.status.as_ref())
            .maybe("pagination_token", self.pagination_token.as_deref())
            .request()
    }
}

impl Endpoint for GetBatch {
    const OPERATION: Operation = Operation::read("GetBatch");
    type Response = Entry<Batch>;

    fn request(&self) -> Result<Request> {
        Call::get(&["listings", "batch", &self.id]).request()
    }
}

impl Endpoint for GetBatchOperations {
    const OPERATION: Operation = Operation::read("GetBatchOperations");
    type Response = BatchOperationPage;

    fn request(&self) -> Result<Request> {
        Call::get(&["listings", "batch_operations", &self.id])
            .maybe("status", self.status.as_ref())
            .maybe("limit", self.limit)
            .maybe("pagination_token", self.pagination_token.as_deref())
            .request()
    }
}

impl Endpoint for GetBatchOperationQuota {
    const OPERATION: Operation = Operation::read("GetBatchOperationQuota");
    type Response = Entry<BatchQuota>;

    fn request(&self) -> Result<Request> {
        Call::get(&["listings", "batch_operation", "quota"]).request()
    }
}
