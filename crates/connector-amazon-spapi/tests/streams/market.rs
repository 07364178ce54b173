//! Market snapshots: of what is listed at home, twenty products every half a minute.

use std::collections::BTreeSet;
use std::time::Duration;

use connector_core::model::Model;
use connector_core::{Clock as _, Next};
use connector_testkit::model;
use serde_json::json;

use crate::lab::{EU, Lab};

/// The products that the listings of these marketplaces name.
async fn listed(lab: &Lab, marketplaces: &[&str]) -> BTreeSet<String> {
    let run = lab.run("listings", None).await.unwrap();
    let here = |id: &str| marketplaces.iter().any(|home| id.starts_with(home));
    let records = run.records.iter().filter(|(id, _)| here(id));
    records
        .filter_map(|(_, record)| match model(record) {
            Model::Listing(listing) => listing.product_external_id.clone(),
            other => panic!("{other:?}"),
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn each_product_of_the_own_marketplace_is_asked_about_once() {
    let lab = Lab::new().await;
    let products = listed(&lab, &["ATVPDKIKX0DER"]).await;
    let began = lab.clock.now();
    let run = lab.run("market_snapshots", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("market_snapshots"));
    assert_eq!(run.records.len(), products.len() * 2);
    let calls = lab.sent("getCompetitiveSummary");
    assert_eq!(calls, products.len().div_ceil(20));
    // The demo waits for two minutes.
    assert!((lab.clock.now() - began).num_seconds() < 100);
    let mut used_without_offers = 0;
    for (id, record) in &run.records {
        let Model::MarketSnapshot(snapshot) = model(record) else {
            panic!("{record:?}")
        };
        assert!(products.contains(&snapshot.product_external_id), "{id}");
        if id.ends_with("/New") {
            assert!(snapshot.lowest_ask.is_some() && snapshot.reference_price.is_some());
        } else {
            used_without_offers += usize::from(snapshot.lowest_ask.is_none());
        }
    }
    assert!(used_without_offers > 0);
}

#[tokio::test(start_paused = true)]
async fn a_run_right_after_another_waits_until_amazon_may_be_asked() {
    let lab = Lab::new().await;
    let first = lab.run("market_snapshots", None).await.unwrap();
    let calls = lab.sent("getCompetitiveSummary");
    let pages = lab.pages("market_snapshots", first.checkpoint).await;
    let pages = pages.unwrap();
    let last = pages.last().unwrap();
    let Next::After(wait) = last.next else {
        panic!("{:?}", last.next)
    };
    assert!(wait <= Duration::from_secs(31));
    assert_eq!(lab.sent("getCompetitiveSummary"), calls);
    // The listings are not gone through again for that.
    let searches = lab.sent("searchListingsItems");
    lab.clock.pass(wait).await;
    let second = lab.run("market_snapshots", Some(last.checkpoint.clone()));
    assert_eq!(second.await.unwrap().records.len(), first.records.len());
    assert_eq!(lab.sent("searchListingsItems"), searches);
}

#[tokio::test(start_paused = true)]
async fn where_somebody_else_has_asked_the_run_waits_and_loses_nothing() {
    let lab = Lab::new().await;
    lab.control(
        "limits/drain",
        &json!({"operation": "getCompetitiveSummary"}),
    );
    let run = lab.run("market_snapshots", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("market_snapshots"));
}

#[tokio::test(start_paused = true)]
async fn other_marketplaces_are_read_where_they_are_named() {
    let mut lab = Lab::new().await;
    lab.set(&[("market_marketplaces", "CA\nMX")]);
    let products = listed(&lab, &["A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8"]).await;
    let run = lab.run("market_snapshots", None).await.unwrap();
    assert!(
        run.records
            .keys()
            .all(|id| !id.starts_with("ATVPDKIKX0DER/"))
    );
    let found = run.records.values().map(|record| match model(record) {
        Model::MarketSnapshot(snapshot) => snapshot.product_external_id.clone(),
        other => panic!("{other:?}"),
    });
    assert_eq!(found.collect::<BTreeSet<_>>(), products);
    lab.set(&[("market_marketplaces", "DE")]);
    let error = lab.run("market_snapshots", None).await.unwrap_err();
    assert_eq!(error.field(), Some("market_marketplaces"));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_did_not_say_where_it_is_at_home_is_in_the_largest_marketplace() {
    let lab = Lab::of(EU, "production").await;
    let run = lab.run("market_snapshots", None).await.unwrap();
    assert!(
        run.records
            .keys()
            .all(|id| id.starts_with("A1PA6795UKMFR9/"))
    );
    assert!(!run.records.is_empty());
}
