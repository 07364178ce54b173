//! The seller's offers. Writes carry their fields in the query, with an empty body.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::call::Call;
use super::{
    Condition, Entry, ListingDefect, ListingOrder, ListingSort, ListingStatus, PackagingCondition,
    SizeUnit, wire,
};

/// Searches the seller's listings.
#[derive(Clone, Debug, Default)]
pub struct SearchListing {
    /// A name, a style code or a catalog id.
    pub search_term: Option<String>,
    /// `status:active`, `consigned:false`, `metadata:ext_tag=123`.
    pub facet_filters: Vec<String>,
    /// `price_cents<10000`, `size=7.5`.
    pub numeric_filters: Vec<String>,
    /// Listings per page: 25 where left out, at most 50.
    pub page_size: Option<u32>,
    /// From the page before.
    pub pagination_token: Option<String>,
    /// What to sort by.
    pub sort_by: Option<ListingSort>,
    /// In which direction.
    pub order_by: Option<ListingOrder>,
}

/// The answer of [`SearchListing`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct ListingPage {
    /// What was found.
    #[serde(default, deserialize_with = "wire::list")]
    pub listings: Vec<Entry<Listing>>,
    /// How to go on.
    #[serde(default)]
    pub pagination: ListingPagination,
}

/// How a search of listings goes on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct ListingPagination {
    /// For the next page; empty on the last.
    pub pagination_token: Option<String>,
    /// Whether there is one.
    #[serde(default)]
    pub has_more: bool,
    /// How many listings there are on all pages.
    #[serde(default, deserialize_with = "wire::int64")]
    pub total_count: Option<i64>,
}

/// Creates one listing.
#[derive(Clone, Debug)]
pub struct CreateListing {
    /// What is offered.
    pub catalog_id: String,
    /// The price in US cents; whole dollars only.
    pub price_cents: i64,
    /// The item's condition.
    pub condition: Condition,
    /// The box's condition.
    pub packaging_condition: PackagingCondition,
    /// One of the item's [`allowed_sizes`](super::CatalogItem::allowed_sizes), by its `value`.
    pub size: f64,
    /// The system of the size.
    pub size_unit: SizeUnit,
    /// Whether to go live now. It stays pending if not, and becomes inactive if pictures are missing.
    pub activate: bool,
    /// The seller's own keys and values.
    pub metadata: BTreeMap<String, String>,
    /// Flaws.
    pub defects: Vec<ListingDefect>,
    /// Flaws in words.
    pub additional_defects: Option<String>,
}

/// Asks for one listing.
#[derive(Clone, Debug)]
pub struct GetListing {
    /// The listing.
    pub id: String,
}

/// Changes what is given of a listing.
#[derive(Clone, Debug, Default)]
pub struct UpdateListing {
    /// The listing.
    pub id: String,
    /// What is offered.
    pub catalog_id: Option<String>,
    /// The price in US cents; whole dollars only.
    pub price_cents: Option<i64>,
    /// The size, by its `value`.
    pub size: Option<f64>,
    /// The system of the size.
    pub size_unit: Option<SizeUnit>,
}

/// Puts a listing live. If its pictures don't comply, alias deletes them and writes to the seller.
#[derive(Clone, Debug)]
pub struct ActivateListing {
    /// The listing.
    pub id: String,
}

/// Takes a listing from the market.
#[derive(Clone, Debug)]
pub struct DeactivateListing {
    /// The listing.
    pub id: String,
}

/// Deletes a listing. It can still be asked for, and is then `LISTING_STATUS_DELETED`.
#[derive(Clone, Debug)]
pub struct DeleteListing {
    /// The listing.
    pub id: String,
}

/// Adds to a listing's own keys and values.
#[derive(Clone, Debug)]
pub struct CreateListingMetadata {
    /// The listing.
    pub listing_id: String,
    /// What to add.
    pub metadata: BTreeMap<String, String>,
}

/// Removes from a listing's own keys and values.
#[derive(Clone, Debug)]
pub struct DeleteListingMetadata {
    /// The listing.
    pub listing_id: String,
    /// What to remove.
    pub keys: Vec<String>,
}

/// The answer of every call that gives one listing.
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct ListingAnswer {
    /// The listing.
    pub listing: Entry<Listing>,
}

/// The answer of a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Deleted {
    /// What was deleted.
    pub id: String,
}

