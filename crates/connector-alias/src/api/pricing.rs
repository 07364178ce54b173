//! What the market pays. All prices are US cents, whatever the region; sizes are US sizes
//! ([`AllowedSize::us_size_equivalent`](super::AllowedSize::us_size_equivalent)).
//!
//! Regions are numbers that the documentation doesn't list; clients use 1 for the US, 2 for the EU
//! and 3 for the UK. None means all regions together.

use chrono::{DateTime, Utc};
use connector_core::{Endpoint, Operation, Request, Result};
use serde::Deserialize;

use super::call::Call;
use super::{Entry, PackagingCondition, ProductCondition, wire};

/// Asks for the prices of one item in all sizes and conditions.
#[derive(Clone, Debug, Default)]
pub struct ListAvailabilities {
    /// The item.
    pub catalog_id: String,
    /// One region; all of them where left out.
    pub region_id: Option<String>,
    /// Only goods that alias keeps, or only others; both together where left out.
    pub consigned: Option<bool>,
}

/// The answer of [`ListAvailabilities`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct AvailabilityVariants {
    /// One per size and condition: some 240 for a popular shoe, those without any price included.
    #[serde(default, deserialize_with = "wire::list")]
    pub variants: Vec<Entry<AvailabilityVariant>>,
}

/// The prices of one item in one size and condition.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct AvailabilityVariant {
    /// A US size. 0 occurs.
    #[serde(default, deserialize_with = "wire::size")]
    pub size: Option<f64>,
    /// The item's condition.
    pub product_condition: Option<ProductCondition>,
    /// The box's condition.
    pub packaging_condition: Option<PackagingCondition>,
    /// Sent only when it was asked for.
    pub consigned: Option<bool>,
    /// The prices.
    #[serde(default)]
    pub availability: Option<Availability>,
}

/// Four prices in US cents; `None` where there is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct Availability {
    /// What the cheapest seller asks.
    #[serde(default, deserialize_with = "wire::price")]
    pub lowest_listing_price_cents: Option<i64>,
    /// What the keenest buyer offers.
    #[serde(default, deserialize_with = "wire::price")]
    pub highest_offer_price_cents: Option<i64>,
    /// What it was last sold for.
    #[serde(default, deserialize_with = "wire::price")]
    pub last_sold_listing_price_cents: Option<i64>,
    /// What alias advises for all markets.
    #[serde(default, deserialize_with = "wire::price")]
    pub global_indicator_price_cents: Option<i64>,
}

/// Asks for the prices of one item in one size and condition.
#[derive(Clone, Debug)]
pub struct GetAvailability {
    /// The item.
    pub catalog_id: String,
    /// The US size.
    pub size: f64,
    /// The item's condition.
    pub product_condition: ProductCondition,
    /// The box's condition.
    pub packaging_condition: PackagingCondition,
    /// Only goods that alias keeps, or only others; both together where left out.
    pub consigned: Option<bool>,
    /// One region; all of them where left out.
    pub region_id: Option<String>,
}

/// The answer of [`GetAvailability`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct AvailabilityAnswer {
    /// The prices.
    pub availability: Availability,
}

/// Asks how many buyers offer how much for one item in one size and condition.
#[derive(Clone, Debug)]
pub struct GetOfferHistogram {
    /// The item.
    pub catalog_id: String,
    /// The US size.
    pub size: f64,
    /// The item's condition.
    pub product_condition: ProductCondition,
    /// The box's condition.
    pub packaging_condition: PackagingCondition,
    /// One region; all of them where left out.
    pub region_id: Option<String>,
}

/// The answer of [`GetOfferHistogram`].
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OfferHistogramAnswer {
    /// The histogram.
    pub offer_histogram: OfferHistogram,
}

/// Offers by price.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OfferHistogram {
    /// The highest price first.
    #[serde(default, deserialize_with = "wire::list")]
    pub bins: Vec<OfferBin>,
}

