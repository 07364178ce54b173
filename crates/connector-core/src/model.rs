//! The unified models: what every platform's data is mapped to.
//!
//! A model comes from at least two platforms or from a named need. What fits none stays typed in
//! its connector's `api` and goes into the store as a [`Native`] record. Money is minor units and a
//! currency, time is UTC, ids are strings, and there is no bag of extras: what a model lacks is in
//! the record's raw JSON.

mod inventory;
mod listing;
mod market;
mod money;
mod native;
mod order;
mod payout;
mod product;

pub use inventory::{InventoryLevel, Location};
pub use listing::{Listing, ListingStatus};
pub use market::MarketSnapshot;
pub use money::{Currency, Money};
pub use native::Native;
pub use order::{
    Address, FulfillmentStatus, Order, OrderLine, OrderStatus, OrderTransaction, PaymentStatus,
    PlatformFee, Refund,
};
pub use payout::{Payout, PayoutStatus, PayoutTransaction};
pub use product::{Product, ProductOption, ProductStatus, ProductVariant};

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
    /// [`Native`].
    Native,
}

impl ModelKind {
    /// Every kind, in the order of their declaration.
    pub const ALL: [Self; 8] = [
        Self::Product,
        Self::Listing,
        Self::InventoryLevel,
        Self::Location,
        Self::Order,
        Self::Payout,
        Self::MarketSnapshot,
        Self::Native,
    ];
}
