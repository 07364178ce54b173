//! Recorded replies of the APIs: each that belongs to a stream is read and mapped, and none of it is
//! lost.
use std::collections::BTreeMap;

use chrono::DateTime;
use connector_core::model::{Model, Order};
use connector_core::{Change, Dialect, Endpoint as _, ErrorKind, Operation, Record, Verdict};
use connector_ebay::api::{self, Link};
use connector_ebay::{EbayCredential, EbayDialect, Environment, Server, map};
use connector_testkit::recorded::{files, shared};

use crate::shelf::response;

const PRODUCTION: Environment = Environment::Production;

/// The recordings that belong to no stream, with the reason.
const ELSEWHERE: [(&str, &str); 4] = [
    ("buy-browse/", "the Browse API shows what others sell"),
    ("errors/", "judged, not mapped"),
    ("notifications/", "verified and read by tests of their own"),
    ("oauth/", "a token, whose text is masked"),
];

fn order(record: &Record) -> &Order {
    match &record.change {
        Change::Upsert(Model::Order(order)) => order,
        other => unreachable!("{other:?}"),
    }
}

#[test]
fn every_recorded_order_and_transaction_is_read_and_mapped() {
    let Some(folder) = shared("fixtures/ebay") else {
        return;
    };
    let files = files(&folder).unwrap();
    let (mut listed, mut single, mut transactions, mut elsewhere) = (0, 0, 0, 0);
    let mut orders: BTreeMap<String, Order> = BTreeMap::new();
    let mut moved: Vec<api::Transaction> = Vec::new();
    for (file, text) in &files {
        let body = response(200, text);
        if file.ends_with(".http.json") {
            continue;
        } else if file.starts_with("sell-fulfillment/getOrders") {
            let page = Link::first(PRODUCTION, Server::Api, "/sell/fulfillment/v1/order", &[]);
            let page = page.unwrap();
            let answer = api::GetOrders { page: page.clone() }.parse(&body).unwrap();
            assert_eq!(answer.total, Some(90));
            assert!(page.next(answer.next.as_deref().unwrap()).is_ok());
            for entry in answer.orders {
                let record = map::order(entry.value().unwrap()).unwrap();
                orders.insert(record.external_id.clone(), order(&record).clone());
                listed += 1;
            }
        } else if file.starts_with("sell-fulfillment/order-") {
            let id = String::new();
            let environment = PRODUCTION;
            let entry = api::GetOrder { environment, id }.parse(&body).unwrap();
            let record = map::order(entry.value().unwrap()).unwrap();
            orders.insert(record.external_id.clone(), order(&record).clone());
            single += 1;
        } else if file.starts_with("sell-finances/getTransactions") {
            let first = api::GetTransactions::of_payout(PRODUCTION, "1").unwrap();
            let page = first.parse(&body).unwrap().unwrap();
            assert!(first.page.next(page.next.as_deref().unwrap()).is_ok());
            for entry in page.transactions {
                moved.push(entry.into_parts().0.unwrap());
                transactions += 1;
            }
        } else if file.starts_with("sell-finances/transaction-") {
            moved.push(serde_json::from_str(text).unwrap());
            transactions += 1;
        } else {
            let known = ELSEWHERE.iter().any(|(start, _)| file.starts_with(start));
            assert!(known, "{file} belongs to nothing");
            elsewhere += 1;
        }
    }
    println!("{listed} + {single} orders, {transactions} transactions, {elsewhere} elsewhere");
    assert_eq!((listed, single, transactions, elsewhere), (4, 5, 7, 12));
    for order in orders.values() {
        balances(order);
    }
    let both = sales_of_known_orders(&orders, &moved);
    assert_eq!(both, 2);
}

/// The figures of a recorded order, whose totals leave out the taxes that eBay collects.
fn balances(order: &Order) {
    let minor = |money: Option<connector_core::model::Money>| money.map_or(0, |it| it.minor);
    let parts = minor(order.subtotal) + minor(order.shipping_total) + minor(order.tax_total);
    assert_eq!(parts, minor(order.total), "{:?}", order.number);
    if order.refunds.is_empty() {
        let left = minor(order.total) - minor(order.tax_total) - minor(order.fee_total);
        assert_eq!(left, minor(order.net_total), "{:?}", order.number);
    }
}

/// How many of the orders have their sale among the transactions, which say the same of them.
fn sales_of_known_orders(orders: &BTreeMap<String, Order>, moved: &[api::Transaction]) -> usize {
    let sales = moved.iter().filter(|it| it.transaction_type == "SALE");
    sales
        .filter_map(|sale| Some((sale, orders.get(sale.order()?)?)))
        .map(|(sale, order)| {
            assert_eq!(sale.amount.money().ok(), order.net_total);
            let fee = sale.total_fee_amount.as_ref().unwrap().money().ok();
            assert_eq!(fee, order.fee_total);
            let parts = sale
                .order_line_items
                .iter()
                .flat_map(|line| &line.marketplace_fees);
            let currency = order.currency;
            let sum: i64 = parts
                .filter_map(|part| part.amount.as_ref()?.money_or(currency).ok())
                .map(|part| part.minor)
                .sum();
            assert_eq!(Some(sum), fee.map(|fee| fee.minor));
        })
        .count()
}

#[test]
fn recorded_payouts_are_made_of_what_their_transactions_say() {
    let Some(folder) = shared("fixtures/ebay/sell-finances") else {
        return;
    };
    let text = files(&folder)
        .unwrap()
        .remove("getTransactions-production-a.json")
        .unwrap();
    let first = api::GetTransactions::of_payout(PRODUCTION, "6556787780").unwrap();
    let page = first.parse(&response(200, &text)).unwrap().unwrap();
    let all: Vec<api::Transaction> = page
        .transactions
        .into_iter()
        .map(|entry| entry.into_parts().0.unwrap())
        .filter(|it| it.payout_id.as_deref() == Some("6556787780"))
        .collect();
    // The sale less the advertising fee; a transfer paid the invoice.
    let payout = r#"{"payoutId":"6556787780","payoutStatus":"SUCCEEDED","amount":{"value":"184.44","currency":"USD"}}"#;
    let record = map::payout(&serde_json::from_str(payout).unwrap(), &all).unwrap();
    let Change::Upsert(Model::Payout(payout)) = record.change else {
        unreachable!("a payout becomes one")
    };
    assert_eq!(payout.transactions.len(), 4);
    let sum: i64 = payout
        .transactions
        .iter()
        .filter_map(|part| part.net)
        .map(|net| net.minor)
        .sum();
    assert_eq!(sum, payout.net.minor);
}

#[test]
fn recorded_refusals_are_judged() {
    let Some(folder) = shared("fixtures/ebay/errors") else {
        return;
    };
    let files = files(&folder).unwrap();
    assert_eq!(files.len(), 2);
    for (file, text) in files {
        // One is a token endpoint's, one the Trading API's: neither has eBay's list of errors.
        let dialect = EbayDialect::default();
        let operation = Operation::read("getOrders");
        let verdict = Dialect::<EbayCredential>::judge(
            &dialect,
            operation,
            &response(400, &text),
            DateTime::UNIX_EPOCH,
        );
        match verdict {
            Verdict::Failure(error) => assert_eq!(error.kind(), ErrorKind::Rejected, "{file}"),
            other => unreachable!("{file}: {other:?}"),
        }
    }
}
