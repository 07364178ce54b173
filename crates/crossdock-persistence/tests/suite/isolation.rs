//! Invariant 6: another project's ids are not there.

use connector_core::{ModelKind, Next, Settings};
use crossdock_persistence::{
    ChangeFilter, ConnectionStatus, LeaseOutcome, NewWebhook, PageCommit, ProjectId, Received,
    RecordQuery, RecordSet, Result, RunFilter, RunOutcome, RunUsage, StoreError,
};

use crate::fixture::{
    TTL, account, at, begin, commit, connect, credential, listing, new_run, page,
};
use crate::on_both;

#[expect(
    clippy::needless_pass_by_value,
    reason = "so that the calls below fit on a line each"
)]
fn not_found<T: std::fmt::Debug>(what: &str, result: Result<T>) {
    assert!(
        matches!(result, Err(StoreError::NotFound { .. })),
        "{what}: {result:?}"
    );
}

on_both! {
    async fn another_projects_ids_are_not_found(database: Database) {
        let mine = &database.project;
        let connection = connect(mine, "alias", "seller").await.id;
        let run = begin(mine, new_run(connection, "listings", ModelKind::Listing), at(1)).await;
        commit(mine, &run, vec![listing("l", 1)], at(2)).await;
        let LeaseOutcome::Taken(lease) = mine.take_renewal_lease(connection, "a", at(0), TTL).await.unwrap() else {
            panic!("busy");
        };
        let webhook = |connection| NewWebhook {
            connection,
            event_id: "e".to_owned(),
            topic: "t".to_owned(),
            account: None,
            headers: [].into(),
            body: b"{}".to_vec(),
            received_at: at(0),
        };
        let Received::Stored(delivery) = mine.receive_webhook(webhook(connection)).await.unwrap() else {
            panic!("it was here before");
        };

        let other = database.store.create_project("other", at(0)).await.unwrap();
        let other = database.store.project(other.id);
        let settings = Settings::default();
        not_found("connection", other.connection(connection).await);
        not_found("resolve", other.resolve(&connection.to_string()).await);
        not_found("set_settings", other.set_settings(connection, &settings, at(3)).await);
        not_found("set_keep_raw", other.set_keep_raw(connection, true, at(3)).await);
        not_found("set_status", other.set_status(connection, ConnectionStatus::Active, None, at(3)).await);
        not_found("touch_account", other.touch_account(connection, &account("seller"), at(3)).await);
        not_found("disconnect", other.disconnect(connection, None, at(3)).await);
        not_found("erase", other.erase(connection).await);
        not_found("credential", other.credential(connection).await);
        not_found("take", other.take_renewal_lease(connection, "b", at(99), TTL).await);
        not_found("take over", other.take_over_renewal_lease(connection, "a", "b", at(1), TTL).await);
        not_found("record_intent", other.record_intent(&lease, 1, at(1)).await);
        not_found("swap", other.swap_credential(&lease, 1, credential("x"), at(1)).await);
        not_found("clear_intent", other.clear_intent(&lease).await);
        not_found("extend_lease", other.extend_lease(&lease, at(1), TTL).await);
        not_found("release", other.release(&lease).await);
        not_found("begin_run", other.begin_run(new_run(connection, "listings", ModelKind::Listing), at(99)).await);
        let stolen = PageCommit { page: page(vec![listing("x", 1)], 1, Next::More), now: at(3) };
        not_found("commit_page", other.commit_page(&run, stolen).await);
        not_found("heartbeat", other.heartbeat(&run, at(3)).await);
        not_found("forget_checkpoint", other.forget_checkpoint(&run, at(3)).await);
        not_found("finish_run", other.finish_run(&run, RunOutcome::Completed, RunUsage::default(), at(3)).await);
        not_found("run", other.run(run.id).await);
        let filter = RunFilter { connection: Some(connection), ..RunFilter::default() };
        not_found("runs", other.runs(&filter, 10).await);
        not_found("stream_states", other.stream_states(connection).await);
        let query = RecordQuery { connection: Some(connection), ..RecordQuery::default() };
        not_found("records", other.records(&RecordSet::Model(ModelKind::Listing), &query).await);
        not_found("stream", other.records(&RecordSet::Stream("listings".to_owned()), &RecordQuery::default()).await);
        let filter = ChangeFilter { connection: Some(connection), stream: None };
        not_found("changes", other.changes(0, 10, &filter).await);
        not_found("receive_webhook", other.receive_webhook(webhook(connection)).await);
        not_found("webhook", other.webhook(delivery).await);
        not_found("mark processed", other.mark_webhook_processed(delivery, at(3)).await);
        not_found("mark failed", other.mark_webhook_failed(delivery, "x", at(3)).await);

        assert!(other.connections().await.unwrap().is_empty());
        assert!(other.find_by_account("alias", "seller").await.unwrap().is_none());
        assert!(other.runs(&RunFilter::default(), 10).await.unwrap().is_empty());
        assert!(other.changes(0, 10, &ChangeFilter::default()).await.unwrap().is_empty());
        assert!(other.record_counts().await.unwrap().is_empty());
        assert!(other.pending_webhooks(10).await.unwrap().is_empty());
        assert!(other.audit_log(10).await.unwrap().is_empty());
        assert_eq!(other.last_sequence().await.unwrap(), 0);

        let stored = mine.credential(connection).await.unwrap();
        assert_eq!((stored.version, stored.lease), (1, Some(lease)));
        assert_eq!(mine.stream_states(connection).await.unwrap()[0].records, 1);
    }

    async fn a_project_that_is_not_there_is_not_found(database: Database) {
        let nobody = database.store.project(ProjectId::new());
        not_found("connections", nobody.connections().await);
        not_found("find_by_account", nobody.find_by_account("alias", "x").await);
        not_found("runs", nobody.runs(&RunFilter::default(), 1).await);
        not_found("changes", nobody.changes(0, 1, &ChangeFilter::default()).await);
        not_found("last_sequence", nobody.last_sequence().await);
        not_found("record_counts", nobody.record_counts().await);
        not_found("pending_webhooks", nobody.pending_webhooks(1).await);
        not_found("audit_log", nobody.audit_log(1).await);
        not_found("take_pending", nobody.take_pending("x", at(0)).await);
    }
}
