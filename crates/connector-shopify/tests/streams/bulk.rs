//! Bulk operations that fail, expire, are lost or must wait.

use std::time::Duration;

use connector_core::{ErrorKind, Next};
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
    assert_eq!(lab.sent("bulkOperationRunQuery"), 1);
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
    assert_eq!(lab.sent("bulkOperationRunQuery"), 2);
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
