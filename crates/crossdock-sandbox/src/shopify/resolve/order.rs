//! Fields of orders and what belongs to them.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::super::graphql::{Field, Resolved};
use super::super::objects::{
    Address, Bag, Discount, Fulfillment, LineItem, Order, Refund, RefundLine, ShippingLine,
    TaxLine, Transaction,
};
use super::{Answer, Context, Object, head, nested};

fn bag<'a>(order: &Order, bag: Bag) -> Resolved<'a> {
    Resolved::Object(Object::Bag(bag, order.currency, order.presentment))
}

/// A bag inside a made-up value.
fn bag_json(order: &Order, bag: Bag) -> Value {
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

pub(super) fn order<'a>(order: &'a Order, field: &Field, cx: &'a Context<'a>) -> Answer<'a> {
    if let Some(amount) = amount(order, field.name) {
        return Ok(bag(order, amount));
    }
    Ok(match field.name {
        "id" => Resolved::Gid("Order", order.id),
        "legacyResourceId" => Resolved::Digits(order.id),
        "name" => Resolved::str(&order.name),
        "number" => Resolved::Int(order.number),
        "createdAt" => Resolved::Time(order.created_at),
        "updatedAt" => Resolved::Time(order.updated_at),
        "processedAt" => Resolved::Time(order.processed_at),
        "cancelledAt" => Resolved::opt_time(order.cancelled_at),
        "closedAt" => Resolved::opt_time(order.closed_at),
        "closed" => Resolved::Bool(order.closed_at.is_some()),
        "cancelReason" => Resolved::opt(order.cancel_reason.as_deref()),
        "cancellation" if order.cancelled_at.is_some() => {
            Resolved::json(json!({ "staffNote": null }))
        }
        "currencyCode" => Resolved::Str(Cow::Owned(order.currency.as_str().to_owned())),
        "presentmentCurrencyCode" => {
            Resolved::Str(Cow::Owned(order.presentment.as_str().to_owned()))
        }
        "displayFinancialStatus" => Resolved::opt(order.financial.as_deref()),
        "displayFulfillmentStatus" => Resolved::str(&order.fulfillment),
        "returnStatus" => Resolved::str("NO_RETURN"),
        "test" => Resolved::Bool(order.test),
        "confirmed" => Resolved::Bool(order.confirmed),
        "taxesIncluded" => Resolved::Bool(order.taxes_included),
        "capturable" | "edited" | "estimatedTaxes" | "taxExempt" => Resolved::Bool(false),
        "fulfillable" => Resolved::Bool(
            order.cancelled_at.is_none() && order.lines.iter().any(|line| line.unfulfilled > 0),
        ),
        "requiresShipping" => Resolved::Bool(order.lines.iter().any(|line| line.requires_shipping)),
        "refundable" => Resolved::Bool(order.current_total().shop.signum() > 0),
        "unpaid" => Resolved::Bool(outstanding(order).shop.signum() > 0),
        "fullyPaid" => Resolved::Bool(outstanding(order).shop.signum() <= 0),
        "billingAddressMatchesShippingAddress" => {
            Resolved::Bool(match (&order.billing, &order.shipping) {
                (Some(billing), Some(shipping)) => billing.formatted() == shipping.formatted(),
                (billing, shipping) => billing.is_none() && shipping.is_none(),
            })
        }
        "note" => Resolved::opt(order.note.as_deref()),
        "poNumber" => Resolved::opt(order.po_number.as_deref()),
        "email" => Resolved::opt(order.email.as_deref()),
        "phone" => Resolved::opt(order.phone.as_deref()),
        "sourceName" => Resolved::opt(order.source_name.as_deref()),
        "app" => order.source_name.as_ref().map_or(Resolved::Null, |name| {
            Resolved::json(json!({ "id": "gid://shopify/App/580111", "name": name }))
        }),
        "tags" => Resolved::List(order.tags.iter().map(|tag| Resolved::str(tag)).collect()),
        "paymentGatewayNames" => Resolved::List(
            order
                .gateways
                .iter()
                .map(|name| Resolved::str(name))
                .collect(),
        ),
        "discountCode" => Resolved::opt(order.discount_codes.first().map(String::as_str)),
        "discountCodes" => Resolved::List(
            order
                .discount_codes
                .iter()
                .map(|code| Resolved::str(code))
                .collect(),
        ),
        "customAttributes" => Resolved::List(vec![]),
        "statusPageUrl" => Resolved::Str(Cow::Owned(format!(
            "https://{}/{}/orders/{}",
            cx.shop.store.info.domain, cx.shop.store.info.id, order.id
        ))),
        "customer" => order
            .customer
            .as_deref()
            .map_or(Resolved::Null, |customer| {
                let time = |time: chrono::DateTime<chrono::Utc>| {
                    time.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
                };
                let name: Vec<&str> = [&customer.first_name, &customer.last_name]
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .collect();
                Resolved::json(json!({
                    "id": format!("gid://shopify/Customer/{}", customer.id),
                    "legacyResourceId": customer.id.to_string(),
                    "firstName": customer.first_name,
                    "lastName": customer.last_name,
                    "displayName": if name.is_empty() {
                        customer.email.clone().unwrap_or_default()
                    } else {
                        name.join(" ")
                    },
                    "email": customer.email,
                    "phone": customer.phone,
                    "locale": "en",
                    "note": null,
                    "numberOfOrders": "1",
                    "tags": [],
                    "taxExempt": false,
                    "verifiedEmail": customer.email.is_some(),
                    "createdAt": time(customer.created_at),
                    "updatedAt": time(customer.updated_at),
                }))
            }),
        "billingAddress" => address(order.billing.as_deref()),
        "shippingAddress" => address(order.shipping.as_deref()),
        "displayAddress" => address(order.shipping.as_deref().or(order.billing.as_deref())),
        "totalWeight" => Resolved::Digits(0),
        "subtotalLineItemsQuantity" => {
            Resolved::Int(order.lines.iter().map(|line| line.quantity).sum())
        }
        "currentSubtotalLineItemsQuantity" => Resolved::Int(
            order
                .lines
                .iter()
                .map(|line| line.quantity - line.removed)
                .sum(),
        ),
        "taxLines" | "currentTaxLines" => tax_lines(order, order.tax_lines.iter()),
        "discountApplications" => Resolved::json(discounts(order)),
        "fulfillmentsCount" => {
            Resolved::json(json!({ "count": order.fulfillments.len(), "precision": "EXACT" }))
        }
        "transactionsCount" => {
            Resolved::json(json!({ "count": order.transactions.len(), "precision": "EXACT" }))
        }
        "lineItems" => nested(field, cx, order.lines.iter().map(|l| (l.id, l)), |line| {
            Object::Line(order, line)
        })?,
        "shippingLine" => order.shipping_lines.first().map_or(Resolved::Null, |line| {
            Resolved::json(shipping_line(order, line))
        }),
        "shippingLines" => Resolved::json(
            order
                .shipping_lines
                .iter()
                .map(|line| shipping_line(order, line))
                .collect(),
        ),
        "refunds" => objects(head(field, order.refunds.iter()), |r| {
            Object::Refund(order, r)
        }),
        "transactions" => objects(head(field, order.transactions.iter()), |transaction| {
            Object::Transaction(order, transaction)
        }),
        "fulfillments" => objects(head(field, order.fulfillments.iter()), |fulfillment| {
            Object::Fulfillment(order, fulfillment)
        }),
        _ => Resolved::Null,
    })
}

