//! Invariants 1 and 2: a page and its checkpoint together or neither, wherever a run is cut off.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connector_core::ErrorKind;
use crossdock_engine::{StreamStatus, SyncEvent, SyncOrder};
use crossdock_persistence::{ConnectionId, RunFilter, RunMode, RunStatus};

use crate::support::clock::PausedClock;
use crate::support::database::{on_both, run};
use crate::support::platform::{FakePage, Fault, page};
use crate::support::{Rig, kind};

const ITEMS: &str = "/streams/items";

fn four_pages() -> Vec<FakePage> {
    vec![
        page(&["a", "b"], 1),
        page(&["c"], 2),
        page(&["d", "e", "f"], 3),
        page(&["g"], 4),
    ]
}

fn all() -> Vec<(String, i64)> {
    [
        ("a", 1),
        ("b", 1),
        ("c", 2),
        ("d", 3),
        ("e", 3),
        ("f", 3),
        ("g", 4),
    ]
    .map(|(id, value)| (id.to_owned(), value))
    .to_vec()
}

async fn rig_with_items() -> Rig {
    let rig = Rig::new().await;
    rig.platform.set_stream("items", four_pages());
    rig
}

async fn run_statuses(rig: &Rig, engine: &crossdock_engine::Engine) -> Vec<RunStatus> {
    let runs = rig
        .store(engine)
        .runs(&RunFilter::default(), 100)
        .await
        .unwrap();
    runs.into_iter().map(|run| run.status).collect()
}

