//! Orders.

use connector_core::model::{
    Address, Currency, FulfillmentStatus, Money, Order, OrderLine, OrderStatus, OrderTransaction,
    Origin, PaymentStatus, PlatformFee, Refund,
};
use connector_core::{Model, Record, Result};

use super::{Mapped, filled, money, shop_money, skipped};
use crate::api;

/// An order with all its lines.
///
/// Totals are those of the purchase, before returns; what went back is in
/// [`Order::refunded_total`]. All are in the shop's currency.
///
/// # Errors
/// [`Skipped`](connector_core::Skipped) when an amount is no amount of money.
pub fn order(order: api::Order) -> Mapped {
    let (id, updated_at) = (order.id.clone(), order.updated_at);
    match map(order) {
        Ok(model) => Ok(Record::upsert(
            id.tail(),
            Some(updated_at),
            Model::Order(Box::new(model)),
        )),
        Err(error) => Err(skipped(&id, &error)),
    }
}

fn map(order: api::Order) -> Result<Order> {
    let fees = fees(&order.transactions)?;
    let tracking = order
        .fulfillments
        .iter()
        .flat_map(|fulfillment| &fulfillment.tracking_info)
        .find(|tracking| tracking.number.is_some());
    let bag = |bag: &Option<api::MoneyBag>| bag.as_ref().map(shop_money).transpose();
    Ok(Order {
        number: Some(order.name),
        status: status(order.cancelled_at.is_some(), order.closed),
        payment_status: payment_status(order.display_financial_status.as_deref()),
        fulfillment_status: fulfillment_status(
            &order.display_fulfillment_status,
            &order.fulfillments,
        ),
        platform_status: Some(match &order.display_financial_status {
            Some(financial) => format!("{financial} {}", order.display_fulfillment_status),
            None => order.display_fulfillment_status.clone(),
        }),
        currency: Currency::from_code(&order.currency_code)?,
        subtotal: bag(&order.subtotal_price_set)?,
        discount_total: bag(&order.total_discounts_set)?,
        tax_total: bag(&order.total_tax_set)?,
        shipping_total: Some(shop_money(&order.total_shipping_price_set)?),
        total: Some(shop_money(&order.total_price_set)?),
        refunded_total: Some(shop_money(&order.total_refunded_set)?),
        fee_total: sum(fees.iter().map(|fee| fee.amount)),
        net_total: None,
        presentment_total: order
            .total_price_set
            .presentment_money
            .as_ref()
            .filter(|_| order.presentment_currency_code != order.currency_code)
            .map(money)
            .transpose()?,
        channel: filled(order.source_name),
        origin: order.customer_journey_summary.and_then(origin),
        customer_id: order.customer.map(|customer| customer.tail()),
        buyer_country: order
            .shipping_address
            .as_ref()
            .and_then(|address| address.country_code_v2.clone()),
        ship_to: order.shipping_address.map(|address| Address {
            city: filled(address.city),
            region: filled(address.province_code),
            postal_code: filled(address.zip),
            country_code: filled(address.country_code_v2),
        }),
        test: order.test,
        tags: order.tags,
        placed_at: Some(order.processed_at),
        created_at: Some(order.created_at),
        updated_at: Some(order.updated_at),
        cancelled_at: order.cancelled_at,
        cancel_reason: order
            .cancel_reason
            .map(|reason| reason.to_ascii_lowercase()),
        act_by: None,
        tracking_number: tracking.and_then(|tracking| tracking.number.clone()),
        tracking_carrier: tracking.and_then(|tracking| tracking.company.clone()),
        lines: order
            .line_items
            .nodes
            .into_iter()
            .map(line)
            .collect::<Result<_>>()?,
        refunds: order
            .refunds
            .into_iter()
            .map(refund)
            .collect::<Result<_>>()?,
        transactions: order
            .transactions
            .into_iter()
            .map(transaction)
            .collect::<Result<_>>()?,
        fees,
    })
}

