//! Offers on marketplaces.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Money;

/// An offer of the merchant on a marketplace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Listing {
    /// The platform's id of what is offered: a catalog id, an ASIN, an item group.
    pub product_external_id: Option<String>,
    /// As a buyer reads it.
    pub title: Option<String>,
    /// The merchant's or maker's code.
    pub sku: Option<String>,
    /// The size as the platform writes it: `10.5`.
    pub size: Option<String>,
    /// The size's system: `US`, `EU`.
    pub size_unit: Option<String>,
    /// The condition in the platform's words, lower case: `new`, `used`.
    pub condition: Option<String>,
    /// The packaging's condition in the platform's words, lower case.
    pub packaging_condition: Option<String>,
    /// What it costs a buyer.
    pub price: Option<Money>,
    /// How many are offered.
    pub quantity: Option<i64>,
    /// Where it stands.
    pub status: ListingStatus,
    /// The platform's own word for where it stands.
    pub platform_status: String,
    /// Whether the marketplace keeps and ships it.
    pub consigned: Option<bool>,
    /// Where a buyer sees it.
    pub url: Option<String>,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When it last changed.
    pub updated_at: Option<DateTime<Utc>>,
    /// When it went live.
    pub activated_at: Option<DateTime<Utc>>,
}

/// Where an offer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ListingStatus {
    /// Buyers see it.
    Active,
    /// It exists, and buyers don't see it.
    Inactive,
    /// The platform is still checking it.
    Pending,
    /// It was sold.
    Sold,
    /// It was taken away.
    Deleted,
    /// The platform says something else.
    Unknown,
}