on_both! {
    async fn every_stream_is_read_and_accounted_for() {
        let rig = rig_with_items().await;
        let mut odd = page(&["o-1"], 5);
        odd.skipped = vec!["o-2".to_owned(), "o-3".to_owned()];
        rig.platform.set_stream("orders", vec![odd]);
        for stream in ["notes", "returns", "reports"] {
            rig.platform.set_stream(stream, vec![FakePage::default()]);
        }
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let events = Mutex::new(Vec::new());
        let order = SyncOrder::new(connection);
        let reports = engine
            .sync(rig.project, order, |event| {
                events.lock().unwrap().push(event);
            })
            .await
            .unwrap();
        let streams: Vec<_> = reports
            .iter()
            .map(|report| report.stream.as_str())
            .collect();
        assert_eq!(streams, ["items", "orders", "notes", "returns", "reports"]);
        assert!(
            reports
                .iter()
                .all(crossdock_engine::StreamReport::is_complete),
            "{reports:?}"
        );
        assert_eq!(
            (
                reports[0].counts.inserted,
                reports[0].pages,
                reports[0].requests
            ),
            (7, 4, 4)
        );
        assert_eq!(
            (reports[1].counts.inserted, reports[1].counts.skipped),
            (1, 2)
        );
        assert_eq!(
            reports[1].skipped_sample[0].external_id.as_deref(),
            Some("o-2")
        );
        assert_eq!(rig.records(&engine, "items").await, all());

        let events = events.into_inner().unwrap();
        let of_items: Vec<_> = events
            .iter()
            .filter_map(|event| match event {
                SyncEvent::Started { stream, resumed } if stream == "items" => {
                    assert!(!resumed);
                    Some(0)
                }
                SyncEvent::Page { stream, counts, .. } if stream == "items" => Some(counts.inserted),
                SyncEvent::Finished(report) if report.stream == "items" => Some(99),
                _ => None,
            })
            .collect();
        assert_eq!(of_items, [0, 2, 3, 6, 7, 99]);

        let reports = engine
            .sync(
                rig.project,
                SyncOrder {
                    mode: RunMode::Full,
                    ..SyncOrder::new(connection)
                },
                |_| {},
            )
            .await
            .unwrap();
        assert_eq!(
            (reports[0].counts.inserted, reports[0].counts.unchanged),
            (0, 7)
        );
    }

    async fn unknown_streams_are_refused_before_anything_is_sent() {
        let rig = rig_with_items().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let order = rig.order(connection, &["items", "itms"]);
        let error = engine.sync(rig.project, order, |_| {}).await.unwrap_err();
        let error = error.connector().unwrap();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        assert_eq!(error.context("asked"), Some("itms"));
        assert_eq!(rig.platform.received(ITEMS), 0);
    }

    /// The platform goes down before each page in turn: the next sync goes on there, and no page that
    /// was committed is asked for again.
    async fn cut_by_an_outage_after_any_page_the_rest_follows() {
        for cut in 0..4 {
            let rig = rig_with_items().await;
            let engine = rig.engine().await;
            let connection = rig.connect(&engine).await.id;
            rig.platform.fail_after(ITEMS, cut, Fault::NotSent);
            rig.platform.fail_often(ITEMS, 3, &Fault::NotSent);
            let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
            let failure = report.failure().unwrap();
            assert_eq!(failure.kind, "unavailable");
            assert!(failure.retry_at.is_some());
            // Four attempts by the session, and the engine doesn't multiply them.
            assert_eq!(report.requests, cut as u64 + 4);
            assert_eq!(report.pages, cut as u64);
            let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
            assert!(report.is_complete());
            assert_eq!(report.requests, 4 - cut as u64);
            assert_eq!(rig.records(&engine, "items").await, all());
        }
    }

    /// The process dies while each page in turn is on its way: the next start takes over at once.
    fn killed_at_any_page_nothing_is_lost_and_nothing_doubled() {
        for cut in 0..4 {
            let (rig, connection) = run(async {
                let rig = rig_with_items().await;
                let engine = rig.engine().await;
                let connection = rig.connect(&engine).await.id;
                rig.platform.fail_after(ITEMS, cut, Fault::Hang);
                tokio::select! {
                    reports = rig.sync(&engine, connection, &["items"]) => panic!("{reports:?}"),
                    () = rig.platform.until_hanging() => {}
                }
                (rig, connection)
            });
            run(async {
                let engine = rig.engine().await;
                let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
                assert!(report.is_complete(), "{report:?}");
                assert_eq!(report.counts.updated, 0);
                assert_eq!(rig.records(&engine, "items").await, all());
                let statuses = run_statuses(&rig, &engine).await;
                assert_eq!(statuses, [RunStatus::Completed, RunStatus::Interrupted]);
                let changes = rig
                    .store(&engine)
                    .changes(0, 100, &Default::default())
                    .await
                    .unwrap();
                assert_eq!(changes.len(), 7, "every record is in the feed once");
            });
        }
    }

    async fn a_dropped_sync_is_taken_over_in_the_same_process() {
        let rig = rig_with_items().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.fail_after(ITEMS, 2, Fault::Hang);
        tokio::select! {
            reports = rig.sync(&engine, connection, &["items"]) => panic!("{reports:?}"),
            () = rig.platform.until_hanging() => {}
        }
        let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
        assert!(report.is_complete());
        assert_eq!(rig.records(&engine, "items").await, all());
        let statuses = run_statuses(&rig, &engine).await;
        assert_eq!(statuses, [RunStatus::Completed, RunStatus::Interrupted]);
    }

    async fn shutting_down_stops_a_run_between_two_pages() {
        let rig = rig_with_items().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.fail_after(ITEMS, 2, Fault::Hang);
        let stopping = async {
            rig.platform.until_hanging().await;
            engine.shutdown().await;
        };
        let (reports, ()) = tokio::join!(rig.sync(&engine, connection, &["items"]), stopping);
        assert_eq!(reports[0].status, StreamStatus::Cancelled);
        assert_eq!(reports[0].pages, 2);
        assert_eq!(run_statuses(&rig, &engine).await, [RunStatus::Cancelled]);
        let again = rig.sync(&engine, connection, &["items"]).await.remove(0);
        assert_eq!((again.status, again.requests), (StreamStatus::Cancelled, 0));
        let next = rig.engine().await;
        assert!(rig.sync(&next, connection, &["items"]).await[0].is_complete());
        assert_eq!(rig.records(&next, "items").await, all());
    }

    /// While a page takes long, the run shows life, so that nobody on another machine takes it over.
    async fn a_slow_page_keeps_its_run() {
        let rig = rig_with_items().await;
        let engine = rig.remote_engine(&rig.clock).await;
        let other = rig.remote_engine(&rig.clock).await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.fail_after(ITEMS, 1, Fault::Hang);
        let watching = async {
            rig.platform.until_hanging().await;
            for _ in 0..10 {
                let beat = Duration::from_secs(30);
                rig.clock.until_asleep_for(beat).await;
                rig.clock.advance(beat);
                beaten(&rig, &other).await;
            }
            let report = rig.sync(&other, connection, &["items"]).await.remove(0);
            assert!(
                matches!(report.status, StreamStatus::Busy { .. }),
                "{report:?}"
            );
            rig.platform.release();
        };
        let (reports, ()) = tokio::join!(rig.sync(&engine, connection, &["items"]), watching);
        assert!(reports[0].is_complete());
    }
}

/// Returns once the run's last sign of life is of this instant.
async fn beaten(rig: &Rig, engine: &crossdock_engine::Engine) {
    use connector_core::Clock as _;
    for _ in 0..5_000 {
        let runs = rig
            .store(engine)
            .runs(&RunFilter::default(), 1)
            .await
            .unwrap();
        if runs[0].heartbeat_at == rig.clock.now() {
            return;
        }
        tokio::task::yield_now().await;
    }
    panic!("the run shows no life");
}