fn objects<'a, T>(items: Vec<T>, object: impl Fn(T) -> Object<'a>) -> Resolved<'a> {
    Resolved::List(
        items
            .into_iter()
            .map(|item| Resolved::Object(object(item)))
            .collect(),
    )
}

fn outstanding(order: &Order) -> Bag {
    let received = order.received();
    if order.cancelled_at.is_some() || received == Bag::default() && order.transactions.is_empty() {
        return match order.financial.as_deref() {
            Some("PENDING" | "AUTHORIZED" | "PARTIALLY_PAID") => order.total,
            _ => Bag::default(),
        };
    }
    order.total - received
}

fn amount(order: &Order, name: &str) -> Option<Bag> {
    Some(match name {
        "totalPriceSet" | "originalTotalPriceSet" => order.total,
        "currentTotalPriceSet" => order.current_total(),
        "subtotalPriceSet" => order.subtotal,
        "currentSubtotalPriceSet" => {
            order.subtotal
                - order
                    .refunds
                    .iter()
                    .flat_map(|refund| &refund.lines)
                    .map(|l| l.subtotal)
                    .sum()
        }
        "totalTaxSet" => order.tax,
        "currentTotalTaxSet" => {
            order.tax
                - order
                    .refunds
                    .iter()
                    .flat_map(|refund| &refund.lines)
                    .map(|l| l.tax)
                    .sum()
        }
        "totalDiscountsSet" | "currentTotalDiscountsSet" => order.discounts,
        "totalShippingPriceSet" => order.shipping_price,
        "currentShippingPriceSet" => {
            order.shipping_price - order.refunds.iter().map(|refund| refund.shipping).sum()
        }
        "totalRefundedShippingSet" => order.refunds.iter().map(|refund| refund.shipping).sum(),
        "totalRefundedSet" => order.refunded(),
        "totalReceivedSet" => order.received(),
        "netPaymentSet" => order.received() - order.refunded(),
        "totalOutstandingSet" => outstanding(order),
        "totalTipReceivedSet" => order.tip,
        "totalCapturableSet" | "refundDiscrepancySet" => Bag::default(),
        _ => return None,
    })
}

