//! FBA Inventory API v1: what lies in Amazon's warehouses.

use chrono::{DateTime, Utc};
use connector_core::{Operation, Request, Result};
use serde::Deserialize;

use super::call::{Call, Route};
use super::orders::Pagination;
use crate::region::Server;
use connector_core::Entry;

/// `getInventorySummaries`: the stock of one marketplace.
#[derive(Clone, Debug, Default)]
pub struct GetInventorySummaries {
    /// Where.
    pub marketplace_id: String,
    /// Only what changed after this instant, 18 months ago at the most. Changes of stock that is
    /// on its way aren't noticed.
    pub start_date_time: Option<DateTime<Utc>>,
    /// Only this one of the seller's codes.
    pub seller_sku: Option<String>,
    /// From the page before, with the same other values. It dies after 30 seconds.
    pub next_token: Option<String>,
}

impl Call for GetInventorySummaries {
    const OPERATION: Operation = Operation::read("getInventorySummaries");
    type Response = InventoryPage;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["fba", "inventory", "v1", "summaries"])
            .with("details", true)
            .with("granularityType", "Marketplace")
            .with("granularityId", &self.marketplace_id)
            .at("startDateTime", self.start_date_time)
            .maybe("sellerSku", self.seller_sku.as_deref())
            .maybe("nextToken", self.next_token.as_deref())
            .with("marketplaceIds", &self.marketplace_id)
            .request()
    }
}

/// A page of stock.
#[derive(Debug, Deserialize)]
pub struct InventoryPage {
    /// The stock.
    pub payload: InventoryResult,
    /// Where there is more.
    #[serde(default)]
    pub pagination: Option<Pagination>,
}

/// The stock of a page.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryResult {
    /// The stock.
    pub inventory_summaries: Vec<Entry<InventorySummary>>,
}

/// What lies in Amazon's warehouses of one thing in one condition.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InventorySummary {
    /// Amazon's id of the product.
    pub asin: Option<String>,
    /// Amazon's id of this seller's pieces of it.
    pub fn_sku: Option<String>,
    /// The seller's code.
    pub seller_sku: Option<String>,
    /// `NewItem`, …
    pub condition: Option<String>,
    /// How many, by what happens to them.
    pub inventory_details: Option<InventoryDetails>,
    /// When a quantity last changed; an empty text where it never did.
    pub last_updated_time: Option<String>,
    /// How many there are, what is on its way included.
    pub total_quantity: Option<i64>,
}

/// How many, by what happens to them.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InventoryDetails {
    /// Can be picked, packed and sent.
    pub fulfillable_quantity: Option<i64>,
    /// In a shipment that Amazon was told of.
    pub inbound_working_quantity: Option<i64>,
    /// In a shipment that is on its way.
    pub inbound_shipped_quantity: Option<i64>,
    /// In a shipment of which a part has arrived.
    pub inbound_receiving_quantity: Option<i64>,
    /// Put aside.
    pub reserved_quantity: Option<ReservedQuantity>,
    /// Mislaid, and looked for.
    pub researching_quantity: Option<ResearchingQuantity>,
    /// Can't be sold.
    pub unfulfillable_quantity: Option<UnfulfillableQuantity>,
}

/// What is put aside.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ReservedQuantity {
    /// All of it.
    pub total_reserved_quantity: Option<i64>,
    /// For orders.
    pub pending_customer_order_quantity: Option<i64>,
    /// On its way from one warehouse to another.
    pub pending_transshipment_quantity: Option<i64>,
    /// Being measured, sampled and the like.
    pub fc_processing_quantity: Option<i64>,
}

/// What is mislaid.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResearchingQuantity {
    /// All of it.
    pub total_researching_quantity: Option<i64>,
}

/// What can't be sold.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UnfulfillableQuantity {
    /// All of it.
    pub total_unfulfillable_quantity: Option<i64>,
}
