//! What a stream brings, a lookup brings too, against the sandbox.

use std::sync::Arc;

use connector_alias::api::ListAvailabilities;
use connector_alias::{Alias, AliasCredential};
use connector_core::model::{ListingStatus, MarketSnapshot};
use connector_core::{
    AnyConnector, AnySession, Change, Connector as _, ErrorKind, InMemoryKeeper, Model,
    OpaqueCredential, Record, Session, SyncRequest, VersionedCredential,
};
use serde_json::json;

use crate::seller::{Seller, run};

/// A session as an engine has it.
fn any(session: &Session<AliasCredential>) -> AnySession {
    let credential = AliasCredential::new("sbx_pat_demo".to_owned().into());
    let credential = OpaqueCredential::close(&credential).unwrap();
    let keeper = Arc::new(InMemoryKeeper::new(credential.clone()));
    let stored = VersionedCredential {
        credential,
        version: 1,
    };
    AnyConnector::new(Alias)
        .open(
            session.context(),
            stored,
            keeper,
            session.settings().clone(),
        )
        .unwrap()
}

fn snapshot(record: &Record) -> &MarketSnapshot {
    match &record.change {
        Change::Upsert(Model::MarketSnapshot(snapshot)) => snapshot,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn every_record_of_every_stream_is_found_as_it_was_synced() {
    let seller = Seller::new(6, 40);
    let session = seller.session_of("sbx_pat_demo", &[("watch", "sneakers"), ("regions", "2")]);
    let any = any(&session);
    for stream in Alias.descriptor().streams {
        let synced = run(&session, stream.id, None).await.unwrap();
        assert!(!synced.records.is_empty(), "{}", stream.id);
        for record in &synced.records {
            let (id, stream) = (&record.external_id, stream.id);
            let found = any.lookup(stream, id).await.unwrap();
            assert_eq!(&found.external_id, id, "{stream}");
            assert_eq!(found.change, record.change, "{stream} {id}");
            assert_eq!(found.updated_at, record.updated_at, "{stream} {id}");
            assert!(found.raw.is_none(), "{stream} {id}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_alias_does_not_have_is_gone() {
    let seller = Seller::new(6, 10);
    let session = seller.session();
    let any = any(&session);
    let kind = "no-such-shoe/10/new/good_condition";
    for (stream, id) in [
        ("catalog", "no-such-shoe"),
        ("listings", "no-such-listing"),
        ("orders", "no-such-order"),
        ("payouts", "no-such-order"),
        ("batch_operations", "no-such-batch"),
        ("market_snapshots", kind),
        ("market_snapshots", "no-such-shoe/0/new/good_condition"),
        ("market_depth", kind),
    ] {
        let before = seller.wire.count();
        let found = any.lookup(stream, id).await.unwrap();
        assert_eq!(
            (found.external_id.as_str(), found.change),
            (id, Change::Gone),
            "{stream}"
        );
        assert_eq!(seller.wire.count() - before, 1, "{stream}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_can_be_no_id_is_gone_without_asking() {
    let seller = Seller::new(6, 10);
    let any = any(&seller.session());
    let mut ids: Vec<(&str, &str)> = Vec::new();
    for stream in Alias.descriptor().streams {
        ids.extend(["", ".", ".."].map(|id| (stream.id, id)));
    }
    for stream in ["market_snapshots", "market_depth"] {
        ids.extend(["shoe", "shoe/10/new", "shoe/wide/new/good_condition"].map(|id| (stream, id)));
    }
    ids.push(("market_depth", "shoe/10/any/good_condition"));
    for (stream, id) in ids {
        let found = any.lookup(stream, id).await.unwrap();
        assert_eq!(found.change, Change::Gone, "{stream} `{id}`");
    }
    assert_eq!(seller.wire.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_kind_that_alias_does_not_list_is_gone_and_one_without_prices_is_not() {
    let seller = Seller::new(20, 0);
    let session = seller.session();
    let any = any(&session);
    let synced = run(&session, "market_snapshots", None).await.unwrap();
    let is_bare = |record: &&Record| {
        let it = snapshot(record);
        let prices = [
            it.lowest_ask,
            it.highest_bid,
            it.last_sale,
            it.reference_price,
        ];
        it.size.as_deref() != Some("0") && prices.iter().all(Option::is_none)
    };
    let bare = synced.records.iter().find(is_bare).unwrap();
    let found = any.lookup("market_snapshots", &bare.external_id).await;
    assert_eq!(found.unwrap().change, bare.change);

    let item = &snapshot(bare).product_external_id;
    let unheard_of = format!("{item}/99/new/good_condition");
    let misspelt = bare.external_id.replacen('/', "/0", 1);
    for id in [unheard_of, misspelt] {
        let found = any.lookup("market_snapshots", &id).await.unwrap();
        assert_eq!(found.change, Change::Gone, "{id}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_of_the_goods_and_the_region_that_its_id_names() {
    let seller = Seller::new(6, 0);
    let session = seller.session();
    let any = any(&session);
    let synced = run(&session, "market_snapshots", None).await.unwrap();
    let id = &synced.records[0].external_id;
    let item = &snapshot(&synced.records[0]).product_external_id;
    for (suffix, consigned) in [("consigned", true), ("not_consigned", false)] {
        let id = format!("{id}/{suffix}/region-3");
        let found = any.lookup("market_snapshots", &id).await.unwrap();
        let found = snapshot(&found);
        assert_eq!(
            (found.consigned, found.region.as_deref()),
            (Some(consigned), Some("3"))
        );
        let list = ListAvailabilities {
            catalog_id: item.clone(),
            region_id: Some("3".to_owned()),
            consigned: Some(consigned),
        };
        let variants = session.call(&list).await.unwrap().variants;
        let prices = variants[0].value().unwrap().availability.unwrap();
        assert_eq!(
            found.lowest_ask.map(|price| price.minor),
            prices.lowest_listing_price_cents
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_lookup_sees_what_happened_after_the_sync() {
    let seller = Seller::new(6, 10);
    let session = seller.session();
    let any = any(&session);
    let new = seller.control("order/create", &json!({}));
    let id = new["order"]["id"].as_str().unwrap();
    let before = any.lookup("orders", id).await.unwrap();
    seller.control("order/advance", &json!({"id": id}));
    let after = any.lookup("orders", id).await.unwrap();
    assert_ne!(after.change, before.change);

    let listings = run(&session, "listings", None).await.unwrap();
    let delete = |id: &str| {
        let mut sandbox = seller.wire.sandbox();
        sandbox.control("alias", "listing/delete", &json!({"id": id}))
    };
    // One that is sold, or held by a batch, can't be deleted.
    let ids = listings.ids();
    let deleted = ids.iter().find(|id| delete(id).is_ok()).unwrap();
    let found = any.lookup("listings", deleted).await.unwrap();
    // Alias keeps what was deleted, and says that it was.
    match found.change {
        Change::Upsert(Model::Listing(listing)) => {
            assert_eq!(listing.status, ListingStatus::Deleted);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn what_may_not_be_read_is_not_gone() {
    let seller = Seller::new(6, 10);
    let session = seller.session_of("sbx_pat_demo_catalog_only", &[]);
    let lookup = Alias.lookup().unwrap();
    let error = lookup.lookup(&session, "orders", "o").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_there_is_not_is_not_found_as_in_a_sync() {
    let seller = Seller::new(1, 1);
    let session = seller.session();
    let lookup = Alias.lookup().unwrap();
    let error = lookup.lookup(&session, "returns", "r").await.unwrap_err();
    let synced = Alias.sync(session, SyncRequest::new("returns"));
    assert_eq!(error.to_string(), synced.err().unwrap().to_string());
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(seller.wire.count(), 0);
}
