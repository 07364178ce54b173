//! Stock: the Inventory API. Its lists count their offset in pages, but for that of
//! locations; who follows the links needs not know.

use connector_core::{Endpoint, Operation, Request, Response, Result, endpoint};
use http::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::call::object;
use super::link::{Link, encoded};
use crate::environment::{Environment, Server};
use connector_core::Entry;

const ITEM: &str = "/sell/inventory/v1/inventory_item";
const LOCATION: &str = "/sell/inventory/v1/location";

/// A page of inventory items.
#[derive(Clone, Debug)]
pub struct GetInventoryItems {
    /// Which page.
    pub page: Link,
}

impl GetInventoryItems {
    /// All of them, so many a page: 200 at the most.
    ///
    /// # Errors
    /// Those of [`Link::first`].
    pub fn all(environment: Environment, limit: u32) -> Result<Self> {
        let query = [("limit", &*limit.to_string()), ("offset", "0")];
        let page = Link::first(environment, Server::Api, ITEM, &query)?;
        Ok(Self { page })
    }
}

/// Inventory items.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InventoryItemPage {
    /// How many there are on all pages.
    pub total: Option<u64>,
    /// Where the next page is.
    pub next: Option<String>,
    /// The items.
    #[serde(default)]
    pub inventory_items: Vec<Entry<InventoryItem>>,
}

/// Something that the seller has.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InventoryItem {
    /// The seller's code, by which it is known.
    pub sku: String,
    /// `NEW`, `USED_GOOD`.
    pub condition: Option<String>,
    /// What it is.
    pub product: Option<Product>,
    /// How many there are.
    pub availability: Option<Availability>,
    /// The parcel's.
    pub package_weight_and_size: Option<PackageWeight>,
    /// The groups of variations that it is in.
    #[serde(default)]
    pub inventory_item_group_keys: Vec<String>,
}

/// What an item is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Product {
    /// Its title.
    pub title: Option<String>,
    /// What the seller says of it, with HTML.
    pub description: Option<String>,
    /// Its brand.
    pub brand: Option<String>,
    /// The maker's number.
    pub mpn: Option<String>,
    /// European article numbers.
    pub ean: Vec<String>,
    /// Universal product codes.
    pub upc: Vec<String>,
    /// Book numbers.
    pub isbn: Vec<String>,
    /// Pictures.
    pub image_urls: Vec<String>,
}

/// How many there are.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Availability {
    /// To be shipped.
    pub ship_to_location_availability: Option<ShipToHome>,
}

/// How many can be shipped.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct ShipToHome {
    /// In all.
    pub quantity: Option<i64>,
    /// Where they lie, where the seller says so.
    pub availability_distributions: Vec<Distribution>,
}

/// How many lie at a location.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Distribution {
    /// The location.
    pub merchant_location_key: Option<String>,
    /// How many.
    pub quantity: Option<i64>,
}

/// The parcel's weight.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PackageWeight {
    /// The weight.
    pub weight: Option<Weight>,
}

/// A weight.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Weight {
    /// How much.
    pub value: Option<f64>,
    /// `POUND`, `KILOGRAM`, `OUNCE`, `GRAM`.
    pub unit: Option<String>,
}

impl Endpoint for GetInventoryItems {
    const OPERATION: Operation = Operation::read("getInventoryItems");
    type Response = InventoryItemPage;

    fn request(&self) -> Result<Request> {
        endpoint::get(self.page.as_str())
    }

    fn parse(&self, response: &Response) -> Result<InventoryItemPage> {
        object(response)
    }
}

/// One inventory item.
#[derive(Clone, Debug)]
pub struct GetInventoryItem {
    /// Where the account lives.
    pub environment: Environment,
    /// The seller's code.
    pub sku: String,
}

impl Endpoint for GetInventoryItem {
    const OPERATION: Operation = Operation::read("getInventoryItem");
    type Response = Entry<InventoryItem>;

    fn request(&self) -> Result<Request> {
        let root = self.environment.root(Server::Api);
        endpoint::get(format!("{root}{ITEM}/{}", encoded(&self.sku)))
    }

    fn parse(&self, response: &Response) -> Result<Entry<InventoryItem>> {
        object(response)
    }
}

