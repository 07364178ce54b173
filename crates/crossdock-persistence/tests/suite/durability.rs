//! Invariant 1: a page and its checkpoint are committed together, or neither is.

use connector_core::{ModelKind, Next};
use crossdock_persistence::{PageCommit, Store, StoreError, StoreOptions};
use sea_orm::ConnectionTrait as _;

use crate::fixture::{at, begin, commit, connect, new_run, page, product};
use crate::on_both;

on_both! {
    /// Dropping the future at any await is what a killed process looks like to the database.
    async fn a_commit_cut_anywhere_leaves_all_or_nothing(database: Database) {
        let project = database.project.clone();
        let connection = connect(&project, "shopify", "a.example").await.id;
        let mut run = begin(&project, new_run(connection, "products", ModelKind::Product), at(1)).await;
        let mut committed = 0_u64;
        for polls in 0..60_u64 {
            let records = (0..20).map(|id| product(polls * 100 + id, "Tee", 2)).collect();
            let commit = PageCommit { page: page(records, polls, Next::More), now: at(2) };
            {
                let work = project.commit_page(&run, commit);
                let mut work = std::pin::pin!(work);
                let mut left = polls;
                std::future::poll_fn(|context| {
                    if work.as_mut().poll(context).is_ready() || left == 0 {
                        return std::task::Poll::Ready(());
                    }
                    left -= 1;
                    std::task::Poll::Pending
                })
                .await;
            }
            // Whatever was still being done for the commit that was cut is over when the next write
            // has had its turn.
            project.heartbeat(&run, at(2)).await.unwrap();
            let count = project.record_counts().await.unwrap()[0].present;
            let state = project.stream_states(connection).await.unwrap().remove(0);
            let log = state.last_run.unwrap();
            assert!(count == committed * 20 || count == (committed + 1) * 20, "{count} after {polls}");
            committed = count / 20;
            assert_eq!(log.pages, committed, "after {polls} polls");
            assert_eq!(database.rows("products").await as u64, count);
            assert_eq!(database.rows("product_variants").await as u64, count * 2);
            assert_eq!(database.rows("changes").await as u64, count);
            assert_eq!(project.last_sequence().await.unwrap() as u64, count);
            if state.has_checkpoint {
                assert!(committed > 0);
            }
        }
        assert!(committed > 0, "none came through");
        assert!(committed < 60, "none was cut");
        run.fence += 1;
        let fenced = project.heartbeat(&run, at(3)).await;
        assert!(matches!(fenced, Err(StoreError::Fenced { .. })), "{fenced:?}");
    }

    /// A table that swallows rows stands for whatever makes counts disagree.
    async fn a_page_whose_counts_disagree_fails_and_is_rolled_back(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await.id;
        let run = begin(project, new_run(connection, "products", ModelKind::Product), at(1)).await;
        commit(project, &run, vec![product(1, "Tee", 1)], at(2)).await;
        let raw = database.raw().await;
        let sql = match raw.get_database_backend() {
            sea_orm::DbBackend::Sqlite => {
                "CREATE TRIGGER swallow BEFORE INSERT ON products \
                 WHEN NEW.title = 'Swallowed' BEGIN SELECT RAISE(IGNORE); END"
            }
            _ => {
                "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS \
                 'BEGIN IF NEW.title = ''Swallowed'' THEN RETURN NULL; END IF; RETURN NEW; END'; \
                 CREATE TRIGGER swallow BEFORE INSERT ON products \
                 FOR EACH ROW EXECUTE FUNCTION swallow()"
            }
        };
        raw.execute_unprepared(sql).await.unwrap();
        raw.close().await.unwrap();
        let records = vec![product(2, "Tee", 1), product(3, "Swallowed", 1)];
        let commit = PageCommit { page: page(records, 99, Next::Done), now: at(3) };
        let refused = project.commit_page(&run, commit).await;
        let expected = matches!(refused, Err(StoreError::CountMismatch { given: 2, written: 1, .. }));
        assert!(expected, "{refused:?}");
        assert_eq!(database.rows("products").await, 1);
        assert_eq!(project.last_sequence().await.unwrap(), 1);
        let new = crossdock_persistence::NewRun {
            dead_owner: Some("owner-a".to_owned()),
            ..new_run(connection, "products", ModelKind::Product)
        };
        let again = begin(project, new, at(4)).await;
        assert_eq!(again.checkpoint.unwrap().cursor, serde_json::json!({"after": 1}));
    }

    async fn a_second_process_sees_what_the_first_committed(database: Database) {
        let connection = connect(&database.project, "shopify", "a.example").await.id;
        let run = begin(&database.project, new_run(connection, "products", ModelKind::Product), at(1)).await;
        commit(&database.project, &run, vec![product(1, "Tee", 1)], at(2)).await;
        let second = Store::open(StoreOptions::new(&database.url)).await.unwrap();
        assert_eq!(second.migrate().await.unwrap(), 0);
        second.health().await.unwrap();
        let project = second.project(database.project.project_id());
        assert_eq!(project.record_counts().await.unwrap()[0].present, 1);
        commit(&project, &run, vec![product(2, "Tee", 1)], at(3)).await;
        assert_eq!(database.project.last_sequence().await.unwrap(), 2);
        second.close().await.unwrap();
    }
}
