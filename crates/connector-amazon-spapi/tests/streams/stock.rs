//! Stock: changes all day, everything once a day, and tokens that die.

use std::time::Duration;

use connector_core::model::Model;
use connector_testkit::model;
use serde_json::json;

use crate::lab::Lab;

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test(start_paused = true)]
async fn changes_are_read_all_day_and_everything_once() {
    let lab = Lab::new().await;
    lab.clock.pass(HOUR).await;
    let first = lab.run("inventory_levels", None).await.unwrap();
    assert_eq!(first.records.len(), lab.counted("inventory_levels"));
    lab.clock.pass(HOUR).await;
    let unchanged = lab.run("inventory_levels", first.checkpoint).await.unwrap();
    assert_eq!(unchanged.records.len(), 0);

    let id = first.records.keys().next().unwrap().clone();
    let parts: Vec<&str> = id.splitn(3, '/').collect();
    lab.control(
        "stock/set",
        &json!({"marketplace": parts[0], "condition": parts[1], "sku": parts[2], "quantity": 321}),
    );
    lab.clock.pass(Duration::from_secs(1)).await;
    let changed = lab.run("inventory_levels", unchanged.checkpoint).await;
    let changed = changed.unwrap();
    assert_eq!(changed.records.len(), 1);
    match model(&changed.records[&id]) {
        Model::InventoryLevel(level) => assert_eq!(level.available, Some(321)),
        other => panic!("{other:?}"),
    }

    lab.clock.pass(HOUR * 24).await;
    let whole = lab.run("inventory_levels", changed.checkpoint).await;
    assert_eq!(
        whole.unwrap().records.len(),
        lab.counted("inventory_levels")
    );
}

/// A token lives for half a minute. A run that is cut for longer begins the marketplace anew, and
/// brings all the same.
#[tokio::test(start_paused = true)]
async fn a_token_that_has_died_begins_its_marketplace_anew() {
    let lab = Lab::new().await;
    let pages = lab.pages("inventory_levels", None).await.unwrap();
    assert!(pages.len() > 1);
    let mut checkpoint = None;
    let mut ids = std::collections::BTreeSet::new();
    for page in pages {
        let dead = page.checkpoint.cursor["pass"]["page"] != json!(null);
        if dead {
            lab.clock.pass(Duration::from_secs(45)).await;
            let rest = lab
                .run("inventory_levels", Some(page.checkpoint.clone()))
                .await
                .unwrap();
            ids.extend(rest.records.into_keys());
        }
        ids.extend(page.records.into_iter().map(|record| record.external_id));
        checkpoint = Some(page.checkpoint);
    }
    assert!(checkpoint.is_some());
    assert_eq!(ids.len(), lab.counted("inventory_levels"));
}
