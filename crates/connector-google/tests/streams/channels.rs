//! Calendar's channels: opened once, renewed in time, and proven by their tokens.

use std::time::Duration;

use connector_core::{Connector as _, Delivery, Error, ErrorKind, WebhookEffect, WebhookEvent};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::json;

use crate::lab::Lab;

const ADDRESS: &str = "https://crossdock.example/webhooks/google";
const WATCH: &str = "calendar.events.watch";

/// The headers of the last message that was sent.
fn last(lab: &Lab) -> HeaderMap {
    let sandbox = lab.wire.sandbox();
    let outgoing = sandbox.outbox().last().unwrap();
    assert_eq!(outgoing.url.as_str(), ADDRESS);
    assert!(outgoing.body.is_empty());
    let headers = outgoing.headers.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    });
    headers.collect()
}

async fn receive(lab: &Lab, headers: &HeaderMap) -> Result<WebhookEvent, Error> {
    let webhooks = lab.google.webhooks().unwrap();
    let delivery = Delivery { headers, body: b"" };
    let mut events = webhooks.receive(&lab.ctx, &delivery).await?;
    assert_eq!(events.len(), 1);
    Ok(events.remove(0))
}

#[tokio::test(start_paused = true)]
async fn a_change_of_a_booking_is_told_and_a_foreign_token_refused() {
    let lab = Lab::new();
    let subscriptions = lab.google.subscriptions().unwrap();
    let open = subscriptions.subscribe(&lab.session, ADDRESS).await;
    assert_eq!(open.unwrap().len(), 2);
    let hello = receive(&lab, &last(&lab)).await.unwrap();
    assert_eq!(hello.effects, [WebhookEffect::Nothing]);
    lab.make("event/create", &json!({}));
    let mut headers = last(&lab);
    let event = receive(&lab, &headers).await.unwrap();
    let account = lab.google.test(&lab.session).await.unwrap().id;
    assert_eq!(event.account, Some(account));
    assert_eq!(event.topic, "events/exists");
    let stream = "bookings".to_owned();
    assert_eq!(event.effects, [WebhookEffect::Sync { stream }]);
    assert_eq!(receive(&lab, &headers).await.unwrap().id, event.id);
    // A token of one channel proves no other one.
    headers.insert("x-goog-channel-id", HeaderValue::from_static("another"));
    let error = receive(&lab, &headers).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    headers.remove("x-goog-channel-token");
    let error = receive(&lab, &headers).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
}

#[tokio::test(start_paused = true)]
async fn subscribing_again_opens_no_second_channel_until_it_is_time() {
    let lab = Lab::new();
    let subscriptions = lab.google.subscriptions().unwrap();
    let again = async || {
        let open = subscriptions.subscribe(&lab.session, ADDRESS).await;
        open.unwrap()
    };
    let first = again().await;
    let end = first[0].expires_at.unwrap();
    let left = end - lab.session.now();
    assert!((3..=6).contains(&left.num_days()), "{left}");
    assert_eq!(again().await, first);
    lab.clock.pass(Duration::from_hours(72)).await;
    let next = again().await;
    assert!(next[0].id != first[0].id && next[0].expires_at > first[0].expires_at);
    // The one before is ended, so that nothing is told twice.
    let before = lab.wire.sandbox().outbox().len();
    lab.make("event/create", &json!({}));
    assert_eq!(lab.wire.sandbox().outbox().len(), before + 1);
    for subscription in &next {
        let ended = subscriptions.unsubscribe(&lab.session, &subscription.id);
        ended.await.unwrap();
    }
    lab.make("event/create", &json!({}));
    assert_eq!(lab.wire.sandbox().outbox().len(), before + 1);
    for unknown in [next[0].id.as_str(), "no-such-channel"] {
        let error = subscriptions.unsubscribe(&lab.session, unknown).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound);
    }
}

#[tokio::test(start_paused = true)]
async fn what_google_cannot_do_is_told() {
    let lab = Lab::new();
    let subscriptions = lab.google.subscriptions().unwrap();
    let count = lab.wire.count();
    for address in ["http://crossdock.example/x", "a queue", ""] {
        let error = subscriptions.subscribe(&lab.session, address).await;
        assert_eq!(error.unwrap_err().field(), Some("deliver_to"));
    }
    assert!(lab.sent(WATCH, count).is_empty());
    let error = subscriptions.list(&lab.session).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    // A calendar that can't be watched leaves the others.
    let lab = Lab::reading(&[
        "calendar:nobody@x.example",
        "calendar:sandbox-bookings@group.calendar.google.com",
    ]);
    let subscriptions = lab.google.subscriptions().unwrap();
    let open = subscriptions.subscribe(&lab.session, ADDRESS).await;
    assert_eq!(open.unwrap().len(), 1);
}
