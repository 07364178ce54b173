//! Orders as Amazon might send them, and what they become.

use connector_core::{Change, Skipped};
use serde_json::{Value, json};

use super::*;

fn mapped(change: impl FnOnce(&mut Value)) -> Result<Order, Skipped> {
    let mut json = json!({
        "orderId": "111-0000001-0000001",
        "createdTime": "2026-03-01T10:00:00Z",
        "lastUpdatedTime": "2026-03-02T11:00:00Z",
        "programs": ["PRIME"],
        "salesChannel": {"channelName": "AMAZON", "marketplaceId": "ATVPDKIKX0DER", "marketplaceName": "Amazon.com"},
        "fulfillment": {"fulfillmentStatus": "UNSHIPPED", "fulfilledBy": "MERCHANT",
            "shipByWindow": {"earliestDateTime": "2026-03-02T00:00:00Z", "latestDateTime": "2026-03-04T00:00:00Z"}},
        "proceeds": {"grandTotal": {"amount": "26.50", "currencyCode": "USD"}, "breakdowns": [
            {"type": "ITEM", "subtotal": {"amount": "24.00", "currencyCode": "USD"}},
            {"type": "DISCOUNT", "subtotal": {"amount": "-2.00", "currencyCode": "USD"}},
            {"type": "SHIPPING", "subtotal": {"amount": "3.00", "currencyCode": "USD"}},
            {"type": "TAX", "subtotal": {"amount": "1.50", "currencyCode": "USD"}},
            {"type": "NEW_IN_2027", "subtotal": {"amount": "0", "currencyCode": "USD"}}]},
        "orderItems": [{
            "orderItemId": "7", "quantityOrdered": 2,
            "product": {"asin": "B000MADEUP", "title": "A thing", "sellerSku": "a/b",
                "price": {"unitPrice": {"amount": "12.00", "currencyCode": "USD"}}},
            "proceeds": {"breakdowns": [
                {"type": "ITEM", "subtotal": {"amount": "24.00", "currencyCode": "USD"}},
                {"type": "DISCOUNT", "subtotal": {"amount": "2.00", "currencyCode": "USD"}}]}}],
    });
    change(&mut json);
    let record = order(serde_json::from_value(json).unwrap())?;
    match record.change {
        Change::Upsert(Model::Order(order)) => Ok(*order),
        other => panic!("{other:?}"),
    }
}

#[test]
fn totals_are_what_their_parts_say() {
    let order = mapped(|_| {}).unwrap();
    let minor = |money: Option<Money>| money.map(|money| money.minor);
    assert_eq!(minor(order.total), Some(2650));
    assert_eq!(minor(order.subtotal), Some(2200));
    assert_eq!(minor(order.discount_total), Some(200));
    assert_eq!(minor(order.shipping_total), Some(300));
    assert_eq!(minor(order.tax_total), Some(150));
    assert_eq!(order.fee_total, None);
    let line = &order.lines[0];
    assert_eq!(minor(line.total), Some(2200));
    assert_eq!(minor(line.unit_price), Some(1200));
    assert_eq!(
        line.listing_external_id.as_deref(),
        Some("ATVPDKIKX0DER/a/b")
    );
    assert_eq!(order.channel.as_deref(), Some("Amazon.com"));
    assert_eq!(order.act_by, Some("2026-03-04T00:00:00Z".parse().unwrap()));
}

#[test]
fn an_order_that_is_not_broken_down_is_the_sum_of_its_lines() {
    let order = mapped(|json| {
        json["proceeds"]["breakdowns"] = json!([]);
        let line = json["orderItems"][0].clone();
        json["orderItems"].as_array_mut().unwrap().push(line);
    })
    .unwrap();
    let minor = |money: Option<Money>| money.map(|money| money.minor);
    assert_eq!(minor(order.subtotal), Some(4400));
    assert_eq!(minor(order.discount_total), Some(400));
    assert_eq!((order.tax_total, order.shipping_total), (None, None));
    assert_eq!(minor(order.total), Some(2650));
}

