//! Orders: what changed, from where on, and in which marketplaces.

use std::time::Duration;

use connector_core::model::{Model, OrderStatus};
use connector_testkit::model;
use connector_testkit::{Effect, Fault};
use serde_json::json;

use crate::lab::Lab;

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test(start_paused = true)]
async fn after_the_first_run_only_what_changed_is_read() {
    let lab = Lab::new().await;
    lab.clock.pass(HOUR).await;
    let first = lab.run("orders", None).await.unwrap();
    assert_eq!(first.records.len(), lab.counted("orders"));
    lab.clock.pass(HOUR).await;
    let unchanged = lab.run("orders", first.checkpoint).await.unwrap();
    assert_eq!(unchanged.records.len(), 0);

    let id = first.records.keys().next().unwrap();
    lab.control("order/update", &json!({"id": id, "status": "CANCELLED"}));
    let placed = lab.control("order/create", &json!({}));
    lab.clock.pass(Duration::from_secs(180)).await;
    let changed = lab.run("orders", unchanged.checkpoint).await.unwrap();
    assert_eq!(changed.records.len(), 2);
    assert!(changed.records.contains_key(placed["id"].as_str().unwrap()));
    match model(&changed.records[id]) {
        Model::Order(order) => assert_eq!(order.status, OrderStatus::Cancelled),
        other => panic!("{other:?}"),
    }
}

/// Amazon answers for up to two minutes ago: what changes in them is of the next run.
#[tokio::test(start_paused = true)]
async fn what_changes_just_before_a_run_is_not_lost() {
    let lab = Lab::new().await;
    lab.clock.pass(HOUR).await;
    let first = lab.run("orders", None).await.unwrap();
    let id = first.records.keys().next().unwrap().clone();
    lab.clock.pass(HOUR).await;
    let second = lab.run("orders", first.checkpoint).await.unwrap();
    lab.control("order/update", &json!({"id": id, "status": "SHIPPED"}));
    let just_after = lab.run("orders", second.checkpoint).await.unwrap();
    assert_eq!(just_after.records.len(), 0);
    lab.clock.pass(Duration::from_secs(240)).await;
    let later = lab.run("orders", just_after.checkpoint).await.unwrap();
    assert!(later.records.contains_key(&id));
}

#[tokio::test(start_paused = true)]
async fn a_page_token_that_is_refused_begins_its_window_anew() {
    let lab = Lab::new().await;
    let refused = Effect::Status {
        code: 400,
        headers: [].into(),
        body: Some(json!({"errors": [{"code": "InvalidInput", "message": "made up"}]})),
    };
    let mut fault = Fault::new(refused);
    fault.path_contains = Some("/orders/2026-01-01/orders".to_owned());
    fault.skip = 1;
    fault.times = 1;
    lab.wire.sandbox().inject(fault);
    let run = lab.run("orders", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("orders"));
    assert_eq!(run.notes.len(), 1);
    let pages = lab.pages("orders", None).await.unwrap().len();
    // The first page twice, and the one that was refused.
    assert_eq!(lab.sent("searchOrders"), 2 * pages + 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_token_of_yesterday_is_not_used() {
    let lab = Lab::new().await;
    let pages = lab.pages("orders", None).await.unwrap();
    let count = pages.len();
    let first = pages.into_iter().next().unwrap();
    lab.clock.pass(HOUR * 24).await;
    let before = lab.sent("searchOrders");
    let rest = lab.run("orders", Some(first.checkpoint)).await.unwrap();
    assert_eq!(rest.records.len(), lab.counted("orders"));
    assert_eq!(lab.sent("searchOrders") - before, count);
}

#[tokio::test(start_paused = true)]
async fn a_marketplace_that_is_added_is_read_from_its_beginning() {
    let mut lab = Lab::new().await;
    lab.set(&[("marketplaces", "CA")]);
    let canada = lab.run("orders", None).await.unwrap();
    assert!(!canada.records.is_empty());
    assert!(canada.records.len() < lab.counted("orders"));
    lab.set(&[("marketplaces", "CA\nUS\nMX")]);
    let all = lab.run("orders", canada.checkpoint).await.unwrap();
    assert_eq!(all.records.len(), lab.counted("orders"));
}
