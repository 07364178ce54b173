//! Orders: every status, several items, two currencies and more, buyers with all sorts of names.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::random::Random;

use super::super::account::Account;
use super::super::hosts::Marketplace;
use super::super::money::Money;
use super::super::orders::Order;
use super::super::params::timestamp;
use super::products::Product;
use super::words::{CANCELLATIONS, PEOPLE, TOWNS};
use super::{Source, price};

/// Over how many days orders are spread.
const DAYS: u64 = 400;

/// Makes up orders.
pub(super) fn fill(account: &mut Account, products: &[Product], count: u32, source: Source<'_>) {
    let marketplaces: Vec<&'static Marketplace> = account.marketplaces().collect();
    for number in 0..count {
        let mut random = source.random("order", number);
        let chosen = if random.chance(60) {
            marketplaces.first()
        } else {
            random.pick(&marketplaces)
        };
        let Some(marketplace) = chosen else { continue };
        let minutes = random.between(60, DAYS * 24 * 60);
        let created = source.as_of - TimeDelta::minutes(i64::try_from(minutes).unwrap_or(60));
        let bought: Vec<&Product> = (0..random.between(1, 3))
            .filter_map(|_| random.pick(products))
            .collect();
        if let Some(order) = order(&bought, marketplace, created, source.as_of, &mut random) {
            account.orders.insert(order.id.clone(), order);
        }
    }
}

/// One order of some products, placed at a time and looked at at a later one.
pub(super) fn order(
    products: &[&Product],
    marketplace: &Marketplace,
    created: DateTime<Utc>,
    as_of: DateTime<Utc>,
    random: &mut Random,
) -> Option<Order> {
    let id = format!(
        "{:03}-{:07}-{:07}",
        random.between(100, 799),
        random.between(0, 9_999_999),
        random.between(0, 9_999_999)
    );
    let age = as_of - created;
    let status = match random.between(0, 99) {
        _ if age < TimeDelta::hours(12) => "PENDING",
        0..=1 => "PENDING_AVAILABILITY",
        2..=8 => "CANCELLED",
        9..=10 => "UNFULFILLABLE",
        11..=14 => "PARTIALLY_SHIPPED",
        _ if age < TimeDelta::days(3) => "UNSHIPPED",
        _ => "SHIPPED",
    };
    let by_amazon = status == "UNFULFILLABLE" || random.chance(60);
    let lived = random.between(1, 14 * 24 * 60);
    let updated = created + TimeDelta::minutes(i64::try_from(lived).unwrap_or(1));
    let updated = updated.min(as_of);
    let priced = !status.starts_with("PENDING");
    let mut total = 0;
    let items: Vec<Value> = products
        .iter()
        .zip(0_u64..)
        .map(|(product, index)| {
            let (item, worth) = item(product, index, marketplace, status, by_amazon, random);
            total += worth;
            item
        })
        .collect();
    let mut json = json!({
        "orderId": id,
        "createdTime": timestamp(created),
        "lastUpdatedTime": timestamp(updated),
        "programs": if by_amazon && random.chance(70) { json!(["PRIME"]) } else { json!([]) },
        "associatedOrders": [],
        "salesChannel": {
            "channelName": "AMAZON",
            "marketplaceId": marketplace.id,
            "marketplaceName": marketplace.name,
        },
        "fulfillment": {
            "fulfillmentStatus": status,
            "fulfilledBy": if by_amazon { "AMAZON" } else { "MERCHANT" },
            "fulfillmentServiceLevel": if by_amazon { "EXPEDITED" } else { "STANDARD" },
            "shipByWindow": {
                "earliestDateTime": timestamp(created),
                "latestDateTime": timestamp(created + TimeDelta::days(3)),
            },
            "deliverByWindow": {
                "earliestDateTime": timestamp(created + TimeDelta::days(3)),
                "latestDateTime": timestamp(created + TimeDelta::days(8)),
            },
        },
        "orderItems": items,
    });
    if let Some(order) = json.as_object_mut() {
        if priced && status != "CANCELLED" {
            let total = Money::new(total, marketplace.currency).decimal();
            order.insert("proceeds".to_owned(), json!({"grandTotal": total}));
        }
        if priced {
            let name = random.pick(PEOPLE).copied().unwrap_or_default();
            let town = random.pick(TOWNS).copied().unwrap_or_default();
            order.insert(
                "buyer".to_owned(),
                json!({
                    "buyerName": name,
                    "buyerEmail": format!("buyer-{}@marketplace.example", random.between(1000, 9999)),
                }),
            );
            order.insert(
                "recipient".to_owned(),
                json!({"deliveryAddress": {
                    "name": name,
                    "addressLine1": format!("{} Sample Road", random.between(1, 99)),
                    "city": town,
                    "postalCode": format!("{:05}", random.between(1, 99_999)),
                    "countryCode": marketplace.country,
                    "addressType": "RESIDENTIAL",
                }}),
            );
        }
        let shipped = matches!(status, "SHIPPED" | "PARTIALLY_SHIPPED");
        // Amazon does not tell of the parcels that it sends itself.
        if shipped && !by_amazon {
            order.insert(
                "packages".to_owned(),
                json!([package(order.get("orderItems"), updated, random)]),
            );
        }
        if random.chance(10) {
            let alias = format!("WEB-{}", random.between(1000, 9999));
            let alias = json!([{"aliasId": alias, "aliasType": "SELLER_ORDER_ID"}]);
            order.insert("orderAliases".to_owned(), alias);
        }
    }
    Order::new(json)
}

