//! Lists that change while they are read, limits, windows, tokens and scopes.
use std::time::Duration;

use connector_core::model::{ListingStatus, Model};
use connector_core::{Connector as _, ErrorKind, Next};
use connector_ebay::{Config, Ebay};
use connector_testkit::{Run, model};
use serde_json::json;

use crate::lab::Lab;

#[tokio::test(start_paused = true)]
async fn what_changed_at_the_last_moment_is_read_again_and_what_is_new_is_found() {
    let lab = Lab::new().await;
    let first = lab.run("orders", None).await.unwrap();
    assert!(first.notes.iter().any(|note| note.contains("two years")));
    let new = lab.control("order/create", &json!({}))["order"].clone();
    let new = new.as_str().unwrap();
    let old = first.records.keys().next().unwrap();
    lab.clock.pass(Duration::from_mins(10)).await;
    lab.control("order/ship", &json!({"id": new}));
    let second = lab.run("orders", first.checkpoint).await.unwrap();
    assert!(second.records.contains_key(new));
    assert!(!second.records.contains_key(old));
    assert_eq!(second.notes, Vec::<String>::new());
    // Half an hour later it is no news any more.
    lab.clock.pass(Duration::from_hours(1)).await;
    let third = lab.run("orders", second.checkpoint).await.unwrap();
    lab.clock.pass(Duration::from_hours(1)).await;
    let fourth = lab.run("orders", third.checkpoint).await.unwrap();
    assert!(fourth.records.is_empty());
}

#[tokio::test(start_paused = true)]
async fn every_offer_of_every_item_is_found_and_none_for_items_without() {
    let lab = Lab::new().await;
    let items = lab.run("inventory_items", None).await.unwrap();
    let count = lab.wire.count();
    let listings = lab.run("listings", None).await.unwrap();
    assert_eq!(lab.sent("getOffers", count).len(), items.records.len());
    let mut states = std::collections::BTreeSet::new();
    for record in listings.records.values() {
        let Model::Listing(listing) = model(record) else {
            panic!("no listing")
        };
        let item = listing.product_external_id.as_deref().unwrap();
        assert!(items.records.contains_key(item));
        assert!(listing.title.is_some() && listing.price.is_some());
        assert_eq!(
            listing.url.is_some(),
            listing.platform_status != "UNPUBLISHED"
        );
        states.insert(format!("{:?}", listing.status));
    }
    for state in [ListingStatus::Active, ListingStatus::Inactive] {
        assert!(states.contains(&format!("{state:?}")), "{states:?}");
    }
    assert!(listings.records.len() < items.records.len() + 3);
}

