//! Subscribing: what is made, what stays, and what can't be.

use connector_core::ErrorKind;
use serde_json::json;

use crate::lab::Lab;

const QUEUE: &str = "arn:aws:sqs:us-east-2:444455556666:crossdock";
const BUS: &str = "arn:aws:events:us-east-1:444455556666:event-bus/default";

#[tokio::test(start_paused = true)]
async fn a_queue_and_an_event_bus_each_get_the_types_that_they_can() {
    let lab = Lab::new().await;
    let queue = lab.session.subscribe(QUEUE).await.unwrap();
    let topics: Vec<&str> = queue.iter().map(|one| one.topic.as_str()).collect();
    assert_eq!(
        topics,
        [
            "ORDER_CHANGE",
            "ANY_OFFER_CHANGED",
            "FBA_INVENTORY_AVAILABILITY_CHANGES",
            "PRICING_HEALTH",
            "TRANSACTION_UPDATE",
            "REPORT_PROCESSING_FINISHED",
        ]
    );
    assert!(
        queue
            .iter()
            .all(|one| one.deliver_to.as_deref() == Some(QUEUE))
    );
    let both = lab.session.subscribe(BUS).await.unwrap();
    let on_bus = both
        .iter()
        .filter(|one| one.deliver_to.as_deref() == Some(BUS));
    assert_eq!((both.len(), on_bus.count()), (9, 3));
}

#[tokio::test(start_paused = true)]
async fn what_is_there_stays_and_is_not_made_again() {
    let lab = Lab::new().await;
    let first = lab.session.subscribe(QUEUE).await.unwrap();
    let second = lab.session.subscribe(QUEUE).await.unwrap();
    assert_eq!(first, second);
    assert_eq!(lab.session.subscriptions().await.unwrap(), first);
    assert_eq!(lab.sent("createDestination"), 1);
    assert_eq!(lab.sent("createSubscription"), first.len());
    // There is one of a type at the most: another queue gets none.
    let other = "arn:aws:sqs:us-east-2:444455556666:other";
    assert_eq!(lab.session.subscribe(other).await.unwrap(), first);
}

#[tokio::test(start_paused = true)]
async fn one_is_ended_by_its_id() {
    let lab = Lab::new().await;
    let all = lab.session.subscribe(QUEUE).await.unwrap();
    let ended = all.last().unwrap();
    lab.session.unsubscribe(&ended.id).await.unwrap();
    let left = lab.session.subscriptions().await.unwrap();
    assert!(left.iter().eq(all.iter().take(all.len() - 1)));
    let error = lab.session.unsubscribe(&ended.id).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn an_address_on_the_web_is_refused_before_anything_is_sent() {
    let lab = Lab::new().await;
    let before = lab.wire.count();
    let wanted = "https://crossdock.example.com/webhooks/amazon-spapi";
    let error = lab.session.subscribe(wanted).await.unwrap_err();
    assert_eq!(error.field(), Some("deliver_to"));
    assert_eq!(lab.wire.count(), before);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_call_is_sat_out() {
    let lab = Lab::new().await;
    lab.control("limits/drain", &json!({"operation": "createSubscription"}));
    let made = lab.session.subscribe(QUEUE).await.unwrap();
    assert_eq!(made.len(), 6);
}
