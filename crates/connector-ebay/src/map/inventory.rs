//! Inventory item → stock levels.

use connector_core::model::InventoryLevel;
use connector_core::{Model, Record};

use crate::api;

/// What stands for the place where the seller doesn't say where stock lies.
pub const TOTAL: &str = "ship-to-location";

/// The id of a level: the location, which has no `/` in it, and the SKU, which may.
#[must_use]
pub fn level_id(location: &str, sku: &str) -> String {
    format!("{location}/{sku}")
}

/// How many of an item can be shipped: by location where the seller spreads them, else in all, else
/// nothing.
#[must_use]
pub fn inventory_levels(item: &api::InventoryItem) -> Vec<Record> {
    let Some(home) = item
        .availability
        .as_ref()
        .and_then(|availability| availability.ship_to_location_availability.as_ref())
    else {
        return Vec::new();
    };
    let spread: Vec<Record> = home
        .availability_distributions
        .iter()
        .filter_map(|part| {
            let location = part.merchant_location_key.as_deref()?;
            Some(level(&item.sku, location, part.quantity))
        })
        .collect();
    if !spread.is_empty() {
        return spread;
    }
    let alone = home
        .quantity
        .map(|quantity| level(&item.sku, TOTAL, Some(quantity)));
    alone.into_iter().collect()
}

fn level(sku: &str, location: &str, available: Option<i64>) -> Record {
    let model = InventoryLevel {
        inventory_item_id: sku.to_owned(),
        location_id: location.to_owned(),
        variant_external_id: Some(sku.to_owned()),
        sku: Some(sku.to_owned()),
        available,
        on_hand: None,
        committed: None,
        reserved: None,
        incoming: None,
        updated_at: None,
    };
    let id = level_id(location, sku);
    Record::upsert(id, None, Model::InventoryLevel(Box::new(model)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn ids(home: &serde_json::Value) -> Vec<String> {
        let json = json!({"sku": "A/1", "availability": {"shipToLocationAvailability": home}});
        let item = serde_json::from_value(json).unwrap();
        let levels = inventory_levels(&item);
        levels.into_iter().map(|level| level.external_id).collect()
    }

    #[test]
    fn stock_is_counted_where_it_lies_and_never_twice() {
        assert_eq!(ids(&json!({"quantity": 3})), ["ship-to-location/A/1"]);
        let spread = json!({"quantity": 3, "availabilityDistributions": [
            {"merchantLocationKey": "north", "quantity": 1},
            {"merchantLocationKey": "south", "quantity": 2},
        ]});
        assert_eq!(ids(&spread), ["north/A/1", "south/A/1"]);
        assert_eq!(ids(&json!({})), Vec::<String>::new());
        let none = serde_json::from_value(json!({"sku": "A1"})).unwrap();
        assert!(inventory_levels(&none).is_empty());
    }
}
