//! What a business sells: its catalogues, and what is in them.

use connector_core::{Endpoint, Operation, Request, Response, Result};
use serde::Deserialize;

use super::list::{Continuation, List};
use super::route::Route;

const FIELDS: &str = "id,retailer_id,name,description,price,sale_price,sale_price_start_date,\
sale_price_end_date,currency,availability,inventory,brand,category,product_type,color,size,gtin,url,\
image_url,review_status,visibility";

/// `GET /me/businesses`: those that the user belongs to.
#[derive(Clone, Debug)]
pub struct Businesses {
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for Businesses {
    const OPERATION: Operation = Operation::read("user/businesses");
    type Response = List<Named>;

    fn request(&self) -> Result<Request> {
        Route::get(&["me", "businesses"])
            .with("fields", "id,name")
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Named>> {
        List::read(response)
    }
}

/// `GET /{business}/owned_product_catalogs`. Those that others share with it are on another edge.
#[derive(Clone, Debug)]
pub struct OwnedCatalogs {
    /// The business.
    pub business: String,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for OwnedCatalogs {
    const OPERATION: Operation = Operation::read("business/owned_product_catalogs");
    type Response = List<Named>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.business, "owned_product_catalogs"])
            .with("fields", "id,name")
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<Named>> {
        List::read(response)
    }
}

/// A business, or a catalogue.
#[derive(Clone, Debug, Deserialize)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
}

/// `GET /{catalog}/products`. Nothing tells when one changed.
#[derive(Clone, Debug)]
pub struct CatalogProducts {
    /// The catalogue.
    pub catalog: String,
    /// How many at the most.
    pub limit: u32,
    /// Where to go on.
    pub from: Option<Continuation>,
}

impl Endpoint for CatalogProducts {
    const OPERATION: Operation = Operation::read("catalog/products");
    type Response = List<CatalogProduct>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.catalog, "products"])
            .with("fields", FIELDS)
            .with("limit", self.limit)
            .from(self.from.as_ref())
            .request()
    }

    fn parse(&self, response: &Response) -> Result<List<CatalogProduct>> {
        List::read(response)
    }
}

/// `GET /{product-item}`: one product.
#[derive(Clone, Debug)]
pub struct GetCatalogProduct {
    /// Its id.
    pub id: String,
}

impl Endpoint for GetCatalogProduct {
    const OPERATION: Operation = Operation::read("product_item");
    type Response = super::Entry<CatalogProduct>;

    fn request(&self) -> Result<Request> {
        Route::get(&[&self.id]).with("fields", FIELDS).request()
    }
}

/// Something in a catalogue: one size in one colour, where it comes in several.
#[derive(Clone, Debug, Deserialize)]
pub struct CatalogProduct {
    /// Meta's id.
    pub id: String,
    /// The merchant's own.
    #[serde(default)]
    pub retailer_id: Option<String>,
    /// As a buyer reads it.
    #[serde(default)]
    pub name: Option<String>,
    /// What it says of itself.
    #[serde(default)]
    pub description: Option<String>,
    /// What it costs, written for people: `$10.00`, `¥3,500`.
    #[serde(default)]
    pub price: Option<String>,
    /// What it costs for a while, written for people.
    #[serde(default)]
    pub sale_price: Option<String>,
    /// From when on, in RFC 3339.
    #[serde(default)]
    pub sale_price_start_date: Option<String>,
    /// Until when, in RFC 3339.
    #[serde(default)]
    pub sale_price_end_date: Option<String>,
    /// The currency's code.
    #[serde(default)]
    pub currency: Option<String>,
    /// `in stock`, `out of stock`, `preorder`, `available for order`, `discontinued` and others.
    #[serde(default)]
    pub availability: Option<String>,
    /// How many there are, where the merchant says so.
    #[serde(default)]
    pub inventory: Option<i64>,
    /// The brand.
    #[serde(default)]
    pub brand: Option<String>,
    /// What it is, in a list of Google's or Meta's.
    #[serde(default)]
    pub category: Option<String>,
    /// What it is, in the merchant's words.
    #[serde(default)]
    pub product_type: Option<String>,
    /// The colour.
    #[serde(default)]
    pub color: Option<String>,
    /// The size.
    #[serde(default)]
    pub size: Option<String>,
    /// EAN, UPC or ISBN.
    #[serde(default)]
    pub gtin: Option<String>,
    /// Where a buyer sees it.
    #[serde(default)]
    pub url: Option<String>,
    /// Its picture, at the merchant's.
    #[serde(default)]
    pub image_url: Option<String>,
    /// `approved`, `pending`, `rejected`, `outdated`, or nothing where nobody looked at it.
    #[serde(default)]
    pub review_status: Option<String>,
    /// `published`, or `staging` for what buyers don't see.
    #[serde(default)]
    pub visibility: Option<String>,
}
