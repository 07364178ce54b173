//! Fields of inventory items, levels and locations.

use std::borrow::Cow;

use serde_json::json;

use super::super::graphql::{Field, GraphqlError, Resolved, Search, Term};
use super::super::objects::{InventoryItem, Level, Location};
use super::{Answer, Context, Object, nested};

pub(super) fn item<'a>(item: &'a InventoryItem, field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let store = &cx.shop.store;
    let variant = || item.variant.and_then(|(_, id)| store.variant(id));
    Ok(match field.name {
        "id" => Resolved::Gid("InventoryItem", item.id),
        "legacyResourceId" => Resolved::Digits(item.id),
        "sku" => Resolved::opt(item.sku.as_deref()),
        "tracked" => Resolved::Bool(item.tracked),
        "requiresShipping" => Resolved::Bool(item.requires_shipping),
        "unitCost" => Resolved::opt_object(
            item.unit_cost
                .map(|cost| Object::Money(cost, store.info.currency)),
        ),
        "countryCodeOfOrigin" => Resolved::opt(item.country_of_origin.as_deref()),
        "harmonizedSystemCode" => Resolved::opt(item.harmonized_system_code.as_deref()),
        "createdAt" => Resolved::Time(item.created_at),
        "updatedAt" => Resolved::Time(item.updated_at),
        "locationsCount" => {
            Resolved::json(json!({ "count": item.levels.len(), "precision": "EXACT" }))
        }
        "measurement" => Resolved::json(json!({
            "id": format!("gid://shopify/InventoryItemMeasurement/{}", item.id),
            "weight": item.weight.map(|grams| json!({ "unit": "GRAMS", "value": grams })),
        })),
        "inventoryLevel" => {
            let location = id_argument(field, "locationId");
            Resolved::opt_object(location.and_then(|id| item.level(id)).map(Object::Level))
        }
        "inventoryLevels" => levels(field, cx, item.levels.iter())?,
        "variant" => {
            let (product, position, variant) = variant().ok_or_else(|| {
                GraphqlError::new("RESOURCE_NOT_FOUND", "The inventory item has no variant")
            })?;
            Resolved::Object(Object::Variant(product, position, variant))
        }
        "variants" => nested(
            field,
            cx,
            variant().into_iter().map(|found| (found.2.id, found)),
            |(product, position, variant)| Object::Variant(product, position, variant),
        )?,
        _ => Resolved::Null,
    })
}

fn levels<'a>(
    field: &Field,
    cx: &'a Context<'a>,
    levels: impl Iterator<Item = &'a Level>,
) -> Answer<'a> {
    let search = Search::parse(field.args.str("query").unwrap_or_default());
    let found = levels.filter(|level| {
        search.matches(&|term: &Term| {
            Some(match term.field.as_str() {
                "id" => term.number(level.id.into()),
                "inventory_item_id" => term.number(level.item.into()),
                "created_at" => term.time(level.created_at),
                "updated_at" => term.time(level.updated_at),
                _ => return None,
            })
        })
    });
    nested(
        field,
        cx,
        found.map(|level| (level.id, level)),
        Object::Level,
    )
}

fn id_argument(field: &Field, name: &str) -> Option<u64> {
    field.args.str(name)?.rsplit('/').next()?.parse().ok()
}

pub(super) fn level<'a>(level: &'a Level, field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    let store = &cx.shop.store;
    Ok(match field.name {
        "id" => Resolved::Str(Cow::Owned(level.gid())),
        "isActive" | "canDeactivate" => Resolved::Bool(true),
        "createdAt" => Resolved::Time(level.created_at),
        "updatedAt" => Resolved::Time(level.updated_at),
        "item" => Resolved::opt_object(store.items.get(&level.item).map(Object::Item)),
        "location" => {
            Resolved::opt_object(store.locations.get(&level.location).map(Object::Location))
        }
        "quantities" => {
            let names = field.args.get("names").and_then(|names| names.as_array());
            let mut quantities = vec![];
            for name in names.into_iter().flatten().filter_map(|name| name.as_str()) {
                let quantity = level.quantities.get(name).ok_or_else(|| {
                    GraphqlError::new(
                        "BAD_USER_INPUT",
                        format!("The quantity name '{name}' is not valid"),
                    )
                })?;
                quantities.push(json!({
                    "id": format!(
                        "gid://shopify/InventoryQuantity/{}?inventory_item_id={}&name={name}",
                        level.id, level.item
                    ),
                    "name": name,
                    "quantity": quantity,
                    "updatedAt": level.updated_at.to_rfc3339_opts(
                        chrono::SecondsFormat::Secs,
                        true,
                    ),
                }));
            }
            Resolved::json(quantities.into())
        }
        _ => Resolved::Null,
    })
}

pub(super) fn location<'a>(
    location: &'a Location,
    field: &Field,
    cx: &'a Context<'a>,
) -> Answer<'a> {
    let store = &cx.shop.store;
    let here = || {
        store
            .items
            .values()
            .filter_map(|item| item.level(location.id))
    };
    Ok(match field.name {
        "id" => Resolved::Gid("Location", location.id),
        "legacyResourceId" => Resolved::Digits(location.id),
        "name" => Resolved::str(&location.name),
        "isActive" | "shipsInventory" => Resolved::Bool(location.is_active),
        "activatable" => Resolved::Bool(!location.is_active),
        "deactivatable" => Resolved::Bool(location.is_active && !location.is_primary),
        "deletable" | "addressVerified" => Resolved::Bool(false),
        "isPrimary" => Resolved::Bool(location.is_primary),
        "fulfillsOnlineOrders" => Resolved::Bool(location.fulfills_online_orders),
        "isFulfillmentService" => Resolved::Bool(location.is_fulfillment_service),
        "hasActiveInventory" => Resolved::Bool(here().next().is_some()),
        "hasUnfulfilledOrders" => Resolved::Bool(
            store
                .orders
                .values()
                .any(|order| order.lines.iter().any(|line| line.unfulfilled > 0)),
        ),
        "createdAt" => Resolved::Time(location.created_at),
        "updatedAt" => Resolved::Time(location.updated_at),
        "address" => {
            let address = &location.address;
            Resolved::json(json!({
                "address1": address.address1,
                "address2": address.address2,
                "city": address.city,
                "country": address.country,
                "countryCode": address.country_code,
                "formatted": address.formatted(),
                "latitude": null,
                "longitude": null,
                "phone": address.phone,
                "province": address.province,
                "provinceCode": address.province_code,
                "zip": address.zip,
            }))
        }
        "inventoryLevel" => {
            let item = id_argument(field, "inventoryItemId");
            let level = item.and_then(|id| store.items.get(&id)?.level(location.id));
            Resolved::opt_object(level.map(Object::Level))
        }
        "inventoryLevels" => levels(field, cx, here())?,
        _ => Resolved::Null,
    })
}
