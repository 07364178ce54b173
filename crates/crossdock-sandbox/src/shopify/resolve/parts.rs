//! Parts that orders, their lines and their refunds have in common: money in two currencies,
//! taxes, discounts, shipping.

use serde_json::{Value, json};

use super::super::graphql::Resolved;
use super::super::objects::{Bag, Discount, Order, ShippingLine, TaxLine};
use super::Object;

/// An amount in both currencies of an order.
pub(super) fn bag<'a>(order: &Order, bag: Bag) -> Resolved<'a> {
    Resolved::Object(Object::Bag(bag, order.currency, order.presentment))
}

/// A bag inside a made-up value.
pub(super) fn bag_json(order: &Order, bag: Bag) -> Value {
    json!({
        "shopMoney": {
            "amount": bag.shop.decimal().to_string(),
            "currencyCode": order.currency.as_str(),
        },
        "presentmentMoney": {
            "amount": bag.presentment.decimal().to_string(),
            "currencyCode": order.presentment.as_str(),
        },
    })
}

pub(super) fn tax_lines<'a, 't>(
    order: &Order,
    lines: impl Iterator<Item = &'t TaxLine>,
) -> Resolved<'a> {
    Resolved::json(lines.map(|line| tax_line(order, line)).collect())
}

#[expect(clippy::cast_precision_loss, reason = "a rate has few digits")]
pub(super) fn tax_line(order: &Order, line: &TaxLine) -> Value {
    json!({
        "title": line.title,
        "rate": line.rate as f64 / 1000.0,
        "ratePercentage": line.rate as f64 / 10.0,
        "priceSet": bag_json(order, line.price),
        "source": null,
        "channelLiable": false,
    })
}

pub(super) fn discounts(order: &Order) -> Value {
    order
        .discount_applications
        .iter()
        .enumerate()
        .map(|(i, d)| discount(order, i, d))
        .collect()
}

pub(super) fn discount(order: &Order, index: usize, discount: &Discount) -> Value {
    let value = match discount.percentage {
        Some(percentage) => {
            json!({ "__typename": "PricingPercentageValue", "percentage": percentage })
        }
        None => json!({
            "__typename": "MoneyV2",
            "amount": discount.amount.decimal().to_string(),
            "currencyCode": order.currency.as_str(),
        }),
    };
    json!({
        "__typename": discount.kind,
        "index": index,
        "allocationMethod": "ACROSS",
        "targetSelection": "ALL",
        "targetType": "LINE_ITEM",
        "code": discount.name,
        "title": discount.name,
        "description": null,
        "value": value,
    })
}

pub(super) fn shipping_line(order: &Order, line: &ShippingLine) -> Value {
    json!({
        "id": format!("gid://shopify/ShippingLine/{}", line.id),
        "title": line.title,
        "code": line.code,
        "source": "shopify",
        "carrierIdentifier": null,
        "deliveryCategory": null,
        "phone": null,
        "shippingRateHandle": null,
        "custom": false,
        "isRemoved": false,
        "originalPriceSet": bag_json(order, line.price),
        "discountedPriceSet": bag_json(order, line.discounted),
        "currentDiscountedPriceSet": bag_json(order, line.discounted),
        "discountAllocations": [],
        "taxLines": [],
    })
}

/// One piece's share, to the hundredth.
pub(super) fn each(total: Bag, quantity: i64) -> Bag {
    if quantity == 0 {
        return Bag::default();
    }
    Bag {
        shop: total.shop.share(quantity),
        presentment: total.presentment.share(quantity),
    }
}
