//! Webhooks: subscribing, the question whose address it is, deliveries, and the end of a grant.

use connector_core::{
    Connector as _, Delivery, Error, ErrorKind, Form, WebhookEffect, WebhookEvent,
};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::lab::Lab;

const ADDRESS: &str = "https://crossdock.example/webhooks/meta";

/// What the sandbox would send about a field.
fn sent(lab: &Lab, field: &str) -> (HeaderMap, Vec<u8>) {
    lab.control("notify", &json!({"field": field, "url": ADDRESS}));
    let sandbox = lab.wire.sandbox();
    let outgoing = sandbox.outbox().last().unwrap();
    let headers = outgoing.headers.iter().map(|(name, value)| {
        let name: HeaderName = name.parse().unwrap();
        (name, HeaderValue::from_str(value).unwrap())
    });
    (headers.collect(), outgoing.body.to_vec())
}

async fn receive(lab: &Lab, headers: &HeaderMap, body: &[u8]) -> Result<Vec<WebhookEvent>, Error> {
    let webhooks = lab.meta.webhooks().unwrap();
    let ctx = lab.session.context();
    webhooks.receive(ctx, &Delivery { headers, body }).await
}

#[tokio::test(start_paused = true)]
async fn each_delivery_is_verified_and_says_which_stream_has_news() {
    let lab = Lab::new().await;
    // Whose the page is, is learnt from what the connection opens.
    let account = lab.meta.test(&lab.session).await.unwrap().id;
    for (field, stream) in [
        ("feed", "page_posts"),
        ("leadgen", "leads"),
        ("messages", "conversations"),
        ("conversations", "conversations"),
    ] {
        let (headers, body) = sent(&lab, field);
        let events = receive(&lab, &headers, &body).await.unwrap();
        assert_eq!(events.len(), 1, "{field}");
        let stream = stream.to_owned();
        assert_eq!(
            events[0].effects,
            [WebhookEffect::Sync { stream }],
            "{field}"
        );
        assert_eq!(events[0].account.as_deref(), Some(&*account), "{field}");
        let mut changed = body.clone();
        changed.push(b' ');
        let error = receive(&lab, &headers, &changed).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{field}");
    }
}

#[tokio::test(start_paused = true)]
async fn subscribing_is_safe_to_repeat_and_can_be_ended() {
    let lab = Lab::new().await;
    let subscriptions = lab.meta.subscriptions().unwrap();
    let made = subscriptions
        .subscribe(&lab.session, ADDRESS)
        .await
        .unwrap();
    assert_eq!(made.len(), 10);
    for one in &made {
        assert_eq!(one.deliver_to.as_deref(), Some(ADDRESS));
        assert_eq!(one.status.as_deref(), Some("active"));
    }
    // What happens from now on is told.
    lab.happen("lead/create", &json!({}));
    let told = lab.wire.sandbox().outbox().last().unwrap().body.clone();
    let told: Value = serde_json::from_slice(&told).unwrap();
    assert_eq!(told["entry"][0]["changes"][0]["field"], "leadgen");
    let count = lab.wire.count();
    let again = subscriptions
        .subscribe(&lab.session, ADDRESS)
        .await
        .unwrap();
    assert_eq!(again, made);
    for writing in ["app/subscribe", "page/subscribe"] {
        assert_eq!(lab.sent(writing, count).len(), 0, "{writing}");
    }
    for one in &made {
        let ended = subscriptions.unsubscribe(&lab.session, &one.id);
        ended.await.unwrap();
    }
    assert_eq!(subscriptions.list(&lab.session).await.unwrap(), []);
    for unknown in [made[0].id.as_str(), "made-up", "1/feed"] {
        let error = subscriptions.unsubscribe(&lab.session, unknown).await;
        assert_eq!(error.unwrap_err().kind(), ErrorKind::NotFound, "{unknown}");
    }
    let plain = subscriptions.subscribe(&lab.session, "http://crossdock.example/hook");
    assert_eq!(plain.await.unwrap_err().kind(), ErrorKind::InputInvalid);
}

#[tokio::test(start_paused = true)]
async fn the_question_is_answered_as_meta_wants_it() {
    let lab = Lab::new().await;
    let asked = lab.control("webhook/verification", &json!({}));
    let webhooks = lab.meta.webhooks().unwrap();
    let query = Form::from_query(asked["query"].as_str().unwrap());
    let answer = webhooks.challenge(ADDRESS, &query).unwrap().unwrap();
    assert_eq!(Some(answer.body.as_str()), asked["expected"].as_str());
}

#[tokio::test(start_paused = true)]
async fn a_grant_that_was_given_back_opens_nothing_and_can_be_given_back_again() {
    let lab = Lab::new().await;
    let revocation = lab.meta.revocation().unwrap();
    revocation.revoke(&lab.session).await.unwrap();
    let error = lab.run("page_posts", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
    revocation.revoke(&lab.session).await.unwrap();
}
