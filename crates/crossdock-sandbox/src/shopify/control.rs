//! Control verbs: what a test or a person can make happen in a shop.
//!
//! Every verb takes a JSON object; `shop` names the shop, the demo shop unless it is there.

use std::str::FromStr as _;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::graphql::Rule;
use super::mutations::product_input;
use super::oauth::{self, CLIENT_ID};
use super::objects::{Amount, Bag};
use super::shop::Shop;
use super::throttle::Bucket;
use super::webhooks::{deliver, wire_topic};
use super::{DEMO, Shopify, rest};
use crate::platform::ControlError;
use crate::world::World;

/// The version that deliveries without a subscription carry.
const VERSION: &str = "2026-10";

fn wrong(message: impl Into<String>) -> ControlError {
    ControlError(message.into())
}

/// Carries out one verb.
pub(super) fn control(
    shopify: &mut Shopify,
    verb: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    let domain = body
        .get("shop")
        .and_then(Value::as_str)
        .unwrap_or(DEMO)
        .to_owned();
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    match verb {
        "token/custom" => return Ok(json!({ "access_token": oauth::custom_token(world) })),
        "token/revoke" => {
            match text("access_token") {
                Some(token) => shopify.authority.revoke(token),
                None => shopify.authority.uninstall(
                    &domain,
                    text("client_id").unwrap_or(CLIENT_ID),
                    world,
                ),
            }
            return Ok(json!({}));
        }
        "scopes/set" => {
            let scopes = body.get("scopes").and_then(Value::as_array);
            let scopes = scopes.ok_or_else(|| wrong("scopes must be a list of texts"))?;
            let scopes = scopes
                .iter()
                .filter_map(|s| s.as_str().map(str::to_owned))
                .collect();
            let app = text("client_id").unwrap_or(CLIENT_ID);
            shopify.authority.set_scopes(&domain, app, scopes);
            return Ok(json!({}));
        }
        "settings/set" => return settings(shopify, body),
        _ => {}
    }
    let shop = shopify
        .shops
        .get_mut(&domain)
        .ok_or_else(|| wrong(format!("there is no shop {domain}")))?;
    match verb {
        "throttle/drain" => {
            let app = text("client_id").unwrap_or(CLIENT_ID).to_owned();
            let limits = shopify.settings.limits;
            let bucket = shop
                .buckets
                .entry(app)
                .or_insert_with(|| Bucket::full(limits, world.now));
            bucket.drain(world.now);
            Ok(bucket.status(limits))
        }
        "product/create" => product_create(shop, &domain, body, world),
        "product/update" => product_update(shop, &domain, body, world),
        "product/delete" => {
            let id = id(body, "id")?;
            shop.store
                .delete_product(id)
                .ok_or_else(|| wrong(format!("no product {id}")))?;
            let sent = publish(
                shop,
                &domain,
                "PRODUCTS_DELETE",
                &json!({ "id": id }),
                world,
            );
            Ok(json!({ "id": id, "webhooks": sent }))
        }
        "order/create" => order_create(shop, &domain, body, world),
        "order/update" => order_update(shop, &domain, body, world),
        "inventory/set" => inventory_set(shop, &domain, body, world),
        "webhook/send" => webhook_send(shop, &domain, body, world),
        _ => Err(wrong(format!("shopify has no control verb {verb}"))),
    }
}

fn publish(shop: &Shop, domain: &str, topic: &str, body: &Value, world: &mut World) -> usize {
    let now = world.now;
    shop.webhooks.publish(domain, topic, body, now, world)
}

/// A number, or the gid that ends in one.
fn id(body: &Value, name: &str) -> Result<u64, ControlError> {
    let value = body.get(name);
    let number = value.and_then(Value::as_u64);
    let gid = || value?.as_str()?.rsplit('/').next()?.parse().ok();
    number
        .or_else(gid)
        .ok_or_else(|| wrong(format!("{name} must be a number or a gid")))
}

