//! Invariant 10: verified, stored before it is answered, once per event, and replayable.

use connector_core::{Delivery, ErrorKind, Form};
use crossdock_engine::{Engine, Receipt};
use crossdock_persistence::{ConnectionStatus, WebhookId};
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};

use crate::support::database::on_both;
use crate::support::platform::{Fault, page};
use crate::support::{Rig, kind};

fn genuine() -> HeaderMap {
    HeaderMap::from_iter([(
        http::HeaderName::from_static("x-signature"),
        HeaderValue::from_static("genuine"),
    )])
}

fn event(id: &str, topic: &str) -> Value {
    json!({ "id": id, "topic": topic, "account": "shop-1", "item": "b" })
}

async fn deliver(
    engine: &Engine,
    headers: &HeaderMap,
    body: &str,
) -> crossdock_engine::Result<Receipt> {
    let body = body.as_bytes();
    engine
        .receive_webhook("depot", &Delivery { headers, body })
        .await
}

async fn receive(engine: &Engine, body: &Value) -> Receipt {
    deliver(engine, &genuine(), &body.to_string())
        .await
        .unwrap()
}

async fn connected_rig() -> (Rig, Engine, crossdock_persistence::ConnectionId) {
    let rig = Rig::new().await;
    rig.platform.set_stream("items", vec![page(&["a", "b"], 1)]);
    let engine = rig.engine().await;
    let connection = rig.connect(&engine).await.id;
    (rig, engine, connection)
}

async fn inbox(rig: &Rig, engine: &Engine) -> Vec<WebhookId> {
    let pending = rig.store(engine).pending_webhooks(100).await.unwrap();
    pending.iter().map(|webhook| webhook.id).collect()
}

