//! Bulk operations that fail, expire, are lost or must wait.

use std::time::Duration;

use connector_core::{Connector as _, ErrorKind, Next, SyncRequest};
use futures::TryStreamExt as _;
use serde_json::json;

use crate::lab::Lab;

#[tokio::test(start_paused = true)]
async fn a_failed_bulk_operation_fails_its_run_and_not_the_next() {
    let lab = Lab::new();
    for (code, kind) in [
        ("TIMEOUT", ErrorKind::Unavailable),
        ("INTERNAL_SERVER_ERROR", ErrorKind::Unavailable),
        ("ACCESS_DENIED", ErrorKind::PermissionDenied),
    ] {
        lab.control("settings/set", &json!({"bulk_failure": code}));
        let mut checkpoint = None;
        let (error, pages) = loop {
            match lab.pages("products", checkpoint.take()).await {
                Ok(pages) => {
                    let page = pages.into_iter().next_back().unwrap();
                    let Next::After(wait) = page.next else {
                        panic!("{code}: {:?}", page.next)
                    };
                    checkpoint = Some(page.checkpoint);
                    lab.clock.pass(wait).await;
                }
                Err(failed) => break failed,
            }
        };
        assert_eq!(error.kind(), kind, "{code}");
        assert_eq!(error.context("code"), Some(code));
        lab.control("settings/set", &json!({"bulk_failure": null}));
        let stored = pages.into_iter().next_back().map(|page| page.checkpoint);
        let run = lab.run("products", stored).await.unwrap();
        assert_eq!(run.records.len(), 40, "{code}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_an_app_may_not_read_is_left_out_of_the_bulk_operation() {
    let lab = Lab::new();
    lab.control("settings/set", &json!({"bulk_failure": "ACCESS_DENIED"}));
    for stream in ["orders", "inventory_levels"] {
        let run = lab.run(stream, None).await.unwrap();
        assert!(run.records.len() >= 40, "{stream}");
        lab.control("settings/set", &json!({"bulk_failure": "ACCESS_DENIED"}));
        assert!(
            run.notes.iter().any(|note| note.contains("the app lacks")),
            "{:?}",
            run.notes
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_operation_whose_checkpoint_was_lost_is_taken_over() {
    let lab = Lab::new();
    lab.control("settings/set", &json!({"bulk_delay_ms": 60_000}));
    lab.pages("products", None).await.unwrap();
    let run = lab.run("products", None).await.unwrap();
    assert_eq!(run.records.len(), 40);
    assert_eq!(lab.sent("bulkOperationRunQuery", 0).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_expired_file_is_asked_for_anew() {
    let lab = Lab::new();
    let asked = lab.pages("products", None).await.unwrap();
    lab.clock.pass(Duration::from_secs(9 * 24 * 3600)).await;
    let run = lab
        .run(
            "products",
            asked.into_iter().next().map(|page| page.checkpoint),
        )
        .await
        .unwrap();
    assert_eq!(run.records.len(), 40);
    assert_eq!(lab.sent("bulkOperationRunQuery", 0).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn too_many_operations_are_waited_for() {
    let lab = Lab::new();
    lab.control("settings/set", &json!({"bulk_delay_ms": 90_000}));
    for number in 0..5 {
        let query = format!("query Other{number} {{ products {{ edges {{ node {{ id }} }} }} }}");
        let answer = lab
            .admin(
                "mutation($q: String!) { bulkOperationRunQuery(query: $q) { bulkOperation { id } userErrors { code } } }",
                &json!({ "q": query }),
            )
            .await;
        assert_eq!(
            answer["data"]["bulkOperationRunQuery"]["userErrors"],
            json!([])
        );
    }
    let run = lab.run("products", None).await.unwrap();
    assert_eq!(run.records.len(), 40);
    assert!(
        run.notes
            .iter()
            .any(|note| note.contains("as may run at once")),
        "{:?}",
        run.notes
    );
}

#[tokio::test(start_paused = true)]
async fn what_changes_while_the_file_is_read_comes_in_the_same_run() {
    for (stream, verb, changes) in [
        ("products", "product/update", "products"),
        ("orders", "order/update", "orders"),
        ("inventory_levels", "inventory/set", "locations"),
    ] {
        let lab = Lab::new();
        // Beyond the overlap, so that nothing but the change is read again.
        lab.clock.pass(Duration::from_secs(3600)).await;
        let asked = lab.pages(stream, None).await.unwrap().pop().unwrap();
        lab.clock.pass(Duration::from_secs(60)).await;
        let request = SyncRequest::new(stream).resume_from(Some(asked.checkpoint));
        let mut pages = lab.shopify.sync(lab.session.clone(), request).unwrap();
        let file = pages.try_next().await.unwrap().unwrap();
        assert!(file.records.len() >= 40, "{stream}");
        assert_eq!(
            (file.next, lab.sent(changes, 0).len()),
            (Next::More, 0),
            "{stream}"
        );
        lab.control(
            verb,
            &json!({"title": "Renamed", "note": "x", "available": 77}),
        );
        let rest: Vec<_> = pages.try_collect().await.unwrap();
        let changed: Vec<_> = rest.iter().flat_map(|page| &page.records).collect();
        assert_eq!(changed.len(), 1, "{stream}");
        assert_eq!(rest.last().unwrap().next, Next::Done, "{stream}");

        // A run that ended with the file goes on with the changes, too.
        let run = lab.run(stream, Some(file.checkpoint)).await.unwrap();
        assert!(run.records.contains_key(&changed[0].external_id));
        assert_eq!(run.records.len(), 1, "{stream}");
        assert_eq!(lab.sent("bulkOperationRunQuery", 0).len(), 1, "{stream}");
    }
}

#[tokio::test(start_paused = true)]
async fn catching_up_with_nothing_costs_one_request() {
    let lab = Lab::new();
    lab.clock.pass(Duration::from_secs(3600)).await;
    let run = lab.run("products", None).await.unwrap();
    assert_eq!(run.records.len(), 40);
    assert_eq!(lab.sent("products", 0).len(), 1);
}