/// One offer of the seller: one item.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct Listing {
    /// Its id.
    pub id: String,
    /// What is offered.
    pub catalog_id: Option<String>,
    /// The item's condition.
    pub condition: Option<Condition>,
    /// The box's condition.
    pub packaging_condition: Option<PackagingCondition>,
    /// The size, in its system.
    #[serde(default, deserialize_with = "wire::size")]
    pub size: Option<f64>,
    /// The system of the size.
    pub size_unit: Option<SizeUnit>,
    /// The maker's style code, with a space: `HQ7978 100`.
    pub sku: Option<String>,
    /// Whether alias keeps the item.
    pub consigned: Option<bool>,
    /// When it was made.
    #[serde(default, deserialize_with = "wire::time")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default, deserialize_with = "wire::time")]
    pub updated_at: Option<DateTime<Utc>>,
    /// Where it stands.
    pub status: Option<ListingStatus>,
    /// The price in US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub price_cents: Option<i64>,
    /// When it went live.
    #[serde(default, deserialize_with = "wire::time")]
    pub activated_at: Option<DateTime<Utc>>,
    /// The seller's own keys and values.
    pub metadata: Option<BTreeMap<String, serde_json::Value>>,
    /// Flaws.
    #[serde(default, deserialize_with = "wire::list")]
    pub defects: Vec<ListingDefect>,
    /// Flaws in words.
    pub additional_defects: Option<String>,
}

impl Endpoint for SearchListing {
    const OPERATION: Operation = Operation::read("SearchListing");
    type Response = ListingPage;

    fn request(&self) -> Result<Request> {
        Call::get(&["listings"])
            .maybe("search_term", self.search_term.as_deref())
            .each("facet_filters", &self.facet_filters)
            .each("numeric_filters", &self.numeric_filters)
            .maybe("page_size", self.page_size)
            .maybe("pagination_token", self.pagination_token.as_deref())
            .maybe("order.sort_by", self.sort_by.as_ref())
            .maybe("order.order_by", self.order_by.as_ref())
            .request()
    }
}

impl Endpoint for CreateListing {
    const OPERATION: Operation = Operation::write("CreateListing");
    type Response = ListingAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings"])
            .with("catalog_id", &self.catalog_id)
            .with("price_cents", self.price_cents)
            .with("condition", &self.condition)
            .with("packaging_condition", &self.packaging_condition)
            .with("size", self.size)
            .with("size_unit", &self.size_unit)
            .with("activate", self.activate)
            .map("metadata", &self.metadata)
            .each("defects", &self.defects)
            .maybe("additional_defects", self.additional_defects.as_deref())
            .request()
    }
}

impl Endpoint for GetListing {
    const OPERATION: Operation = Operation::read("GetListing");
    type Response = ListingAnswer;

    fn request(&self) -> Result<Request> {
        Call::get(&["listings", &self.id]).request()
    }
}

impl Endpoint for UpdateListing {
    const OPERATION: Operation = Operation::write("UpdateListing");
    type Response = ListingAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings", &self.id])
            .maybe("catalog_id", self.catalog_id.as_deref())
            .maybe("price_cents", self.price_cents)
            .maybe("size", self.size)
            .maybe("size_unit", self.size_unit.as_ref())
            .request()
    }
}

impl Endpoint for DeleteListing {
    const OPERATION: Operation = Operation::write("DeleteListing");
    type Response = Deleted;

    fn request(&self) -> Result<Request> {
        Call::delete(&["listings", &self.id]).request()
    }
}

impl Endpoint for ActivateListing {
    const OPERATION: Operation = Operation::write("ActivateListing");
    type Response = ListingAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings", &self.id, "activate"]).request()
    }
}

impl Endpoint for DeactivateListing {
    const OPERATION: Operation = Operation::write("DeactivateListing");
    type Response = ListingAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings", &self.id, "deactivate"]).request()
    }
}

impl Endpoint for CreateListingMetadata {
    const OPERATION: Operation = Operation::write("CreateListingMetadata");
    type Response = ListingAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings", &self.listing_id, "metadata"])
            .map("metadata", &self.metadata)
            .request()
    }
}

impl Endpoint for DeleteListingMetadata {
    const OPERATION: Operation = Operation::write("DeleteListingMetadata");
    type Response = ListingAnswer;

    fn request(&self) -> Result<Request> {
        Call::post(&["listings", &self.listing_id, "metadata_delete"])
            .each("keys", &self.keys)
            .request()
    }
}
