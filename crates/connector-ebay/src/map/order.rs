//! Order → order.
//!
//! The figures of an order balance: goods, less what is taken off, delivery, special fees and taxes
//! make the total; less the taxes that eBay collects and its fees, and less refunds, that is what the
//! seller is due.

mod lines;
mod words;

use std::collections::BTreeSet;

use connector_core::model::{
    Address, Currency, FulfillmentStatus, Money, Order, OrderTransaction, PlatformFee, Refund,
};
use connector_core::{Error, Model, Record, Result};

use self::lines::{line_tax, lines};
use self::words::{fulfillment, payment_status, platform_status, status};
use super::{Mapped, country, filled, in_currency, skipped, unique};
use crate::api;

/// What somebody bought.
///
/// # Errors
/// [`Skipped`](connector_core::Skipped) when it has no total, and when an amount is no amount of
/// money.
pub fn order(order: &api::Order) -> Mapped {
    match map(order) {
        Ok(model) => Ok(Record::upsert(
            order.order_id.clone(),
            order.last_modified_date,
            Model::Order(Box::new(model)),
        )),
        Err(error) => Err(skipped(&order.order_id, &error)),
    }
}

fn map(order: &api::Order) -> Result<Order> {
    let pricing = order.pricing_summary.clone().unwrap_or_default();
    let payment = order.payment_summary.clone().unwrap_or_default();
    let total = pricing
        .total
        .as_ref()
        .ok_or_else(|| Error::contract("the order has no total"))?;
    let currency = total.money()?.currency;
    let sum = |amounts: &[Option<&api::Amount>]| sum(currency, amounts);
    let collected = collected(order, currency)?;
    let given_tax = in_currency(currency, pricing.tax.as_ref())?;
    // Without the breakdown of taxes the total leaves out those that eBay collects.
    let left_out = if given_tax.is_some() { 0 } else { collected };
    let whole = Money::new(total.money()?.minor.saturating_add(left_out), currency);
    let reductions = sum(&[
        pricing.price_discount.as_ref(),
        pricing.delivery_discount.as_ref(),
    ])?;
    let goods = less(
        sum(&[pricing.price_subtotal.as_ref(), pricing.adjustment.as_ref()])?,
        sum(&[pricing.price_discount.as_ref()])?,
    );
    let delivery = less(
        sum(&[pricing.delivery_cost.as_ref()])?,
        sum(&[pricing.delivery_discount.as_ref()])?,
    );
    let tax = match given_tax {
        Some(tax) => Some(tax),
        None => line_taxes(order, currency)?,
    };
    let refunds = refunds(&payment.refunds, currency)?;
    let fee =
        in_currency(currency, order.total_marketplace_fee.as_ref())?.filter(|fee| fee.minor >= 0);
    let cancel = order.cancel_status.clone().unwrap_or_default();
    let fulfillment = fulfillment(order.order_fulfillment_status.as_deref());
    let ship_to = ship_to(order);
    Ok(Order {
        number: Some(order.order_id.clone()),
        status: status(order, &cancel, fulfillment),
        payment_status: payment_status(order.order_payment_status.as_deref()),
        fulfillment_status: fulfillment,
        platform_status: platform_status(order, &cancel),
        currency,
        subtotal: goods.filter(|goods| goods.minor >= 0),
        discount_total: reductions.map(|taken| Money::new(taken.minor.abs(), currency)),
        tax_total: tax,
        shipping_total: delivery.filter(|delivery| delivery.minor >= 0),
        total: Some(whole),
        refunded_total: refunded(&payment.refunds, currency)?,
        fee_total: fee,
        net_total: in_currency(currency, payment.total_due_seller.as_ref())?,
        presentment_total: total
            .original()?
            .filter(|original| original.currency != currency),
        channel: order
            .line_items
            .iter()
            .find_map(|line| filled(line.purchase_marketplace_id.as_deref())),
        origin: None,
        customer_id: order
            .buyer
            .as_ref()
            .and_then(|buyer| filled(buyer.username.as_deref())),
        buyer_country: ship_to.as_ref().and_then(|to| to.country_code.clone()),
        ship_to,
        test: false,
        tags: Vec::new(),
        placed_at: order.creation_date,
        created_at: order.creation_date,
        updated_at: order.last_modified_date,
        cancelled_at: cancel.cancelled_date,
        cancel_reason: cancel
            .cancel_requests
            .iter()
            .find_map(|request| filled(request.cancel_reason.as_deref())),
        act_by: act_by(order, fulfillment),
        tracking_number: None,
        tracking_carrier: None,
        lines: lines(&order.line_items, currency)?,
        refunds,
        transactions: payments(&payment.payments, currency)?,
        fees: fee
            .map(|amount| PlatformFee {
                kind: "marketplace_fee".to_owned(),
                amount,
            })
            .into_iter()
            .collect(),
    })
}