fn address<'a>(address: Option<&Address>) -> Resolved<'a> {
    let Some(address) = address else {
        return Resolved::Null;
    };
    let area: Vec<&str> = [&address.city, &address.province_code, &address.country]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    Resolved::json(json!({
        "id": format!("gid://shopify/MailingAddress/{}?model_name=Address", address.id),
        "firstName": address.first_name,
        "lastName": address.last_name,
        "name": address.name(),
        "company": address.company,
        "address1": address.address1,
        "address2": address.address2,
        "city": address.city,
        "province": address.province,
        "provinceCode": address.province_code,
        "country": address.country,
        "countryCode": address.country_code,
        "countryCodeV2": address.country_code,
        "zip": address.zip,
        "phone": address.phone,
        "latitude": null,
        "longitude": null,
        "timeZone": null,
        "coordinatesValidated": false,
        "formatted": address.formatted(),
        "formattedArea": area.join(", "),
    }))
}

fn tax_lines<'a, 't>(order: &Order, lines: impl Iterator<Item = &'t TaxLine>) -> Resolved<'a> {
    Resolved::json(lines.map(|line| tax_line(order, line)).collect())
}

#[expect(clippy::cast_precision_loss, reason = "a rate has few digits")]
fn tax_line(order: &Order, line: &TaxLine) -> Value {
    json!({
        "title": line.title,
        "rate": line.rate as f64 / 1000.0,
        "ratePercentage": line.rate as f64 / 10.0,
        "priceSet": bag_json(order, line.price),
        "source": null,
        "channelLiable": false,
    })
}

fn discounts(order: &Order) -> Value {
    order
        .discount_applications
        .iter()
        .enumerate()
        .map(|(i, d)| discount(order, i, d))
        .collect()
}

fn discount(order: &Order, index: usize, discount: &Discount) -> Value {
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

fn shipping_line(order: &Order, line: &ShippingLine) -> Value {
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

/// One piece's share, to the hundredth.
fn each(total: Bag, quantity: i64) -> Bag {
    if quantity == 0 {
        return Bag::default();
    }
    Bag {
        shop: total.shop.share(quantity),
        presentment: total.presentment.share(quantity),
    }
}

pub(super) fn refund<'a>(
    order: &'a Order,
    refund: &'a Refund,
    field: &Field,
    cx: &'a Context<'a>,
) -> Answer<'a> {
    Ok(match field.name {
        "id" => Resolved::Gid("Refund", refund.id),
        "legacyResourceId" => Resolved::Digits(refund.id),
        "note" => Resolved::opt(refund.note.as_deref()),
        "createdAt" | "processedAt" => Resolved::Time(refund.created_at),
        "updatedAt" => Resolved::Time(refund.updated_at),
        "totalRefundedSet" => bag(order, refund.total),
        "order" => Resolved::Object(Object::Order(order)),
        "refundLineItems" => nested(field, cx, refund.lines.iter().map(|l| (l.id, l)), |line| {
            Object::RefundLine(order, line)
        })?,
        "transactions" => nested(
            field,
            cx,
            refund
                .transactions
                .iter()
                .filter_map(|id| Some((*id, order.transaction(*id)?))),
            |transaction| Object::Transaction(order, transaction),
        )?,
        "refundShippingLines" if refund.shipping != Bag::default() => Resolved::json(
            order
                .shipping_lines
                .first()
                .map(|line| {
                    json!({
                        "id": format!("gid://shopify/RefundShippingLine/{}", refund.id),
                        "shippingLine": shipping_line(order, line),
                        "subtotalAmountSet": bag_json(order, refund.shipping),
                        "taxAmountSet": bag_json(order, Bag::default()),
                    })
                })
                .into_iter()
                .collect(),
        ),
        _ => Resolved::json(Value::Array(vec![])),
    })
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

pub(super) fn transaction<'a>(
    order: &'a Order,
    transaction: &'a Transaction,
    field: &Field,
) -> Resolved<'a> {
    match field.name {
        "id" => Resolved::Gid("OrderTransaction", transaction.id),
        "kind" => Resolved::str(&transaction.kind),
        "status" => Resolved::str(&transaction.status),
        "gateway" | "formattedGateway" => Resolved::opt(transaction.gateway.as_deref()),
        "amountSet" => bag(order, transaction.amount),
        "test" => Resolved::Bool(transaction.test),
        "createdAt" => Resolved::Time(transaction.created_at),
        "processedAt" => Resolved::opt_time(transaction.processed_at),
        "manualPaymentGateway" => {
            Resolved::Bool(transaction.gateway.as_deref() == Some("manual"))
        }
        "order" => Resolved::Object(Object::Order(order)),
        "parentTransaction" => Resolved::opt_object(
            transaction
                .parent
                .and_then(|id| order.transaction(id))
                .map(|parent| Object::Transaction(order, parent)),
        ),
        "settlementCurrency" => Resolved::Str(Cow::Owned(order.currency.as_str().to_owned())),
        "settlementCurrencyRate" => Resolved::str("1.0"),
        "fees" => Resolved::json(
            transaction
                .fee
                .map(|fee| {
                    let money = |amount: String| {
                        json!({ "amount": amount, "currencyCode": order.currency.as_str() })
                    };
                    json!({
                        "id": format!("gid://shopify/TransactionFee/{}", transaction.id),
                        "amount": money(fee.decimal().to_string()),
                        "flatFee": money("0.3".to_owned()),
                        "flatFeeName": null,
                        "rate": "0.029",
                        "rateName": null,
                        "taxAmount": money("0.0".to_owned()),
                        "type": "processing_fee",
                    })
                })
                .into_iter()
                .collect(),
        ),
        _ => Resolved::Null,
    }
}