/// A page of the places where stock lies.
#[derive(Clone, Debug)]
pub struct GetInventoryLocations {
    /// Which page.
    pub page: Link,
}

impl GetInventoryLocations {
    /// All of them.
    ///
    /// # Errors
    /// Those of [`Link::first`].
    pub fn all(environment: Environment) -> Result<Self> {
        let query = [("limit", "100"), ("offset", "0")];
        let page = Link::first(environment, Server::Api, LOCATION, &query)?;
        Ok(Self { page })
    }
}

/// Places where stock lies.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LocationPage {
    /// How many there are on all pages.
    pub total: Option<u64>,
    /// Where the next page is.
    pub next: Option<String>,
    /// The places.
    #[serde(default)]
    pub locations: Vec<Entry<InventoryLocation>>,
}

/// A place where stock lies.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct InventoryLocation {
    /// The seller's name for it, by which it is known.
    pub merchant_location_key: String,
    /// What a person calls it.
    pub name: Option<String>,
    /// `ENABLED`, `DISABLED`.
    pub merchant_location_status: Option<String>,
    /// `WAREHOUSE`, `STORE`, `FULFILLMENT_CENTER`.
    #[serde(default)]
    pub location_types: Vec<String>,
    /// Where it is.
    pub location: Option<Place>,
}

/// Where a place is.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct Place {
    /// The address.
    pub address: Option<PlaceAddress>,
}

/// The seller's own address.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[non_exhaustive]
pub struct PlaceAddress {
    /// Street and number.
    pub address_line1: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// State, province or region.
    pub state_or_province: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
}

impl Endpoint for GetInventoryLocations {
    const OPERATION: Operation = Operation::read("getInventoryLocations");
    type Response = LocationPage;

    fn request(&self) -> Result<Request> {
        endpoint::get(self.page.as_str())
    }

    fn parse(&self, response: &Response) -> Result<LocationPage> {
        object(response)
    }
}

/// One place where stock lies.
#[derive(Clone, Debug)]
pub struct GetInventoryLocation {
    /// Where the account lives.
    pub environment: Environment,
    /// The seller's name for it.
    pub key: String,
}

impl Endpoint for GetInventoryLocation {
    const OPERATION: Operation = Operation::read("getInventoryLocation");
    type Response = Entry<InventoryLocation>;

    fn request(&self) -> Result<Request> {
        let root = self.environment.root(Server::Api);
        endpoint::get(format!("{root}{LOCATION}/{}", encoded(&self.key)))
    }

    fn parse(&self, response: &Response) -> Result<Entry<InventoryLocation>> {
        object(response)
    }
}

/// Sets the stock of items and the price and quantity of their offers: 25 at the most. Some may
/// fail while others succeed; each has its own status in the answer.
#[derive(Clone, Debug)]
pub struct BulkUpdatePriceQuantity {
    /// Where the account lives.
    pub environment: Environment,
    /// What to set.
    pub requests: Vec<BulkPrice>,
}

/// What to set of one item.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BulkPrice {
    /// The item's code.
    pub sku: String,
    /// How many can be shipped, in all.
    pub quantity: u32,
}

impl Endpoint for BulkUpdatePriceQuantity {
    /// What is set twice is set.
    const OPERATION: Operation = Operation::write("bulkUpdatePriceQuantity").idempotent();
    type Response = serde_json::Value;

    fn request(&self) -> Result<Request> {
        let requests: Vec<_> = self
            .requests
            .iter()
            .map(|one| {
                json!({"sku": one.sku, "shipToLocationAvailability": {"quantity": one.quantity}})
            })
            .collect();
        let root = self.environment.root(Server::Api);
        endpoint::send_json(
            Method::POST,
            format!("{root}/sell/inventory/v1/bulk_update_price_quantity"),
            &json!({"requests": requests}),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sku_is_one_part_of_an_address() {
        let item = GetInventoryItem {
            environment: Environment::Sandbox,
            sku: "A b/ü?&".to_owned(),
        };
        let request = item.request().unwrap();
        assert_eq!(
            request.uri().path(),
            "/sell/inventory/v1/inventory_item/A%20b%2F%C3%BC%3F%26"
        );
        assert_eq!(request.uri().host(), Some("api.sandbox.ebay.com"));
    }
}