#[tokio::test(start_paused = true)]
async fn stock_follows_the_seller() {
    let lab = Lab::new().await;
    let available = |run: &Run| match model(&run.records["ship-to-location/SBX-0002"]) {
        Model::InventoryLevel(level) => level.available,
        other => panic!("{other:?}"),
    };
    lab.control("item/quantity", &json!({"sku": "SBX-0002", "quantity": 77}));
    let run = lab.run("inventory_levels", None).await.unwrap();
    assert_eq!(available(&run), Some(77));
    let lookup = lab.ebay.lookup().unwrap();
    lab.control("item/quantity", &json!({"sku": "SBX-0002", "quantity": 0}));
    let id = "ship-to-location/SBX-0002";
    let level = lookup.lookup(&lab.session, "inventory_levels", id).await;
    match model(&level.unwrap()) {
        Model::InventoryLevel(level) => assert_eq!(level.available, Some(0)),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn a_day_without_calls_left_is_waited_for_until_it_ends() {
    let lab = Lab::new().await;
    lab.control("limit/set", &json!({"api": "sell.fulfillment", "limit": 0}));
    let error = lab.run("orders", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    // The sandbox's day ends at seven o'clock, nineteen hours after noon.
    let wait = error.retry_after().unwrap();
    assert!(wait > Duration::from_hours(18), "{wait:?}");
    assert!(wait <= Duration::from_hours(19), "{wait:?}");
    assert!(error.is_retryable());
    lab.control(
        "limit/set",
        &json!({"api": "sell.fulfillment", "limit": 100}),
    );
    assert_eq!(lab.run("orders", None).await.unwrap().records.len(), 60);
}

#[tokio::test(start_paused = true)]
async fn traffic_is_read_in_windows_and_then_a_week_again_and_not_too_often() {
    let lab = Lab::new().await;
    let first = lab.run("traffic", None).await.unwrap();
    assert_eq!(lab.sent("getTrafficReport", 0).len(), 9);
    let count = lab.wire.count();
    let soon = lab.run("traffic", first.checkpoint.clone()).await.unwrap();
    assert_eq!((lab.wire.count(), soon.records.len()), (count, 0));
    lab.clock.pass(Duration::from_hours(24)).await;
    let later = lab.run("traffic", first.checkpoint).await.unwrap();
    assert_eq!(lab.sent("getTrafficReport", count).len(), 1);
    let days: std::collections::BTreeSet<_> = later
        .records
        .values()
        .map(|record| match model(record) {
            Model::Metric(metric) => metric.measurement.date,
            other => panic!("{other:?}"),
        })
        .collect();
    assert!((8..=10).contains(&days.len()), "{days:?}");
    // What was still being counted has its last value under the same id.
    let restated = later
        .records
        .iter()
        .filter(|(id, record)| {
            first
                .records
                .get(*id)
                .is_some_and(|before| before.change != record.change)
        })
        .count();
    assert!(restated > 0);
}

#[tokio::test(start_paused = true)]
async fn a_scope_that_is_missing_is_named_with_its_stream() {
    let lab = Lab::new().await;
    let config = include_str!("../fixtures/config.json").replace("sell.finances ", "");
    let ebay = Ebay::new(serde_json::from_str::<Config>(&config).unwrap());
    let lab = Lab {
        ebay: ebay.into(),
        ..lab
    };
    let credential = consent(&lab).await;
    let session = lab.with(&credential);
    let account = lab.ebay.test(&session).await.unwrap();
    let warned = account
        .warnings
        .iter()
        .any(|warning| warning.contains("Payouts") && warning.contains("sell.finances"));
    assert!(warned, "{:?}", account.warnings);
    let error = lab.pages(&session, "payouts", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(error.context("scope"), Some("sell.finances"));
    assert_eq!(error.context("stream"), Some("payouts"));
    let pages = lab.pages(&session, "orders", None).await.unwrap();
    assert_eq!(pages.last().unwrap().next, Next::Done);
}

/// The grant of a seller who agrees on the consent page.
async fn consent(lab: &Lab) -> connector_ebay::EbayCredential {
    use connector_core::{ConnectOutcome, ConnectStep, Form};

    let begin = ConnectStep::Begin {
        method: "oauth".to_owned(),
        form: Form::new().with("marketplace", "EBAY_GB"),
        return_to: "http://127.0.0.1:9311/callback".parse().unwrap(),
    };
    let outcome = lab.ebay.connect(&lab.ctx, begin).await.unwrap();
    let ConnectOutcome::Redirect { url, pending } = outcome else {
        panic!("{outcome:?}")
    };
    let form = format!("host=auth.ebay.com&decision=agree&{}", url.query().unwrap());
    let page = http::Request::post("http://127.0.0.1/_sandbox/pages/ebay/consent")
        .body(bytes::Bytes::from(form))
        .unwrap();
    let answer = lab.wire.sandbox().handle(page, lab.ctx.now()).answer();
    let answer = answer.unwrap();
    let location = answer.headers()["location"].to_str().unwrap();
    let answer = Form::from_query(location.split_once('?').unwrap().1);
    let resume = ConnectStep::Resume { pending, answer };
    match lab.ebay.connect(&lab.ctx, resume).await.unwrap() {
        ConnectOutcome::Connected(credential) => credential,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn consent_lasts_eighteen_months_whatever_is_renewed() {
    let lab = Lab::new().await;
    let credential = consent(&lab).await;
    let end = credential.refresh_expires_at.unwrap();
    assert_eq!((end - lab.ctx.now()).num_seconds(), 47_304_000);
    lab.clock.pass(Duration::from_hours(24 * 30)).await;
    let renewed = lab.ebay.refresh(&lab.ctx, &credential).await.unwrap();
    assert_eq!(renewed.refresh_expires_at, Some(end));
    lab.clock.pass(Duration::from_hours(24 * 540)).await;
    let error = lab.ebay.refresh(&lab.ctx, &renewed).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
}
