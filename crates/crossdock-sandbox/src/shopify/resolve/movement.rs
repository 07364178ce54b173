//! Fields of what happens to an order later: refunds, transactions, fulfillments.

use std::borrow::Cow;

use serde_json::{Value, json};

use super::super::graphql::{Field, Resolved};
use super::super::objects::{Bag, Fulfillment, Order, Refund, Transaction};
use super::parts::{bag, bag_json, shipping_line};
use super::{Answer, Context, Object, nested};

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
