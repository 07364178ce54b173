//! Notifications as the sandbox forwards them: in every envelope, and more than once.

use connector_amazon_spapi::{AmazonSpapi, Config};
use connector_core::{AnyConnector, Delivery, ErrorKind, Result, WebhookEffect, WebhookEvent};
use http::{HeaderMap, HeaderName, HeaderValue};
use serde_json::{Value, json};

use crate::lab::Lab;

/// Lets the sandbox forward a notification, and takes it in.
async fn forwarded(lab: &Lab, wanted: &Value) -> Result<Vec<WebhookEvent>> {
    let mut config = Config::default();
    config.notification_token = Some("sbx-amazon-notification-token".to_owned().into());
    let connector = AnyConnector::new(AmazonSpapi::new(config));
    lab.control("notify", wanted);
    let sent = lab.wire.sandbox().outbox().last().unwrap().clone();
    let mut headers = HeaderMap::new();
    for (name, value) in &sent.headers {
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, HeaderValue::from_str(value).unwrap());
    }
    let delivery = Delivery {
        headers: &headers,
        body: &sent.body,
    };
    connector
        .webhooks()
        .unwrap()
        .receive(&lab.ctx, &delivery)
        .await
}

#[tokio::test(start_paused = true)]
async fn every_form_is_the_same_event_and_leads_to_a_sync() {
    let lab = Lab::new().await;
    let run = lab.run("orders", None).await.unwrap();
    let order = run.records.keys().next().unwrap();
    let account = lab.session.test().await.unwrap().id;
    for form in ["bare", "event_bridge", "sqs", "sqs_messages", "sns"] {
        let wanted = json!({
            "url": "http://127.0.0.1:9/", "type": "ORDER_CHANGE", "id": order, "form": form,
            "notification_id": "sbx-notification",
        });
        let events = forwarded(&lab, &wanted).await.unwrap();
        assert_eq!(events.len(), 1, "{form}");
        let event = events.first().unwrap();
        assert_eq!(event.id, "sbx-notification", "{form}");
        assert_eq!(event.account.as_deref(), Some(account.as_str()));
        let stream = "orders".to_owned();
        assert_eq!(event.effects, [WebhookEffect::Sync { stream }]);
    }
}

#[tokio::test(start_paused = true)]
async fn another_token_is_refused() {
    let lab = Lab::new().await;
    let run = lab.run("orders", None).await.unwrap();
    let order = run.records.keys().next().unwrap();
    let wanted = json!({
        "url": "http://127.0.0.1:9/", "type": "ORDER_CHANGE", "id": order, "token": "made-up",
    });
    let error = forwarded(&lab, &wanted).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
}

#[tokio::test(start_paused = true)]
async fn without_a_token_nothing_is_taken() {
    let connector = AnyConnector::new(AmazonSpapi::new(Config::default()));
    assert!(connector.webhooks().is_none());
}
