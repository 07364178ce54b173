//! Invariant 10: stored before it is answered, once per event, kept for replay.

use crossdock_persistence::{AuditEntry, NewWebhook, Received, WebhookStatus};

use crate::fixture::{at, connect};
use crate::on_both;

on_both! {
    async fn an_event_is_kept_once_and_can_be_replayed(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await.id;
        let webhook = |event: &str| NewWebhook {
            connection,
            event_id: event.to_owned(),
            topic: "orders/create".to_owned(),
            account: Some("a.example".to_owned()),
            headers: [("x-topic".to_owned(), "orders/create".to_owned())].into(),
            body: vec![0, 159, 146, 150, b'{'],
            received_at: at(1),
        };
        let Received::Stored(first) = project.receive_webhook(webhook("e-1")).await.unwrap() else {
            panic!("it was here before");
        };
        assert_eq!(project.receive_webhook(webhook("e-1")).await.unwrap(), Received::Duplicate(first));
        project.receive_webhook(webhook("e-2")).await.unwrap();
        let pending = project.pending_webhooks(10).await.unwrap();
        assert_eq!(pending.iter().map(|hook| hook.event_id.as_str()).collect::<Vec<_>>(), ["e-1", "e-2"]);
        assert_eq!(pending[0].body, [0, 159, 146, 150, b'{']);
        assert_eq!(pending[0].headers["x-topic"], "orders/create");

        project.mark_webhook_failed(first, "the store was full", at(2)).await.unwrap();
        let failed = project.webhook(first).await.unwrap();
        assert_eq!((failed.status, failed.attempts), (WebhookStatus::Failed, 1));
        assert_eq!(failed.error.as_deref(), Some("the store was full"));
        project.mark_webhook_processed(first, at(3)).await.unwrap();
        let done = project.webhook(first).await.unwrap();
        assert_eq!((done.status, done.attempts, done.error), (WebhookStatus::Processed, 2, None));
        assert_eq!(done.processed_at, Some(at(3)));
        assert_eq!(project.pending_webhooks(10).await.unwrap().len(), 1);
    }

    async fn the_audit_log_is_read_newest_first(database: Database) {
        let entry = |action: &str, second| AuditEntry {
            actor: "cli".to_owned(),
            action: action.to_owned(),
            subject: "s".to_owned(),
            detail: None,
            at: at(second),
        };
        for (action, second) in [("connection.added", 1), ("connection.erased", 2)] {
            database.project.audit(&entry(action, second)).await.unwrap();
        }
        let log = database.project.audit_log(10).await.unwrap();
        assert_eq!(log, [entry("connection.erased", 2), entry("connection.added", 1)]);
    }
}
