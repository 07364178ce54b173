//! Beginning batches: many listings in one call.
//!
//! A batch is accepted at once and carried out later. A call takes at most 1,000 listings, and only
//! so many operations may run at the same time:
//! [`GetBatchOperationQuota`](super::GetBatchOperationQuota).

use std::collections::BTreeMap;

use connector_core::{Endpoint, Operation, Request, Result};
use serde::{Deserialize, Serialize};

use super::call::Call;
use super::{BatchStatus, Condition, ConditionOperator, PackagingCondition, SizeUnit};

/// Puts listings live.
#[derive(Clone, Debug)]
pub struct BatchActivateListings {
    /// At most 1,000 listings. They travel in the query.
    pub ids: Vec<String>,
}

/// Takes listings from the market.
#[derive(Clone, Debug)]
pub struct BatchDeactivateListings {
    /// At most 1,000 listings. They travel in the query.
    pub ids: Vec<String>,
}

/// Deletes listings.
#[derive(Clone, Debug)]
pub struct BatchDeleteListings {
    /// At most 1,000 listings. They travel in the query.
    pub ids: Vec<String>,
}

/// Creates listings.
#[derive(Clone, Debug, Serialize)]
pub struct BatchCreateListings {
    /// Their quantities add up to at most 1,000.
    pub items: Vec<NewListing>,
}

/// Listings to create that differ in nothing but their metadata.
#[derive(Clone, Debug, Serialize)]
pub struct NewListing {
    /// What is offered.
    pub catalog_id: String,
    /// Whether to go live.
    pub activate: bool,
    /// The system of the size.
    pub size_unit: SizeUnit,
    /// The item's condition.
    pub condition: Condition,
    /// The box's condition.
    pub packaging_condition: PackagingCondition,
    /// One map per listing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metadata_list: Vec<BTreeMap<String, String>>,
    /// The price in US cents; whole dollars only.
    pub price_cents: i64,
    /// One of the item's allowed sizes, by its `value`.
    pub size: f64,
    /// How many listings.
    pub quantity: u32,
}

/// Changes listings.
#[derive(Clone, Debug, Serialize)]
pub struct BatchUpdateListings {
    /// At most 1,000.
    pub items: Vec<ListingChange>,
}

/// What to change of one listing.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ListingChange {
    /// The listing.
    pub id: String,
    /// The price in US cents.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub price_cents_change: Option<ValueChange<i64>>,
    /// The size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_change: Option<ValueChange<f64>>,
    /// What is offered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub catalog_id_change: Option<ValueChange<String>>,
}

/// A new value, and on which condition it is to be set.
#[derive(Clone, Debug, Serialize)]
pub struct ValueChange<T> {
    /// The new value.
    pub new_value: T,
    /// What the value now must compare with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub conditional_value: Option<T>,
    /// How it must compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub condition_operator: Option<ConditionOperator>,
}

/// The answer of every call that begins a batch.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AcceptedBatch {
    /// For [`GetBatch`](super::GetBatch) and [`GetBatchOperations`](super::GetBatchOperations).
    pub batch_id: String,
    /// Where it stands.
    pub status: Option<BatchStatus>,
}

impl Endpoint for BatchActivateListings {
    const OPERATION: Operation = Operation::write("BatchActivateListings");
    type Response = AcceptedBatch;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings", "batch_activate"])
            .each("ids", &self.ids)
            .request()
    }
}

impl Endpoint for BatchDeactivateListings {
    const OPERATION: Operation = Operation::write("BatchDeactivateListings");
    type Response = AcceptedBatch;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings", "batch_deactivate"])
            .each("ids", &self.ids)
            .request()
    }
}

impl Endpoint for BatchDeleteListings {
    const OPERATION: Operation = Operation::write("BatchDeleteListings");
    type Response = AcceptedBatch;

    fn request(&self) -> Result<Request> {
        Call::delete(&["listings", "batch_delete"])
            .each("ids", &self.ids)
            .request()
    }
}

impl Endpoint for BatchCreateListings {
    const OPERATION: Operation = Operation::write("BatchCreateListings");
    type Response = AcceptedBatch;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings", "batch_create"]).json(self)
    }
}

impl Endpoint for BatchUpdateListings {
    const OPERATION: Operation = Operation::write("BatchUpdateListings");
    type Response = AcceptedBatch;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings", "batch_update"]).json(self)
    }
}
