//! Stock levels.

use connector_core::model::InventoryLevel;
use connector_core::{Model, Record};

use super::filled;
use crate::api;

/// The id of a stock level: `ITEM/LOCATION`, which is what webhooks tell. The platform's own number
/// for a level names neither.
#[must_use]
pub fn inventory_level_id(item: &str, location: &str) -> String {
    format!("{item}/{location}")
}

/// How much of an item lies at a location. `variant` is the variant that it is the stock of.
#[must_use]
pub fn inventory_level(
    item: &api::InventoryItem,
    variant: Option<&api::Gid>,
    level: &api::InventoryLevel,
) -> Record {
    let quantity = |name: &str| {
        let found = level
            .quantities
            .iter()
            .find(|quantity| quantity.name == name);
        found.map(|quantity| quantity.quantity)
    };
    let (item_id, location_id) = (item.id.tail(), level.location.tail());
    let model = InventoryLevel {
        inventory_item_id: item_id.to_owned(),
        variant_external_id: variant.map(|variant| variant.tail().to_owned()),
        sku: filled(item.sku.clone()),
        available: quantity("available"),
        on_hand: quantity("on_hand"),
        committed: quantity("committed"),
        reserved: quantity("reserved"),
        incoming: quantity("incoming"),
        updated_at: Some(level.updated_at),
        location_id,
    };
    Record::upsert(
        inventory_level_id(item_id, &model.location_id),
        Some(level.updated_at),
        Model::InventoryLevel(Box::new(model)),
    )
}
