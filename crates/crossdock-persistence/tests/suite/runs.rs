//! Runs: one per stream, fenced, taken up where they were, and accounted for.

use std::time::Duration;

use connector_core::{Checkpoint, ModelKind, Next, Page, Skipped};
use crossdock_persistence::{
    BeginOutcome, NewRun, PageCommit, PageCounts, ProjectStore, Run, RunFailure, RunFilter,
    RunMode, RunOutcome, RunStatus, RunUsage, StoreError,
};

use crate::fixture::{at, begin, commit, connect, listing, new_run, page, product};
use crate::on_both;

fn cursor(run: &Run) -> Option<serde_json::Value> {
    run.checkpoint.clone().map(|checkpoint| checkpoint.cursor)
}

async fn commit_cursor(project: &ProjectStore, run: &Run, cursor: u64, next: Next) {
    let commit = PageCommit {
        page: page(vec![listing(&cursor.to_string(), 1)], cursor, next),
        now: at(2),
    };
    project.commit_page(run, commit).await.unwrap();
}

async fn complete(project: &ProjectStore, run: &Run) {
    let outcome = RunOutcome::Completed;
    project
        .finish_run(run, outcome, RunUsage::default(), at(3))
        .await
        .unwrap();
}

on_both! {
    async fn one_run_reads_a_stream(database: Database) {
        let project = &database.project;
        let connection = connect(project, "alias", "seller").await.id;
        let new = || new_run(connection, "listings", ModelKind::Listing);
        let first = begin(project, new(), at(0)).await;
        let busy = project.begin_run(new(), at(59)).await.unwrap();
        assert!(matches!(busy, BeginOutcome::Busy { until, .. } if until == at(60)), "{busy:?}");
        begin(project, new_run(connection, "orders", ModelKind::Order), at(1)).await;
        project.heartbeat(&first, at(30)).await.unwrap();
        let busy = project.begin_run(new(), at(80)).await.unwrap();
        assert!(matches!(busy, BeginOutcome::Busy { .. }), "{busy:?}");

        commit_cursor(project, &first, 7, Next::More).await;
        let dead = NewRun { dead_owner: Some("owner-a".to_owned()), owner: "owner-b".to_owned(), ..new() };
        let second = begin(project, dead, at(40)).await;
        assert!(second.fence > first.fence);
        assert_eq!(cursor(&second), Some(serde_json::json!({"after": 7})));
        let late = PageCommit { page: page(vec![listing("late", 1)], 8, Next::More), now: at(41) };
        let late = project.commit_page(&first, late).await;
        assert!(matches!(late, Err(StoreError::Fenced { .. })), "{late:?}");
        let late = project.finish_run(&first, RunOutcome::Completed, RunUsage::default(), at(41)).await;
        assert!(matches!(late, Err(StoreError::Fenced { .. })), "{late:?}");
        let log = project.run(first.id).await.unwrap();
        assert_eq!((log.status, log.finished_at), (RunStatus::Interrupted, Some(at(40))));
        assert_eq!(database.rows("listings").await, 1);
        complete(project, &second).await;
        let third = begin(project, new(), at(50)).await;
        assert_eq!(third.fence, second.fence + 1);
    }

    async fn a_full_read_begins_anew_and_is_taken_up_midway(database: Database) {
        let project = &database.project;
        let connection = connect(project, "alias", "seller").await.id;
        let new = |mode| NewRun { mode, ..new_run(connection, "listings", ModelKind::Listing) };
        let run = begin(project, new(RunMode::Incremental), at(1)).await;
        commit_cursor(project, &run, 5, Next::Done).await;
        complete(project, &run).await;

        let full = begin(project, new(RunMode::Full), at(4)).await;
        assert_eq!((cursor(&full), full.mode), (None, RunMode::Full));
        commit_cursor(project, &full, 2, Next::More).await;
        let stopped = RunOutcome::Cancelled;
        project.finish_run(&full, stopped, RunUsage::default(), at(5)).await.unwrap();

        for mode in [RunMode::Incremental, RunMode::Full] {
            let again = begin(project, new(mode), at(6)).await;
            assert_eq!(cursor(&again), Some(serde_json::json!({"after": 2})), "{mode}");
            assert_eq!(again.mode, RunMode::Full);
            let outcome = RunOutcome::Waiting { until: at(90) };
            project.finish_run(&again, outcome, RunUsage::default(), at(7)).await.unwrap();
        }
        let last = begin(project, new(RunMode::Full), at(8)).await;
        commit_cursor(project, &last, 9, Next::Done).await;
        complete(project, &last).await;
        let after = begin(project, new(RunMode::Incremental), at(9)).await;
        assert_eq!((cursor(&after), after.mode), (Some(serde_json::json!({"after": 9})), RunMode::Incremental));
        project.forget_checkpoint(&after, at(10)).await.unwrap();
        complete(project, &after).await;
        let over = begin(project, new(RunMode::Incremental), at(11)).await;
        assert_eq!(cursor(&over), None);
    }

    async fn a_run_accounts_for_every_row(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await.id;
        let run = begin(project, new_run(connection, "products", ModelKind::Product), at(1)).await;
        for number in 0..2_u64 {
            let skipped = (0..40)
                .map(|row| Skipped { external_id: Some(row.to_string()), reason: "no title".to_owned() })
                .collect();
            let page = Page {
                skipped,
                notes: vec!["orders older than 60 days are withheld".to_owned()],
                total: Some(500),
                ..page(vec![product(number, "Tee", 1), product(number, "Tee twice", 1)], number, Next::More)
            };
            let counts = project.commit_page(&run, PageCommit { page, now: at(2) }).await.unwrap();
            let last_sequence = i64::try_from(number).unwrap() + 1;
            assert_eq!(counts, PageCounts { inserted: 1, unchanged: 1, skipped: 40, last_sequence, ..PageCounts::default() });
        }
        let failure = RunFailure { kind: "unavailable".to_owned(), message: "down".to_owned(), retry_at: Some(at(99)) };
        let usage = RunUsage { requests: 5, retries: 2, waited: Duration::from_millis(1_500) };
        project.finish_run(&run, RunOutcome::Failed(failure.clone()), usage, at(3)).await.unwrap();

        let log = project.runs(&RunFilter::default(), 10).await.unwrap().remove(0);
        assert_eq!((log.status, log.pages, log.usage, log.failure), (RunStatus::Failed, 2, usage, Some(failure)));
        assert_eq!((log.counts.skipped, log.skipped_sample.len(), log.expected), (80, 50, Some(500)));
        assert_eq!(log.notes, ["orders older than 60 days are withheld"]);
        let state = project.stream_states(connection).await.unwrap().remove(0);
        assert_eq!((state.records, state.has_checkpoint, state.completed_at), (2, true, None));
        assert_eq!(state.last_run.unwrap().id, run.id);
    }

    async fn a_page_of_another_model_is_refused_whole(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await.id;
        let run = begin(project, new_run(connection, "products", ModelKind::Product), at(1)).await;
        let mixed = page(vec![product(1, "Tee", 1), listing("l", 1)], 1, Next::More);
        let refused = project.commit_page(&run, PageCommit { page: mixed, now: at(2) }).await;
        assert!(matches!(refused, Err(StoreError::PageInvalid(_))), "{refused:?}");
        assert_eq!(database.rows("products").await, 0);
        assert!(!project.stream_states(connection).await.unwrap()[0].has_checkpoint);
        commit(project, &run, vec![product(1, "Tee", 1)], at(3)).await;
        complete(project, &run).await;
        let other = project.begin_run(new_run(connection, "products", ModelKind::Listing), at(4)).await;
        assert!(matches!(other, Err(StoreError::Conflict(_))), "{other:?}");
        let checkpoint = begin(project, new_run(connection, "products", ModelKind::Product), at(5)).await.checkpoint;
        assert_eq!(checkpoint, Some(Checkpoint { version: 1, cursor: serde_json::json!({"after": 1}) }));
    }
}
