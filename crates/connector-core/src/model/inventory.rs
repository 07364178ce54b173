//! Stock, and the places where it lies.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How much of one thing lies at one place.
///
/// Quantities are pieces. Each is `None` where the platform doesn't tell it, which is not zero.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct InventoryLevel {
    /// The platform's id of the thing that is counted.
    pub inventory_item_id: String,
    /// The platform's id of the place.
    pub location_id: String,
    /// The variant that it is the stock of, where the platform says so.
    pub variant_external_id: Option<String>,
    /// The merchant's code for it.
    pub sku: Option<String>,
    /// Can be sold now.
    pub available: Option<i64>,
    /// Is physically there.
    pub on_hand: Option<i64>,
    /// Is sold and not yet shipped.
    pub committed: Option<i64>,
    /// Is put aside for something else than an order.
    pub reserved: Option<i64>,
    /// Is on its way here.
    pub incoming: Option<i64>,
    /// When the platform last changed it.
    pub updated_at: Option<DateTime<Utc>>,
}

/// A place where stock lies: a shop, a warehouse, a fulfilment centre.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Location {
    /// What a person calls it.
    pub name: String,
    /// Whether stock is sold from it now.
    pub active: bool,
    /// Whether online orders are shipped from it.
    pub fulfills_online_orders: Option<bool>,
    /// Street and number.
    pub address: Option<String>,
    /// Town.
    pub city: Option<String>,
    /// State, province or region.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// ISO 3166-1 alpha-2, upper case.
    pub country_code: Option<String>,
    /// When the platform made it.
    pub created_at: Option<DateTime<Utc>>,
    /// When the platform last changed it.
    pub updated_at: Option<DateTime<Utc>>,
}