pub(super) fn fulfillment<'a>(
    order: &'a Order,
    fulfillment: &'a Fulfillment,
    field: &Field,
    cx: &'a Context<'a>,
) -> Answer<'a> {
    Ok(match field.name {
        "id" => Resolved::Gid("Fulfillment", fulfillment.id),
        "legacyResourceId" => Resolved::Digits(fulfillment.id),
        "name" => Resolved::str(&fulfillment.name),
        "status" => Resolved::str(&fulfillment.status),
        "displayStatus" => Resolved::str(match &*fulfillment.status {
            "CANCELLED" => "CANCELED",
            "FAILURE" | "ERROR" => "FAILURE",
            _ => "FULFILLED",
        }),
        "createdAt" => Resolved::Time(fulfillment.created_at),
        "updatedAt" => Resolved::Time(fulfillment.updated_at),
        "requiresShipping" => Resolved::Bool(true),
        "totalQuantity" => Resolved::Int(fulfillment.lines.iter().map(|(_, count)| count).sum()),
        "order" => Resolved::Object(Object::Order(order)),
        "location" => Resolved::opt_object(
            fulfillment
                .location
                .and_then(|id| cx.shop.store.locations.get(&id))
                .map(Object::Location),
        ),
        "trackingInfo" if fulfillment.tracking_number.is_some() => Resolved::json(json!([{
            "company": fulfillment.tracking_company,
            "number": fulfillment.tracking_number,
            "url": fulfillment.tracking_url,
        }])),
        "fulfillmentLineItems" => nested(
            field,
            cx,
            fulfillment
                .lines
                .iter()
                .filter_map(|(id, quantity)| Some((*id, (order.line(*id)?, *quantity)))),
            |(line, quantity)| Object::FulfillmentLine(order, line, quantity),
        )?,
        "trackingInfo" => Resolved::List(vec![]),
        _ => Resolved::Null,
    })
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
