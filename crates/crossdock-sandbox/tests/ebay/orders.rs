//! Orders: filters and their edges, pages, packages, refunds.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};

use super::{Ebay, encoded};

const ORDERS: &str = "api.ebay.com/sell/fulfillment/v1/order";

/// A range of time from so many days ago.
fn since(ebay: &Ebay, field: &str, days: i64) -> String {
    let from = (ebay.now - TimeDelta::days(days)).to_rfc3339_opts(SecondsFormat::Millis, true);
    encoded(&format!("{field}:[{from}..]"))
}

fn all(ebay: &mut Ebay) -> Vec<Value> {
    let filter = since(ebay, "creationdate", 729);
    ebay.pages(&format!("{ORDERS}?filter={filter}"), "orders").0
}

#[test]
fn pages_lead_to_all_orders_and_none_is_there_twice() {
    let mut ebay = Ebay::new();
    let filter = since(&ebay, "lastmodifieddate", 729);
    let (orders, pages) = ebay.pages(&format!("{ORDERS}?filter={filter}"), "orders");
    assert_eq!((orders.len(), pages), (ebay.count("orders"), 2));
    let mut ids: Vec<_> = orders
        .iter()
        .map(|order| order["orderId"].as_str().unwrap())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), orders.len());
    for (field, values) in [
        (
            "orderFulfillmentStatus",
            ["NOT_STARTED", "IN_PROGRESS", "FULFILLED"].as_slice(),
        ),
        (
            "orderPaymentStatus",
            &["PENDING", "PAID", "PARTIALLY_REFUNDED", "FULLY_REFUNDED"],
        ),
    ] {
        for value in values {
            assert!(
                orders.iter().any(|order| order[field] == **value),
                "{value}"
            );
        }
    }
}

#[test]
fn both_ends_of_a_range_are_included() {
    let mut ebay = Ebay::new();
    let orders = all(&mut ebay);
    let at = orders[5]["lastModifiedDate"].as_str().unwrap();
    let filter = encoded(&format!("lastmodifieddate:[{at}..{at}]"));
    let found = ebay.get(&format!("{ORDERS}?filter={filter}"));
    assert_eq!(found["orders"][0]["orderId"], orders[5]["orderId"]);
}

#[test]
fn creation_counts_where_both_dates_are_given_and_ninety_days_where_none_is() {
    let mut ebay = Ebay::new();
    let created = since(&ebay, "creationdate", 729);
    let modified = since(&ebay, "lastmodifieddate", 1);
    let both = ebay.get(&format!("{ORDERS}?filter={modified},{created}"));
    assert_eq!(both["total"], ebay.count("orders"));
    let usual = ebay.get(ORDERS)["total"].as_u64().unwrap();
    let days = since(&ebay, "creationdate", 90);
    assert_eq!(ebay.get(&format!("{ORDERS}?filter={days}"))["total"], usual);
    assert!(usual > 0 && usual < 80);
    let open = encoded("orderfulfillmentstatus:{NOT_STARTED|IN_PROGRESS}");
    for order in ebay.get(&format!("{ORDERS}?filter={open}"))["orders"]
        .as_array()
        .unwrap()
    {
        assert_ne!(order["orderFulfillmentStatus"], "FULFILLED");
    }
}

#[test]
fn what_is_wrong_with_a_query_has_its_number() {
    let mut ebay = Ebay::new();
    let future = (ebay.now + TimeDelta::days(1)).to_rfc3339_opts(SecondsFormat::Millis, true);
    for (query, number) in [
        ("limit=201".to_owned(), 31100),
        ("offset=x".to_owned(), 31000),
        ("fieldGroups=X".to_owned(), 32800),
        (format!("filter={}", encoded("colour:{red}")), 30700),
        (
            format!("filter={}", encoded("orderfulfillmentstatus:{SENT}")),
            30800,
        ),
        (
            format!("filter={}", encoded("creationdate:[2026-01-01..]")),
            30810,
        ),
        (
            format!(
                "filter={}",
                encoded("creationdate:[..2026-01-01T00:00:00.000Z]")
            ),
            30820,
        ),
        (
            format!("filter={}", encoded(&format!("creationdate:[{future}..]"))),
            30850,
        ),
        (
            format!("filter={}", since(&ebay, "creationdate", 800)),
            30830,
        ),
        (format!("orderIds={}", vec!["1"; 51].join(",")), 30900),
    ] {
        let refused = ebay.call("GET", &format!("{ORDERS}?{query}"), &[], None);
        assert_eq!(refused.error(), (400, number), "{query}");
    }
}

