//! Who may read what: tokens that expire, roles that are missing, regions and environments.

use std::collections::BTreeSet;

use connector_core::model::Model;
use connector_core::{ErrorKind, Retry};
use connector_testkit::{Run, model};
use serde_json::json;

use crate::lab::{EU, FE, Lab, NA};

#[tokio::test(start_paused = true)]
async fn a_token_that_expired_is_renewed_and_a_grant_that_is_gone_is_told() {
    let lab = Lab::new().await;
    lab.control("token/expire", &json!({}));
    let run = lab.run("orders", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("orders"));
    // One to connect, one to renew.
    assert_eq!(lab.sent("oauth/refresh"), 2);

    lab.control("seller/revoke", &json!({}));
    let error = lab.run("orders", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectRequired, "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_missing_role_is_named_and_fails_its_stream_alone() {
    let lab = Lab::new().await;
    for (stream, word, role, operation) in [
        (
            "orders",
            "inventory_and_order_tracking",
            "Inventory and Order Tracking",
            "searchOrders",
        ),
        (
            "listings",
            "product_listing",
            "Product Listing",
            "searchListingsItems",
        ),
        (
            "inventory_levels",
            "amazon_fulfillment",
            "Amazon Fulfillment",
            "getInventorySummaries",
        ),
    ] {
        // Several roles open most operations: take all but those that open nothing here.
        let roles = [
            "inventory_and_order_tracking",
            "product_listing",
            "pricing",
            "amazon_fulfillment",
            "finance_and_accounting",
            "brand_analytics",
            "direct_to_consumer_shipping",
        ];
        assert!(roles.contains(&word));
        for role in roles {
            lab.control("role/take", &json!({ "role": role }));
        }
        let error = lab.run(stream, None).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
        assert_eq!(error.retry(), Retry::Never);
        assert_eq!(error.context("role"), Some(role));
        assert_eq!(error.context("operation"), Some(operation));
        for role in roles {
            lab.control("role/give", &json!({ "role": role }));
        }
        lab.run(stream, None).await.unwrap();
    }
    // Nothing was renewed for want of a role.
    assert_eq!(lab.sent("oauth/refresh"), 1);
}

#[tokio::test(start_paused = true)]
async fn every_region_has_its_own_host_and_money() {
    for (account, hosts, currencies) in [
        (
            NA,
            "sellingpartnerapi-na.amazon.com",
            &["CAD", "MXN", "USD"][..],
        ),
        (
            EU,
            "sellingpartnerapi-eu.amazon.com",
            &["EUR", "GBP", "SEK"],
        ),
        (FE, "sellingpartnerapi-fe.amazon.com", &["JPY"]),
    ] {
        let lab = Lab::of(account, "production").await;
        assert_eq!(lab.session.test().await.unwrap().id, account[1]);
        let run = lab.run("orders", None).await.unwrap();
        let mut seen: Vec<&str> = run
            .records
            .values()
            .map(|record| match model(record) {
                Model::Order(order) => order.currency.code(),
                other => panic!("{other:?}"),
            })
            .collect();
        seen.sort_unstable();
        seen.dedup();
        assert!(!seen.is_empty());
        assert!(
            seen.iter().all(|code| currencies.contains(code)),
            "{seen:?}"
        );
        let sent = lab.wire.sent_since(0);
        let api = sent.iter().filter(|sent| {
            sent.operation()
                .is_some_and(|operation| !operation.name.starts_with("oauth/"))
        });
        for sent in api {
            assert_eq!(sent.request.uri().host(), Some(hosts));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_sandbox_of_amazon_is_another_host_with_the_same_tokens() {
    let lab = Lab::of(NA, "sandbox").await;
    let account = lab.session.test().await.unwrap();
    assert_eq!(account.id, "A0SANDBOXSELLER");
    assert!(account.warnings[0].contains("static sandbox"));
    let sent = lab.wire.sent_since(0);
    let hosts: Vec<_> = sent.iter().map(|sent| sent.request.uri().host()).collect();
    assert_eq!(
        hosts,
        [
            Some("api.amazon.com"),
            Some("sandbox.sellingpartnerapi-na.amazon.com")
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn where_an_order_goes_is_asked_for_only_if_it_is_wanted() {
    let addresses = |run: &Run| {
        let orders = run.records.values().map(model);
        orders
            .filter(|order| matches!(order, Model::Order(order) if order.ship_to.is_some()))
            .count()
    };
    let mut lab = Lab::new().await;
    let run = lab.run("orders", None).await.unwrap();
    assert_eq!((addresses(&run), run.notes.len()), (0, 0));
    let asked_for = |lab: &Lab, from: usize| {
        let sent = lab.wire.sent_since(from);
        let queries = sent.iter().filter_map(|sent| sent.request.uri().query());
        queries.filter(|query| query.contains("RECIPIENT")).count()
    };
    assert_eq!(asked_for(&lab, 0), 0);

    lab.set(&[("restricted_data", "on")]);
    let run = lab.run("orders", None).await.unwrap();
    assert!(addresses(&run) > 0);
    assert_eq!(run.notes.len(), 0);
    assert!(asked_for(&lab, 0) > 0);

    lab.control("role/take", &json!({"role": "direct_to_consumer_shipping"}));
    let run = lab.run("orders", None).await.unwrap();
    assert_eq!(addresses(&run), 0);
    assert_eq!(run.records.len(), lab.counted("orders"));
    // Each page says so, in the same words.
    let notes: BTreeSet<_> = run.notes.iter().collect();
    assert_eq!(notes.len(), 1, "{notes:?}");
}