fn line(line: api::LineItem) -> Result<OrderLine> {
    let taxes: Vec<Money> = line
        .tax_lines
        .iter()
        .map(|tax| shop_money(&tax.price_set))
        .collect::<Result<_>>()?;
    let total = shop_money(&line.discounted_total_set)?;
    Ok(OrderLine {
        external_id: line.id.tail().to_owned(),
        title: line.title,
        variant_title: filled(line.variant_title),
        sku: filled(line.sku),
        product_external_id: line.product.map(|product| product.tail()),
        variant_external_id: line.variant.map(|variant| variant.tail()),
        listing_external_id: None,
        quantity: line.quantity,
        current_quantity: Some(line.current_quantity),
        unit_price: Some(shop_money(&line.original_unit_price_set)?),
        discount: Some(shop_money(&line.total_discount_set)?),
        tax: Some(sum(taxes.into_iter()).unwrap_or(Money::new(0, total.currency))),
        total: Some(total),
    })
}

fn refund(refund: api::Refund) -> Result<Refund> {
    Ok(Refund {
        external_id: refund.id.tail().to_owned(),
        amount: Some(shop_money(&refund.total_refunded_set)?),
        note: filled(refund.note),
        created_at: refund.created_at,
    })
}

fn transaction(transaction: api::OrderTransaction) -> Result<OrderTransaction> {
    Ok(OrderTransaction {
        external_id: transaction.id.tail().to_owned(),
        kind: transaction.kind.to_ascii_lowercase(),
        status: transaction.status.to_ascii_lowercase(),
        gateway: filled(transaction.gateway),
        amount: Some(shop_money(&transaction.amount_set)?),
        processed_at: transaction.processed_at,
    })
}

fn fees(transactions: &[api::OrderTransaction]) -> Result<Vec<PlatformFee>> {
    transactions
        .iter()
        .flat_map(|transaction| &transaction.fees)
        .map(|fee| {
            let amount = money(&fee.amount)?;
            Ok(PlatformFee {
                kind: fee.kind.to_ascii_lowercase(),
                amount: Money::new(amount.minor.saturating_abs(), amount.currency),
            })
        })
        .collect()
}

/// The sum, where there is one: not of nothing, not over currencies, not beyond what fits.
fn sum(amounts: impl Iterator<Item = Money>) -> Option<Money> {
    amounts
        .map(Some)
        .reduce(|one, other| {
            let (one, other) = (one?, other?);
            let minor = one.minor.checked_add(other.minor)?;
            (one.currency == other.currency).then_some(Money::new(minor, one.currency))
        })
        .flatten()
}

fn status(cancelled: bool, closed: bool) -> OrderStatus {
    match (cancelled, closed) {
        (true, _) => OrderStatus::Cancelled,
        (false, true) => OrderStatus::Completed,
        (false, false) => OrderStatus::Open,
    }
}

fn payment_status(word: Option<&str>) -> PaymentStatus {
    match word {
        Some("PENDING") => PaymentStatus::Pending,
        Some("AUTHORIZED") => PaymentStatus::Authorized,
        Some("PARTIALLY_PAID") => PaymentStatus::PartiallyPaid,
        Some("PAID") => PaymentStatus::Paid,
        Some("PARTIALLY_REFUNDED") => PaymentStatus::PartiallyRefunded,
        Some("REFUNDED") => PaymentStatus::Refunded,
        // An authorisation that ran out can't be captured any more.
        Some("VOIDED" | "EXPIRED") => PaymentStatus::Voided,
        _ => PaymentStatus::Unknown,
    }
}

fn fulfillment_status(word: &str, fulfillments: &[api::Fulfillment]) -> FulfillmentStatus {
    let arrived = || {
        !fulfillments.is_empty()
            && fulfillments
                .iter()
                .all(|fulfillment| fulfillment.delivered_at.is_some())
    };
    match word {
        "FULFILLED" if arrived() => FulfillmentStatus::Delivered,
        "FULFILLED" | "FULFILLMENT_NOT_REQUIRED" => FulfillmentStatus::Fulfilled,
        "PARTIALLY_FULFILLED" => FulfillmentStatus::Partial,
        "UNFULFILLED"
        | "OPEN"
        | "PENDING_FULFILLMENT"
        | "IN_PROGRESS"
        | "ON_HOLD"
        | "SCHEDULED"
        | "REQUEST_DECLINED" => FulfillmentStatus::Unfulfilled,
        "RESTOCKED" => FulfillmentStatus::Returned,
        _ => FulfillmentStatus::Unknown,
    }
}