fn settings(shopify: &mut Shopify, body: &Value) -> Result<Value, ControlError> {
    let settings = &mut shopify.settings;
    for (key, value) in body.as_object().into_iter().flatten() {
        let number = || {
            value
                .as_f64()
                .ok_or_else(|| wrong(format!("{key} must be a number")))
        };
        match key.as_str() {
            "shop" => {}
            "maximum" => settings.limits.maximum = number()?,
            "restore" => settings.limits.restore = number()?,
            "cost" => {
                settings.rule = match value.as_str() {
                    Some("root") => Rule::Root,
                    Some("linear") => Rule::Linear,
                    _ => return Err(wrong("cost must be root or linear")),
                }
            }
            "customer_data" => {
                let flag = value.as_bool();
                settings.customer_data =
                    flag.ok_or_else(|| wrong("customer_data must be true or false"))?;
            }
            "bulk_delay_ms" => {
                settings.bulk_delay = value.as_i64().map(TimeDelta::milliseconds);
            }
            "bulk_failure" => {
                let codes = ["ACCESS_DENIED", "INTERNAL_SERVER_ERROR", "TIMEOUT"];
                settings.bulk_failure =
                    codes.into_iter().find(|code| value.as_str() == Some(*code));
            }
            _ => return Err(wrong(format!("there is no setting {key}"))),
        }
    }
    Ok(json!({}))
}

fn product_create(
    shop: &mut Shop,
    domain: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    let id = super::generate::one_product(&mut shop.store, world);
    apply_product(shop, id, body, world.now)?;
    tell_product(shop, domain, id, "PRODUCTS_CREATE", world)
}

fn product_update(
    shop: &mut Shop,
    domain: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    let id = match body.get("id") {
        Some(_) => id(body, "id")?,
        None => *shop
            .store
            .products()
            .keys()
            .next()
            .ok_or_else(|| wrong("no products"))?,
    };
    apply_product(shop, id, body, world.now)?;
    tell_product(shop, domain, id, "PRODUCTS_UPDATE", world)
}

/// Takes over `title`, `status`, `vendor`… as in `ProductUpdateInput`, and `price` for every
/// variant.
fn apply_product(
    shop: &mut Shop,
    id: u64,
    body: &Value,
    now: DateTime<Utc>,
) -> Result<(), ControlError> {
    let mut product = shop
        .store
        .products()
        .get(&id)
        .cloned()
        .ok_or_else(|| wrong(format!("no product {id}")))?;
    product_input(body, &mut product);
    if let Some(price) = body.get("price") {
        let price = Amount::from_json(price).ok_or_else(|| wrong("price must be an amount"))?;
        for variant in &mut product.variants {
            variant.price = price;
            variant.updated_at = now;
        }
    }
    product.updated_at = now;
    shop.store.put_product(product);
    Ok(())
}

fn tell_product(
    shop: &Shop,
    domain: &str,
    id: u64,
    topic: &str,
    world: &mut World,
) -> Result<Value, ControlError> {
    let product = shop
        .store
        .products()
        .get(&id)
        .ok_or_else(|| wrong(format!("no product {id}")))?;
    let body = rest::product(&shop.store, product);
    let sent = publish(shop, domain, topic, &body, world);
    Ok(json!({ "id": id, "webhooks": sent }))
}

fn order_create(
    shop: &mut Shop,
    domain: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    let id = super::generate::one_order(&mut shop.store, world)
        .ok_or_else(|| wrong("the shop has no products to order"))?;
    change_order(shop, id, body, world.now)?;
    tell_order(shop, domain, id, "ORDERS_CREATE", world)
}

fn order_update(
    shop: &mut Shop,
    domain: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    let id = match body.get("id") {
        Some(_) => id(body, "id")?,
        None => *shop
            .store
            .orders
            .keys()
            .next_back()
            .ok_or_else(|| wrong("no orders"))?,
    };
    change_order(shop, id, body, world.now)?;
    tell_order(shop, domain, id, "ORDERS_UPDATED", world)
}

/// Takes over `note`, `tags`, `financial_status`, `fulfillment_status`, `cancel_reason` and
/// `total`.
fn change_order(
    shop: &mut Shop,
    id: u64,
    body: &Value,
    now: DateTime<Utc>,
) -> Result<(), ControlError> {
    let order = shop
        .store
        .orders
        .get_mut(&id)
        .ok_or_else(|| wrong(format!("no order {id}")))?;
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    if let Some(note) = text("note") {
        order.note = Some(note.to_owned());
    }
    if let Some(tags) = body.get("tags").and_then(Value::as_array) {
        order.tags = tags
            .iter()
            .filter_map(Value::as_str)
            .map(Arc::from)
            .collect();
    }
    if let Some(status) = text("financial_status") {
        order.financial = Some(status.to_uppercase().into());
    }
    if let Some(status) = text("fulfillment_status") {
        order.fulfillment = status.to_uppercase().into();
    }
    if let Some(reason) = text("cancel_reason") {
        order.cancel_reason = Some(reason.to_uppercase().into());
        order.cancelled_at = Some(now);
    }
    if let Some(total) = body.get("total") {
        let total = Amount::from_json(total).ok_or_else(|| wrong("total must be an amount"))?;
        order.total = Bag::same(total);
    }
    order.updated_at = now;
    Ok(())
}