on_both! {
    async fn what_is_not_genuine_is_refused_and_not_stored() {
        let (rig, engine, _) = connected_rig().await;
        let body = event("e-1", "items/changed").to_string();
        let refused = deliver(&engine, &HeaderMap::new(), &body).await;
        assert_eq!(kind(refused), ErrorKind::PermissionDenied);
        let unread = deliver(&engine, &genuine(), "{").await;
        assert_eq!(kind(unread), ErrorKind::ContractBroken);
        assert_eq!(inbox(&rig, &engine).await, []);
    }

    async fn what_can_not_be_verified_now_is_to_come_again() {
        let (rig, engine, _) = connected_rig().await;
        let headers = HeaderMap::from_iter([(
            http::HeaderName::from_static("x-signature"),
            HeaderValue::from_static("by a new key"),
        )]);
        let body = event("e-1", "items/changed").to_string();
        let unverified = deliver(&engine, &headers, &body).await.unwrap_err();
        assert!(unverified.connector().unwrap().is_retryable());
        assert_eq!(inbox(&rig, &engine).await, []);
        assert_eq!(receive(&engine, &event("e-1", "items/changed")).await, Receipt::Accepted);
    }

    async fn several_events_of_one_delivery_are_stored_one_by_one() {
        let (rig, engine, _) = connected_rig().await;
        let mut foreign = event("e-0", "items/changed");
        foreign["account"] = json!("shop-of-a-stranger");
        let both = json!([event("e-1", "items/changed"), event("e-2", "something/else")]);
        assert_eq!(receive(&engine, &both).await, Receipt::Accepted);
        assert_eq!(inbox(&rig, &engine).await.len(), 2);
        // One that is new is enough to make the whole new; none at all is a duplicate.
        let more = json!([foreign.clone(), event("e-2", "something/else"), event("e-3", "items/changed")]);
        assert_eq!(receive(&engine, &more).await, Receipt::Accepted);
        assert_eq!(receive(&engine, &both).await, Receipt::Duplicate);
        assert_eq!(receive(&engine, &json!([foreign])).await, Receipt::Unmatched);
        assert_eq!(receive(&engine, &json!([])).await, Receipt::Unmatched);
        let processed = engine.process_webhooks(rig.project).await.unwrap();
        assert_eq!(processed.processed, 3);
        assert_eq!(rig.platform.received("/streams/items"), 1);
    }

    async fn a_platform_that_asks_whose_address_it_is_is_answered() {
        let (_rig, engine, _) = connected_rig().await;
        let address = "https://here.test/webhooks/depot";
        let ask = |query: &str| engine.answer_challenge("depot", address, &Form::from_query(query));
        let answer = ask("challenge=a%20b").unwrap();
        assert_eq!(answer.body, "a b at https://here.test/webhooks/depot");
        assert_eq!(kind(ask("nothing=1")), ErrorKind::PermissionDenied);
        let unknown = engine.answer_challenge("nobody", address, &Form::new());
        assert_eq!(kind(unknown), ErrorKind::NotFound);
    }

    async fn an_event_is_stored_once_and_many_of_them_make_one_sync() {
        let (rig, engine, _) = connected_rig().await;
        assert_eq!(
            receive(&engine, &event("e-1", "items/changed")).await,
            Receipt::Accepted
        );
        assert_eq!(
            receive(&engine, &event("e-1", "items/changed")).await,
            Receipt::Duplicate
        );
        assert_eq!(
            receive(&engine, &event("e-2", "items/changed")).await,
            Receipt::Accepted
        );
        assert_eq!(
            receive(&engine, &event("e-3", "something/else")).await,
            Receipt::Accepted
        );
        let mut foreign = event("e-4", "items/changed");
        foreign["account"] = json!("shop-of-a-stranger");
        assert_eq!(receive(&engine, &foreign).await, Receipt::Unmatched);
        // Another process, or the same after a restart, finds them in the inbox.
        let restarted = rig.engine().await;
        let processed = restarted.process_webhooks(rig.project).await.unwrap();
        assert_eq!(
            (processed.processed, processed.failed, processed.postponed),
            (3, 0, 0)
        );
        assert_eq!(rig.platform.received("/streams/items"), 1);
        assert_eq!(rig.records(&restarted, "items").await.len(), 2);
        assert_eq!(inbox(&rig, &engine).await, []);
    }

    async fn a_record_that_is_gone_is_removed() {
        let (rig, engine, connection) = connected_rig().await;
        rig.sync(&engine, connection, &["items"]).await;
        rig.platform.set_stream("items", vec![page(&["a"], 1)]);
        receive(&engine, &event("e-1", "items/deleted")).await;
        let processed = engine.process_webhooks(rig.project).await.unwrap();
        assert_eq!(processed.processed, 1);
        assert_eq!(rig.records(&engine, "items").await, [("a".to_owned(), 1)]);
    }

    async fn what_can_not_be_done_now_waits_and_what_never_can_is_marked() {
        let (rig, engine, _) = connected_rig().await;
        receive(&engine, &event("e-1", "items/changed")).await;
        let waiting = inbox(&rig, &engine).await;
        rig.platform
            .fail("/streams/items", Fault::RateLimited(3600));
        let processed = engine.process_webhooks(rig.project).await.unwrap();
        assert_eq!((processed.processed, processed.postponed), (0, 1));
        assert_eq!(inbox(&rig, &engine).await, waiting);
        rig.platform.state().revoked = true;
        let processed = engine.process_webhooks(rig.project).await.unwrap();
        assert_eq!((processed.failed, processed.postponed), (1, 0));
        assert_eq!(inbox(&rig, &engine).await, []);

        rig.platform.state().revoked = false;
        let failing = engine.replay_webhook(rig.project, waiting[0]).await;
        assert_eq!(kind(failing), ErrorKind::Rejected);
        rig.connect(&engine).await;
        engine
            .replay_webhook(rig.project, waiting[0])
            .await
            .unwrap();
        assert_eq!(rig.records(&engine, "items").await.len(), 2);
    }

    async fn a_grant_that_was_taken_back_disconnects_unless_it_came_back() {
        let (rig, engine, connection) = connected_rig().await;
        // Late: it was connected again since, and works.
        receive(&engine, &event("e-1", "uninstalled")).await;
        engine.process_webhooks(rig.project).await.unwrap();
        assert_eq!(
            rig.status(&engine, connection).await.0,
            ConnectionStatus::Active
        );
        rig.platform.state().revoked = true;
        receive(&engine, &event("e-2", "uninstalled")).await;
        engine.process_webhooks(rig.project).await.unwrap();
        let (status, reason) = rig.status(&engine, connection).await;
        assert_eq!(status, ConnectionStatus::Disconnected);
        assert!(reason.contains("on the platform"), "{reason}");
    }

    async fn what_privacy_asks_is_put_where_the_operator_looks() {
        let (rig, engine, connection) = connected_rig().await;
        receive(&engine, &event("e-1", "redact")).await;
        engine.process_webhooks(rig.project).await.unwrap();
        let log = rig.store(&engine).audit_log(10).await.unwrap();
        assert_eq!(log.len(), 1);
        assert_eq!(log[0].action, "privacy.customer_erasure_requested");
        assert_eq!(log[0].subject, connection.to_string());
        let detail = log[0].detail.as_deref().unwrap();
        assert!(
            detail.contains("customer-7") && detail.contains("order-1"),
            "{detail}"
        );
    }

    async fn who_is_to_be_forgotten_by_all_is_told_to_all() {
        let (rig, engine, connection) = connected_rig().await;
        let for_nobody = |id: &str, topic: &str| json!({ "id": id, "topic": topic });
        let deleted = for_nobody("e-1", "redact");
        assert_eq!(receive(&engine, &deleted).await, Receipt::Accepted);
        assert_eq!(receive(&engine, &deleted).await, Receipt::Duplicate);
        // What asks for no such thing is nobody's.
        let news = for_nobody("e-2", "items/changed");
        assert_eq!(receive(&engine, &news).await, Receipt::Unmatched);
        engine.process_webhooks(rig.project).await.unwrap();
        let log = rig.store(&engine).audit_log(10).await.unwrap();
        assert_eq!(log.len(), 1);
        assert_eq!(log[0].subject, connection.to_string());
    }
}
