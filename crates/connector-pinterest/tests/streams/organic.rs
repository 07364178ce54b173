//! Boards, pins and their numbers: lists that end in odd ways, bookmarks that have ended, days that
//! change, pins that vanish on the way, and apps that may not ask for several pins at once.
use std::collections::BTreeSet;
use std::time::Duration;

use connector_core::model::{Measurement, Model};
use connector_core::{Connector, ErrorKind, Record, SyncRequest};
use connector_testkit::model;
use connector_testkit::{Effect, Fault};
use futures::TryStreamExt as _;
use serde_json::json;

use crate::lab::Lab;

const DAY: Duration = Duration::from_hours(24);

fn measurement(record: &Record) -> &Measurement {
    match model(record) {
        Model::Metric(metric) => &metric.measurement,
        Model::ContentMetric(metric) => &metric.measurement,
        other => panic!("{other:?}"),
    }
}

/// The parameters of a request, by name.
fn parameter(sent: &connector_testkit::Sent, name: &str) -> Option<String> {
    let query = sent.request.uri().query()?;
    let pairs = url::form_urlencoded::parse(query.as_bytes());
    let mut found = pairs.filter(|(found, _)| found == name);
    found.next().map(|(_, value)| value.into_owned())
}

#[tokio::test(start_paused = true)]
async fn a_list_goes_on_after_a_short_page_and_ends_with_an_empty_one() {
    let lab = Lab::new().await;
    let before = lab.wire.count();
    let run = lab.run("pins", None).await.unwrap();
    assert_eq!(run.records.len(), lab.census("pins"));
    // Fewer than a page can hold, and a bookmark all the same.
    let sent = lab.sent("pins/list", before);
    assert_eq!(sent.len(), 2);
    assert!(parameter(&sent[0], "bookmark").is_none());
    assert!(parameter(&sent[1], "bookmark").is_some());
    // The next run begins at the beginning.
    let before = lab.wire.count();
    lab.run("pins", run.checkpoint).await.unwrap();
    assert!(parameter(&lab.sent("pins/list", before)[0], "bookmark").is_none());
}

#[tokio::test(start_paused = true)]
async fn a_bookmark_that_has_ended_begins_the_list_anew() {
    for stream in ["boards", "pins"] {
        let lab = Lab::new().await;
        let request = SyncRequest::new(stream);
        let mut pages = lab.pinterest.sync(lab.session.clone(), request).unwrap();
        let first = pages.try_next().await.unwrap().unwrap();
        drop(pages);
        lab.clock.pass(DAY).await;
        let rest = lab.run(stream, Some(first.checkpoint)).await.unwrap();
        assert_eq!(rest.records.len(), lab.census(stream), "{stream}");
    }
}

#[tokio::test(start_paused = true)]
async fn days_are_read_again_until_they_are_final_and_replace_what_was_there() {
    let lab = Lab::new().await;
    let first = lab.run("account_metrics", None).await.unwrap();
    let provisional: BTreeSet<&String> = first
        .records
        .iter()
        .filter(|(_, record)| measurement(record).provisional)
        .map(|(id, _)| id)
        .collect();
    assert!(!provisional.is_empty());

    lab.clock.pass(DAY * 2).await;
    let before = lab.wire.count();
    let second = lab.run("account_metrics", first.checkpoint.clone()).await;
    let second = second.unwrap();
    let sent = lab.sent("user_account/analytics", before);
    assert_eq!(sent.len(), 1);
    let asked = parameter(&sent[0], "start_date");
    assert_eq!(asked.as_deref(), Some("2026-06-17"));
    assert!(second.records.len() < first.records.len() / 5);
    let mut restated = 0;
    for id in provisional {
        let (before, after) = (&first.records[id], &second.records[id]);
        if measurement(before).date.to_string().as_str() <= "2026-06-19" {
            assert!(!measurement(after).provisional, "{id}");
        }
        restated += usize::from(measurement(before).value < measurement(after).value);
    }
    assert!(restated > 0, "nothing was restated");
}

