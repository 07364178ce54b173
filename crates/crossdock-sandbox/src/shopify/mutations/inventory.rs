//! `inventorySetQuantities`, with the two rules that hold since 2026-04: the field carries
//! `@idempotent`, and every quantity says what it changes from.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::super::graphql::{Field, GraphqlError};
use super::super::rest;
use super::{Mutation, number, user_error};

/// The version from which both rules hold.
const STRICT: &str = "2026-04";

pub(super) fn set_quantities(
    field: &Field,
    mutation: &mut Mutation<'_>,
    now: DateTime<Utc>,
) -> Result<Value, GraphqlError> {
    let input = field.args.get("input").cloned().unwrap_or_default();
    let key = field
        .idempotency_key
        .clone()
        .map(|key| (mutation.grant.app.clone(), key));
    match &key {
        None if mutation.version >= STRICT => {
            return Err(GraphqlError::new(
                "BAD_REQUEST",
                "The @idempotent directive is required for this mutation but was not provided.",
            ));
        }
        None => {}
        Some(key) => {
            if let Some((asked, answered)) = mutation.shop.idempotent.get(key) {
                return Ok(if *asked == input {
                    answered.clone()
                } else {
                    refused(&[user_error(
                        &["input"],
                        Some("IDEMPOTENCY_KEY_PARAMETER_MISMATCH"),
                        "The same idempotency key was used with different parameters",
                    )])
                });
            }
        }
    }
    let payload = set(&input, mutation, now);
    if let Some(key) = key {
        mutation
            .shop
            .idempotent
            .insert(key, (input, payload.clone()));
    }
    Ok(payload)
}

fn refused(errors: &[Value]) -> Value {
    json!({ "inventoryAdjustmentGroup": null, "userErrors": errors })
}

/// One quantity to set.
struct Entry {
    item: u64,
    location: u64,
    quantity: i64,
}

fn set(input: &Value, mutation: &mut Mutation<'_>, now: DateTime<Utc>) -> Value {
    let text = |name: &str| input.get(name).and_then(Value::as_str).unwrap_or_default();
    let name = text("name");
    if !matches!(name, "available" | "on_hand") {
        return refused(&[user_error(
            &["input", "name"],
            Some("INVALID_NAME"),
            "The quantity name must be either 'available' or 'on_hand'.",
        )]);
    }
    let quantities = input.get("quantities").and_then(Value::as_array);
    let mut entries = vec![];
    let mut errors = vec![];
    for (index, quantity) in quantities.into_iter().flatten().enumerate() {
        match read(index, quantity, name, mutation) {
            Ok(entry) => entries.push(entry),
            Err(error) => errors.push(error),
        }
    }
    if !errors.is_empty() {
        return refused(&errors);
    }
    let mut changes = vec![];
    let mut told = vec![];
    for entry in entries {
        let Some(item) = mutation.shop.store.items.get_mut(&entry.item) else {
            continue;
        };
        let Some(level) = item
            .levels
            .iter_mut()
            .find(|l| l.location == entry.location)
        else {
            continue;
        };
        let before = level.quantities.get(name).unwrap_or(0);
        level.quantities.set(name, entry.quantity);
        level.updated_at = now;
        changes.push(json!({
            "name": name,
            "delta": entry.quantity - before,
            "quantityAfterChange": entry.quantity,
            "ledgerDocumentUri": null,
            "item": format!("gid://shopify/InventoryItem/{}", entry.item),
            "location": format!("gid://shopify/Location/{}", entry.location),
        }));
        told.push(rest::inventory_level(level));
    }
    let domain = mutation.shop.store.info.domain.clone();
    for body in told {
        let webhooks = &mutation.shop.webhooks;
        webhooks.publish(
            &domain,
            "INVENTORY_LEVELS_UPDATE",
            &body,
            now,
            mutation.world,
        );
    }
    let id = mutation.world.serial();
    json!({
        "inventoryAdjustmentGroup": {
            "id": format!("gid://shopify/InventoryAdjustmentGroup/{id}"),
            "createdAt": now.to_rfc3339_opts(SecondsFormat::Secs, true),
            "reason": text("reason"),
            "referenceDocumentUri": input.get("referenceDocumentUri"),
            "changes": changes,
        },
        "userErrors": [],
    })
}

fn read(
    index: usize,
    quantity: &Value,
    name: &str,
    mutation: &Mutation<'_>,
) -> Result<Entry, Value> {
    let place = index.to_string();
    let fail = |part: &str, code: &str, message: &str| {
        Err(user_error(
            &["input", "quantities", &place, part],
            Some(code),
            message,
        ))
    };
    let id = |part: &str| quantity.get(part).and_then(Value::as_str).and_then(number);
    let item = id("inventoryItemId").and_then(|id| mutation.shop.store.items.get(&id));
    let Some(item) = item else {
        return fail(
            "inventoryItemId",
            "INVALID_INVENTORY_ITEM",
            "The specified inventory item could not be found.",
        );
    };
    let level = id("locationId").and_then(|id| item.level(id));
    let Some(level) = level else {
        return fail(
            "locationId",
            "INVALID_LOCATION",
            "The specified location could not be found.",
        );
    };
    match quantity.get("changeFromQuantity") {
        None if mutation.version >= STRICT => {
            return fail(
                "changeFromQuantity",
                "COMPARE_QUANTITY_REQUIRED",
                "The changeFromQuantity argument is required. Pass null to skip the comparison.",
            );
        }
        Some(Value::Number(expected)) if expected.as_i64() != level.quantities.get(name) => {
            return fail(
                "changeFromQuantity",
                "CHANGE_FROM_QUANTITY_STALE",
                "The changeFromQuantity value does not match the persisted quantity.",
            );
        }
        _ => {}
    }
    let quantity = quantity
        .get("quantity")
        .and_then(Value::as_i64)
        .unwrap_or(0);
    if quantity.abs() > 1_000_000_000 {
        return fail(
            "quantity",
            if quantity > 0 {
                "INVALID_QUANTITY_TOO_HIGH"
            } else {
                "INVALID_QUANTITY_TOO_LOW"
            },
            "The quantity is out of range.",
        );
    }
    Ok(Entry {
        item: item.id,
        location: level.location,
        quantity,
    })
}
