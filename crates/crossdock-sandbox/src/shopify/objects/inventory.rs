//! Locations, inventory items, and how much of an item a location has.

use chrono::{DateTime, Utc};

use super::{Address, Amount};

/// A place that holds stock.
#[derive(Clone, Debug)]
pub(crate) struct Location {
    pub(crate) id: u64,
    pub(crate) name: String,
    pub(crate) is_active: bool,
    pub(crate) is_primary: bool,
    pub(crate) fulfills_online_orders: bool,
    pub(crate) is_fulfillment_service: bool,
    pub(crate) address: Address,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// What a variant is in the warehouse.
#[derive(Clone, Debug)]
pub(crate) struct InventoryItem {
    pub(crate) id: u64,
    /// The product and the variant that it belongs to. Recordings hold items without either.
    pub(crate) variant: Option<(u64, u64)>,
    pub(crate) sku: Option<String>,
    pub(crate) tracked: bool,
    pub(crate) requires_shipping: bool,
    pub(crate) unit_cost: Option<Amount>,
    pub(crate) country_of_origin: Option<String>,
    pub(crate) harmonized_system_code: Option<String>,
    /// In grams.
    pub(crate) weight: Option<f64>,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    /// In order of location.
    pub(crate) levels: Vec<Level>,
}

/// How much of an item a location has.
#[derive(Clone, Debug)]
pub(crate) struct Level {
    /// The number in the level's gid, before `?inventory_item_id=`.
    pub(crate) id: u64,
    pub(crate) item: u64,
    pub(crate) location: u64,
    pub(crate) quantities: Quantities,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// The states that stock can be in. What is on hand is the sum of all but `incoming`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Quantities {
    pub(crate) available: i64,
    pub(crate) committed: i64,
    pub(crate) incoming: i64,
    pub(crate) damaged: i64,
    pub(crate) quality_control: i64,
    pub(crate) reserved: i64,
    pub(crate) safety_stock: i64,
}

impl Quantities {
    /// The quantity with this name.
    pub(crate) fn get(&self, name: &str) -> Option<i64> {
        Some(match name {
            "available" => self.available,
            "committed" => self.committed,
            "incoming" => self.incoming,
            "damaged" => self.damaged,
            "quality_control" => self.quality_control,
            "reserved" => self.reserved,
            "safety_stock" => self.safety_stock,
            "on_hand" => self.on_hand(),
            _ => return None,
        })
    }

    /// Sets the quantity with this name; `on_hand` moves what is available.
    pub(crate) fn set(&mut self, name: &str, quantity: i64) -> bool {
        let place = match name {
            "available" => &mut self.available,
            "committed" => &mut self.committed,
            "incoming" => &mut self.incoming,
            "damaged" => &mut self.damaged,
            "quality_control" => &mut self.quality_control,
            "reserved" => &mut self.reserved,
            "safety_stock" => &mut self.safety_stock,
            "on_hand" => {
                self.available = quantity - (self.on_hand() - self.available);
                return true;
            }
            _ => return false,
        };
        *place = quantity;
        true
    }

    fn on_hand(&self) -> i64 {
        self.available
            + self.committed
            + self.damaged
            + self.quality_control
            + self.reserved
            + self.safety_stock
    }
}

impl InventoryItem {
    /// What can be sold, over all locations.
    pub(crate) fn available(&self) -> i64 {
        self.levels
            .iter()
            .map(|level| level.quantities.available)
            .sum()
    }

    /// The level at a location.
    pub(crate) fn level(&self, location: u64) -> Option<&Level> {
        self.levels.iter().find(|level| level.location == location)
    }
}

impl Level {
    /// The level's gid.
    pub(crate) fn gid(&self) -> String {
        format!(
            "gid://shopify/InventoryLevel/{}?inventory_item_id={}",
            self.id, self.item
        )
    }
}
