//! Stock in Amazon's warehouses.

use chrono::{DateTime, Utc};
use connector_core::Record;
use connector_core::model::{InventoryLevel, Model};

use super::{Mapped, Skipped, text};
use crate::api::{InventoryDetails, InventorySummary};

/// The id of a stock level. The seller's code stands last, as it may hold anything.
pub(crate) fn inventory_id(marketplace_id: &str, condition: &str, sku: &str) -> String {
    format!("{marketplace_id}/{condition}/{sku}")
}

/// The stock of one thing in one condition, as one marketplace counts it.
///
/// What is only announced to Amazon is not on its way yet, and left out. What is mislaid or can't be
/// sold is there, but neither available nor reserved.
pub fn inventory_level(summary: InventorySummary, marketplace_id: &str) -> Mapped {
    let Some(sku) = text(summary.seller_sku) else {
        return Err(Skipped::new("", "it has no SKU"));
    };
    let condition = summary.condition.unwrap_or_default();
    let id = inventory_id(marketplace_id, &condition, &sku);
    let updated_at = summary.last_updated_time.as_deref().and_then(instant);
    let details = summary.inventory_details.unwrap_or_default();
    let reserved = details.reserved_quantity.clone().unwrap_or_default();
    let level = InventoryLevel {
        inventory_item_id: text(summary.fn_sku).unwrap_or_else(|| sku.clone()),
        location_id: marketplace_id.to_owned(),
        variant_external_id: text(summary.asin),
        sku: Some(sku),
        available: details.fulfillable_quantity,
        on_hand: on_hand(&details),
        committed: reserved.pending_customer_order_quantity,
        reserved: sum([
            reserved.pending_transshipment_quantity,
            reserved.fc_processing_quantity,
        ]),
        incoming: sum([
            details.inbound_shipped_quantity,
            details.inbound_receiving_quantity,
        ]),
        updated_at,
    };
    let model = Model::InventoryLevel(Box::new(level));
    Ok(Record::upsert(id, updated_at, model))
}

fn on_hand(details: &InventoryDetails) -> Option<i64> {
    let reserved = details.reserved_quantity.as_ref();
    let researching = details.researching_quantity.as_ref();
    let unfulfillable = details.unfulfillable_quantity.as_ref();
    sum([
        details.fulfillable_quantity,
        reserved.and_then(|reserved| reserved.total_reserved_quantity),
        researching.and_then(|researching| researching.total_researching_quantity),
        unfulfillable.and_then(|unfulfillable| unfulfillable.total_unfulfillable_quantity),
    ])
}

/// The sum of what is told; `None` where nothing is.
fn sum<const N: usize>(quantities: [Option<i64>; N]) -> Option<i64> {
    quantities
        .into_iter()
        .flatten()
        .fold(None, |sum, quantity| {
            Some(sum.unwrap_or(0_i64).saturating_add(quantity))
        })
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|instant| instant.to_utc())
}

#[cfg(test)]
mod tests {
    use connector_core::Change;
    use serde_json::{Value, json};

    use super::*;

    fn mapped(json: Value) -> (String, InventoryLevel) {
        let record = inventory_level(serde_json::from_value(json).unwrap(), "M1").unwrap();
        match record.change {
            Change::Upsert(Model::InventoryLevel(level)) => (record.external_id, *level),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_piece_is_counted_where_it_is() {
        let (id, level) = mapped(json!({
            "asin": "B000MADEUP", "fnSku": "X000MADEUP", "sellerSku": "a/b", "condition": "NewItem",
            "lastUpdatedTime": "2026-03-01T00:00:00Z", "totalQuantity": 1111,
            "inventoryDetails": {
                "fulfillableQuantity": 100, "inboundWorkingQuantity": 1000,
                "inboundShippedQuantity": 5, "inboundReceivingQuantity": 2,
                "reservedQuantity": {"totalReservedQuantity": 30, "pendingCustomerOrderQuantity": 10,
                    "pendingTransshipmentQuantity": 12, "fcProcessingQuantity": 8},
                "researchingQuantity": {"totalResearchingQuantity": 3},
                "unfulfillableQuantity": {"totalUnfulfillableQuantity": 4}}}));
        assert_eq!(id, "M1/NewItem/a/b");
        assert_eq!(
            (level.available, level.on_hand, level.committed),
            (Some(100), Some(137), Some(10))
        );
        assert_eq!((level.reserved, level.incoming), (Some(20), Some(7)));
        assert_eq!(level.inventory_item_id, "X000MADEUP");
        assert!(level.updated_at.is_some());
    }

    #[test]
    fn what_is_not_told_is_not_zero() {
        let (id, level) = mapped(json!({"sellerSku": "a", "lastUpdatedTime": ""}));
        assert_eq!(id, "M1//a");
        assert_eq!((level.available, level.on_hand), (None, None));
        assert_eq!((level.incoming, level.updated_at), (None, None));
        assert_eq!(level.inventory_item_id, "a");
    }

    #[test]
    fn without_a_sku_it_is_skipped() {
        let nameless = serde_json::from_value(json!({"asin": "B000MADEUP"})).unwrap();
        assert!(inventory_level(nameless, "M1").is_err());
    }
}
