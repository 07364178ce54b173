//! Fields of what an order sold: lines, and lines in refunds and fulfillments.

use std::borrow::Cow;

use serde_json::json;

use super::super::graphql::{Field, Resolved};
use super::super::objects::{LineItem, Order, RefundLine};
use super::parts::{bag, bag_json, discount, each, tax_lines};
use super::{Context, Object, head};

pub(super) fn line<'a>(
    order: &'a Order,
    line: &'a LineItem,
    field: &Field,
    cx: &'a Context<'a>,
) -> Resolved<'a> {
    let store = &cx.shop.store;
    let discounted = line.original_total() - line.discount;
    match field.name {
        "id" => Resolved::Gid("LineItem", line.id),
        "title" => Resolved::str(&line.title),
        "name" => Resolved::Str(match &line.variant_title {
            Some(variant) => Cow::Owned(format!("{} - {variant}", line.title)),
            None => Cow::Borrowed(&*line.title),
        }),
        "variantTitle" => Resolved::opt(line.variant_title.as_deref()),
        "sku" => Resolved::opt(line.sku.as_deref()),
        "vendor" => Resolved::opt(line.vendor.as_deref()),
        "quantity" => Resolved::Int(line.quantity),
        "currentQuantity" | "refundableQuantity" => Resolved::Int(line.quantity - line.removed),
        "unfulfilledQuantity" => Resolved::Int(line.unfulfilled),
        "nonFulfillableQuantity" => {
            Resolved::Int((line.quantity - line.unfulfilled - line.removed).max(0))
        }
        "requiresShipping" => Resolved::Bool(line.requires_shipping),
        "taxable" => Resolved::Bool(line.taxable),
        "isGiftCard" => Resolved::Bool(line.is_gift_card),
        "restockable" => Resolved::Bool(line.variant.is_some()),
        "product" => Resolved::opt_object(
            line.product
                .and_then(|id| store.products().get(&id))
                .map(Object::Product),
        ),
        "variant" => Resolved::opt_object(
            line.variant
                .and_then(|id| store.variant(id))
                .map(|(product, position, v)| Object::Variant(product, position, v)),
        ),
        "originalUnitPriceSet" => bag(order, line.price),
        "originalTotalSet" => bag(order, line.original_total()),
        "discountedUnitPriceSet" | "discountedUnitPriceAfterAllDiscountsSet" => {
            bag(order, each(discounted, line.quantity))
        }
        "discountedTotalSet" => bag(order, discounted),
        "totalDiscountSet" => bag(order, line.discount),
        "unfulfilledOriginalTotalSet" => bag(order, line.price * line.unfulfilled),
        "unfulfilledDiscountedTotalSet" => {
            bag(order, each(discounted, line.quantity) * line.unfulfilled)
        }
        "taxLines" => {
            let lines = head(field, line.tax_lines.iter());
            tax_lines(order, lines.into_iter())
        }
        "discountAllocations" if line.discount.shop.signum() > 0 => Resolved::json(
            order
                .discount_applications
                .first()
                .map(|first| {
                    json!({
                        "allocatedAmountSet": bag_json(order, line.discount),
                        "discountApplication": discount(order, 0, first),
                    })
                })
                .into_iter()
                .collect(),
        ),
        _ => Resolved::List(vec![]),
    }
}

pub(super) fn refund_line<'a>(
    order: &'a Order,
    line: &'a RefundLine,
    field: &Field,
    cx: &'a Context<'a>,
) -> Resolved<'a> {
    match field.name {
        "id" => Resolved::Gid("RefundLineItem", line.id),
        "quantity" => Resolved::Int(line.quantity),
        "restockType" => Resolved::str(&line.restock),
        "restocked" => Resolved::Bool(&*line.restock != "NO_RESTOCK"),
        "subtotalSet" => bag(order, line.subtotal),
        "totalTaxSet" => bag(order, line.tax),
        "priceSet" => bag(order, each(line.subtotal, line.quantity)),
        "lineItem" => {
            Resolved::opt_object(order.line(line.line).map(|line| Object::Line(order, line)))
        }
        _ => Resolved::opt_object(
            line.location
                .and_then(|id| cx.shop.store.locations.get(&id))
                .map(Object::Location),
        ),
    }
}

pub(super) fn fulfillment_line<'a>(
    order: &'a Order,
    line: &'a LineItem,
    quantity: i64,
    field: &Field,
) -> Resolved<'a> {
    match field.name {
        "id" => Resolved::Gid("FulfillmentLineItem", line.id),
        "quantity" => Resolved::Int(quantity),
        "lineItem" => Resolved::Object(Object::Line(order, line)),
        "originalTotalSet" => bag(order, line.price * quantity),
        _ => {
            let discounted = line.original_total() - line.discount;
            bag(order, each(discounted, line.quantity) * quantity)
        }
    }
}
