//! What the streams promise beyond the suite, against the sandbox.

use std::collections::BTreeSet;

use connector_alias::{Alias, AliasCredential};
use connector_core::model::OrderStatus;
use connector_core::{Checkpoint, Connector as _, ErrorKind, Model};
use serde_json::json;

use crate::seller::{Seller, run};

#[tokio::test(start_paused = true)]
async fn a_second_run_of_orders_finds_new_ones_and_older_ones_that_changed() {
    let seller = Seller::new(20, 1_500);
    let session = seller.session();
    let first = run(&session, "orders", None).await.unwrap();
    let distinct: BTreeSet<&str> = first.ids().into_iter().collect();
    assert_eq!(distinct.len(), 1_500);
    let first_requests = seller.wire.count();

    // The oldest order that is still on its way arrives, and a new one comes.
    let open = |id: &&&str| matches!(first.model(id), Model::Order(order) if order.status == OrderStatus::Open);
    let older = (*first.ids().iter().rfind(open).unwrap()).to_owned();
    seller.control("order/advance", &json!({"id": older}));
    let new = seller.control("order/create", &json!({}));
    let new = new["order"]["id"].as_str().unwrap();

    let second = run(&session, "orders", Some(first.checkpoint.clone()))
        .await
        .unwrap();
    assert!(second.ids().contains(&new));
    assert_ne!(second.model(&older), first.model(&older));
    let requests = seller.wire.count() - first_requests;
    assert!(
        requests * 2 < first_requests,
        "{requests} of {first_requests} requests"
    );
}

