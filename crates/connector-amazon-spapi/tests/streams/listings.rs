//! Listings: windows of time, and what leaves them.

use std::time::Duration;

use connector_core::model::Model;
use connector_testkit::{Effect, Fault};
use connector_testkit::{Run, model};
use serde_json::json;

use crate::lab::Lab;

const HOUR: Duration = Duration::from_secs(3_600);

fn first_id(run: &Run) -> (String, String) {
    let id = run.records.keys().next().unwrap();
    let (marketplace, sku) = id.split_once('/').unwrap();
    (marketplace.to_owned(), sku.to_owned())
}

#[tokio::test(start_paused = true)]
async fn after_the_first_run_only_what_changed_is_read() {
    let lab = Lab::new().await;
    lab.clock.pass(HOUR).await;
    let first = lab.run("listings", None).await.unwrap();
    assert_eq!(first.records.len(), lab.counted("listings"));
    lab.clock.pass(HOUR).await;
    let unchanged = lab.run("listings", first.checkpoint.clone()).await.unwrap();
    assert_eq!(unchanged.records.len(), 0);

    let (marketplace, sku) = first_id(&first);
    let change = json!({"sku": sku, "marketplace": marketplace, "amount": "77.70"});
    lab.control("listing/price", &change);
    let changed = lab.run("listings", unchanged.checkpoint).await.unwrap();
    let record = &changed.records[&format!("{marketplace}/{sku}")];
    match model(record) {
        Model::Listing(listing) => assert_eq!(listing.price.unwrap().minor, 7_770),
        other => panic!("{other:?}"),
    }
}

/// A listing that changes while its window is paged through leaves it, and shifts another over the
/// edge of a page.
#[tokio::test(start_paused = true)]
async fn nothing_is_lost_when_a_window_shifts() {
    let lab = Lab::new().await;
    lab.clock.pass(HOUR).await;
    let all = lab.run("listings", None).await.unwrap();
    lab.clock.pass(HOUR).await;
    let pages = lab.pages("listings", None).await.unwrap();
    let first = pages.into_iter().next().unwrap();
    let (marketplace, sku) = {
        let (marketplace, sku) = first.records[0].external_id.split_once('/').unwrap();
        (marketplace.to_owned(), sku.to_owned())
    };
    lab.clock.pass(Duration::from_secs(1)).await;
    let change = json!({"sku": sku, "marketplace": marketplace, "amount": "1.00"});
    lab.control("listing/price", &change);
    let mut ids: std::collections::BTreeSet<String> = first
        .records
        .iter()
        .map(|record| record.external_id.clone())
        .collect();
    let rest = lab.run("listings", Some(first.checkpoint)).await.unwrap();
    ids.extend(rest.records.keys().cloned());
    let next = lab.run("listings", rest.checkpoint).await.unwrap();
    assert!(next.records.contains_key(&format!("{marketplace}/{sku}")));
    ids.extend(next.records.keys().cloned());
    assert!(all.records.keys().eq(ids.iter()));
}

#[tokio::test(start_paused = true)]
async fn a_page_that_is_said_to_be_of_another_search_is_asked_for_again() {
    let lab = Lab::new().await;
    let words = "Search parameters do not match the provided 'pageToken'.";
    let stray = |times| {
        let body = json!({"errors": [{"code": "InvalidInput", "message": words, "details": ""}]});
        let mut fault = Fault::new(Effect::Status {
            code: 400,
            headers: [].into(),
            body: Some(body),
        });
        fault.path_contains = Some("&pageToken=".to_owned());
        fault.times = times;
        lab.wire.sandbox().inject(fault);
    };
    stray(1);
    let run = lab.run("listings", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("listings"));
    // A token that is really bad is refused each time: its window is read again.
    stray(connector_core::MAX_ATTEMPTS);
    let run = lab.run("listings", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("listings"));
}

#[tokio::test(start_paused = true)]
async fn a_count_that_is_never_reached_fails_the_run() {
    let lab = Lab::new().await;
    let mut fault = Fault::new(Effect::Status {
        code: 200,
        headers: [].into(),
        body: Some(json!({"numberOfResults": 7, "items": [], "pagination": {}})),
    });
    fault.path_contains = Some("/listings/2021-08-01/items/".to_owned());
    fault.times = 100;
    lab.wire.sandbox().inject(fault);
    let error = lab.run("listings", None).await.unwrap_err();
    assert_eq!(
        error.kind(),
        connector_core::ErrorKind::ContractBroken,
        "{error}"
    );
    assert_eq!(
        (error.context("counted"), error.context("given")),
        (Some("7"), Some("0"))
    );
    // What comes later is read from where the run stayed.
    lab.wire.sandbox().clear_faults();
    let run = lab.run("listings", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("listings"));
}
