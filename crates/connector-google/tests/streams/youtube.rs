//! Videos: what is new, what is gone, and numbers that come late.
use std::collections::BTreeSet;
use std::time::Duration;

use connector_core::model::{Measurement, Model};
use connector_core::{Connector as _, ErrorKind};
use connector_testkit::{Run, model};
use serde_json::json;

use crate::lab::Lab;

const DAY: Duration = Duration::from_hours(24);
const ITEMS: &str = "youtube.playlistItems.list";
const REPORT: &str = "youtubeAnalytics.reports.query";

fn measurements(run: &Run) -> Vec<&Measurement> {
    let numbers = run.records.values().map(|record| match model(record) {
        Model::ContentMetric(metric) => &metric.measurement,
        other => panic!("{other:?}"),
    });
    numbers.collect()
}

fn days(run: &Run) -> BTreeSet<String> {
    let dates = measurements(run).into_iter();
    dates
        .map(|measurement| measurement.date.to_string())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn new_videos_come_at_once_and_deleted_ones_are_gone_within_a_week() {
    let lab = Lab::new();
    let first = lab.run("videos", None).await.unwrap();
    let some = first.records.keys().next().unwrap().clone();
    let new = lab.make(
        "video/create",
        &json!({"title": "New", "privacy": "unlisted"}),
    );
    lab.control("video/delete", &json!({"id": some}));
    let count = lab.wire.count();
    let second = lab.run("videos", first.checkpoint).await.unwrap();
    match model(&second.records[&new]) {
        Model::Content(video) => {
            assert_eq!(video.title.as_deref(), Some("New"));
            assert_eq!(video.public, Some(false));
        }
        other => panic!("{other:?}"),
    }
    assert!(second.gone().is_empty());
    assert_eq!(lab.sent(ITEMS, count).len(), 1);
    lab.clock.pass(DAY * 7).await;
    let third = lab.run("videos", second.checkpoint).await.unwrap();
    assert_eq!(third.gone(), [some.as_str()]);
    assert_eq!(third.records.len(), first.records.len() + 1);
}

#[tokio::test(start_paused = true)]
async fn a_day_that_is_not_counted_yet_is_read_again() {
    let lab = Lab::new();
    let first = lab.run("video_metrics", None).await.unwrap();
    // A day in California, three days ago, is the last one that has all numbers.
    assert_eq!(days(&first).last().unwrap(), "2026-05-29");
    let count = lab.wire.count();
    lab.clock.pass(DAY).await;
    let second = lab
        .run("video_metrics", first.checkpoint.clone())
        .await
        .unwrap();
    assert_eq!(days(&second).last().unwrap(), "2026-05-30");
    // Three days again, of which one is new, and those that are still empty.
    assert!(lab.sent(REPORT, count).len() <= 5);
    let restated = second
        .records
        .keys()
        .filter(|id| first.records.contains_key(*id));
    assert!(restated.count() > 0);
    assert!(measurements(&first).iter().any(|it| it.provisional));
    assert!(measurements(&first).iter().any(|it| !it.provisional));
    let zone = measurements(&first)[0].time_zone.as_deref();
    assert_eq!(zone, Some("America/Los_Angeles"));
}

#[tokio::test(start_paused = true)]
async fn a_spent_day_ends_at_midnight_in_california() {
    let lab = Lab::new();
    // The sandbox's clock is that of its last request.
    let first = lab.run("videos", None).await.unwrap();
    lab.control("youtube/drain", &json!({}));
    let error = lab.run("videos", first.checkpoint).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::RateLimited);
    assert_eq!(error.retry_after(), Some(Duration::from_hours(20)));
}

#[tokio::test(start_paused = true)]
async fn a_video_is_looked_up_and_a_number_is_not() {
    let lab = Lab::new();
    let lookup = lab.google.lookup().unwrap();
    let id = lab.make("video/create", &json!({"title": "New"}));
    let found = lookup.lookup(&lab.session, "videos", &id).await.unwrap();
    assert!(matches!(model(&found), Model::Content(_)));
    let error = lookup.lookup(&lab.session, "video_metrics", "x").await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Unsupported);
}
