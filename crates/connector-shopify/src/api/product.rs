//! Products and variants.

use chrono::{DateTime, Utc};
use connector_core::Operation;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::admin::connection_cost;
use super::{Connection, Gid, MoneyV2, Query};

/// The cost of a product with all that is selected of it but its variants.
const PRODUCT_COST: f64 = 7.0;

/// The cost of a variant with all that is selected of it.
const VARIANT_COST: f64 = 6.0;

/// All products with all variants, for a bulk operation.
pub const PRODUCTS_BULK: &str = concat!(
    include_str!("graphql/products_bulk.graphql"),
    include_str!("graphql/product.graphql"),
    include_str!("graphql/variant.graphql"),
);

/// Products that match a search, by the time of their last change.
#[derive(Clone, Debug, Serialize)]
pub struct ProductsChanged {
    /// How many, at most 250.
    pub first: u32,
    /// How many variants of each. [`ProductVariantsQuery`] reads the rest.
    pub variants: u32,
    /// The end of the page before.
    pub after: Option<String>,
    /// The search; times in it must be in single quotes.
    pub query: String,
}

impl Query for ProductsChanged {
    const OPERATION: Operation = Operation::read("products");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/products_changed.graphql"),
        include_str!("graphql/product.graphql"),
        include_str!("graphql/variant.graphql"),
    );
    type Data = ProductsPage;

    fn cost(&self) -> f64 {
        connection_cost(
            self.first,
            PRODUCT_COST + connection_cost(self.variants, VARIANT_COST),
        )
    }
}

/// A page of products.
#[derive(Debug, Deserialize)]
pub struct ProductsPage {
    /// The products, each to be read as a [`Product`]: one that is odd doesn't spoil the others.
    pub products: Connection<Box<RawValue>>,
}

/// More of a product's variants.
#[derive(Clone, Debug, Serialize)]
pub struct ProductVariantsQuery {
    /// The product.
    pub id: Gid,
    /// How many, at most 250.
    pub first: u32,
    /// The end of the page before.
    pub after: Option<String>,
}

impl Query for ProductVariantsQuery {
    const OPERATION: Operation = Operation::read("product");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/product_variants.graphql"),
        include_str!("graphql/variant.graphql"),
    );
    type Data = ProductVariantsData;

    fn cost(&self) -> f64 {
        1.0 + connection_cost(self.first, VARIANT_COST)
    }
}

/// The answer to a [`ProductVariantsQuery`].
#[derive(Debug, Deserialize)]
pub struct ProductVariantsData {
    /// `None` when the product is gone.
    pub product: Option<VariantsOfProduct>,
}

/// A page of a product's variants.
#[derive(Debug, Deserialize)]
pub struct VariantsOfProduct {
    /// The variants.
    pub variants: Connection<Variant>,
}

/// One product.
#[derive(Clone, Debug, Serialize)]
pub struct ProductQuery {
    /// The product.
    pub id: Gid,
    /// How many of its variants, at most 250. [`ProductVariantsQuery`] reads the rest.
    pub variants: u32,
}

impl Query for ProductQuery {
    const OPERATION: Operation = Operation::read("product");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/product_by_id.graphql"),
        include_str!("graphql/product.graphql"),
        include_str!("graphql/variant.graphql"),
    );
    type Data = ProductData;

    fn cost(&self) -> f64 {
        PRODUCT_COST + connection_cost(self.variants, VARIANT_COST)
    }
}

/// The answer to a [`ProductQuery`].
#[derive(Debug, Deserialize)]
pub struct ProductData {
    /// `None` when there is none.
    pub product: Option<Product>,
}

/// A product.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Product {
    /// Its id.
    pub id: Gid,
    /// As a buyer reads it.
    pub title: String,
    /// The part of its address.
    pub handle: String,
    /// HTML.
    #[serde(default)]
    pub description_html: Option<String>,
    /// The brand.
    pub vendor: String,
    /// The merchant's word for what it is.
    pub product_type: String,
    /// `ACTIVE`, `ARCHIVED`, `DRAFT`, `UNLISTED`.
    pub status: String,
    /// Free words.
    pub tags: Vec<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was published to the online store.
    pub published_at: Option<DateTime<Utc>>,
    /// Where a buyer sees it; `None` when the online store doesn't show it.
    #[serde(default)]
    pub online_store_url: Option<String>,
    /// What its variants differ in.
    #[serde(default)]
    pub options: Vec<ProductOption>,
    /// Its first picture.
    #[serde(default)]
    pub featured_media: Option<FeaturedMedia>,
    /// What it costs; here for the currency, which variants don't tell.
    pub price_range_v2: PriceRange,
    /// Its variants. In a bulk file they follow on lines of their own.
    #[serde(default)]
    pub variants: Connection<Variant>,
}

/// What variants differ in.
#[derive(Clone, Debug, Deserialize)]
pub struct ProductOption {
    /// `Size`.
    pub name: String,
    /// `S`, `M`.
    pub values: Vec<String>,
}

/// A product's first picture or film.
#[derive(Clone, Debug, Deserialize)]
pub struct FeaturedMedia {
    /// A still of it.
    pub preview: Option<MediaPreview>,
}

/// A still.
#[derive(Clone, Debug, Deserialize)]
pub struct MediaPreview {
    /// `None` while Shopify is still making it.
    pub image: Option<Image>,
}

/// A picture.
#[derive(Clone, Debug, Deserialize)]
pub struct Image {
    /// Where it is.
    pub url: String,
}

/// The range of a product's prices.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PriceRange {
    /// The lowest.
    pub min_variant_price: Currency,
}

/// An amount of which only the currency was selected.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Currency {
    /// ISO 4217.
    pub currency_code: String,
}

/// A product's variant.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Variant {
    /// Its id.
    pub id: Gid,
    /// The product's, on a line of a bulk file.
    #[serde(rename = "__parentId", default)]
    pub parent_id: Option<Gid>,
    /// As a buyer reads it.
    pub title: String,
    /// The merchant's code.
    pub sku: Option<String>,
    /// What is printed on it.
    pub barcode: Option<String>,
    /// Decimal text in the shop's currency.
    pub price: String,
    /// Decimal text in the shop's currency.
    pub compare_at_price: Option<String>,
    /// How many can be sold, over all locations.
    pub inventory_quantity: Option<i64>,
    /// 1 for the first.
    pub position: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// One per option of the product.
    pub selected_options: Vec<SelectedOption>,
    /// What its stock is counted by.
    pub inventory_item: InventoryItemOfVariant,
}

/// A variant's value of an option.
#[derive(Clone, Debug, Deserialize)]
pub struct SelectedOption {
    /// `M`.
    pub value: String,
}

/// What a variant's stock is counted by.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryItemOfVariant {
    /// Its id.
    pub id: Gid,
    /// What it costs the merchant.
    #[serde(default)]
    pub unit_cost: Option<MoneyV2>,
    /// How heavy it is.
    #[serde(default)]
    pub measurement: Option<Measurement>,
}

/// Measures.
#[derive(Clone, Debug, Deserialize)]
pub struct Measurement {
    /// Weight, where it was entered.
    pub weight: Option<Weight>,
}

/// A weight.
#[derive(Clone, Debug, Deserialize)]
pub struct Weight {
    /// `GRAMS`, `KILOGRAMS`, `OUNCES`, `POUNDS`.
    pub unit: String,
    /// In that unit.
    pub value: f64,
}