on_both! {
    /// A run on another machine whose clock is behind is fenced out, and says so; what it had not
    /// committed is not committed.
    async fn a_run_that_was_taken_over_writes_nothing_more() {
        let rig = rig_with_items().await;
        let ahead = Arc::new(PausedClock::new());
        let slow = rig.remote_engine(&rig.clock).await;
        let fast = rig.remote_engine(&ahead).await;
        let connection = rig.connect(&slow).await.id;
        rig.platform.fail_after(ITEMS, 1, Fault::Hang);
        let taking_over = async {
            rig.platform.until_hanging().await;
            ahead.advance(Duration::from_secs(121));
            let report = rig.sync(&fast, connection, &["items"]).await.remove(0);
            assert!(report.is_complete(), "{report:?}");
            rig.platform.release();
        };
        let (reports, ()) = tokio::join!(rig.sync(&slow, connection, &["items"]), taking_over);
        assert_eq!(reports[0].failure().unwrap().kind, "taken_over");
        assert_eq!(rig.records(&fast, "items").await, all());
        let statuses = run_statuses(&rig, &fast).await;
        assert_eq!(statuses, [RunStatus::Completed, RunStatus::Interrupted]);
    }

    async fn a_checkpoint_that_ran_out_starts_the_stream_over_once() {
        let rig = rig_with_items().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.fail_after(ITEMS, 2, Fault::Expired);
        let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
        assert!(report.is_complete(), "{report:?}");
        assert_eq!(report.notes, ["started over: the cursor ran out"]);
        assert_eq!(rig.records(&engine, "items").await, all());
        rig.platform.fail_often(ITEMS, 2, &Fault::Expired);
        let order = SyncOrder {
            mode: RunMode::Full,
            ..rig.order(connection, &["items"])
        };
        let report = engine
            .sync(rig.project, order, |_| {})
            .await
            .unwrap()
            .remove(0);
        assert_eq!(report.failure().unwrap().kind, "checkpoint_invalid");
    }
}

fn prepared() -> Vec<FakePage> {
    let asked = FakePage {
        after_seconds: Some(600),
        ..FakePage::default()
    };
    vec![asked, page(&["a"], 1)]
}