fn tell_order(
    shop: &Shop,
    domain: &str,
    id: u64,
    topic: &str,
    world: &mut World,
) -> Result<Value, ControlError> {
    let order = shop
        .store
        .orders
        .get(&id)
        .ok_or_else(|| wrong(format!("no order {id}")))?;
    let sent = publish(shop, domain, topic, &rest::order(order), world);
    Ok(json!({ "id": id, "name": order.name, "webhooks": sent }))
}

fn inventory_set(
    shop: &mut Shop,
    domain: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    let quantity = body.get("available").and_then(Value::as_i64);
    let quantity = quantity.ok_or_else(|| wrong("available must be a whole number"))?;
    let item_id = match body.get("inventory_item_id") {
        Some(_) => id(body, "inventory_item_id")?,
        None => *shop
            .store
            .items
            .iter()
            .find(|(_, item)| !item.levels.is_empty())
            .map(|(id, _)| id)
            .ok_or_else(|| wrong("no inventory levels"))?,
    };
    let location = body
        .get("location_id")
        .map(|_| id(body, "location_id"))
        .transpose()?;
    let now = world.now;
    let item = shop.store.items.get_mut(&item_id);
    let level = item.and_then(|item| {
        item.levels
            .iter_mut()
            .find(|level| location.is_none_or(|id| level.location == id))
    });
    let level = level.ok_or_else(|| wrong("no such inventory level"))?;
    level.quantities.available = quantity;
    level.updated_at = now;
    let told = rest::inventory_level(level);
    let sent = publish(shop, domain, "INVENTORY_LEVELS_UPDATE", &told, world);
    Ok(json!({ "level": told, "webhooks": sent }))
}

/// Sends a topic to `address`, or to everybody who subscribed to it. The three compliance topics
/// cannot be subscribed to: for them, and for anything by hand, there is `address`.
fn webhook_send(
    shop: &Shop,
    domain: &str,
    body: &Value,
    world: &mut World,
) -> Result<Value, ControlError> {
    let topic = body.get("topic").and_then(Value::as_str);
    let topic = topic.ok_or_else(|| wrong("topic must be a text"))?;
    let constant = topic.to_uppercase().replace('/', "_");
    let content = match body.get("body") {
        Some(content) => content.clone(),
        None => compliance(shop, domain, &constant)
            .ok_or_else(|| wrong(format!("{topic} needs a body")))?,
    };
    let now = world.now;
    let sent = match body.get("address").and_then(Value::as_str) {
        None => shop
            .webhooks
            .publish(domain, &constant, &content, now, world),
        Some(address) => {
            url::Url::from_str(address)
                .ok()
                .ok_or_else(|| wrong("address must be a URL"))?;
            let event = world.uuid();
            usize::from(deliver(
                address,
                domain,
                &wire_topic(&constant),
                VERSION,
                &content,
                &event,
                None,
                now,
                world,
            ))
        }
    };
    Ok(json!({ "webhooks": sent }))
}

/// What the compliance topics carry.
fn compliance(shop: &Shop, domain: &str, topic: &str) -> Option<Value> {
    let shop_id = shop.store.info.id;
    let order = shop
        .store
        .orders
        .values()
        .find(|order| order.customer.is_some());
    let orders: Vec<u64> = order.iter().map(|order| order.id).collect();
    let customer = order.and_then(|order| order.customer.as_ref()).map(
        |customer| json!({ "id": customer.id, "email": customer.email, "phone": customer.phone }),
    );
    match topic {
        "CUSTOMERS_DATA_REQUEST" => Some(json!({
            "shop_id": shop_id,
            "shop_domain": domain,
            "orders_requested": orders,
            "customer": customer,
            "data_request": { "id": 9_999 },
        })),
        "CUSTOMERS_REDACT" => Some(json!({
            "shop_id": shop_id,
            "shop_domain": domain,
            "customer": customer,
            "orders_to_redact": orders,
        })),
        "SHOP_REDACT" => Some(json!({ "shop_id": shop_id, "shop_domain": domain })),
        _ => None,
    }
}
