//! Builds orders from what was collected.

use std::sync::Arc;

use serde_json::Value;

use super::Raw;
use super::build::{build_address, times};
use super::raw::{bag, currency, flag, get, id, int, list, owned, set_currency, text, texts, time};
use crate::shopify::objects::{
    Bag, Currency, Customer, Discount, Fulfillment, LineItem, Order, Refund, RefundLine,
    ShippingLine, TaxLine, Transaction,
};

const TOTAL: [&str; 3] = ["totalPriceSet", "total_price_set", "total_price"];
const SHOP: [&str; 2] = ["shopMoney", "shop_money"];
const PRESENTMENT: [&str; 2] = ["presentmentMoney", "presentment_money"];

/// An order from everything that is said about it.
pub(super) fn build(number: u64, raw: &Raw) -> Order {
    let (created_at, updated_at) = times(raw);
    let shop = currency(raw, &["currencyCode", "currency"])
        .or_else(|| set_currency(raw, &TOTAL, &SHOP))
        .unwrap_or(Currency::USD);
    let presentment = currency(raw, &["presentmentCurrencyCode", "presentment_currency"])
        .or_else(|| set_currency(raw, &TOTAL, &PRESENTMENT))
        .unwrap_or(shop);
    let sum = |names: &[&str]| bag(raw, names).unwrap_or_default();
    let lines: Vec<LineItem> = list(raw, &["lineItems", "line_items"])
        .into_iter()
        .filter_map(line)
        .collect();
    let shipping_lines: Vec<ShippingLine> = list(raw, &["shippingLines", "shipping_lines"])
        .into_iter()
        .map(shipping_line)
        .collect();
    let shipping_price = bag(raw, &["totalShippingPriceSet", "total_shipping_price_set"])
        .unwrap_or_else(|| shipping_lines.iter().map(|line| line.discounted).sum());
    let mut transactions: Vec<Transaction> = list(raw, &["transactions"])
        .into_iter()
        .filter_map(transaction)
        .collect();
    let mut refunds = vec![];
    for said in list(raw, &["refunds"]) {
        let Some(refund) = refund(said) else { continue };
        // REST nests a refund's transactions in it, and lists them nowhere else.
        for nested in list(said, &["transactions"])
            .into_iter()
            .filter_map(transaction)
        {
            if !transactions.iter().any(|known| known.id == nested.id) {
                transactions.push(nested);
            }
        }
        refunds.push(refund);
    }
    let codes = discount_codes(raw);
    Order {
        id: number,
        name: owned(raw, &["name"]).unwrap_or_else(|| format!("#{number}")),
        number: int(raw, &["number", "order_number"])
            .filter(|number| i32::try_from(*number).is_ok())
            .unwrap_or(0),
        created_at,
        updated_at,
        processed_at: time(raw, &["processedAt", "processed_at"]).unwrap_or(created_at),
        cancelled_at: time(raw, &["cancelledAt", "cancelled_at"]),
        closed_at: time(raw, &["closedAt", "closed_at"]),
        cancel_reason: among(
            raw,
            &["cancelReason", "cancel_reason"],
            &[
                "CUSTOMER",
                "DECLINED",
                "FRAUD",
                "INVENTORY",
                "OTHER",
                "STAFF",
            ],
        ),
        currency: shop,
        presentment,
        financial: among(
            raw,
            &["displayFinancialStatus", "financial_status"],
            &[
                "AUTHORIZED",
                "EXPIRED",
                "PAID",
                "PARTIALLY_PAID",
                "PARTIALLY_REFUNDED",
                "PENDING",
                "REFUNDED",
                "VOIDED",
            ],
        ),
        fulfillment: fulfillment_status(raw),
        test: flag(raw, &["test"]).unwrap_or(false),
        confirmed: flag(raw, &["confirmed"]).unwrap_or(true),
        taxes_included: flag(raw, &["taxesIncluded", "taxes_included"]).unwrap_or(false),
        note: owned(raw, &["note"]),
        tags: texts(raw, &["tags"]).into_iter().map(Arc::from).collect(),
        email: owned(raw, &["email"]).filter(|email| !email.is_empty()),
        phone: owned(raw, &["phone"]),
        po_number: owned(raw, &["poNumber", "po_number"]),
        source_name: text(raw, &["sourceName", "source_name"]).map(Arc::from),
        visit: None,
        gateways: texts(raw, &["paymentGatewayNames", "payment_gateway_names"])
            .into_iter()
            .map(Arc::from)
            .collect(),
        customer: get(raw, &["customer"])
            .and_then(Value::as_object)
            .and_then(customer)
            .map(Box::new),
        billing: address(raw, &["billingAddress", "billing_address"]),
        shipping: address(raw, &["shippingAddress", "shipping_address"]),
        subtotal: sum(&["subtotalPriceSet", "subtotal_price_set", "subtotal_price"]),
        discounts: sum(&[
            "totalDiscountsSet",
            "total_discounts_set",
            "total_discounts",
        ]),
        shipping_price,
        tax: sum(&["totalTaxSet", "total_tax_set", "total_tax"]),
        tip: sum(&["totalTipReceivedSet", "total_tip_received"]),
        total: sum(&TOTAL),
        current_total: bag(
            raw,
            &[
                "currentTotalPriceSet",
                "current_total_price_set",
                "current_total_price",
            ],
        ),
        discount_applications: discounts(raw, &codes),
        discount_codes: codes,
        tax_lines: tax_lines(raw),
        lines,
        shipping_lines,
        transactions,
        refunds,
        fulfillments: list(raw, &["fulfillments"])
            .into_iter()
            .filter_map(fulfillment)
            .collect(),
    }
}