#[tokio::test(start_paused = true)]
async fn after_a_long_pause_no_day_is_asked_for_that_is_too_far_back() {
    let lab = Lab::new().await;
    let first = lab.run("account_metrics", None).await.unwrap();
    lab.clock.pass(DAY * 20).await;
    // The tokens last thirty days, and the numbers ninety.
    for _ in 0..5 {
        lab.clock.pass(DAY * 20).await;
        lab.pages("boards", None).await.unwrap();
    }
    let before = lab.wire.count();
    lab.run("account_metrics", first.checkpoint).await.unwrap();
    assert_eq!(lab.sent("user_account/analytics", before).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_persons_account_has_no_numbers() {
    let lab = Lab::new().await;
    lab.control("account/type", &json!({"type": "PINNER"}));
    let error = lab.run("account_metrics", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    let account = lab.pinterest.test(&lab.session).await.unwrap();
    assert!(account.warnings[0].contains("business"), "{account:?}");
}

#[tokio::test(start_paused = true)]
async fn a_pin_that_vanishes_on_the_way_costs_its_own_numbers_alone() {
    let lab = Lab::new().await;
    let request = SyncRequest::new("pin_metrics");
    let mut pages = lab.pinterest.sync(lab.session.clone(), request).unwrap();
    pages.try_next().await.unwrap().unwrap();
    let gone = "880200000000000150";
    lab.control("pin/delete", &json!({"id": gone}));
    let mut of: BTreeSet<String> = BTreeSet::new();
    let mut skipped = Vec::new();
    while let Some(page) = pages.try_next().await.unwrap() {
        skipped.extend(page.skipped);
        let records = page.records.iter();
        of.extend(records.map(|record| match model(record) {
            Model::ContentMetric(metric) => metric.content_external_id.clone(),
            other => panic!("{other:?}"),
        }));
    }
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0].external_id.as_deref(), Some(gone));
    assert_eq!(of.len(), lab.census("pins"));
}

#[tokio::test(start_paused = true)]
async fn an_app_that_may_not_ask_for_several_pins_asks_for_each() {
    let lab = Lab::new().await;
    for number in 3..200 {
        let id = format!("{}", 880_200_000_000_000_000_u64 + number);
        lab.control("pin/delete", &json!({"id": id}));
    }
    let refused = Effect::Status {
        code: 403,
        headers: [].into(),
        body: Some(json!({"code": 29, "message": "not open to this app"})),
    };
    lab.wire.sandbox().inject(Fault {
        path_contains: Some("/pins/analytics".to_owned()),
        times: 100,
        ..Fault::new(refused)
    });
    let before = lab.wire.count();
    let run = lab.run("pin_metrics", None).await.unwrap();
    assert_eq!(lab.sent("multi_pins/analytics", before).len(), 1);
    assert_eq!(lab.sent("pins/analytics", before).len(), 3);
    assert!(!run.records.is_empty());

    // The next run tries again, and reads what isn't final.
    lab.clock.pass(DAY).await;
    let again = lab.run("pin_metrics", run.checkpoint).await.unwrap();
    assert!(again.records.len() < run.records.len() / 3);
}

#[tokio::test(start_paused = true)]
async fn what_is_gone_is_told_as_gone_and_what_is_there_as_a_sync_has_it() {
    use connector_core::Change;

    let lab = Lab::new().await;
    for stream in ["boards", "pins"] {
        let run = lab.run(stream, None).await.unwrap();
        let (id, synced) = run.records.first_key_value().unwrap();
        let lookup = Connector::lookup(&*lab.pinterest).unwrap();
        let look = async |id: &str| lookup.lookup(&lab.session, stream, id).await.unwrap();
        assert_eq!(look(id).await.change, synced.change);
        for missing in ["1", "../x", "word"] {
            let found = look(missing).await;
            assert_eq!(found.change, Change::Gone, "{stream} {missing}");
        }
    }
}
