//! What happens when a quota is spent.

use connector_core::{Clock as _, ErrorKind};
use serde_json::json;

use crate::lab::Lab;

#[tokio::test(start_paused = true)]
async fn a_throttled_operation_holds_no_other_back() {
    let lab = Lab::new().await;
    let first = lab.run("orders", None).await.unwrap();
    let before = lab.sent("searchOrders");
    lab.control("limits/drain", &json!({"operation": "searchOrders"}));
    let error = lab.run("orders", first.checkpoint.clone()).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited, "{error}");
    // Nobody sits such a wait out: it goes back to whoever schedules.
    let wait = error.retry_after().unwrap();
    assert_eq!(wait.as_secs(), 180);
    assert_eq!(lab.sent("searchOrders"), before + 1);
    // Now the bucket here is known to be empty: nothing is sent into it.
    let error = lab.run("orders", first.checkpoint.clone()).await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::RateLimited);
    assert_eq!(lab.sent("searchOrders"), before + 1);

    let began = lab.clock.now();
    let listings = lab.run("listings", None).await.unwrap();
    assert_eq!(listings.records.len(), lab.counted("listings"));
    assert!((lab.clock.now() - began).num_seconds() < 10);

    lab.clock.pass(wait).await;
    lab.run("orders", first.checkpoint).await.unwrap();
    assert_eq!(lab.sent("searchOrders"), before + 2);
}

#[tokio::test(start_paused = true)]
async fn a_short_wait_is_sat_out() {
    let lab = Lab::new().await;
    for (stream, operation) in [
        ("listings", "searchListingsItems"),
        ("inventory_levels", "getInventorySummaries"),
    ] {
        lab.run(stream, None).await.unwrap();
        let (before, began) = (lab.sent(operation), lab.clock.now());
        lab.control("limits/drain", &json!({ "operation": operation }));
        let run = lab.run(stream, None).await.unwrap();
        assert_eq!(run.records.len(), lab.counted(stream));
        assert!(lab.clock.now() > began);
        // One of them was refused; after that the bucket here is right.
        assert!(lab.sent(operation) <= 2 * before + 1, "{stream}");
    }
}

#[tokio::test(start_paused = true)]
async fn where_an_account_sells_is_asked_once_an_hour() {
    let lab = Lab::new().await;
    for _ in 0..3 {
        lab.run("listings", None).await.unwrap();
        lab.run("inventory_levels", None).await.unwrap();
    }
    assert_eq!(lab.sent("getMarketplaceParticipations"), 1);
    lab.clock.pass(std::time::Duration::from_secs(3_600)).await;
    lab.run("listings", None).await.unwrap();
    assert_eq!(lab.sent("getMarketplaceParticipations"), 2);
}