#[test]
fn every_status_has_its_place() {
    use {FulfillmentStatus as F, OrderStatus as O, PaymentStatus as P};
    for (word, stands, payment, fulfillment) in [
        ("PENDING_AVAILABILITY", O::Open, P::Pending, F::Unfulfilled),
        ("PENDING", O::Open, P::Pending, F::Unfulfilled),
        ("UNSHIPPED", O::Open, P::Authorized, F::Unfulfilled),
        ("PARTIALLY_SHIPPED", O::Open, P::PartiallyPaid, F::Partial),
        ("SHIPPED", O::Completed, P::Paid, F::Fulfilled),
        ("CANCELLED", O::Cancelled, P::Unknown, F::Unfulfilled),
        ("UNFULFILLABLE", O::Cancelled, P::Unknown, F::Unfulfilled),
        ("NEW_IN_2027", O::Unknown, P::Unknown, F::Unknown),
    ] {
        let order = mapped(|json| json["fulfillment"]["fulfillmentStatus"] = json!(word)).unwrap();
        assert_eq!(
            (order.status, order.payment_status, order.fulfillment_status),
            (stands, payment, fulfillment),
            "{word}"
        );
        assert_eq!(order.platform_status.as_deref(), Some(word));
        assert_eq!(order.act_by.is_some(), stands == O::Open, "{word}");
    }
}

#[test]
fn a_parcel_that_arrived_is_delivered() {
    let parcels = |statuses: [&str; 2]| {
        mapped(|json| {
            json["fulfillment"]["fulfillmentStatus"] = json!("SHIPPED");
            json["packages"] = statuses
                .map(|status| json!({"packageReferenceId": "1", "carrier": "made up", "trackingNumber": "T1", "packageStatus": {"status": status}}))
                .into();
        })
        .unwrap()
    };
    let order = parcels(["DELIVERED", "DELIVERED"]);
    assert_eq!(order.fulfillment_status, FulfillmentStatus::Delivered);
    assert_eq!(order.tracking_number.as_deref(), Some("T1"));
    let order = parcels(["DELIVERED", "IN_TRANSIT"]);
    assert_eq!(order.fulfillment_status, FulfillmentStatus::Fulfilled);
}

#[test]
fn a_pending_order_has_no_amounts_and_its_marketplace_s_currency() {
    let pending = |marketplace: &str| {
        mapped(|json| {
            json["proceeds"] = Value::Null;
            json["orderItems"][0]["product"]["price"] = Value::Null;
            json["orderItems"][0]["proceeds"] = Value::Null;
            json["salesChannel"]["marketplaceId"] = json!(marketplace);
        })
    };
    let order = pending("A1VC38T7YXB528").unwrap();
    assert_eq!((order.currency.code(), order.total), ("JPY", None));
    let odd = pending("A1NEWMARKETPLACE").unwrap_err();
    assert_eq!(odd.external_id.as_deref(), Some("111-0000001-0000001"));
}

#[test]
fn yen_have_no_cents_and_points_cost_the_seller() {
    let order = mapped(|json| {
        let yen = |amount: &str| json!({"amount": amount, "currencyCode": "JPY"});
        json["proceeds"] = json!({"grandTotal": yen("5980"), "breakdowns": []});
        json["orderItems"][0]["product"]["price"]["unitPrice"] = yen("2990");
        json["orderItems"][0]["proceeds"] = Value::Null;
        json["orderItems"][0]["expense"] =
            json!({"pointsCost": {"pointsGranted": {"pointsNumber": 60, "pointsMonetaryValue": yen("60")}}});
    })
    .unwrap();
    assert_eq!(order.total.unwrap().minor, 5980);
    assert_eq!(order.fee_total.unwrap().minor, 60);
    assert_eq!(order.fees[0].kind, "points");
}

#[test]
fn several_currencies_are_no_order() {
    let odd = mapped(|json| {
        json["orderItems"][0]["product"]["price"]["unitPrice"]["currencyCode"] = json!("EUR");
    })
    .unwrap_err();
    assert!(odd.reason.contains("several currencies"), "{odd:?}");
}

#[test]
fn nobody_s_name_is_kept() {
    let order = mapped(|json| {
        json["buyer"] = json!({"buyerName": "A Person", "buyerEmail": "a@example.com"});
        json["recipient"] = json!({"deliveryAddress": {"name": "A Person", "addressLine1": "1 A Street",
            "city": "Town", "postalCode": "12345", "countryCode": "us", "phone": "555"}});
    })
    .unwrap();
    assert_eq!(order.buyer_country.as_deref(), Some("US"));
    let kept = serde_json::to_string(&order).unwrap();
    for personal in ["A Person", "A Street", "example.com", "555"] {
        assert!(!kept.contains(personal), "{personal}");
    }
    assert!(kept.contains("12345"));
}