/// The sum of what is there; `None` where nothing is, or something is in another currency.
fn sum(currency: Currency, amounts: &[Option<&api::Amount>]) -> Result<Option<Money>> {
    let mut sum: Option<i64> = None;
    for amount in amounts.iter().flatten() {
        let Some(money) = in_currency(currency, Some(amount))? else {
            return Ok(None);
        };
        sum = Some(sum.unwrap_or(0).saturating_add(money.minor));
    }
    Ok(sum.map(|minor| Money::new(minor, currency)))
}

/// An amount less a reduction, which eBay writes as less than nothing.
fn less(amount: Option<Money>, reduction: Option<Money>) -> Option<Money> {
    let reduction = reduction.map_or(0, |reduction| reduction.minor.abs());
    amount.map(|amount| Money::new(amount.minor.saturating_sub(reduction), amount.currency))
}

/// The taxes that eBay collects and pays to the state, of all lines.
fn collected(order: &api::Order, currency: Currency) -> Result<i64> {
    let taxes: Vec<Option<&api::Amount>> = order
        .line_items
        .iter()
        .flat_map(|line| &line.ebay_collect_and_remit_taxes)
        .map(|tax| tax.amount.as_ref())
        .collect();
    Ok(sum(currency, &taxes)?.map_or(0, |taxes| taxes.minor))
}

fn line_taxes(order: &api::Order, currency: Currency) -> Result<Option<Money>> {
    let mut all: Option<i64> = None;
    for line in &order.line_items {
        if let Some(tax) = line_tax(line, currency)? {
            all = Some(all.unwrap_or(0).saturating_add(tax.minor));
        }
    }
    Ok(all.map(|minor| Money::new(minor, currency)))
}

fn refunds(refunds: &[api::OrderRefund], currency: Currency) -> Result<Vec<Refund>> {
    let mut known = BTreeSet::new();
    refunds
        .iter()
        .map(|refund| {
            let id = filled(refund.refund_reference_id.as_deref())
                .or_else(|| filled(refund.refund_id.as_deref()))
                .unwrap_or_else(|| "refund".to_owned());
            Ok(Refund {
                external_id: unique(id, &mut known),
                amount: in_currency(currency, refund.amount.as_ref())?,
                note: None,
                created_at: refund.refund_date,
            })
        })
        .collect()
}

/// What went back: not what failed to.
fn refunded(refunds: &[api::OrderRefund], currency: Currency) -> Result<Option<Money>> {
    let amounts: Vec<_> = refunds
        .iter()
        .filter(|refund| refund.refund_status.as_deref() != Some("FAILED"))
        .map(|refund| refund.amount.as_ref())
        .collect();
    Ok(sum(currency, &amounts)?.filter(|sum| sum.minor >= 0))
}

fn payments(payments: &[api::Payment], currency: Currency) -> Result<Vec<OrderTransaction>> {
    let mut known = BTreeSet::new();
    payments
        .iter()
        .map(|payment| {
            let id = filled(payment.payment_reference_id.as_deref())
                .unwrap_or_else(|| "payment".to_owned());
            Ok(OrderTransaction {
                external_id: unique(id, &mut known),
                kind: "payment".to_owned(),
                status: payment
                    .payment_status
                    .as_deref()
                    .unwrap_or("unknown")
                    .to_ascii_lowercase(),
                gateway: filled(payment.payment_method.as_deref()),
                amount: in_currency(currency, payment.amount.as_ref())?,
                processed_at: payment.payment_date,
            })
        })
        .collect()
}

fn ship_to(order: &api::Order) -> Option<Address> {
    let sent = order
        .fulfillment_start_instructions
        .iter()
        .find_map(|part| {
            // What eBay forwards goes to eBay first.
            part.final_destination_address.as_ref().or_else(|| {
                part.shipping_step
                    .as_ref()?
                    .ship_to
                    .as_ref()?
                    .contact_address
                    .as_ref()
            })
        });
    let taxed = || order.buyer.as_ref()?.tax_address.as_ref();
    let to = sent.or_else(taxed)?;
    Some(Address {
        city: filled(to.city.as_deref()),
        region: filled(to.state_or_province.as_deref()),
        postal_code: filled(to.postal_code.as_deref()),
        country_code: country(to.country_code.as_deref()),
    })
}