/// A value in capitals, if it is one of those that there are.
fn among(raw: &Raw, names: &[&str], known: &[&str]) -> Option<Arc<str>> {
    let value = text(raw, names)?.to_uppercase();
    known.contains(&value.as_str()).then(|| value.into())
}

fn fulfillment_status(raw: &Raw) -> Arc<str> {
    let said = text(raw, &["displayFulfillmentStatus", "fulfillment_status"]);
    match said.unwrap_or_default().to_uppercase().as_str() {
        "FULFILLED" => "FULFILLED",
        "PARTIAL" | "PARTIALLY_FULFILLED" => "PARTIALLY_FULFILLED",
        "RESTOCKED" => "RESTOCKED",
        "IN_PROGRESS" => "IN_PROGRESS",
        "ON_HOLD" => "ON_HOLD",
        "OPEN" => "OPEN",
        "SCHEDULED" => "SCHEDULED",
        _ => "UNFULFILLED",
    }
    .into()
}

fn address(raw: &Raw, names: &[&str]) -> Option<Box<crate::shopify::objects::Address>> {
    get(raw, names)
        .and_then(Value::as_object)
        .map(build_address)
        .map(Box::new)
}

fn customer(raw: &Raw) -> Option<Customer> {
    let (created_at, updated_at) = times(raw);
    Some(Customer {
        id: id(raw, &["id"])?,
        first_name: owned(raw, &["firstName", "first_name"]),
        last_name: owned(raw, &["lastName", "last_name"]),
        email: owned(raw, &["email"]),
        phone: owned(raw, &["phone"]),
        created_at,
        updated_at,
    })
}

fn discount_codes(raw: &Raw) -> Vec<String> {
    let mut codes = texts(raw, &["discountCodes"]);
    let objects = list(raw, &["discount_codes"]);
    codes.extend(
        objects
            .into_iter()
            .filter_map(|code| owned(code, &["code"])),
    );
    codes
}

fn discounts(raw: &Raw, codes: &[String]) -> Vec<Discount> {
    let said = list(raw, &["discount_applications", "discountApplications"]);
    said.into_iter()
        .map(|said| {
            let code = owned(said, &["code"]).or_else(|| codes.first().cloned());
            let title = owned(said, &["title", "description"]);
            let manual = text(said, &["type"]) == Some("manual") || title.is_some();
            let value = text(said, &["value"]);
            let percentage = text(said, &["value_type"]) == Some("percentage");
            Discount {
                kind: if manual {
                    "ManualDiscountApplication"
                } else {
                    "DiscountCodeApplication"
                },
                name: title.or(code).unwrap_or_default(),
                percentage: value
                    .filter(|_| percentage)
                    .and_then(|value| value.parse().ok()),
                amount: super::raw::amount(said, &["value"]).unwrap_or_default(),
            }
        })
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "a rate is a small number")]
fn tax_lines(raw: &Raw) -> Vec<TaxLine> {
    list(raw, &["taxLines", "tax_lines"])
        .into_iter()
        .map(|line| TaxLine {
            title: text(line, &["title"]).unwrap_or("Tax").into(),
            rate: line
                .get("rate")
                .and_then(Value::as_f64)
                .map_or(0, |r| (r * 1000.0).round() as i64),
            price: bag(line, &["priceSet", "price_set", "price"]).unwrap_or_default(),
        })
        .collect()
}

fn line(raw: &Raw) -> Option<LineItem> {
    let quantity = int(raw, &["quantity"]).unwrap_or(1);
    let current = int(raw, &["currentQuantity", "current_quantity"]).unwrap_or(quantity);
    let shown = |names: &[&str]| {
        text(raw, names)
            .filter(|text| !text.is_empty())
            .map(Arc::from)
    };
    let price = bag(raw, &["originalUnitPriceSet", "price_set", "price"]);
    Some(LineItem {
        id: id(raw, &["id"])?,
        title: text(raw, &["title", "name"]).unwrap_or_default().into(),
        variant_title: shown(&["variantTitle", "variant_title"]),
        sku: shown(&["sku"]),
        vendor: shown(&["vendor"]),
        product: id(raw, &["product", "product_id"]),
        variant: id(raw, &["variant", "variant_id"]),
        quantity,
        removed: quantity - current,
        unfulfilled: int(raw, &["unfulfilledQuantity", "fulfillable_quantity"]).unwrap_or(0),
        price: price.unwrap_or_default(),
        discount: bag(
            raw,
            &["totalDiscountSet", "total_discount_set", "total_discount"],
        )
        .unwrap_or_default(),
        tax_lines: tax_lines(raw),
        requires_shipping: flag(raw, &["requiresShipping", "requires_shipping"]).unwrap_or(true),
        taxable: flag(raw, &["taxable"]).unwrap_or(true),
        is_gift_card: flag(raw, &["isGiftCard", "gift_card"]).unwrap_or(false),
    })
}