/// How many buyers offer one price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct OfferBin {
    /// US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub offer_price_cents: Option<i64>,
    /// How many.
    #[serde(default, deserialize_with = "wire::int64")]
    pub count: Option<i64>,
}

/// Asks for the last sales of an item, the newest first.
///
/// The documentation allows to leave the size out; alias then answers that it is missing.
#[derive(Clone, Debug, Default)]
pub struct ListRecentSales {
    /// The item.
    pub catalog_id: String,
    /// The US size.
    pub size: Option<f64>,
    /// How many: 10 where left out, at most 200 with size and both conditions, else 10.
    pub limit: Option<u32>,
    /// The item's condition.
    pub product_condition: Option<ProductCondition>,
    /// The box's condition.
    pub packaging_condition: Option<PackagingCondition>,
    /// Only goods that alias keeps, or only others.
    pub consigned: Option<bool>,
    /// One region; all of them where left out.
    pub region_id: Option<String>,
}

/// The answer of [`ListRecentSales`].
#[derive(Debug, Deserialize)]
#[non_exhaustive]
pub struct RecentSales {
    /// The newest first.
    #[serde(default, deserialize_with = "wire::list")]
    pub recent_sales: Vec<Entry<RecentSale>>,
}

/// One sale, by whomever.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct RecentSale {
    /// When.
    #[serde(default, deserialize_with = "wire::time")]
    pub purchased_at: Option<DateTime<Utc>>,
    /// For how many US cents.
    #[serde(default, deserialize_with = "wire::price")]
    pub price_cents: Option<i64>,
    /// The US size.
    #[serde(default, deserialize_with = "wire::size")]
    pub size: Option<f64>,
    /// Whether alias kept it.
    pub consigned: Option<bool>,
    /// The item.
    pub catalog_id: Option<String>,
}

impl Endpoint for ListAvailabilities {
    const OPERATION: Operation = Operation::read("ListAvailabilities");
    type Response = AvailabilityVariants;

    fn request(&self) -> Result<Request> {
        Call::get(&["pricing_insights", "availabilities", &self.catalog_id])
            .maybe("region_id", self.region_id.as_deref())
            .maybe("consigned", self.consigned)
            .request()
    }
}

impl Endpoint for GetAvailability {
    const OPERATION: Operation = Operation::read("GetAvailability");
    type Response = AvailabilityAnswer;

    fn request(&self) -> Result<Request> {
        Call::get(&["pricing_insights", "availability"])
            .with("catalog_id", &self.catalog_id)
            .with("size", self.size)
            .with("product_condition", &self.product_condition)
            .with("packaging_condition", &self.packaging_condition)
            .maybe("consigned", self.consigned)
            .maybe("region_id", self.region_id.as_deref())
            .request()
    }
}

impl Endpoint for GetOfferHistogram {
    const OPERATION: Operation = Operation::read("GetOfferHistogram");
    type Response = OfferHistogramAnswer;

    fn request(&self) -> Result<Request> {
        Call::get(&["pricing_insights", "offer_histogram"])
            .with("catalog_id", &self.catalog_id)
            .with("size", self.size)
            .with("product_condition", &self.product_condition)
            .with("packaging_condition", &self.packaging_condition)
            .maybe("region_id", self.region_id.as_deref())
            .request()
    }
}

impl Endpoint for ListRecentSales {
    const OPERATION: Operation = Operation::read("ListRecentSales");
    type Response = RecentSales;

    fn request(&self) -> Result<Request> {
        Call::get(&["pricing_insights", "recent_sales"])
            .with("catalog_id", &self.catalog_id)
            .maybe("size", self.size)
            .maybe("limit", self.limit)
            .maybe("product_condition", self.product_condition.as_ref())
            .maybe("packaging_condition", self.packaging_condition.as_ref())
            .maybe("consigned", self.consigned)
            .maybe("region_id", self.region_id.as_deref())
            .request()
    }
}