/// Until when the first of what isn't sent must be.
fn act_by(
    order: &api::Order,
    fulfillment: FulfillmentStatus,
) -> Option<chrono::DateTime<chrono::Utc>> {
    if fulfillment == FulfillmentStatus::Fulfilled {
        return None;
    }
    order
        .line_items
        .iter()
        .filter_map(|line| {
            line.line_item_fulfillment_instructions
                .as_ref()?
                .ship_by_date
        })
        .min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_core::Change;
    use connector_core::model::{OrderStatus, PaymentStatus};
    use serde_json::{Value, json};

    fn usd(value: &str) -> Value {
        json!({"value": value, "currency": "USD"})
    }

    fn read(json: Value) -> Order {
        match order(&serde_json::from_value(json).unwrap())
            .unwrap()
            .change
        {
            Change::Upsert(Model::Order(order)) => *order,
            other => panic!("{other:?}"),
        }
    }

    /// An order of two pieces with a discount and a tax that eBay collects; with the breakdown of
    /// taxes or without.
    fn sold(breakdown: bool) -> Value {
        let mut order = json!({
            "orderId": "1-2-3", "creationDate": "2026-05-01T10:00:00.000Z",
            "lastModifiedDate": "2026-05-02T10:00:00.000Z",
            "orderFulfillmentStatus": "FULFILLED", "orderPaymentStatus": "PAID",
            "buyer": {"username": "somebody"},
            "pricingSummary": {
                "priceSubtotal": usd("40.0"), "priceDiscount": usd("-4.0"),
                "deliveryCost": usd("3.95"), "total": usd("39.95"),
            },
            "paymentSummary": {
                "totalDueSeller": usd("34.13"), "refunds": [],
                "payments": [{"paymentMethod": "EBAY", "paymentReferenceId": "4_S", "amount": usd("34.13"), "paymentStatus": "PAID"}],
            },
            "cancelStatus": {"cancelState": "NONE_REQUESTED", "cancelRequests": []},
            "fulfillmentStartInstructions": [{"shippingStep": {"shipTo": {
                "fullName": "A Person", "contactAddress": {"addressLine1": "1 Street", "city": "Austin", "countryCode": "us"},
            }}}],
            "lineItems": [{
                "lineItemId": "10", "legacyItemId": "145", "sku": "A1", "title": "Scarf", "quantity": 2,
                "lineItemCost": usd("40.0"), "discountedLineItemCost": usd("36.0"), "total": usd("39.95"),
                "taxes": [], "ebayCollectAndRemitTaxes": [{"taxType": "STATE_SALES_TAX", "amount": usd("3.20")}],
                "purchaseMarketplaceId": "EBAY_US",
            }],
            "totalMarketplaceFee": usd("5.82"),
        });
        if breakdown {
            order["pricingSummary"]["tax"] = usd("3.20");
            order["pricingSummary"]["total"] = usd("43.15");
            order["lineItems"][0]["taxes"] =
                json!([{"taxType": "STATE_SALES_TAX", "amount": usd("3.20")}]);
        }
        order
    }

    #[test]
    fn the_figures_balance_with_and_without_the_breakdown_of_taxes() {
        for breakdown in [false, true] {
            let order = read(sold(breakdown));
            let minor = |money: Option<Money>| money.unwrap().minor;
            assert_eq!(
                minor(order.subtotal) + minor(order.shipping_total) + minor(order.tax_total),
                minor(order.total),
                "{breakdown}"
            );
            assert_eq!(minor(order.total), 4_315);
            assert_eq!(
                minor(order.total) - minor(order.tax_total) - minor(order.fee_total),
                minor(order.net_total)
            );
            assert_eq!(minor(order.discount_total), 400);
            let line = &order.lines[0];
            assert_eq!(minor(line.unit_price), 2_000);
            assert_eq!(
                (minor(line.total), minor(line.discount), minor(line.tax)),
                (3_600, 400, 320)
            );
            assert_eq!(order.status, OrderStatus::Completed);
            assert_eq!(order.platform_status.as_deref(), Some("FULFILLED/PAID"));
            assert_eq!(order.buyer_country.as_deref(), Some("US"));
        }
    }

    #[test]
    fn no_name_and_no_street_is_kept() {
        let json = serde_json::to_string(&read(sold(true))).unwrap();
        for private in ["A Person", "1 Street"] {
            assert!(!json.contains(private), "{private}");
        }
    }

    #[test]
    fn a_cancelled_order_says_why_and_unknown_words_stay() {
        let mut json = sold(true);
        json["cancelStatus"] = json!({
            "cancelState": "CANCELED", "cancelledDate": "2026-05-01T12:00:00.000Z",
            "cancelRequests": [{"cancelReason": "ORDER_MISTAKE", "cancelInitiator": "BUYER"}],
        });
        let order = read(json);
        assert_eq!(order.status, OrderStatus::Cancelled);
        assert_eq!(order.cancel_reason.as_deref(), Some("ORDER_MISTAKE"));
        let mut json = sold(true);
        json["orderFulfillmentStatus"] = json!("LOST_IN_SPACE");
        json["orderPaymentStatus"] = json!("NEW_WORD");
        let order = read(json);
        assert_eq!(order.status, OrderStatus::Unknown);
        assert_eq!(order.payment_status, PaymentStatus::Unknown);
        assert_eq!(
            order.platform_status.as_deref(),
            Some("LOST_IN_SPACE/NEW_WORD")
        );
    }

    #[test]
    fn an_order_without_a_total_is_named_and_not_made_up() {
        let mut json = sold(true);
        json["pricingSummary"] = json!({});
        let why = order(&serde_json::from_value(json).unwrap()).unwrap_err();
        assert_eq!(why.external_id.as_deref(), Some("1-2-3"));
        assert!(why.reason.contains("no total"), "{}", why.reason);
    }
}
