//! Connections: added, renewed, named, disconnected, erased.

use connector_core::{ModelKind, Settings};
use crossdock_persistence::{
    AddOutcome, ConnectionId, ConnectionStatus, NewConnection, StoreError,
};

use crate::fixture::{
    account, at, begin, commit, connect, credential, new_connection, new_run, product,
};
use crate::on_both;

on_both! {
    async fn the_same_account_renews_its_connection(database: Database) {
        let project = &database.project;
        let first = connect(project, "shopify", "a.example").await;
        project
            .set_status(first.id, ConnectionStatus::ReconnectRequired, Some("revoked"), at(1))
            .await
            .unwrap();
        let known = project.find_by_account("shopify", "a.example").await.unwrap().unwrap();
        assert_eq!((known.id, known.status), (first.id, ConnectionStatus::ReconnectRequired));
        let renewed = NewConnection {
            credential: credential("sealed-2"),
            keep_raw: true,
            ..new_connection(first.id, "shopify", "a.example")
        };
        let (renewed, outcome) = project.add_connection(renewed, at(2)).await.unwrap();
        assert_eq!(outcome, AddOutcome::Renewed);
        assert_eq!(renewed.status, ConnectionStatus::Active);
        assert_eq!((renewed.status_reason, renewed.keep_raw), (None, true));
        assert_eq!((renewed.connected_at, renewed.updated_at), (at(0), at(2)));
        let stored = project.credential(first.id).await.unwrap();
        assert_eq!((stored.sealed.as_str(), stored.version), ("sealed-2", 2));

        let elsewhere = new_connection(ConnectionId::new(), "shopify", "a.example");
        let refused = project.add_connection(elsewhere, at(3)).await;
        assert!(matches!(refused, Err(StoreError::Conflict(_))), "{refused:?}");
        assert_eq!(project.credential(first.id).await.unwrap().version, 2);
    }

    async fn a_name_stands_for_one_connection_only(database: Database) {
        let project = &database.project;
        let first = connect(project, "shopify", "a.example").await;
        assert_eq!(project.resolve("shopify").await.unwrap().id, first.id);
        let second = connect(project, "shopify", "b.example").await;
        match project.resolve("shopify").await {
            Err(StoreError::Ambiguous { candidates }) => {
                let ids: Vec<_> = candidates.iter().map(|(id, _)| *id).collect();
                assert_eq!(ids, [first.id, second.id]);
            }
            other => panic!("{other:?}"),
        }
        let by_id = project.resolve(&second.id.to_string()).await.unwrap();
        assert_eq!(by_id.account, account("b.example"));
        project.disconnect(first.id, None, at(1)).await.unwrap();
        assert_eq!(project.resolve("shopify").await.unwrap().id, second.id);
        for unknown in ["ebay", &ConnectionId::new().to_string()] {
            let missing = project.resolve(unknown).await;
            assert!(matches!(missing, Err(StoreError::NotFound { .. })), "{missing:?}");
        }
    }

    async fn what_a_person_set_is_kept(database: Database) {
        let project = &database.project;
        let connection = connect(project, "alias", "seller").await;
        let mut settings = Settings::default();
        settings.0.insert("watch".to_owned(), "jordan\nyeezy".to_owned());
        project.set_settings(connection.id, &settings, at(1)).await.unwrap();
        project.set_keep_raw(connection.id, true, at(2)).await.unwrap();
        let mut told = account("seller");
        told.scopes.push("more".to_owned());
        project.touch_account(connection.id, &told, at(3)).await.unwrap();
        let read = project.connection(connection.id).await.unwrap();
        assert_eq!((read.settings, read.keep_raw, read.account), (settings, true, told));
        assert_eq!(read.updated_at, at(3));
        let other = project.touch_account(connection.id, &account("other"), at(4)).await;
        assert!(matches!(other, Err(StoreError::Conflict(_))), "{other:?}");
    }

    /// Invariant: disconnecting keeps history and destroys the credential; versions go on counting.
    async fn disconnecting_keeps_history_and_destroys_the_credential(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await;
        let run = begin(project, new_run(connection.id, "products", ModelKind::Product), at(1)).await;
        commit(project, &run, vec![product(1, "Tee", 2)], at(2)).await;
        project.disconnect(connection.id, Some("no longer needed"), at(3)).await.unwrap();

        let gone = project.credential(connection.id).await;
        assert!(matches!(gone, Err(StoreError::NotFound { .. })), "{gone:?}");
        let late = project.heartbeat(&run, at(4)).await;
        assert!(matches!(late, Err(StoreError::Fenced { .. })), "{late:?}");
        let again = project.begin_run(new_run(connection.id, "products", ModelKind::Product), at(5)).await;
        assert!(matches!(again, Err(StoreError::Conflict(_))), "{again:?}");
        let active = project.set_status(connection.id, ConnectionStatus::Active, None, at(5)).await;
        assert!(matches!(active, Err(StoreError::Conflict(_))), "{active:?}");
        assert_eq!(project.record_counts().await.unwrap()[0].present, 1);
        let read = project.connection(connection.id).await.unwrap();
        assert_eq!(read.status_reason.as_deref(), Some("no longer needed"));

        let back = new_connection(connection.id, "shopify", "a.example");
        project.add_connection(back, at(6)).await.unwrap();
        assert_eq!(project.credential(connection.id).await.unwrap().version, 2);
    }

    async fn erasing_leaves_no_row(database: Database) {
        let project = &database.project;
        let kept = connect(project, "shopify", "kept.example").await;
        let erased = connect(project, "shopify", "erased.example").await;
        for connection in [&kept, &erased] {
            let new = new_run(connection.id, "products", ModelKind::Product);
            let run = begin(project, new, at(1)).await;
            commit(project, &run, vec![product(1, "Tee", 2), product(2, "Cap", 1)], at(2)).await;
        }
        project.erase(erased.id).await.unwrap();
        for (table, rows) in [
            ("products", 2),
            ("product_variants", 3),
            ("changes", 2),
            ("sync_log", 1),
            ("sync_checkpoints", 1),
            ("connection_credentials", 1),
            ("platform_connections", 1),
        ] {
            assert_eq!(database.rows(table).await, rows, "{table}");
        }
        assert_eq!(project.last_sequence().await.unwrap(), 4);
    }
}
