//! Catalog Items API 2022-04-01: what Amazon knows of a product, whoever sells it.

use connector_core::{Entry, Operation, Request, Result};
use serde::Deserialize;

use super::call::{Call, Route};
use crate::region::Server;

/// What comes with a product here.
const INCLUDED: [&str; 4] = ["summaries", "identifiers", "images", "productTypes"];

/// How many products one search can name.
pub const MOST_IDENTIFIERS: usize = 20;

/// `searchCatalogItems`: the products of one marketplace with these ASINs,
/// [`MOST_IDENTIFIERS`] at the most, on one page.
#[derive(Clone, Debug)]
pub struct SearchCatalogItems {
    /// Which.
    pub asins: Vec<String>,
    /// Where.
    pub marketplace_id: String,
}

impl Call for SearchCatalogItems {
    const OPERATION: Operation = Operation::read("searchCatalogItems");
    type Response = CatalogPage;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["catalog", "2022-04-01", "items"])
            .list("identifiers", &self.asins)
            .with("identifiersType", "ASIN")
            .with("marketplaceIds", &self.marketplace_id)
            .list("includedData", &INCLUDED)
            .with("pageSize", MOST_IDENTIFIERS)
            .request()
    }
}

/// `getCatalogItem`: one product in one marketplace.
#[derive(Clone, Debug)]
pub struct GetCatalogItem {
    /// Which.
    pub asin: String,
    /// Where.
    pub marketplace_id: String,
}

impl Call for GetCatalogItem {
    const OPERATION: Operation = Operation::read("getCatalogItem");
    type Response = Entry<CatalogItem>;

    fn request(&self, server: Server) -> Result<Request> {
        Route::get(server, &["catalog", "2022-04-01", "items", &self.asin])
            .with("marketplaceIds", &self.marketplace_id)
            .list("includedData", &INCLUDED)
            .request()
    }
}

/// What a search found.
#[derive(Debug, Deserialize)]
pub struct CatalogPage {
    /// The products, in Amazon's order. One that the marketplace doesn't have is missing.
    #[serde(default)]
    pub items: Vec<Entry<CatalogItem>>,
}

/// A product. What is about a marketplace names it; what doesn't is about all of them.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogItem {
    /// Amazon's id.
    pub asin: String,
    /// What it is.
    #[serde(default)]
    pub summaries: Vec<CatalogSummary>,
    /// What is printed on it.
    #[serde(default)]
    pub identifiers: Vec<CatalogIdentifiers>,
    /// What it looks like.
    #[serde(default)]
    pub images: Vec<CatalogImages>,
    /// What kind of thing it is.
    #[serde(default)]
    pub product_types: Vec<CatalogType>,
}

/// What a product is in one marketplace.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogSummary {
    /// Where.
    #[serde(default)]
    pub marketplace_id: Option<String>,
    /// As a buyer reads it.
    #[serde(default)]
    pub item_name: Option<String>,
    /// Whose brand it is.
    #[serde(default, alias = "brandName")]
    pub brand: Option<String>,
    /// Its size.
    #[serde(default, alias = "sizeName")]
    pub size: Option<String>,
    /// Its colour.
    #[serde(default, alias = "colorName")]
    pub color: Option<String>,
    /// The maker's number of the model.
    #[serde(default)]
    pub model_number: Option<String>,
    /// The maker's number of the part.
    #[serde(default)]
    pub part_number: Option<String>,
}

/// What is printed on a product in one marketplace.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogIdentifiers {
    /// Where.
    #[serde(default)]
    pub marketplace_id: Option<String>,
    /// What.
    #[serde(default)]
    pub identifiers: Vec<CatalogIdentifier>,
}

/// A number that is printed on a product.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogIdentifier {
    /// `EAN`, `UPC`, `GTIN`, …
    pub identifier_type: String,
    /// The number.
    pub identifier: String,
}

/// The pictures of a product in one marketplace.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogImages {
    /// Where.
    #[serde(default)]
    pub marketplace_id: Option<String>,
    /// The pictures, each in several sizes.
    #[serde(default)]
    pub images: Vec<CatalogImage>,
}

/// A picture in one size.
#[derive(Clone, Debug, Deserialize)]
pub struct CatalogImage {
    /// `MAIN` for the first one, `PT01` and so on for the others.
    #[serde(default)]
    pub variant: Option<String>,
    /// Where it is.
    pub link: String,
    /// How high it is, in pixels.
    #[serde(default)]
    pub height: Option<u32>,
}

/// What kind of thing a product is in one marketplace.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CatalogType {
    /// Where.
    #[serde(default)]
    pub marketplace_id: Option<String>,
    /// `LUGGAGE`.
    #[serde(default)]
    pub product_type: Option<String>,
}
