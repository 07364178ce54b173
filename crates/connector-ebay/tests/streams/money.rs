//! Money: it balances to the cent across orders, transactions and payouts, and every call about it is
//! signed.
use std::collections::BTreeMap;

use connector_core::model::{Model, Money, Order, OrderStatus, PaymentStatus, Payout};
use connector_core::{Connector as _, ErrorKind};
use connector_ebay::{Environment, api};
use connector_testkit::model;
use serde_json::json;

use crate::lab::{Lab, connect};

fn order(model: &Model) -> &Order {
    match model {
        Model::Order(order) => order,
        other => panic!("{other:?}"),
    }
}

fn payout(model: &Model) -> &Payout {
    match model {
        Model::Payout(payout) => payout,
        other => panic!("{other:?}"),
    }
}

fn minor(money: Option<Money>) -> i64 {
    money.map_or(0, |money| money.minor)
}

/// What became of an order's money, in the order's currency: sales and refunds after fees, and the
/// fees.
async fn moved(lab: &Lab, id: &str, currency: &str) -> (i64, i64) {
    let first = api::GetTransactions::of_order(Environment::Production, id).unwrap();
    let Some(page) = lab.session.call(&first).await.unwrap() else {
        return (0, 0);
    };
    assert_eq!(page.next, None);
    let (mut net, mut fees) = (0, 0);
    for entry in page.transactions {
        let transaction = entry.into_parts().0.unwrap();
        if !["SALE", "REFUND"].contains(&transaction.transaction_type.as_str()) {
            continue;
        }
        let sign = match transaction.booking_entry.as_deref() {
            Some("DEBIT") => -1,
            _ => 1,
        };
        let own = |amount: &api::Amount| {
            let converted = amount.original().unwrap();
            let money = converted.unwrap_or_else(|| amount.money().unwrap());
            assert_eq!(money.currency.code(), currency);
            money.minor
        };
        net += sign * own(&transaction.amount);
        fees += sign * transaction.total_fee_amount.as_ref().map_or(0, own);
    }
    (net, fees)
}

/// The six figures of an order: total, taxes, fees, refunds, what the seller is due, and what the
/// transactions say of it.
#[tokio::test(start_paused = true)]
async fn the_figures_of_every_order_balance_to_the_cent() {
    let lab = Lab::new().await;
    let run = lab.run("orders", None).await.unwrap();
    assert_eq!(run.records.len(), 60);
    let (mut paid, mut taxed, mut refunded, mut discounted) = (0, 0, 0, 0);
    for (id, record) in &run.records {
        let order = order(model(record));
        let parts = minor(order.subtotal) + minor(order.shipping_total) + minor(order.tax_total);
        assert_eq!(parts, minor(order.total), "{id}");
        let lines: i64 = order.lines.iter().map(|line| minor(line.total)).sum();
        assert_eq!(lines, minor(order.subtotal), "{id}");
        let taxes: i64 = order.lines.iter().map(|line| minor(line.tax)).sum();
        assert_eq!(taxes, minor(order.tax_total), "{id}");
        if order.payment_status == PaymentStatus::Pending {
            continue;
        }
        let (net, fees) = moved(&lab, id, order.currency.code()).await;
        assert_eq!(net, minor(order.net_total), "{id}: what the seller is due");
        let sold = minor(order.total) - minor(order.tax_total);
        assert_eq!(
            net + fees,
            sold - minor(order.refunded_total),
            "{id}: before fees"
        );
        if order.refunds.is_empty() {
            assert_eq!(fees, minor(order.fee_total), "{id}: fees");
        }
        paid += 1;
        taxed += usize::from(minor(order.tax_total) > 0);
        refunded += usize::from(!order.refunds.is_empty());
        discounted += usize::from(minor(order.discount_total) > 0);
    }
    // Nothing would be shown by data that has none of it.
    assert!(paid > 40 && taxed > 5 && refunded > 3 && discounted > 3);
}

