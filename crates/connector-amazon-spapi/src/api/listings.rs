//! Listings Items API 2021-08-01: what a seller offers.

use chrono::{DateTime, Utc};
use connector_core::{Operation, Request, Result};
use serde::Deserialize;

use super::amount::Amount;
use super::call::{Call, Route};
use super::orders::Pagination;
use crate::region::Server;
use connector_core::Entry;

/// What comes with a listing here.
const INCLUDED: [&str; 3] = ["summaries", "offers", "fulfillmentAvailability"];

/// The largest page.
const PAGE_SIZE: u32 = 20;

/// How many listings one search gives, over all of its pages.
pub const MOST_LISTINGS: u64 = 1000;

/// `searchListingsItems`: the listings of one marketplace, the one that changed longest ago first.
/// A search gives [`MOST_LISTINGS`] at the most, however many it counts.
#[derive(Clone, Debug)]
pub struct SearchListingsItems {
    /// Whose.
    pub seller_id: String,
    /// Where.
    pub marketplace_id: String,
    /// Changed at this instant or after it.
    pub last_updated_after: Option<DateTime<Utc>>,
    /// Changed at this instant or before it.
    pub last_updated_before: Option<DateTime<Utc>>,
    /// From the page before, with the same other values.
    pub page_token: Option<String>,
}

impl Call for SearchListingsItems {
    const OPERATION: Operation = Operation::read("searchListingsItems");
    type Response = ListingPage;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(
            server,
            &["listings", "2021-08-01", "items", &self.seller_id],
        )
        .with("marketplaceIds", &self.marketplace_id)
        .list("includedData", &INCLUDED)
        .at("lastUpdatedAfter", self.last_updated_after)
        .at("lastUpdatedBefore", self.last_updated_before)
        .with("sortBy", "lastUpdatedDate")
        .with("sortOrder", "ASC")
        .with("pageSize", PAGE_SIZE)
        .maybe("pageToken", self.page_token.as_deref())
        .request()
    }
}

/// `getListingsItem`: one listing in one marketplace.
#[derive(Clone, Debug)]
pub struct GetListingsItem {
    /// Whose.
    pub seller_id: String,
    /// The seller's code.
    pub sku: String,
    /// Where.
    pub marketplace_id: String,
}

impl Call for GetListingsItem {
    const OPERATION: Operation = Operation::read("getListingsItem");
    type Response = Entry<ListingsItem>;

    fn request(&self, server: Server) -> Result<Request> {
        let path = [
            "listings",
            "2021-08-01",
            "items",
            &self.seller_id,
            &self.sku,
        ];
        Route::get(server, &path)
            .with("marketplaceIds", &self.marketplace_id)
            .list("includedData", &INCLUDED)
            .request()
    }
}

/// A page of listings.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListingPage {
    /// How many the search found in all, more than it gives included.
    pub number_of_results: u64,
    /// Where there is more.
    #[serde(default)]
    pub pagination: Option<Pagination>,
    /// The listings.
    pub items: Vec<Entry<ListingsItem>>,
}

/// A seller's code, and what is offered under it.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListingsItem {
    /// The seller's code.
    pub sku: String,
    /// What it is, by marketplace.
    #[serde(default)]
    pub summaries: Vec<ListingSummary>,
    /// What it costs, by marketplace and kind of buyer.
    #[serde(default)]
    pub offers: Vec<ListingOffer>,
    /// How many there are, by who sends them.
    #[serde(default)]
    pub fulfillment_availability: Vec<FulfillmentAvailability>,
}

/// What a listing is in one marketplace.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListingSummary {
    /// Where.
    pub marketplace_id: String,
    /// Amazon's id of the product.
    #[serde(default)]
    pub asin: Option<String>,
    /// `new_new`, `used_good`, …
    #[serde(default)]
    pub condition_type: Option<String>,
    /// `BUYABLE` and `DISCOVERABLE`, neither or both.
    #[serde(default)]
    pub status: Vec<String>,
    /// As a buyer reads it.
    #[serde(default)]
    pub item_name: Option<String>,
    /// When it was made.
    #[serde(default)]
    pub created_date: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default)]
    pub last_updated_date: Option<DateTime<Utc>>,
}

/// What a listing costs somewhere.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ListingOffer {
    /// Where.
    pub marketplace_id: String,
    /// `B2C` or `B2B`.
    pub offer_type: String,
    /// How much.
    pub price: Amount,
}

/// How many of a listing there are.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FulfillmentAvailability {
    /// `DEFAULT` for the seller's own stock; one that begins with `AMAZON_` for Amazon's warehouses.
    pub fulfillment_channel_code: String,
    /// How many are offered. Amazon's stock has none here.
    #[serde(default)]
    pub quantity: Option<i64>,
}