/// One item of an order, and what it adds to the total in the smallest unit.
fn item(
    product: &Product,
    index: u64,
    marketplace: &Marketplace,
    status: &str,
    by_amazon: bool,
    random: &mut Random,
) -> (Value, i64) {
    let quantity = random.between(1, 3);
    let count = i64::try_from(quantity).unwrap_or(1);
    let unit = price(product.cents, marketplace.currency);
    let in_currency = |minor| Money::new(minor, unit.currency);
    let goods = unit.minor * count;
    let shipping = if random.chance(30) {
        price(499, unit.currency).minor
    } else {
        0
    };
    let tax = goods * 8 / 100;
    let discount = if random.chance(15) { goods / 10 } else { 0 };
    let worth = goods + shipping + tax - discount;
    let sku = if by_amazon {
        product.by_amazon()
    } else {
        product.by_seller()
    };
    let fulfilled = match status {
        "SHIPPED" => quantity,
        "PARTIALLY_SHIPPED" => quantity - 1,
        _ => 0,
    };
    let left = match status {
        "CANCELLED" => 0,
        _ => quantity - fulfilled,
    };
    let mut json = json!({
        "orderItemId": format!("{}{index}", random.between(1_000_000_000_000, 9_999_999_999_999)),
        "quantityOrdered": if status == "CANCELLED" { 0 } else { quantity },
        "programs": [],
        "product": {
            "asin": product.asin,
            "title": product.name,
            "sellerSku": sku.unwrap_or_else(|| product.stem.clone()),
            "condition": {"conditionType": "NEW", "conditionSubtype": "NEW"},
        },
        "fulfillment": {"quantityFulfilled": fulfilled, "quantityUnfulfilled": left},
    });
    let Some(item) = json.as_object_mut() else {
        return (json, 0);
    };
    if status == "CANCELLED" {
        let (by, reason) = random.pick(CANCELLATIONS).copied().unwrap_or_default();
        let mut cancellation = json!({
            "cancellationExecution": {"cancelledBy": by, "cancelReason": reason},
        });
        if let (Some(cancellation), "BUYER") = (cancellation.as_object_mut(), by) {
            let request = json!({"requester": "BUYER", "cancelReason": reason});
            cancellation.insert("cancellationRequest".to_owned(), request);
        }
        item.insert("cancellation".to_owned(), cancellation);
        return (json, 0);
    }
    if status.starts_with("PENDING") {
        return (json, 0);
    }
    if let Some(product) = item.get_mut("product").and_then(Value::as_object_mut) {
        product.insert("price".to_owned(), json!({"unitPrice": unit.decimal()}));
    }
    let parts = [
        ("ITEM", goods),
        ("SHIPPING", shipping),
        ("TAX", tax),
        ("DISCOUNT", -discount),
    ];
    let breakdowns: Vec<Value> = parts
        .iter()
        .filter(|(_, amount)| *amount != 0)
        .map(|(kind, amount)| json!({"type": kind, "subtotal": in_currency(*amount).decimal()}))
        .collect();
    item.insert(
        "proceeds".to_owned(),
        json!({"proceedsTotal": in_currency(worth).decimal(), "breakdowns": breakdowns}),
    );
    if discount > 0 {
        let promotion = json!({"breakdowns": [{"promotionId": format!("PROMO-{}", product.stem)}]});
        item.insert("promotion".to_owned(), promotion);
    }
    if unit.currency == "JPY" {
        let points = goods / 100;
        item.insert(
            "expense".to_owned(),
            json!({"pointsCost": {"pointsGranted": {
                "pointsNumber": points,
                "pointsMonetaryValue": in_currency(points).decimal(),
            }}}),
        );
    }
    (json, worth)
}

/// What the seller sent.
fn package(items: Option<&Value>, sent: DateTime<Utc>, random: &mut Random) -> Value {
    let contents: Vec<Value> = items
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|item| {
            let sent = item.pointer("/fulfillment/quantityFulfilled")?.as_u64()?;
            let id = item.get("orderItemId")?;
            (sent > 0).then(|| json!({"orderItemId": id, "quantity": sent}))
        })
        .collect();
    json!({
        "packageReferenceId": random.between(1, 9).to_string(),
        "createdTime": timestamp(sent),
        "shipTime": timestamp(sent),
        "packageStatus": {"status": "SHIPPED"},
        "carrier": "Sandbox Parcel",
        "shippingService": "Standard",
        "trackingNumber": format!("SBX{}", random.between(100_000_000, 999_999_999)),
        "packageItems": contents,
    })
}