#[test]
fn lists_leave_cancellation_requests_out() {
    let mut ebay = Ebay::new();
    let orders = all(&mut ebay);
    let cancelled = orders
        .iter()
        .find(|order| order["cancelStatus"]["cancelState"] == "CANCELED")
        .unwrap();
    assert_eq!(cancelled["cancelStatus"]["cancelRequests"], json!([]));
    let one = ebay.get(&format!(
        "{ORDERS}/{}",
        cancelled["orderId"].as_str().unwrap()
    ));
    assert_eq!(
        one["cancelStatus"]["cancelRequests"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
}

#[test]
fn an_old_order_tells_no_name() {
    let mut ebay = Ebay::new();
    let orders = all(&mut ebay);
    let name = |order: &Value| {
        order["fulfillmentStartInstructions"][0]["shippingStep"]["shipTo"]["fullName"].is_string()
    };
    assert!(name(&orders[0]) && !name(orders.last().unwrap()));
}

#[test]
fn taxes_that_ebay_collects_are_added_when_asked_for() {
    let mut ebay = Ebay::new();
    let orders = all(&mut ebay);
    let taxed = orders
        .iter()
        .find(|order| order["ebayCollectAndRemitTax"] == true)
        .unwrap();
    assert!(taxed["pricingSummary"].get("tax").is_none());
    let path = format!(
        "{ORDERS}/{}?fieldGroups=TAX_BREAKDOWN",
        taxed["orderId"].as_str().unwrap()
    );
    let with = ebay.get(&path);
    let total = |order: &Value| super::cents(&order["pricingSummary"]["total"]);
    assert_eq!(
        total(&with),
        total(taxed) + super::cents(&with["pricingSummary"]["tax"])
    );
}

#[test]
fn a_package_is_named_in_its_address() {
    let mut ebay = Ebay::new();
    let order = ebay.control("order/create", &json!({"quantity": 2}))["order"].clone();
    let path = format!("{ORDERS}/{}", order.as_str().unwrap());
    let line = ebay.get(&path)["lineItems"][0]["lineItemId"].clone();
    let package = json!({
        "lineItems": [{"lineItemId": line, "quantity": 1}],
        "shippingCarrierCode": "RoyalMail",
        "trackingNumber": "SBX1",
    });
    let fulfilment = format!("{path}/shipping_fulfillment");
    let alone = json!({"trackingNumber": "SBX1"});
    assert_eq!(
        ebay.call("POST", &fulfilment, &[], Some(&alone)).error(),
        (400, 32300)
    );
    ebay.advance(TimeDelta::minutes(7));
    let sent = ebay.call("POST", &fulfilment, &[], Some(&package));
    assert_eq!(sent.status, 201);
    let address = sent.headers["location"].to_str().unwrap().to_owned();
    let known = ebay.get(address.strip_prefix("https://").unwrap());
    assert_eq!(known["shipmentTrackingNumber"], "SBX1");
    let after = ebay.get(&path);
    assert_eq!(after["orderFulfillmentStatus"], "IN_PROGRESS");
    assert_eq!(after["fulfillmentHrefs"][0], address);
    let modified = after["lastModifiedDate"]
        .as_str()
        .unwrap()
        .parse::<chrono::DateTime<chrono::Utc>>();
    assert_eq!(modified.unwrap(), ebay.now);
    ebay.control("order/ship", &json!({"id": order}));
    assert_eq!(ebay.get(&path)["orderFulfillmentStatus"], "FULFILLED");
}

#[test]
fn a_sale_takes_from_the_stock() {
    let mut ebay = Ebay::new();
    let stock = |ebay: &mut Ebay| {
        ebay.get("api.ebay.com/sell/inventory/v1/inventory_item/SBX-0001")["availability"]
            ["shipToLocationAvailability"]["quantity"]
            .as_u64()
            .unwrap()
    };
    ebay.control("item/quantity", &json!({"sku": "SBX-0001", "quantity": 5}));
    ebay.control("order/create", &json!({"sku": "SBX-0001", "quantity": 2}));
    assert_eq!(stock(&mut ebay), 3);
}
