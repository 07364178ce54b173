//! The unified models: what every platform's data is mapped to.
//!
//! A model comes from at least two platforms or from a named need. What fits none stays typed in
//! its connector's `api` and goes into the store as a [`Native`] record. Money is minor units and a
//! currency, time is UTC, ids are strings, and there is no bag of extras: what a model lacks is in
//! the record's raw JSON.

mod ad_campaign;
mod booking;
mod content;
mod inventory;
mod listing;
mod market;
mod measurement;
mod money;
mod native;
mod order;
mod origin;
mod payout;
mod product;
mod voice;

pub use ad_campaign::{AdCampaign, AdCampaignStatus};
pub use booking::{Booking, BookingStatus};
pub use content::{Content, ContentKind};
pub use inventory::{InventoryLevel, Location};
pub use listing::{Listing, ListingStatus};
pub use market::MarketSnapshot;
pub use measurement::{
    AdMetric, Caveat, CommonMetric, ContentMetric, Measurement, Metric, MetricUnit,
};
pub use money::{Currency, Money};
pub use native::Native;
pub use order::{
    Address, FulfillmentStatus, Order, OrderLine, OrderStatus, OrderTransaction, PaymentStatus,
    PlatformFee, Refund,
};
pub use origin::Origin;
pub use payout::{Payout, PayoutStatus, PayoutTransaction};
pub use product::{Product, ProductOption, ProductStatus, ProductVariant};
pub use voice::{Inquiry, InquiryAnswer, InquiryKind, Review};

use serde::{Deserialize, Serialize};

/// One record's content.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "model", content = "value", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Model {
    /// A product with its variants.
    Product(Box<Product>),
    /// An offer on a marketplace.
    Listing(Box<Listing>),
    /// What is in stock at one place.
    InventoryLevel(Box<InventoryLevel>),
    /// A place where stock lies.
    Location(Box<Location>),
    /// An order with its lines.
    Order(Box<Order>),
    /// Money sent to the merchant, with what it is made of.
    Payout(Box<Payout>),
    /// What the market pays for one item in one size and condition.
    MarketSnapshot(Box<MarketSnapshot>),
    /// A number of an account's.
    Metric(Box<Metric>),
    /// Something that a merchant published.
    Content(Box<Content>),
    /// A number of a piece of content's.
    ContentMetric(Box<ContentMetric>),
    /// Advertisements with one goal and one budget.
    AdCampaign(Box<AdCampaign>),
    /// A number of an advertisement's.
    AdMetric(Box<AdMetric>),
    /// What somebody says in public.
    Review(Box<Review>),
    /// Somebody who wants something.
    Inquiry(Box<Inquiry>),
    /// Time that somebody reserved.
    Booking(Box<Booking>),
    /// What has no unified form, in the platform's own words.
    Native(Box<Native>),
}

impl Model {
    /// Which model it is.
    #[must_use]
    pub fn kind(&self) -> ModelKind {
        match self {
            Self::Product(_) => ModelKind::Product,
            Self::Listing(_) => ModelKind::Listing,
            Self::InventoryLevel(_) => ModelKind::InventoryLevel,
            Self::Location(_) => ModelKind::Location,
            Self::Order(_) => ModelKind::Order,
            Self::Payout(_) => ModelKind::Payout,
            Self::MarketSnapshot(_) => ModelKind::MarketSnapshot,
            Self::Metric(_) => ModelKind::Metric,
            Self::Content(_) => ModelKind::Content,
            Self::ContentMetric(_) => ModelKind::ContentMetric,
            Self::AdCampaign(_) => ModelKind::AdCampaign,
            Self::AdMetric(_) => ModelKind::AdMetric,
            Self::Review(_) => ModelKind::Review,
            Self::Inquiry(_) => ModelKind::Inquiry,
            Self::Booking(_) => ModelKind::Booking,
            Self::Native(_) => ModelKind::Native,
        }
    }
}

/// Which unified model a stream's records are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ModelKind {
    /// [`Product`].
    Product,
    /// [`Listing`].
    Listing,
    /// [`InventoryLevel`].
    InventoryLevel,
    /// [`Location`].
    Location,
    /// [`Order`].
    Order,
    /// [`Payout`].
    Payout,
    /// [`MarketSnapshot`].
    MarketSnapshot,
    /// [`Metric`].
    Metric,
    /// [`Content`].
    Content,
    /// [`ContentMetric`].
    ContentMetric,
    /// [`AdCampaign`].
    AdCampaign,
    /// [`AdMetric`].
    AdMetric,
    /// [`Review`].
    Review,
    /// [`Inquiry`].
    Inquiry,
    /// [`Booking`].
    Booking,
    /// [`Native`].
    Native,
}

impl ModelKind {
    /// Every kind, in the order of their declaration.
    pub const ALL: [Self; 16] = [
        Self::Product,
        Self::Listing,
        Self::InventoryLevel,
        Self::Location,
        Self::Order,
        Self::Payout,
        Self::MarketSnapshot,
        Self::Metric,
        Self::Content,
        Self::ContentMetric,
        Self::AdCampaign,
        Self::AdMetric,
        Self::Review,
        Self::Inquiry,
        Self::Booking,
        Self::Native,
    ];
}