#[tokio::test(start_paused = true)]
async fn the_parts_of_every_payout_add_up_and_name_their_orders() {
    let lab = Lab::new().await;
    let run = lab.run("payouts", None).await.unwrap();
    assert!(run.records.len() > 20, "{}", run.records.len());
    assert_eq!(run.notes, Vec::<String>::new());
    let orders = lab.run("orders", None).await.unwrap();
    let mut kinds = BTreeMap::new();
    for (id, record) in &run.records {
        let payout = payout(model(record));
        let sum: i64 = payout.transactions.iter().map(|part| minor(part.net)).sum();
        assert_eq!(sum, payout.net.minor, "{id}");
        if let (Some(gross), Some(fees)) = (payout.gross, payout.fees) {
            assert_eq!(gross.minor - fees.minor, payout.net.minor, "{id}");
        }
        for part in &payout.transactions {
            assert_eq!(part.amount.minor - minor(part.fee), minor(part.net), "{id}");
            *kinds.entry(part.kind.clone()).or_insert(0) += 1;
            if let Some(order) = &part.order_external_id {
                assert!(orders.records.contains_key(order), "{id}: {order}");
            }
        }
    }
    for kind in ["sale", "refund", "non_sale_charge", "shipping_label"] {
        assert!(kinds.contains_key(kind), "{kinds:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_later_run_reads_a_month_again_and_finds_a_new_payout() {
    let lab = Lab::new().await;
    let first = lab.run("payouts", None).await.unwrap();
    lab.clock.pass(std::time::Duration::from_hours(24)).await;
    let made = lab.control("payout/create", &json!({}));
    let id = made["payout"]["payoutId"].as_str().unwrap().to_owned();
    let count = lab.wire.count();
    let again = lab.run("payouts", first.checkpoint).await.unwrap();
    assert!(again.records.contains_key(&id));
    assert!(again.records.len() < first.records.len() / 2);
    assert_eq!(lab.sent("getPayouts", count).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn every_call_about_money_is_signed_and_names_the_site() {
    let lab = Lab::new().await;
    lab.run("payouts", None).await.unwrap();
    let mut seen = 0;
    for sent in lab.wire.sent_since(0) {
        let headers = sent.request.headers();
        if sent.path().starts_with("/sell/finances/") {
            for name in ["signature", "signature-input", "x-ebay-signature-key"] {
                assert!(headers.contains_key(name), "{sent:?} lacks {name}");
            }
            assert_eq!(headers["x-ebay-c-marketplace-id"], "EBAY_GB");
            seen += 1;
        } else {
            assert!(!headers.contains_key("signature"), "{sent:?} is signed");
        }
    }
    assert!(seen > 20, "{seen}");
    assert_eq!(lab.sent("createSigningKey", 0).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_is_missing_is_made_when_ebay_asks_for_one() {
    let lab = Lab::new().await;
    let mut credential = lab.credential.clone();
    credential.signing_key = None;
    let session = lab.with(&credential);
    let count = lab.wire.count();
    let pages = lab.pages(&session, "payouts", None).await.unwrap();
    assert!(!pages.is_empty());
    assert_eq!(lab.sent("createSigningKey", count).len(), 1);
    assert!(session.credential().signing_key.is_some());
    // Elsewhere nobody asks, and nothing is lost for the lack of it.
    lab.control("seller/domicile", &json!({"country": "US"}));
    let count = lab.wire.count();
    lab.pages(&lab.with(&credential), "payouts", None)
        .await
        .unwrap();
    assert_eq!(lab.sent("createSigningKey", count).len(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_key_is_replaced_before_its_end_and_kept_until_then() {
    let lab = Lab::new().await;
    let key = lab.credential.signing_key.clone().unwrap();
    let renewed = lab.ebay.refresh(&lab.ctx, &lab.credential).await.unwrap();
    assert_eq!(renewed.signing_key.unwrap().id, key.id);
    let left = key.expires_at.unwrap() - lab.ctx.now() - chrono::TimeDelta::days(29);
    lab.clock.pass(left.to_std().unwrap()).await;
    let renewed = lab.ebay.refresh(&lab.ctx, &lab.credential).await.unwrap();
    assert_ne!(renewed.signing_key.unwrap().id, key.id);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_ebay_refuses_is_said_to_be_refused() {
    let lab = Lab::new().await;
    let mut credential = lab.credential.clone();
    let mut key = credential.signing_key.take().unwrap();
    key.jwe = "made-up".to_owned().into();
    credential.signing_key = Some(key);
    let error = lab.pages(&lab.with(&credential), "payouts", None).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
    assert_eq!(error.context("code"), Some("215120"));
}

#[tokio::test(start_paused = true)]
async fn a_connection_of_another_keyset_is_not_renewed() {
    let lab = Lab::new().await;
    let mut credential = connect(&lab.ebay, &lab.ctx).await.unwrap();
    credential.client_id = "Another-App".to_owned();
    let count = lab.wire.count();
    let error = lab.ebay.refresh(&lab.ctx, &credential).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
    assert_eq!(lab.wire.count(), count);
}

#[tokio::test(start_paused = true)]
async fn a_cancelled_order_says_why() {
    let lab = Lab::new().await;
    let run = lab.run("orders", None).await.unwrap();
    let cancelled: Vec<&Order> = run
        .records
        .values()
        .map(|record| order(model(record)))
        .filter(|order| order.status == OrderStatus::Cancelled)
        .collect();
    assert!(!cancelled.is_empty());
    for order in cancelled {
        assert_eq!(order.cancel_reason.as_deref(), Some("ORDER_MISTAKE"));
        assert!(order.cancelled_at.is_some());
    }
}