fn shipping_line(raw: &Raw) -> ShippingLine {
    let price = bag(raw, &["originalPriceSet", "price_set", "price"]).unwrap_or_default();
    ShippingLine {
        id: id(raw, &["id"]).unwrap_or(0),
        title: text(raw, &["title"]).unwrap_or("Shipping").into(),
        code: text(raw, &["code"]).map(Arc::from),
        price,
        discounted: bag(
            raw,
            &[
                "discountedPriceSet",
                "discounted_price_set",
                "discounted_price",
            ],
        )
        .unwrap_or(price),
    }
}

fn transaction(raw: &Raw) -> Option<Transaction> {
    let (created_at, _) = times(raw);
    Some(Transaction {
        id: id(raw, &["id"])?,
        kind: among(
            raw,
            &["kind"],
            &[
                "AUTHORIZATION",
                "CAPTURE",
                "CHANGE",
                "EMV_AUTHORIZATION",
                "REFUND",
                "SALE",
                "VOID",
            ],
        )
        .unwrap_or_else(|| "SALE".into()),
        status: among(
            raw,
            &["status"],
            &[
                "AWAITING_RESPONSE",
                "ERROR",
                "FAILURE",
                "PENDING",
                "SUCCESS",
                "UNKNOWN",
            ],
        )
        .unwrap_or_else(|| "UNKNOWN".into()),
        gateway: text(raw, &["gateway"]).map(Arc::from),
        amount: bag(raw, &["amountSet", "total_unsettled_set", "amount"]).unwrap_or_default(),
        parent: id(raw, &["parentTransaction", "parent_id"]),
        fee: None,
        test: flag(raw, &["test"]).unwrap_or(false),
        created_at,
        processed_at: time(raw, &["processedAt", "processed_at"]),
    })
}

fn refund(raw: &Raw) -> Option<Refund> {
    let (created_at, updated_at) = times(raw);
    let lines: Vec<RefundLine> = list(raw, &["refundLineItems", "refund_line_items"])
        .into_iter()
        .filter_map(refund_line)
        .collect();
    let transactions = list(raw, &["transactions"]);
    let paid: Bag = transactions
        .iter()
        .filter_map(|transaction| bag(transaction, &["amountSet", "amount"]))
        .sum();
    Some(Refund {
        id: id(raw, &["id"])?,
        note: owned(raw, &["note"]),
        created_at,
        updated_at,
        // REST gives no sum: what was paid back is that of the transactions.
        total: bag(raw, &["totalRefundedSet"]).unwrap_or(paid),
        shipping: Bag::default(),
        lines,
        transactions: transactions
            .iter()
            .filter_map(|raw| id(raw, &["id"]))
            .collect(),
    })
}

fn refund_line(raw: &Raw) -> Option<RefundLine> {
    Some(RefundLine {
        id: id(raw, &["id"]).unwrap_or(0),
        line: id(raw, &["lineItem", "line_item_id"])?,
        quantity: int(raw, &["quantity"]).unwrap_or(0),
        restock: among(
            raw,
            &["restockType", "restock_type"],
            &["CANCEL", "LEGACY_RESTOCK", "NO_RESTOCK", "RETURN"],
        )
        .unwrap_or_else(|| "NO_RESTOCK".into()),
        location: id(raw, &["location", "location_id"]),
        subtotal: bag(raw, &["subtotalSet", "subtotal_set", "subtotal"]).unwrap_or_default(),
        tax: bag(raw, &["totalTaxSet", "total_tax_set", "total_tax"]).unwrap_or_default(),
    })
}

fn fulfillment(raw: &Raw) -> Option<Fulfillment> {
    let (created_at, updated_at) = times(raw);
    let tracking = list(raw, &["trackingInfo"])
        .into_iter()
        .next()
        .cloned()
        .unwrap_or_default();
    let number = owned(&tracking, &["number"]).or_else(|| owned(raw, &["tracking_number"]));
    Some(Fulfillment {
        id: id(raw, &["id"])?,
        name: owned(raw, &["name"]).unwrap_or_default(),
        status: among(
            raw,
            &["status"],
            &[
                "CANCELLED",
                "ERROR",
                "FAILURE",
                "OPEN",
                "PENDING",
                "SUCCESS",
            ],
        )
        .unwrap_or_else(|| "SUCCESS".into()),
        location: id(raw, &["location", "location_id"]),
        tracking_company: owned(&tracking, &["company"])
            .or_else(|| owned(raw, &["tracking_company"])),
        tracking_number: number,
        tracking_url: owned(&tracking, &["url"]).or_else(|| owned(raw, &["tracking_url"])),
        created_at,
        updated_at,
        lines: list(raw, &["line_items"])
            .into_iter()
            .filter_map(|line| Some((id(line, &["id"])?, int(line, &["quantity"]).unwrap_or(1))))
            .collect(),
    })
}
