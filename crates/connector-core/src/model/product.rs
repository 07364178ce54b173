//! Products and their variants.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Money;

/// Something that can be sold, with its variants.
///
/// Shopify's product; Alias's catalog item, whose sizes are its variants.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Product {
    /// As a buyer reads it.
    pub title: String,
    /// What it says of itself: text or HTML, as the platform has it.
    pub description: Option<String>,
    /// The part of its address: `black-tee`.
    pub handle: Option<String>,
    /// The brand or vendor.
    pub brand: Option<String>,
    /// The platform's word for what it is: `sneakers`.
    pub product_type: Option<String>,
    /// The maker's style code, where the platform has one per product.
    pub style_code: Option<String>,
    /// Whether it is sold.
    pub status: ProductStatus,
    /// Free words.
    pub tags: Vec<String>,
    /// Where a buyer sees it.
    pub url: Option<String>,
    /// Its first picture.
    pub image_url: Option<String>,
    /// What its variants differ in.
    pub options: Vec<ProductOption>,
    /// What the maker asks for it.
    pub retail_price: Option<Money>,
    /// When the platform made it.
    pub created_at: Option<DateTime<Utc>>,
    /// When the platform last changed it.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it was, or will be, released or published.
    pub published_at: Option<DateTime<Utc>>,
    /// In the platform's order.
    pub variants: Vec<ProductVariant>,
}

/// Whether a product is sold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ProductStatus {
    /// It can be sold.
    Active,
    /// It is being prepared.
    Draft,
    /// It was put away.
    Archived,
    /// The platform says something else.
    Unknown,
}

/// One thing that variants differ in: size, colour.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductOption {
    /// `Size`.
    pub name: String,
    /// `S`, `M`, `L`.
    pub values: Vec<String>,
}

/// One of a product's variants: what is put on a shelf.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProductVariant {
    /// The platform's id of the variant, unique within the connection.
    pub external_id: String,
    /// As a buyer reads it: `M / Black`.
    pub title: String,
    /// The merchant's code for it.
    pub sku: Option<String>,
    /// EAN, UPC or whatever is printed on it.
    pub barcode: Option<String>,
    /// One value per option of the product, in the same order.
    pub option_values: Vec<String>,
    /// What it costs a buyer.
    pub price: Option<Money>,
    /// What it cost before.
    pub compare_at_price: Option<Money>,
    /// What it costs the merchant.
    pub unit_cost: Option<Money>,
    /// How many can be sold, over all places; negative where more were sold than were there.
    pub inventory_quantity: Option<i64>,
    /// The id under which its stock is counted, where that is another than its own.
    pub inventory_item_id: Option<String>,
    /// Weight in grams.
    pub weight_grams: Option<i64>,
    /// 1 for the first.
    pub position: Option<i64>,
    /// When the platform made it.
    pub created_at: Option<DateTime<Utc>>,
    /// When the platform last changed it.
    pub updated_at: Option<DateTime<Utc>>,
}
