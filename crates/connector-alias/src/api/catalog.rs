//! The catalogue: what can be sold. It can be searched and asked for one item, not read whole.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::call::Call;
use super::{Entry, PictureType, SizeUnit, wire};

/// Searches the catalogue by name, brand or style code.
#[derive(Clone, Debug, Default)]
pub struct SearchCatalog {
    /// `Nike`, `555088 063`, `DD1391-100`. A combined style code (`315121-115/CW2290-111`) finds
    /// nothing: search for the first of its codes.
    pub query: String,
    /// Items per page. Left out it is the maximum, which is not documented.
    pub limit: Option<u32>,
    /// From the page before.
    pub pagination_token: Option<String>,
}

/// The answer of [`SearchCatalog`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct CatalogPage {
    /// What was found.
    #[serde(default, deserialize_with = "wire::list")]
    pub catalog_items: Vec<Entry<CatalogItem>>,
    /// For the next page; empty on the last.
    pub next_pagination_token: Option<String>,
    /// Whether there is one.
    #[serde(default)]
    pub has_more: bool,
}

/// Asks for one item. An unknown id is [`NotFound`](connector_core::ErrorKind::NotFound).
#[derive(Clone, Debug)]
pub struct GetCatalogItem {
    /// `dunk-low-black-white-dd1391-100`.
    pub id: String,
}

/// The answer of [`GetCatalogItem`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct CatalogItemAnswer {
    /// The item.
    pub catalog_item: Entry<CatalogItem>,
}

/// Something that can be listed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct CatalogItem {
    /// A slug, stable over time.
    pub catalog_id: String,
    /// `Nike Dunk Low 'Black White'`.
    pub name: Option<String>,
    /// The maker's style code, with a space: `DD1391 100`.
    pub sku: Option<String>,
    /// `Nike`.
    pub brand: Option<String>,
    /// `men`, `women`, `youth`.
    pub gender: Option<String>,
    /// When it came out, or will.
    #[serde(default, deserialize_with = "wire::time")]
    pub release_date: Option<DateTime<Utc>>,
    /// `PRODUCT_CATEGORY_SHOES`; the newer field is preferred where both are set.
    pub product_category: Option<String>,
    /// `shoes`.
    pub product_category_v2: Option<String>,
    /// `sneakers`.
    pub product_type: Option<String>,
    /// The system of its sizes.
    pub size_unit: Option<SizeUnit>,
    /// The sizes in which it can be listed.
    #[serde(default, deserialize_with = "wire::list")]
    pub allowed_sizes: Vec<AllowedSize>,
    /// The least that may be asked, in US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub minimum_listing_price_cents: Option<i64>,
    /// The most that may be asked, in US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub maximum_listing_price_cents: Option<i64>,
    /// Its picture.
    pub main_picture_url: Option<String>,
    /// What the maker asked, in US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub retail_price_cents: Option<i64>,
    /// `White/Black/White`.
    pub colorway: Option<String>,
    /// `Black White`.
    pub nickname: Option<String>,
    /// Whether a listing needs pictures before it can go live.
    pub requires_listing_pictures: Option<bool>,
    /// Whether this seller may list it now.
    pub resellable: Option<bool>,
    /// The pictures that a listing needs.
    #[serde(default, deserialize_with = "wire::list")]
    pub requested_pictures: Vec<RequestedPicture>,
}

/// A size in which an item can be listed.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AllowedSize {
    /// As a person reads it.
    pub display_name: Option<String>,
    /// For listings, in the item's own system.
    #[serde(default, deserialize_with = "wire::size")]
    pub value: Option<f64>,
    /// For pricing.
    #[serde(default, deserialize_with = "wire::size")]
    pub us_size_equivalent: Option<f64>,
}

/// A kind of picture that a listing needs, and how many of it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct RequestedPicture {
    /// What it shows.
    #[serde(rename = "type")]
    pub kind: Option<PictureType>,
    /// How many.
    #[serde(default, deserialize_with = "wire::int64")]
    pub quantity: Option<i64>,
}

impl Endpoint for SearchCatalog {
    const OPERATION: Operation = Operation::read("SearchCatalog");
    type Response = CatalogPage;

    fn request(&self) -> Result<Request> {
        Call::get(&["catalog"])
            .with("query", &self.query)
            .maybe("limit", self.limit)
            .maybe("pagination_token", self.pagination_token.as_deref())
            .request()
    }
}

impl Endpoint for GetCatalogItem {
    const OPERATION: Operation = Operation::read("GetCatalogItem");
    type Response = CatalogItemAnswer;

    fn request(&self) -> Result<Request> {
        Call::get(&["catalog", &self.id]).request()
    }
}
