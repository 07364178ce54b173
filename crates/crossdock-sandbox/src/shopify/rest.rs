//! Objects as REST and webhooks show them: numbers for ids, snake case, prices as text.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::objects::{Address, Bag, Level, Order, Product};
use super::store::Store;

/// Times in REST carry the shop's offset; the sandbox's shops are in UTC.
pub(crate) fn time(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, false)
}

/// A product, as in `products/update`.
pub(crate) fn product(store: &Store, product: &Product) -> Value {
    let variants: Vec<Value> = product
        .variants
        .iter()
        .zip(1..)
        .map(|(variant, position)| {
            json!({
                "admin_graphql_api_id": format!("gid://shopify/ProductVariant/{}", variant.id),
                "id": variant.id,
                "product_id": product.id,
                "title": variant.title,
                "price": variant.price.price().to_string(),
                "compare_at_price": variant.compare_at_price.map(|p| p.price().to_string()),
                "position": position,
                "sku": variant.sku,
                "barcode": variant.barcode,
                "taxable": variant.taxable,
                "inventory_policy": if variant.oversell { "continue" } else { "deny" },
                "inventory_item_id": variant.inventory_item,
                "inventory_quantity": store.quantity(variant).unwrap_or(0),
                "old_inventory_quantity": store.quantity(variant).unwrap_or(0),
                "option1": variant.options.first(),
                "option2": variant.options.get(1),
                "option3": variant.options.get(2),
                "image_id": variant.image,
                "created_at": time(variant.created_at),
                "updated_at": time(variant.updated_at),
            })
        })
        .collect();
    let options: Vec<Value> = product
        .options
        .iter()
        .zip(1..)
        .map(|(option, position)| {
            json!({
                "id": option.id,
                "product_id": product.id,
                "name": option.name,
                "position": position,
                "values": option.values,
            })
        })
        .collect();
    let images: Vec<Value> = product
        .images
        .iter()
        .zip(1..)
        .map(|(image, position)| {
            json!({
                "id": image.id,
                "product_id": product.id,
                "position": position,
                "src": image.url,
                "alt": image.alt,
                "width": image.width,
                "height": image.height,
                "variant_ids": image.variants,
                "created_at": time(product.created_at),
                "updated_at": time(product.updated_at),
            })
        })
        .collect();
    json!({
        "admin_graphql_api_id": format!("gid://shopify/Product/{}", product.id),
        "id": product.id,
        "title": product.title,
        "handle": product.handle,
        "body_html": product.description_html,
        "vendor": product.vendor,
        "product_type": product.product_type,
        "status": product.status.to_lowercase(),
        "tags": product.tags.join(", "),
        "template_suffix": product.template_suffix,
        "published_scope": "web",
        "created_at": time(product.created_at),
        "updated_at": time(product.updated_at),
        "published_at": product.published_at.map(time),
        "variants": variants,
        "options": options,
        "image": images.first(),
        "images": images,
    })
}

/// An inventory level, as in `inventory_levels/update`.
pub(crate) fn inventory_level(level: &Level) -> Value {
    json!({
        "admin_graphql_api_id": level.gid(),
        "inventory_item_id": level.item,
        "location_id": level.location,
        "available": level.quantities.available,
        "updated_at": time(level.updated_at),
    })
}

/// An order, as in `orders/create`.
pub(crate) fn order(order: &Order) -> Value {
    let bag = |bag: Bag| {
        json!({
            "shop_money": {
                "amount": bag.shop.price().to_string(),
                "currency_code": order.currency.as_str(),
            },
            "presentment_money": {
                "amount": bag.presentment.price().to_string(),
                "currency_code": order.presentment.as_str(),
            },
        })
    };
    let lines: Vec<Value> = order
        .lines
        .iter()
        .map(|line| {
            json!({
                "admin_graphql_api_id": format!("gid://shopify/LineItem/{}", line.id),
                "id": line.id,
                "title": line.title,
                "name": line.title,
                "variant_title": line.variant_title,
                "sku": line.sku,
                "vendor": line.vendor,
                "product_id": line.product,
                "variant_id": line.variant,
                "quantity": line.quantity,
                "current_quantity": line.quantity - line.removed,
                "fulfillable_quantity": line.unfulfilled,
                "price": line.price.shop.price().to_string(),
                "price_set": bag(line.price),
                "total_discount": line.discount.shop.price().to_string(),
                "total_discount_set": bag(line.discount),
                "requires_shipping": line.requires_shipping,
                "taxable": line.taxable,
                "gift_card": line.is_gift_card,
            })
        })
        .collect();
    let refunds: Vec<Value> = order
        .refunds
        .iter()
        .map(|refund| {
            json!({
                "id": refund.id,
                "order_id": order.id,
                "note": refund.note,
                "created_at": time(refund.created_at),
                "refund_line_items": refund.lines.iter().map(|line| json!({
                    "id": line.id,
                    "line_item_id": line.line,
                    "quantity": line.quantity,
                    "restock_type": line.restock.to_lowercase(),
                    "location_id": line.location,
                    "subtotal_set": bag(line.subtotal),
                    "total_tax_set": bag(line.tax),
                })).collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "admin_graphql_api_id": format!("gid://shopify/Order/{}", order.id),
        "id": order.id,
        "name": order.name,
        "order_number": order.number,
        "currency": order.currency.as_str(),
        "presentment_currency": order.presentment.as_str(),
        "financial_status": order.financial.as_deref().map(str::to_lowercase),
        "fulfillment_status": match &*order.fulfillment {
            "FULFILLED" => Some("fulfilled"),
            "PARTIALLY_FULFILLED" => Some("partial"),
            _ => None,
        },
        "total_price": order.total.shop.price().to_string(),
        "total_price_set": bag(order.total),
        "current_total_price": order.current_total().shop.price().to_string(),
        "current_total_price_set": bag(order.current_total()),
        "subtotal_price": order.subtotal.shop.price().to_string(),
        "subtotal_price_set": bag(order.subtotal),
        "total_tax": order.tax.shop.price().to_string(),
        "total_tax_set": bag(order.tax),
        "total_discounts": order.discounts.shop.price().to_string(),
        "total_discounts_set": bag(order.discounts),
        "total_shipping_price_set": bag(order.shipping_price),
        "taxes_included": order.taxes_included,
        "test": order.test,
        "confirmed": order.confirmed,
        "note": order.note,
        "tags": order.tags.join(", "),
        "email": order.email,
        "phone": order.phone,
        "source_name": order.source_name,
        "payment_gateway_names": order.gateways,
        "billing_address": order.billing.as_deref().map(address),
        "shipping_address": order.shipping.as_deref().map(address),
        "cancel_reason": order.cancel_reason.as_deref().map(str::to_lowercase),
        "cancelled_at": order.cancelled_at.map(time),
        "closed_at": order.closed_at.map(time),
        "created_at": time(order.created_at),
        "updated_at": time(order.updated_at),
        "processed_at": time(order.processed_at),
        "line_items": lines,
        "refunds": refunds,
    })
}

fn address(address: &Address) -> Value {
    json!({
        "first_name": address.first_name,
        "last_name": address.last_name,
        "name": address.name(),
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "province": address.province,
        "province_code": address.province_code,
        "country": address.country,
        "country_code": address.country_code,
        "zip": address.zip,
        "phone": address.phone,
    })
}
