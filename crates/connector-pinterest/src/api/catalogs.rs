//! Catalogues: their feeds with what became of each run, and their product groups with the products.
//!
//! There is no list of all products: they are listed by product group. The group `ALL_PRODUCTS` of a
//! feed has every product of its last good run. (API v5, `CatalogsProductGroupType`.)

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;
use serde_json::Number;

use super::list::{List, Paged};
use super::pin::Pin;
use super::route::Route;
use super::time;

/// The type of the group that has every product of a feed.
pub const ALL_PRODUCTS: &str = "ALL_PRODUCTS";

/// `GET /catalogs`.
#[derive(Clone, Debug)]
pub struct ListCatalogs {
    /// Which page.
    pub paged: Paged,
}

/// `GET /catalogs/feeds`, of all catalogues.
#[derive(Clone, Debug)]
pub struct ListFeeds {
    /// Which page.
    pub paged: Paged,
}

/// `GET /catalogs/feeds/{feed_id}/processing_results`: the last runs. Its bookmark does nothing yet,
/// so the first page is all that there is.
#[derive(Clone, Debug)]
pub struct ListFeedResults {
    /// The feed's id.
    pub feed: String,
    /// How many at the most: 1 to 250.
    pub size: u8,
}

/// `GET /catalogs/product_groups`. An account without a catalogue is refused with 409 and code 4182.
#[derive(Clone, Debug)]
pub struct ListProductGroups {
    /// The catalogue's id.
    pub catalog: String,
    /// Which page.
    pub paged: Paged,
}

/// `GET /catalogs/product_groups/{product_group_id}/products`.
#[derive(Clone, Debug)]
pub struct ListProducts {
    /// The product group's id.
    pub group: String,
    /// Which page.
    pub paged: Paged,
}

/// A catalogue.
#[derive(Clone, Debug, Deserialize)]
pub struct Catalog {
    /// Its id, digits.
    pub id: String,
    /// `RETAIL`, `HOTEL` or `CREATIVE_ASSETS`.
    #[serde(default)]
    pub catalog_type: Option<String>,
}

/// A feed: a file that Pinterest fetches products from. It may hold a name and password for that
/// file, which are never kept.
#[derive(Clone, Debug, Deserialize)]
pub struct Feed {
    /// Its id, digits.
    pub id: String,
    /// Its name; absent for some old ones.
    #[serde(default)]
    pub name: Option<String>,
    /// `ACTIVE`, `INACTIVE` or a newer word.
    #[serde(default)]
    pub status: Option<String>,
    /// When it last changed.
    #[serde(default, deserialize_with = "time::maybe")]
    pub updated_at: Option<DateTime<Utc>>,
}

/// What became of one run of a feed.
#[derive(Clone, Debug, Deserialize)]
pub struct FeedResult {
    /// Its id, digits.
    pub id: String,
    /// `COMPLETED`, `FAILED`, `PROCESSING` or a newer word.
    #[serde(default)]
    pub status: Option<String>,
    /// When it was begun.
    #[serde(default, deserialize_with = "time::maybe")]
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    #[serde(default, deserialize_with = "time::maybe")]
    pub updated_at: Option<DateTime<Utc>>,
}

/// A product group.
#[derive(Clone, Debug, Deserialize)]
pub struct ProductGroup {
    /// Its id, digits.
    pub id: String,
    /// The feed's id; `None` where it has products of several.
    #[serde(default)]
    pub feed_id: Option<String>,
    /// [`ALL_PRODUCTS`], `MERCHANT_CREATED`, `TOP_SELLERS` and others.
    #[serde(default, rename = "type")]
    pub kind: Option<String>,
}

/// A product, as the pin that shows it and what the feed says.
#[derive(Clone, Debug, Deserialize)]
pub struct CatalogProduct {
    /// `RETAIL`, `HOTEL` or `CREATIVE_ASSETS`; what the others have is not what is read here.
    #[serde(default)]
    pub catalog_type: Option<String>,
    /// What the feed says.
    #[serde(default)]
    pub metadata: ProductMetadata,
    /// The pin.
    pub pin: Pin,
}

/// What a feed says of a product.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct ProductMetadata {
    /// The merchant's own id.
    #[serde(default)]
    pub item_id: Option<String>,
    /// The merchant's own id of what it is a variant of.
    #[serde(default)]
    pub item_group_id: Option<String>,
    /// `IN_STOCK`, `OUT_OF_STOCK` or `PREORDER`.
    #[serde(default)]
    pub availability: Option<String>,
    /// The currency of its prices.
    #[serde(default)]
    pub currency: Option<String>,
    /// The price in the main unit.
    #[serde(default)]
    pub price: Option<Number>,
    /// The price for the time being, where it is lower.
    #[serde(default)]
    pub sale_price: Option<Number>,
}

impl Endpoint for ListCatalogs {
    const OPERATION: Operation = Operation::read("catalogs/list");
    type Response = List<Catalog>;

    fn request(&self) -> Result<Request> {
        Route::to(&["catalogs"]).page(&self.paged).get()
    }
}

impl Endpoint for ListFeeds {
    const OPERATION: Operation = Operation::read("feeds/list");
    type Response = List<Feed>;

    fn request(&self) -> Result<Request> {
        Route::to(&["catalogs", "feeds"]).page(&self.paged).get()
    }
}

impl Endpoint for ListFeedResults {
    const OPERATION: Operation = Operation::read("feed_processing_results/list");
    type Response = List<FeedResult>;

    fn request(&self) -> Result<Request> {
        Route::to(&["catalogs", "feeds", &self.feed, "processing_results"])
            .with("page_size", self.size)
            .get()
    }
}

impl Endpoint for ListProductGroups {
    const OPERATION: Operation = Operation::read("catalogs_product_groups/list");
    type Response = List<ProductGroup>;

    fn request(&self) -> Result<Request> {
        Route::to(&["catalogs", "product_groups"])
            .with("catalog_id", &self.catalog)
            .page(&self.paged)
            .get()
    }
}

impl Endpoint for ListProducts {
    const OPERATION: Operation = Operation::read("catalogs_product_group_pins/list");
    type Response = List<CatalogProduct>;

    fn request(&self) -> Result<Request> {
        Route::to(&["catalogs", "product_groups", &self.group, "products"])
            .page(&self.paged)
            .get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_are_listed_by_group() {
        let products = ListProducts {
            group: "443727193917".to_owned(),
            paged: Paged::from(None),
        };
        assert_eq!(
            products.request().unwrap().uri(),
            "https://api.pinterest.com/v5/catalogs/product_groups/443727193917/products?page_size=250"
        );
        let groups = ListProductGroups {
            catalog: "2680059592705".to_owned(),
            paged: Paged::from(None),
        };
        let uri = groups.request().unwrap().uri().to_string();
        assert!(uri.ends_with("/catalogs/product_groups?catalog_id=2680059592705&page_size=250"));
    }

    #[test]
    fn a_price_keeps_the_digits_that_it_came_with() {
        let metadata: ProductMetadata =
            serde_json::from_str(r#"{"price":24.99,"sale_price":null,"currency":"USD"}"#).unwrap();
        assert_eq!(metadata.price.unwrap().to_string(), "24.99");
        assert!(metadata.sale_price.is_none());
    }
}