on_both! {
    async fn what_the_platform_prepares_is_sat_out_or_left_for_later() {
        let rig = Rig::new().await;
        rig.platform.set_stream("items", prepared());
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;

        let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
        assert!(matches!(report.status, StreamStatus::Waiting { .. }));
        assert_eq!(run_statuses(&rig, &engine).await, [RunStatus::Waiting]);
        let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
        assert!(report.is_complete());
        assert_eq!(rig.platform.received(ITEMS), 2, "it was asked for once");

        let order = SyncOrder {
            mode: RunMode::Full,
            ..rig.order(connection, &["items"])
        };
        let waits = Mutex::new(0);
        let syncing = engine.sync(rig.project, order, |event| {
            if matches!(event, SyncEvent::Waiting { .. }) {
                *waits.lock().unwrap() += 1;
            }
        });
        let waiting = async {
            rig.clock.until_asleep_for(Duration::from_secs(600)).await;
            rig.clock.advance(Duration::from_secs(600));
        };
        let (reports, ()) = tokio::join!(syncing, waiting);
        assert!(reports.unwrap()[0].is_complete());
        assert_eq!(*waits.lock().unwrap(), 1);
        assert_eq!(rig.records(&engine, "items").await, [("a".to_owned(), 1)]);
    }

    async fn what_would_take_longer_than_the_patience_is_left_for_later() {
        let rig = Rig::new().await;
        let again = FakePage { after_seconds: Some(600), ..FakePage::default() };
        rig.platform.set_stream("items", vec![again.clone(), again, page(&["a"], 1)]);
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let order = SyncOrder {
            patience: Duration::from_secs(900),
            ..rig.order(connection, &["items"])
        };
        let waiting = async {
            rig.clock.until_asleep_for(Duration::from_secs(600)).await;
            rig.clock.advance(Duration::from_secs(600));
        };
        let (reports, ()) = tokio::join!(engine.sync(rig.project, order, |_| {}), waiting);
        let report = reports.unwrap().remove(0);
        let until = rig.now() + chrono::TimeDelta::seconds(600);
        assert_eq!(report.status, StreamStatus::Waiting { until });
        assert_eq!(report.sat_out, Duration::from_secs(600));
        let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
        assert!(report.is_complete() && report.sat_out.is_zero(), "{report:?}");
    }

    /// More streams wait than may read at once, and still nobody waits for them.
    async fn a_stream_that_sits_something_out_lets_another_one_read() {
        let rig = Rig::new().await;
        let slow = ["items", "orders", "notes", "returns"];
        for stream in slow {
            rig.platform.set_stream(stream, prepared());
        }
        rig.platform.set_stream("reports", vec![page(&["o"], 1)]);
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        let streams = [&slow[..], &["reports"]].concat();
        let order = rig.order(connection, &streams);
        let (read, seen) = tokio::sync::watch::channel(false);
        let syncing = engine.sync(rig.project, order, |event| {
            if matches!(event, SyncEvent::Finished(report) if report.stream == "reports") {
                read.send_replace(true);
            }
        });
        let waiting = async {
            let mut seen = seen.clone();
            seen.wait_for(|read| *read).await.unwrap();
            for _ in slow {
                rig.clock.advance(Duration::from_secs(600));
                tokio::task::yield_now().await;
            }
        };
        let ((), reports) = tokio::join!(waiting, syncing);
        assert!(reports.unwrap().iter().all(crossdock_engine::StreamReport::is_complete));
    }

    async fn a_long_rate_limit_is_rescheduled_and_stops_no_other_stream() {
        let rig = rig_with_items().await;
        rig.platform.set_stream("orders", vec![page(&["o"], 1)]);
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.fail(ITEMS, Fault::RateLimited(3600));
        let reports = rig.sync(&engine, connection, &["items", "orders"]).await;
        let failure = reports[0].failure().unwrap();
        assert_eq!(failure.kind, "rate_limited");
        let now = connector_core::Clock::now(rig.clock.as_ref());
        assert_eq!(failure.retry_at, Some(now + chrono::TimeDelta::hours(1)));
        assert_eq!(reports[0].requests, 1);
        assert!(reports[1].is_complete());
    }

    /// A page that can't be stored as it came fails the stream, loudly, and moves no checkpoint.
    async fn a_page_that_contradicts_itself_stops_the_stream_where_it_was() {
        let rig = Rig::new().await;
        let mut pages = four_pages();
        pages[2].is_mixed_up = true;
        rig.platform.set_stream("items", pages);
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        for _ in 0..2 {
            let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
            let failure = report.failure().unwrap();
            assert_eq!((failure.kind.as_str(), failure.retry_at), ("storage", None));
            assert_eq!(rig.records(&engine, "items").await, all()[..3]);
        }
        rig.platform.set_stream("items", four_pages());
        let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
        assert_eq!((report.is_complete(), report.requests), (true, 2));
        assert_eq!(rig.records(&engine, "items").await, all());
    }

    /// The database takes a row less than it was given: the page is rolled back, and the stream stays
    /// where it was.
    async fn a_row_that_is_swallowed_is_noticed() {
        let rig = rig_with_items().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.database
            .execute(
                "CREATE TRIGGER swallow BEFORE INSERT ON native_records \
                 WHEN NEW.external_id = 'e' BEGIN SELECT RAISE(IGNORE); END",
                "CREATE FUNCTION swallow() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN IF NEW.external_id = 'e' THEN RETURN NULL; END IF; RETURN NEW; END $$; \
                 CREATE TRIGGER swallow BEFORE INSERT ON native_records \
                 FOR EACH ROW EXECUTE FUNCTION swallow()",
            )
            .await;
        let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
        let failure = report.failure().unwrap();
        assert_eq!((failure.kind.as_str(), failure.retry_at), ("counts_disagree", None));
        assert_eq!(report.pages, 2);
        assert_eq!(rig.records(&engine, "items").await, all()[..3]);
        rig.database
            .execute("DROP TRIGGER swallow", "DROP TRIGGER swallow ON native_records")
            .await;
        let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
        assert_eq!((report.is_complete(), report.requests), (true, 2));
        assert_eq!(rig.records(&engine, "items").await, all());
    }

    async fn a_revoked_grant_ends_the_run_and_shows_in_the_status() {
        let rig = rig_with_items().await;
        let engine = rig.engine().await;
        let connection = rig.connect(&engine).await.id;
        rig.platform.state().revoked = true;
        let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
        assert_eq!(report.failure().unwrap().kind, "reconnect_required");
        let again = engine
            .sync(rig.project, rig.order(connection, &["items"]), |_| {})
            .await;
        assert_eq!(kind(again), ErrorKind::ReconnectRequired);
    }

    async fn no_two_runs_share_a_stream() {
        let rig = rig_with_items().await;
        let engine = rig.engine().await;
        let connection: ConnectionId = rig.connect(&engine).await.id;
        rig.platform.fail_after(ITEMS, 1, Fault::Hang);
        let second = async {
            rig.platform.until_hanging().await;
            let report = rig.sync(&engine, connection, &["items"]).await.remove(0);
            assert!(
                matches!(report.status, StreamStatus::Busy { .. }),
                "{report:?}"
            );
            rig.platform.release();
        };
        let (first, ()) = tokio::join!(rig.sync(&engine, connection, &["items"]), second);
        assert!(first[0].is_complete());
    }
}
