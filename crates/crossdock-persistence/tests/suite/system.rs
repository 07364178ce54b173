//! What crosses projects, for the operator.

use connector_core::Settings;
use crossdock_persistence::{
    ConnectionId, ConnectionRef, Counts, PendingConnect, SealedCursor, StoreError,
};

use crate::fixture::{at, connect};
use crate::on_both;

on_both! {
    async fn every_sealed_value_is_paged_and_replaced_once(database: Database) {
        let other = database.store.create_project("other", at(0)).await.unwrap();
        let other = database.store.project(other.id);
        for (project, account) in [(&database.project, "a"), (&database.project, "b"), (&other, "a")] {
            connect(project, "shopify", account).await;
        }
        let pending = PendingConnect {
            key_hash: "hash".to_owned(),
            browser_hash: None,
            platform: "shopify".to_owned(),
            connection: ConnectionId::new(),
            sealed: "sealed-p".to_owned(),
            settings: Settings::default(),
            keep_raw: false,
            return_to: None,
            expires_at: at(600),
        };
        other.keep_pending(pending, at(0)).await.unwrap();
        let system = database.store.system();
        let mut found = Vec::new();
        let mut after: Option<SealedCursor> = None;
        loop {
            let page = system.sealed_page(after.as_ref(), 3).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.cursor());
            found.extend(page);
        }
        let fields: Vec<&str> = found.iter().map(|row| row.field).collect();
        assert_eq!(fields, ["credential", "credential", "credential", "pending"]);
        for row in &found {
            assert!(system.replace_sealed(row, "sealed-new").await.unwrap());
            assert!(!system.replace_sealed(row, "sealed-newer").await.unwrap());
        }
        let stored = database.store.project(found[0].project).credential(found[0].connection).await.unwrap();
        assert_eq!((stored.sealed.as_str(), stored.version), ("sealed-new", 1));
        let counts = system.counts().await.unwrap();
        assert_eq!(counts, Counts { projects: 2, connections: 3, sealed: 4, ..Counts::default() });
    }

    async fn the_admin_token_is_one_and_is_replaced(database: Database) {
        let system = database.store.system();
        assert_eq!(system.admin_token_hash().await.unwrap(), None);
        for hash in ["first", "second"] {
            system.set_admin_token_hash(hash, at(1)).await.unwrap();
            assert_eq!(system.admin_token_hash().await.unwrap().as_deref(), Some(hash));
        }
        assert_eq!(database.rows("users").await, 1);
    }

    async fn a_webhook_finds_all_that_connected_its_account(database: Database) {
        let other = database.store.create_project("other", at(0)).await.unwrap();
        let other = database.store.project(other.id);
        let mut expected = Vec::new();
        for project in [&database.project, &other] {
            let connection = connect(project, "shopify", "a.example").await.id;
            expected.push(ConnectionRef { project: project.project_id(), connection });
        }
        let system = database.store.system();
        assert_eq!(system.connections_of_account("shopify", "a.example").await.unwrap(), expected);
        other.disconnect(expected[1].connection, None, at(1)).await.unwrap();
        assert_eq!(system.connections_of_account("shopify", "a.example").await.unwrap(), expected[..1]);
        assert!(system.connections_of_account("alias", "a.example").await.unwrap().is_empty());
        let third = connect(&other, "shopify", "b.example").await.id;
        let third = ConnectionRef { project: other.project_id(), connection: third };
        let all = system.connections_of_platform("shopify").await.unwrap();
        assert_eq!(all, [expected[0], third]);
        assert!(system.connections_of_platform("alias").await.unwrap().is_empty());
    }

    async fn projects_have_unique_names(database: Database) {
        database.store.create_project("other", at(0)).await.unwrap();
        let twice = database.store.create_project("other", at(0)).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
        let names: Vec<String> = database.store.projects().await.unwrap().into_iter().map(|project| project.name).collect();
        assert_eq!(names, ["default", "other"]);
    }
}
