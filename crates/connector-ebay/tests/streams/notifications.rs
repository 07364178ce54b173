//! Notifications: subscribing, the challenge, and deliveries that eBay signed.

use std::time::Duration;

use connector_core::{
    Connector as _, Delivery, Error, ErrorKind, Form, PrivacyRequest, WebhookEffect, WebhookEvent,
};
use connector_testkit::{Effect, Fault};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::lab::Lab;

const ADDRESS: &str = "https://crossdock.example/webhooks/ebay";

/// What the sandbox would send for a topic.
fn sent(lab: &Lab, topic: &str) -> (HeaderMap, Vec<u8>) {
    lab.control(
        "notify",
        &json!({"topic": topic, "url": "http://127.0.0.1:1/hook"}),
    );
    let sandbox = lab.wire.sandbox();
    let outgoing = sandbox.outbox().last().unwrap();
    let headers = outgoing.headers.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    });
    (headers.collect(), outgoing.body.to_vec())
}

async fn receive(lab: &Lab, headers: &HeaderMap, body: &[u8]) -> Result<WebhookEvent, Error> {
    let webhooks = lab.ebay.webhooks().unwrap();
    let mut events = webhooks
        .receive(&lab.ctx, &Delivery { headers, body })
        .await?;
    assert_eq!(events.len(), 1);
    Ok(events.remove(0))
}

#[tokio::test(start_paused = true)]
async fn each_topic_is_verified_and_means_what_it_means() {
    let lab = Lab::new().await;
    let (headers, body) = sent(&lab, "MARKETPLACE_ACCOUNT_DELETION");
    let event = receive(&lab, &headers, &body).await.unwrap();
    assert_eq!(event.account, None);
    assert!(!event.id.is_empty() && event.occurred_at.is_some());
    for effect in &event.effects {
        assert!(matches!(
            effect,
            WebhookEffect::Privacy {
                request: PrivacyRequest::CustomerErasure,
                customer_id: Some(_),
                ..
            }
        ));
    }
    let account = lab.ebay.test(&lab.session).await.unwrap().id;
    let (headers, body) = sent(&lab, "ORDER_CONFIRMATION");
    let event = receive(&lab, &headers, &body).await.unwrap();
    assert_eq!(event.account.as_deref(), Some(&*account));
    let (headers, body) = sent(&lab, "AUTHORIZATION_REVOCATION");
    let event = receive(&lab, &headers, &body).await.unwrap();
    assert_eq!(event.effects, [WebhookEffect::Disconnected]);
    assert_eq!(event.account.as_deref(), Some(&*account));
}

#[tokio::test(start_paused = true)]
async fn a_changed_body_is_refused_and_the_key_is_fetched_once_an_hour() {
    let lab = Lab::new().await;
    let (headers, body) = sent(&lab, "ORDER_CONFIRMATION");
    let count = lab.wire.count();
    receive(&lab, &headers, &body).await.unwrap();
    let mut changed = body.clone();
    changed.push(b' ');
    let error = receive(&lab, &headers, &changed).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert_eq!(lab.sent("getPublicKey", count).len(), 1);
    lab.clock.pass(Duration::from_mins(61)).await;
    receive(&lab, &headers, &body).await.unwrap();
    assert_eq!(lab.sent("getPublicKey", count).len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_key_that_cannot_be_had_just_now_makes_ebay_deliver_again() {
    let lab = Lab::new().await;
    let (headers, body) = sent(&lab, "ORDER_CONFIRMATION");
    let down = Effect::Status {
        code: 503,
        headers: [].into(),
        body: None,
    };
    lab.wire.sandbox().inject(Fault {
        path_contains: Some("public_key".to_owned()),
        times: 4,
        ..Fault::new(down)
    });
    let error = receive(&lab, &headers, &body).await.unwrap_err();
    assert!(error.is_retryable(), "{error}");
    receive(&lab, &headers, &body).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn keys_that_ebay_does_not_know_are_not_asked_for_without_end() {
    use base64::Engine as _;

    let lab = Lab::new().await;
    let count = lab.wire.count();
    let mut refused = 0;
    for number in 0..60 {
        let json = json!({"alg": "ecdsa", "kid": format!("made-up-{number}"), "signature": "AAAA", "digest": "SHA1"});
        let header = base64::engine::general_purpose::STANDARD.encode(json.to_string());
        let headers = [(
            HeaderName::from_static("x-ebay-signature"),
            HeaderValue::from_str(&header).unwrap(),
        )];
        let error = receive(&lab, &headers.into_iter().collect(), b"{}").await;
        refused += usize::from(error.unwrap_err().kind() == ErrorKind::PermissionDenied);
    }
    assert_eq!(refused, 20);
    assert_eq!(lab.sent("getPublicKey", count).len(), 20);
}

#[tokio::test(start_paused = true)]
async fn subscribing_is_safe_to_repeat_and_can_be_ended() {
    let lab = Lab::new().await;
    let subscriptions = lab.ebay.subscriptions().unwrap();
    let made = subscriptions
        .subscribe(&lab.session, ADDRESS)
        .await
        .unwrap();
    let mut topics: Vec<&str> = made.iter().map(|made| &*made.topic).collect();
    topics.sort_unstable();
    assert_eq!(
        topics,
        [
            "AUTHORIZATION_REVOCATION",
            "MARKETPLACE_ACCOUNT_DELETION",
            "ORDER_CONFIRMATION"
        ]
    );
    for made in &made {
        assert_eq!(made.deliver_to.as_deref(), Some(ADDRESS));
        assert_eq!(made.status.as_deref(), Some("enabled"));
    }
    let count = lab.wire.count();
    let again = subscriptions
        .subscribe(&lab.session, ADDRESS)
        .await
        .unwrap();
    assert_eq!(again, made);
    for writing in ["createDestination", "createSubscription", "updateConfig"] {
        assert_eq!(lab.sent(writing, count).len(), 0, "{writing}");
    }
    for made in &made {
        subscriptions
            .unsubscribe(&lab.session, &made.id)
            .await
            .unwrap();
    }
    assert_eq!(subscriptions.list(&lab.session).await.unwrap(), []);
    let error = subscriptions
        .unsubscribe(&lab.session, &made[0].id)
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let plain = subscriptions.subscribe(&lab.session, "http://crossdock.example/hook");
    assert_eq!(plain.await.unwrap_err().kind(), ErrorKind::InputInvalid);
}

#[tokio::test(start_paused = true)]
async fn the_challenge_is_answered_as_ebay_wants_it() {
    let lab = Lab::new().await;
    let subscriptions = lab.ebay.subscriptions().unwrap();
    subscriptions
        .subscribe(&lab.session, ADDRESS)
        .await
        .unwrap();
    let made = lab.sent("createDestination", 0);
    assert_eq!(made.len(), 1);
    let destinations = connector_ebay::api::GetDestinations::all(Default::default()).unwrap();
    let known = lab.session.call(&destinations).await.unwrap();
    let id = &known.destinations[0].destination_id;
    let asked = lab.control("challenge", &json!({"destination_id": id}));
    let (address, query) = asked["get"].as_str().unwrap().split_once('?').unwrap();
    let webhooks = lab.ebay.webhooks().unwrap();
    let answer = webhooks
        .challenge(address, &Form::from_query(query))
        .unwrap()
        .unwrap();
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    assert_eq!(body, asked["answer"]);
}
