//! What the market pays.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Money;

/// What the market pays for one item in one size and condition, at one instant.
///
/// A price that is `None` means that there is none: no offer, no sale. It is never zero for that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MarketSnapshot {
    /// The platform's id of the item.
    pub product_external_id: String,
    /// The size as the platform writes it.
    pub size: Option<String>,
    /// The size's system.
    pub size_unit: Option<String>,
    /// The condition in the platform's words, lower case.
    pub condition: Option<String>,
    /// The packaging's condition in the platform's words, lower case.
    pub packaging_condition: Option<String>,
    /// The market that was asked about; `None` for all of it.
    pub region: Option<String>,
    /// Whether only goods that the marketplace keeps were asked about, or only others; `None` for
    /// both.
    pub consigned: Option<bool>,
    /// What the cheapest seller asks.
    pub lowest_ask: Option<Money>,
    /// What the keenest buyer offers.
    pub highest_bid: Option<Money>,
    /// What it was last sold for.
    pub last_sale: Option<Money>,
    /// What the platform holds it to be worth over all markets.
    pub reference_price: Option<Money>,
    /// When the last sale was.
    pub last_sale_at: Option<DateTime<Utc>>,
}