/// What Shopify says of the visit in which the order was made. Its own reading of the parameters
/// counts before the landing page's address, which it cuts short for some shops.
fn origin(summary: api::CustomerJourneySummary) -> Option<Origin> {
    let visit = summary.last_visit?;
    let address = filled(visit.landing_page);
    let mut origin = Origin::of_landing_page(address.as_deref().unwrap_or_default());
    origin.landing_page = address;
    origin.referrer = filled(visit.referrer_url);
    if let Some(utm) = visit.utm_parameters {
        origin.utm_source = filled(utm.source).or(origin.utm_source);
        origin.utm_medium = filled(utm.medium).or(origin.utm_medium);
        origin.utm_campaign = filled(utm.campaign).or(origin.utm_campaign);
        origin.utm_term = filled(utm.term).or(origin.utm_term);
        origin.utm_content = filled(utm.content).or(origin.utm_content);
    }
    origin.known()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_visit_says_how_a_buyer_came() {
        let summary = |json: &str| serde_json::from_str(json).unwrap();
        let said = origin(summary(
            r#"{"lastVisit": {"landingPage": "https://shop.example/?gclid=sbx-1&utm_source=a",
                "referrerUrl": "", "utmParameters": {"source": "b", "campaign": "Spring"}}}"#,
        ))
        .unwrap();
        assert_eq!(said.click_id.as_deref(), Some("sbx-1"));
        assert_eq!(said.utm_source.as_deref(), Some("b"));
        assert_eq!(said.utm_campaign.as_deref(), Some("Spring"));
        assert_eq!(said.referrer, None);
        assert_eq!(origin(summary(r#"{"lastVisit": null}"#)), None);
    }

    #[test]
    fn every_word_of_the_schema_is_known_and_others_are_unknown() {
        for word in [
            "AUTHORIZED",
            "EXPIRED",
            "PAID",
            "PARTIALLY_PAID",
            "PARTIALLY_REFUNDED",
            "PENDING",
            "REFUNDED",
            "VOIDED",
        ] {
            assert_ne!(payment_status(Some(word)), PaymentStatus::Unknown, "{word}");
        }
        for word in [
            "FULFILLED",
            "FULFILLMENT_NOT_REQUIRED",
            "IN_PROGRESS",
            "ON_HOLD",
            "OPEN",
            "PARTIALLY_FULFILLED",
            "PENDING_FULFILLMENT",
            "REQUEST_DECLINED",
            "RESTOCKED",
            "SCHEDULED",
            "UNFULFILLED",
        ] {
            assert_ne!(
                fulfillment_status(word, &[]),
                FulfillmentStatus::Unknown,
                "{word}"
            );
        }
        assert_eq!(payment_status(Some("GIFTED")), PaymentStatus::Unknown);
        assert_eq!(payment_status(None), PaymentStatus::Unknown);
        assert_eq!(
            fulfillment_status("TELEPORTED", &[]),
            FulfillmentStatus::Unknown
        );
    }

    #[test]
    fn a_sum_over_two_currencies_is_none() {
        let usd = Money::new(5, Currency::USD);
        let jpy = Money::new(5, "JPY".parse().unwrap());
        assert_eq!(
            sum([usd, usd].into_iter()),
            Some(Money::new(10, Currency::USD))
        );
        assert_eq!(sum([usd, jpy, usd].into_iter()), None);
        assert_eq!(
            sum([Money::new(i64::MAX, Currency::USD), usd].into_iter()),
            None
        );
        assert_eq!(sum(std::iter::empty()), None);
    }
}
