//! Invariant 3: one renewal at a time, an intent before it, a swap after it, never an old hand.

use connector_core::Settings;
use crossdock_persistence::{
    ConnectionId, Lease, LeaseOutcome, PendingConnect, ProjectStore, StoreError,
};

use crate::fixture::{TTL, at, connect, credential};
use crate::on_both;

async fn take(project: &ProjectStore, connection: ConnectionId, owner: &str, second: i64) -> Lease {
    match project
        .take_renewal_lease(connection, owner, at(second), TTL)
        .await
        .unwrap()
    {
        LeaseOutcome::Taken(lease) => lease,
        busy @ LeaseOutcome::Busy { .. } => panic!("{busy:?}"),
    }
}

on_both! {
    async fn a_renewal_is_leased_intended_and_swapped(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await.id;
        let lease = take(project, connection, "a", 0).await;
        for owner in ["a", "b"] {
            let busy = project.take_renewal_lease(connection, owner, at(1), TTL).await.unwrap();
            assert_eq!(busy, LeaseOutcome::Busy { owner: "a".to_owned(), until: at(60) });
        }
        project.record_intent(&lease, 1, at(2)).await.unwrap();
        let stored = project.credential(connection).await.unwrap();
        assert_eq!(stored.intent.unwrap().owner, "a");
        assert_eq!(stored.lease.as_ref(), Some(&lease));
        let longer = project.extend_lease(&lease, at(30), TTL).await.unwrap();
        assert_eq!(longer.until, at(90));
        let version = project
            .swap_credential(&lease, 1, credential("sealed-2"), at(3))
            .await
            .unwrap();
        assert_eq!(version, 2);
        let stored = project.credential(connection).await.unwrap();
        assert_eq!((stored.sealed.as_str(), stored.version), ("sealed-2", 2));
        assert_eq!(stored.intent, None);
        project.release(&lease).await.unwrap();
        take(project, connection, "b", 4).await;
    }

    async fn whoever_was_taken_over_writes_nothing(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await.id;
        let old = take(project, connection, "a", 0).await;
        project.record_intent(&old, 1, at(1)).await.unwrap();
        let new = take(project, connection, "b", 60).await;
        assert!(new.fence > old.fence);
        let fenced = [
            project.swap_credential(&old, 1, credential("stolen"), at(61)).await.map(drop),
            project.record_intent(&old, 1, at(61)).await,
            project.clear_intent(&old).await,
            project.extend_lease(&old, at(61), TTL).await.map(drop),
        ];
        for result in fenced {
            assert!(matches!(result, Err(StoreError::Fenced { .. })), "{result:?}");
        }
        project.release(&old).await.unwrap();
        let stored = project.credential(connection).await.unwrap();
        assert_eq!((stored.sealed.as_str(), stored.lease.as_ref()), ("sealed-1", Some(&new)));
        assert_eq!(stored.intent.unwrap().owner, "a", "the lost reply is remembered");
        project.clear_intent(&new).await.unwrap();
        assert_eq!(project.credential(connection).await.unwrap().intent, None);

        let stale = project.swap_credential(&new, 7, credential("stale"), at(62)).await;
        assert!(matches!(stale, Err(StoreError::Fenced { .. })), "{stale:?}");
    }

    async fn a_dead_owner_is_taken_over_at_once(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await.id;
        let old = take(project, connection, "dead", 0).await;
        let wrong = project
            .take_over_renewal_lease(connection, "somebody", "b", at(1), TTL)
            .await
            .unwrap();
        assert!(matches!(wrong, LeaseOutcome::Busy { .. }), "{wrong:?}");
        let taken = project
            .take_over_renewal_lease(connection, "dead", "b", at(1), TTL)
            .await
            .unwrap();
        match taken {
            LeaseOutcome::Taken(lease) => assert_eq!(lease.fence, old.fence + 1),
            busy @ LeaseOutcome::Busy { .. } => panic!("{busy:?}"),
        }
    }

    async fn ten_ask_and_one_gets_the_lease(database: Database) {
        let connection = connect(&database.project, "shopify", "a.example").await.id;
        let tasks: Vec<_> = (0..10)
            .map(|number| {
                let project = database.project.clone();
                tokio::spawn(async move {
                    let owner = format!("owner-{number}");
                    project.take_renewal_lease(connection, &owner, at(0), TTL).await.unwrap()
                })
            })
            .collect();
        let mut taken = 0;
        for task in tasks {
            taken += usize::from(matches!(task.await.unwrap(), LeaseOutcome::Taken(_)));
        }
        assert_eq!(taken, 1);
    }

    /// Invariant 11: a connect attempt is used once, in its time, by its project.
    async fn a_pending_connect_is_used_once(database: Database) {
        let project = &database.project;
        let pending = |key: &str, until| PendingConnect {
            key_hash: key.to_owned(),
            browser_hash: Some("browser".to_owned()),
            platform: "shopify".to_owned(),
            connection: ConnectionId::new(),
            sealed: "sealed".to_owned(),
            settings: Settings::default(),
            keep_raw: true,
            return_to: Some("/connections".to_owned()),
            expires_at: at(until),
        };
        project.keep_pending(pending("a", 600), at(0)).await.unwrap();
        project.keep_pending(pending("late", 10), at(0)).await.unwrap();
        let twice = project.keep_pending(pending("a", 600), at(0)).await;
        assert!(matches!(twice, Err(StoreError::Conflict(_))), "{twice:?}");
        let found = database.store.system().find_pending("a", at(1)).await.unwrap().unwrap();
        assert_eq!(found.project, project.project_id());
        let other = database.store.create_project("other", at(0)).await.unwrap();
        let other = database.store.project(other.id);
        assert!(other.take_pending("a", at(1)).await.unwrap().is_none());

        let tasks: Vec<_> = (0..8)
            .map(|_| {
                let project = project.clone();
                tokio::spawn(async move { project.take_pending("a", at(11)).await.unwrap() })
            })
            .collect();
        let mut taken = Vec::new();
        for task in tasks {
            taken.extend(task.await.unwrap());
        }
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].return_to.as_deref(), Some("/connections"));
        assert!(project.take_pending("late", at(11)).await.unwrap().is_none());
        assert_eq!(database.rows("pending_connects").await, 0);
    }
}
