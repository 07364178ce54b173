//! Inventory items and their levels at the locations.

use chrono::{DateTime, Utc};
use connector_core::Operation;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::admin::connection_cost;
use super::{Connection, Gid, Query, Ref};

/// The cost of a level with its item and all that is selected of both.
const LEVEL_COST: f64 = 7.0;

/// All inventory items with their levels and variants, for a bulk operation.
pub const INVENTORY_BULK: &str = concat!(
    include_str!("graphql/inventory_bulk.graphql"),
    include_str!("graphql/inventory_level.graphql"),
);

/// The same without variants, for apps that may not read products.
pub const INVENTORY_BULK_PLAIN: &str = concat!(
    include_str!("graphql/inventory_bulk_plain.graphql"),
    include_str!("graphql/inventory_level.graphql"),
);

/// The levels of one location that match a search.
///
/// A level's change doesn't change its item, so levels must be asked for by themselves, and only a
/// location or an item has a list of them.
#[derive(Clone, Debug, Serialize)]
pub struct LevelsChanged {
    /// The location before the one that is asked for.
    pub location: Option<String>,
    /// How many levels, at most 250.
    pub first: u32,
    /// The end of the page of levels before.
    pub after: Option<String>,
    /// The search; times in it must be in single quotes.
    pub query: String,
}

impl Query for LevelsChanged {
    const OPERATION: Operation = Operation::read("locations");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/levels_changed.graphql"),
        include_str!("graphql/inventory_level.graphql"),
        include_str!("graphql/level_item.graphql"),
    );
    type Data = LevelsPage;

    fn cost(&self) -> f64 {
        connection_cost(1, 1.0 + connection_cost(self.first, LEVEL_COST))
    }
}

/// The answer to [`LevelsChanged`]: one location at the most.
#[derive(Debug, Deserialize)]
pub struct LevelsPage {
    /// The location.
    pub locations: Connection<LocationLevels>,
}

/// A page of a location's levels.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LocationLevels {
    /// The location's id.
    pub id: Gid,
    /// The levels, each to be read as an [`InventoryLevel`].
    pub inventory_levels: Connection<Box<RawValue>>,
}

/// The level of one item at one location.
#[derive(Clone, Debug, Serialize)]
pub struct LevelQuery {
    /// The item.
    pub item: Gid,
    /// The location.
    pub location: Gid,
}

impl Query for LevelQuery {
    const OPERATION: Operation = Operation::read("inventoryItem");
    const DOCUMENT: &'static str = concat!(
        include_str!("graphql/level_by_ids.graphql"),
        include_str!("graphql/inventory_level.graphql"),
        include_str!("graphql/level_item.graphql"),
    );
    type Data = LevelData;

    fn cost(&self) -> f64 {
        1.0 + LEVEL_COST
    }
}

/// The answer to a [`LevelQuery`].
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LevelData {
    /// `None` when there is no such item.
    pub inventory_item: Option<LevelOfItem>,
}

/// An item's level at the location.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct LevelOfItem {
    /// `None` when the item isn't stocked there.
    pub inventory_level: Option<InventoryLevel>,
}

/// What is counted.
#[derive(Clone, Debug, Deserialize)]
pub struct InventoryItem {
    /// Its id.
    pub id: Gid,
    /// The merchant's code.
    #[serde(default)]
    pub sku: Option<String>,
    /// The variant that it is the stock of. In a bulk file it follows on a line of its own.
    #[serde(default)]
    pub variants: Option<Connection<Ref>>,
}

/// How much of one item lies at one location.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InventoryLevel {
    /// Its id, which is neither the item's nor the location's.
    pub id: Gid,
    /// The item's, on a line of a bulk file.
    #[serde(rename = "__parentId", default)]
    pub parent_id: Option<Gid>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// Where.
    pub location: Ref,
    /// How many, by state.
    pub quantities: Vec<InventoryQuantity>,
    /// What; not on a line of a bulk file, which follows the item's.
    #[serde(default)]
    pub item: Option<InventoryItem>,
}

/// How many of an item are in one state.
#[derive(Clone, Debug, Deserialize)]
pub struct InventoryQuantity {
    /// `available`, `on_hand`, `committed`, `reserved`, `incoming`.
    pub name: String,
    /// Pieces.
    pub quantity: i64,
}