#[tokio::test(start_paused = true)]
async fn a_payout_follows_its_order() {
    let seller = Seller::new(5, 20);
    let session = seller.session();
    let orders = run(&session, "orders", None).await.unwrap();
    let payouts = run(&session, "payouts", None).await.unwrap();
    assert_eq!(orders.ids(), payouts.ids());
    for id in orders.ids() {
        match (orders.model(id), payouts.model(id)) {
            (Model::Order(order), Model::Payout(payout)) => {
                assert_eq!(order.net_total, Some(payout.net));
                assert_eq!(order.fee_total, payout.fees);
            }
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn batches_hold_all_their_operations() {
    let seller = Seller::new(40, 10);
    let session = seller.session();
    let batches = run(&session, "batch_operations", None).await.unwrap();
    let operations: usize = batches
        .ids()
        .iter()
        .filter(|id| **id != "quota")
        .map(|id| match batches.model(id) {
            Model::Native(native) => native.body["operations"].as_array().unwrap().len(),
            other => panic!("{other:?}"),
        })
        .sum();
    assert_eq!(operations, seller.census("batch_operations"));
    assert!(batches.ids().contains(&"quota"));
}

#[tokio::test(start_paused = true)]
async fn what_is_watched_needs_not_be_listed() {
    let seller = Seller::new(6, 0);
    let session = seller.session();
    let listings = run(&session, "listings", None).await.unwrap();
    let item_of = |id: &str| match listings.model(id) {
        Model::Listing(listing) => listing.product_external_id.clone().unwrap(),
        other => panic!("{other:?}"),
    };
    let item = item_of(listings.ids()[0]);
    for id in listings.ids().into_iter().filter(|id| item_of(id) == item) {
        // One that is sold, or held by a batch, can't be deleted, and is not offered either.
        drop(
            seller
                .wire
                .sandbox()
                .control("alias", "listing/delete", &json!({"id": id})),
        );
    }
    let unwatched = run(&session, "catalog", None).await.unwrap();
    assert!(!unwatched.ids().contains(&item.as_str()));

    let watching = seller.session_of("sbx_pat_demo", &[("watch", &item), ("regions", "2")]);
    for stream in ["catalog", "market_snapshots"] {
        let watched = run(&watching, stream, None).await.unwrap();
        assert!(
            watched.ids().iter().any(|id| id.starts_with(&item)),
            "{stream}"
        );
        let mut ids = watched.ids();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(
            ids.len(),
            watched.records.len(),
            "{stream}: each comes once"
        );
    }
    let snapshots = run(&watching, "market_snapshots", None).await.unwrap();
    let (regional, all): (Vec<_>, Vec<_>) = snapshots
        .ids()
        .into_iter()
        .partition(|id| id.ends_with("/region-2"));
    assert!(!regional.is_empty() && !all.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_page_token_that_died_is_a_checkpoint_that_cannot_be_used() {
    let seller = Seller::new(5, 5);
    let session = seller.session();
    let at_token = |mut fields: serde_json::Value| {
        fields["token"] = json!("it-was-one-once");
        Some(Checkpoint {
            version: 1,
            cursor: fields,
        })
    };
    let items = json!({"phase": "listings", "searches": [], "wanted": [], "found": []});
    for (stream, cursor) in [
        ("listings", json!({"searched": false})),
        ("orders", json!({"open": {}})),
        ("payouts", json!({"open": {}})),
        ("market_depth", json!({"listed": false, "wanted": []})),
        ("catalog", items.clone()),
        ("market_snapshots", items),
        ("batch_operations", json!({"queue": []})),
    ] {
        let error = run(&session, stream, at_token(cursor)).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::CheckpointInvalid,
            "{stream}: {error}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_may_not_read_everything_says_so() {
    let seller = Seller::new(1, 1);
    let all = Alias
        .test(&seller.session_of("sbx_pat_demo_read_only", &[]))
        .await
        .unwrap();
    assert_eq!(all.warnings.len(), 1, "{:?}", all.warnings);
    let some = seller.session_of("sbx_pat_demo_catalog_only", &[]);
    let account = Alias.test(&some).await.unwrap();
    for stream in ["orders and payouts", "listings", "batch operations"] {
        assert!(
            account
                .warnings
                .iter()
                .any(|warning| warning.contains(stream)),
            "{stream}"
        );
    }
    let error = run(&some, "orders", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(error.context("request_id").is_some());

    let nobody = seller.session_of("sbx_pat_of_nobody", &[]);
    let error = Alias.test(&nobody).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
}

#[tokio::test(start_paused = true)]
async fn a_renewal_sends_nothing() {
    let seller = Seller::new(1, 1);
    let session = seller.session();
    let credential = AliasCredential::new("sbx_pat_demo".to_owned().into());
    let renewed = Alias.refresh(session.context(), &credential).await.unwrap();
    let json = |credential: &AliasCredential| serde_json::to_string(credential).unwrap();
    assert_eq!(json(&renewed), json(&credential));
    assert_eq!(seller.wire.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_first_run_and_a_lookup_use_all_reads_that_there_are() {
    let seller = Seller::new(20, 80);
    let session = seller.session_of("sbx_pat_demo", &[("watch", "Arc")]);
    Alias.test(&session).await.unwrap();
    for stream in Alias.descriptor().streams {
        run(&session, stream.id, None).await.unwrap();
    }
    let snapshots = run(&session, "market_snapshots", None).await.unwrap();
    for id in snapshots.ids().into_iter().step_by(50) {
        let lookup = Alias.lookup().unwrap();
        lookup
            .lookup(&session, "market_snapshots", id)
            .await
            .unwrap();
    }
    let sent = seller.wire.sent_since(0);
    let reads: BTreeSet<&str> = sent
        .iter()
        .map(|sent| sent.operation().unwrap().name)
        .collect();
    assert!(sent.iter().all(|sent| sent.operation().unwrap().idempotent));
    assert_eq!(reads.len(), 15, "{reads:?}");
}

#[tokio::test(start_paused = true)]
async fn market_depth_adds_up_to_the_market_snapshot_of_the_same_id() {
    let seller = Seller::new(6, 0);
    let session = seller.session();
    let snapshots = run(&session, "market_snapshots", None).await.unwrap();
    let depths = run(&session, "market_depth", None).await.unwrap();
    assert!(!depths.records.is_empty());
    // The sandbox has no snapshot of a condition that nobody else offers.
    let known: BTreeSet<&str> = snapshots.ids().into_iter().collect();
    let mut offers = 0;
    for id in depths.ids().into_iter().filter(|id| known.contains(id)) {
        let (Model::MarketSnapshot(snapshot), Model::Native(depth)) =
            (snapshots.model(id), depths.model(id))
        else {
            panic!("{id}");
        };
        let bins = depth.body["offer_histogram"]["bins"].as_array().unwrap();
        let best = bins
            .first()
            .map(|bin| bin["offer_price_cents"].as_str().unwrap().to_owned());
        assert_eq!(
            best,
            snapshot.highest_bid.map(|bid| bid.minor.to_string()),
            "{id}"
        );
        assert!(depth.body["recent_sales"].is_array());
        offers += bins.len();
    }
    assert!(offers > 0);
}
