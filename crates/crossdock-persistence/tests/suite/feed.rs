//! Invariant 8: only real changes are in the feed, numbered without gaps in the order of commits.

use std::collections::HashMap;

use connector_core::{ModelKind, Record};
use crossdock_persistence::{
    ChangeFilter, ChangeKind, PageCounts, ProjectStore, RecordQuery, RecordSet,
};

use crate::fixture::{at, begin, commit, connect, listing, new_run, product, spent};
use crate::on_both;

async fn kinds(project: &ProjectStore, after: i64) -> Vec<(i64, ChangeKind, String)> {
    let changes = project
        .changes(after, 1_000, &ChangeFilter::default())
        .await
        .unwrap();
    changes
        .into_iter()
        .map(|change| (change.sequence, change.kind, change.external_id))
        .collect()
}

on_both! {
    async fn only_real_changes_are_in_the_feed(database: Database) {
        let project = &database.project;
        let connection = connect(project, "shopify", "a.example").await.id;
        let run = begin(project, new_run(connection, "products", ModelKind::Product), at(1)).await;
        let products = |title: &str| vec![product(1, title, 3), product(2, "Cap", 1)];
        commit(project, &run, products("Tee"), at(2)).await;
        let same = commit(project, &run, products("Tee"), at(3)).await;
        assert_eq!(same, PageCounts { unchanged: 2, last_sequence: 2, ..PageCounts::default() });
        let changed = commit(project, &run, products("Tee, long"), at(4)).await;
        assert_eq!((changed.updated, changed.unchanged, changed.last_sequence), (1, 1, 3));
        let fewer = commit(project, &run, vec![product(1, "Tee, long", 2)], at(5)).await;
        assert_eq!((fewer.updated, database.rows("product_variants").await), (1, 3));
        let gone = vec![Record::gone("p-000001"), Record::gone("never there")];
        let gone = commit(project, &run, gone, at(6)).await;
        assert_eq!((gone.gone, gone.unchanged, gone.last_sequence), (1, 1, 5));
        let again = commit(project, &run, vec![Record::gone("p-000001")], at(7)).await;
        assert_eq!((again.gone, again.unchanged), (0, 1));
        let count = project.record_counts().await.unwrap().remove(0);
        assert_eq!((count.present, count.gone), (1, 1));
        let back = commit(project, &run, vec![product(1, "Tee, long", 2)], at(8)).await;
        assert_eq!((back.inserted, back.last_sequence), (1, 6));

        let first = || "p-000001".to_owned();
        let expected = [
            (1, ChangeKind::Added, first()),
            (2, ChangeKind::Added, "p-000002".to_owned()),
            (3, ChangeKind::Updated, first()),
            (4, ChangeKind::Updated, first()),
            (5, ChangeKind::Removed, first()),
            (6, ChangeKind::Added, first()),
        ];
        assert_eq!(kinds(project, 0).await, expected);
        assert_eq!(kinds(project, 4).await, expected[4..]);
        let count = project.record_counts().await.unwrap().remove(0);
        assert_eq!((count.present, count.gone), (2, 0));
        let query = RecordQuery { external_id: Some(first()), ..RecordQuery::default() };
        let set = RecordSet::Model(ModelKind::Product);
        let row = project.records(&set, &query).await.unwrap().items.remove(0);
        assert_eq!((row.first_seen_at, row.synced_at, row.sequence), (at(2), at(8), 6));
        assert_eq!(row.value["variants"].as_array().unwrap().len(), 2);
    }

    /// A platform counts the last days anew with every read: the row is the same, its value another.
    async fn a_restated_number_is_one_row_and_one_change_each_time(database: Database) {
        let project = &database.project;
        let connection = connect(project, "alias", "seller").await.id;
        let run = begin(project, new_run(connection, "traffic", ModelKind::Metric), at(1)).await;
        let mut seen = Vec::new();
        for (value, provisional) in [(0.1, true), (0.1, true), (0.3, true), (0.3, false), (0.3, false)] {
            let counts = commit(project, &run, vec![spent("clicks", value, provisional)], at(2)).await;
            seen.push((counts.inserted, counts.updated, counts.unchanged));
        }
        assert_eq!(seen, [(1, 0, 0), (0, 0, 1), (0, 1, 0), (0, 1, 0), (0, 0, 1)]);
        let id = || "shop/2026-11-20/clicks".to_owned();
        let expected = [
            (1, ChangeKind::Added, id()),
            (2, ChangeKind::Updated, id()),
            (3, ChangeKind::Updated, id()),
        ];
        assert_eq!(kinds(project, 0).await, expected);
        assert_eq!(database.rows("metrics").await, 1);
        let set = RecordSet::Model(ModelKind::Metric);
        let row = project.records(&set, &RecordQuery::default()).await.unwrap().items.remove(0);
        assert_eq!(row.value["measurement"]["value"], 0.3);
        assert_eq!(row.value["measurement"]["provisional"], false);
    }

    /// Eight streams commit at once while a reader follows by one number.
    async fn a_reader_misses_nothing_and_sees_nothing_twice(database: Database) {
        const WRITERS: u64 = 8;
        const PAGES: u64 = 12;
        const PER_PAGE: u64 = 5;
        let connection = connect(&database.project, "alias", "seller").await.id;
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                let project = database.project.clone();
                tokio::spawn(async move {
                    let new = new_run(connection, &format!("listings_{writer}"), ModelKind::Listing);
                    let run = begin(&project, new, at(1)).await;
                    for page in 0..PAGES {
                        let records = (0..PER_PAGE)
                            .map(|record| listing(&format!("{writer}-{page}-{record}"), 1))
                            .collect();
                        commit(&project, &run, records, at(2)).await;
                    }
                })
            })
            .collect();
        let total = WRITERS * PAGES * PER_PAGE;
        let mut seen = HashMap::new();
        let mut after = 0;
        while (seen.len() as u64) < total {
            let changes = database.project.changes(after, 7, &ChangeFilter::default()).await.unwrap();
            for change in changes {
                assert_eq!(change.sequence, after + 1, "a number is missing, or came too late");
                after = change.sequence;
                let twice = seen.insert(change.external_id, change.sequence);
                assert_eq!(twice, None);
            }
            tokio::task::yield_now().await;
        }
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(database.project.last_sequence().await.unwrap() as u64, total);
        assert!(kinds(&database.project, after).await.is_empty());
    }

    async fn the_feed_can_be_read_by_connection_and_stream(database: Database) {
        let project = &database.project;
        let first = connect(project, "alias", "a").await.id;
        let second = connect(project, "alias", "b").await.id;
        for (connection, stream) in [(first, "x"), (second, "x"), (second, "y")] {
            let run = begin(project, new_run(connection, stream, ModelKind::Listing), at(1)).await;
            commit(project, &run, vec![listing("l", 1)], at(2)).await;
        }
        for (connection, stream, expected) in [
            (Some(second), None, vec![2, 3]),
            (None, Some("x"), vec![1, 2]),
            (Some(second), Some("y"), vec![3]),
        ] {
            let filter = ChangeFilter { connection, stream: stream.map(str::to_owned) };
            let changes = project.changes(0, 10, &filter).await.unwrap();
            let numbers: Vec<i64> = changes.iter().map(|change| change.sequence).collect();
            assert_eq!(numbers, expected);
            assert!(changes.iter().all(|change| change.platform == "alias" && change.model == ModelKind::Listing));
        }
    }
}
