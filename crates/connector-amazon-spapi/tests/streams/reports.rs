//! Reports: asked for once, waited for, read in their letters, and what becomes of those that fail.

use std::collections::BTreeSet;
use std::time::Duration;

use connector_core::model::{CommonMetric, Measurement, Model};
use connector_core::{ErrorKind, Next, Page};
use connector_testkit::{Effect, Fault};
use connector_testkit::{Run, model};
use serde_json::{Value, json};

use crate::lab::{FE, Lab};

const HOUR: Duration = Duration::from_secs(3_600);

fn measurements(run: &Run) -> Vec<&Measurement> {
    let metric = |record| match model(record) {
        Model::Metric(metric) => &metric.measurement,
        other => panic!("{other:?}"),
    };
    run.records.values().map(metric).collect()
}

/// The ids of the reports that a cursor knows.
fn known(page: &Page) -> BTreeSet<String> {
    let jobs = page.checkpoint.cursor["run"]["jobs"].as_array();
    let jobs = jobs.into_iter().flatten();
    let id = |job: &Value| job["state"]["asked"]["id"].as_str().map(str::to_owned);
    jobs.filter_map(id).collect()
}

#[tokio::test(start_paused = true)]
async fn days_and_items_are_read_and_the_last_days_are_restated_in_place() {
    let lab = Lab::new().await;
    let first = lab.run("sales_and_traffic", None).await.unwrap();
    // Three marketplaces: what is long ago at once, and the last day by itself.
    assert_eq!(lab.sent("createReport"), 6);
    assert_eq!(lab.sent("getReportDocument"), 6);
    let all = measurements(&first);
    let sessions = |dimensions: usize| {
        all.iter()
            .filter(|one| one.common == Some(CommonMetric::Sessions))
            .filter(|one| one.dimensions.len() == dimensions)
            .map(|one| one.date)
            .collect::<BTreeSet<_>>()
    };
    assert!(sessions(0).len() > 150, "{}", sessions(0).len());
    assert_eq!(sessions(1).len(), 1);
    let provisional: BTreeSet<String> = all
        .iter()
        .filter(|one| one.provisional)
        .map(|one| one.date.to_string())
        .collect();
    assert_eq!(Vec::from_iter(provisional), ["2026-05-30", "2026-05-31"]);

    // Nothing new comes within hours, so nothing is asked.
    lab.clock.pass(HOUR).await;
    let soon = lab.run("sales_and_traffic", first.checkpoint.clone()).await;
    let soon = soon.unwrap();
    assert_eq!((soon.records.len(), lab.sent("createReport")), (0, 6));

    // A day later three days are read again, and what was counted on took the place of what was.
    lab.clock.pass(HOUR * 24).await;
    let before = lab.sent("createReport");
    let second = lab.run("sales_and_traffic", soon.checkpoint).await;
    let second = second.unwrap();
    assert_eq!(lab.sent("createReport"), before + 9);
    let id = "ATVPDKIKX0DER/2026-05-30/sessions";
    let value = |run: &Run| match model(&run.records[id]) {
        Model::Metric(metric) => (metric.measurement.value, metric.measurement.provisional),
        other => panic!("{other:?}"),
    };
    let (was, is) = (value(&first), value(&second));
    assert!(was.1 && !is.1 && was.0 < is.0, "{was:?} {is:?}");
}

#[tokio::test(start_paused = true)]
async fn returns_of_both_kinds_are_read_again_for_a_month() {
    let lab = Lab::new().await;
    let first = lab.run("returns", None).await.unwrap();
    assert_eq!(first.records.len(), lab.counted("returns"));
    assert_eq!(lab.sent("createReport"), 2);
    for (begin, kind) in [
        ("amazon/", "license-plate-number"),
        ("seller/", "Amazon RMA ID"),
    ] {
        let (id, record) = first
            .records
            .iter()
            .find(|(id, _)| id.starts_with(begin))
            .unwrap();
        let Model::Native(native) = model(record) else {
            panic!("{record:?}")
        };
        assert!(id.contains(native.body[kind].as_str().unwrap()), "{id}");
    }
    // The host refuses a download that brings a token along.
    assert_eq!(lab.sent("document"), 2);

    let at_once = lab.run("returns", first.checkpoint.clone()).await.unwrap();
    assert_eq!(lab.sent("createReport"), 2);
    lab.clock.pass(HOUR).await;
    let again = lab.run("returns", at_once.checkpoint).await.unwrap();
    assert_eq!(lab.sent("createReport"), 4);
    assert!(again.records.len() < first.records.len());
    assert!(
        again
            .records
            .keys()
            .all(|id| first.records.contains_key(id))
    );
}

#[tokio::test(start_paused = true)]
async fn other_letters_are_read_right() {
    let lab = Lab::of(FE, "production").await;
    let run = lab.run("returns", None).await.unwrap();
    for record in run.records.values() {
        let Model::Native(native) = model(record) else {
            panic!("{record:?}")
        };
        assert!(!native.body.to_string().contains('\u{fffd}'));
    }
    assert!(!run.records.is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_run_that_is_cut_while_reports_are_made_asks_for_none_twice() {
    let lab = Lab::new().await;
    let pages = lab.pages("sales_and_traffic", None).await.unwrap();
    let last = pages.last().unwrap();
    assert_eq!(last.next, Next::After(Duration::from_secs(2)));
    let asked = known(last);
    assert_eq!(asked.len(), 6);
    let rest = lab
        .run("sales_and_traffic", Some(last.checkpoint.clone()))
        .await;
    assert!(!rest.unwrap().records.is_empty());
    assert_eq!(lab.sent("createReport"), 6);
}

#[tokio::test(start_paused = true)]
async fn a_lost_reply_is_looked_for_and_not_asked_for_again() {
    let lab = Lab::new().await;
    let fault = Fault {
        method: Some("POST".to_owned()),
        path_contains: Some("/reports/2021-06-30/reports".to_owned()),
        ..Fault::new(Effect::LostReply)
    };
    lab.wire.sandbox().inject(fault);
    let run = lab.run("returns", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("returns"));
    assert_eq!((lab.sent("createReport"), lab.sent("getReports")), (2, 1));
}

#[tokio::test(start_paused = true)]
async fn a_report_that_fails_is_explained_and_asked_for_in_halves() {
    let lab = Lab::new().await;
    let pages = lab.pages("returns", None).await.unwrap();
    let last = pages.last().unwrap();
    let failing = known(last).pop_first().unwrap();
    lab.control("report/fail", &json!({"id": failing}));
    let run = lab.run("returns", Some(last.checkpoint.clone())).await;
    let run = run.unwrap();
    assert_eq!(run.records.len(), lab.counted("returns"));
    assert_eq!(lab.sent("createReport"), 4);
    assert!(
        run.notes.iter().any(|note| note.contains("couldn't make")),
        "{:?}",
        run.notes
    );
}

#[tokio::test(start_paused = true)]
async fn a_report_that_fails_again_and_again_fails_its_stream_in_the_end() {
    let lab = Lab::new().await;
    let first = lab.run("returns", None).await.unwrap();
    lab.clock.pass(HOUR * 2).await;
    let mut checkpoint = first.checkpoint;
    let mut failures = 0;
    let error = loop {
        let pages = match lab.pages("returns", checkpoint.clone()).await {
            Ok(pages) => pages,
            Err((error, _)) => break error,
        };
        let last = pages.last().unwrap();
        for id in known(last) {
            lab.control("report/fail", &json!({"id": id}));
            failures += 1;
        }
        let Next::After(wait) = last.next else {
            panic!("{:?}", last.next)
        };
        checkpoint = Some(last.checkpoint.clone());
        lab.clock.pass(wait).await;
    };
    assert!(failures > 0);
    assert_eq!(error.kind(), ErrorKind::Unavailable, "{error}");
    assert_eq!(error.retry_after().unwrap().as_secs(), 30 * 60);
    assert!(error.context("report_type").is_some());
}

#[tokio::test(start_paused = true)]
async fn a_spent_quota_is_waited_for_as_a_report_is() {
    let lab = Lab::new().await;
    lab.control("limits/drain", &json!({"operation": "createReport"}));
    let run = lab.run("returns", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("returns"));
    lab.control("limits/drain", &json!({"operation": "getReportDocument"}));
    lab.clock.pass(HOUR).await;
    lab.run("returns", run.checkpoint).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_missing_role_is_named() {
    let lab = Lab::new().await;
    for (role, stream, named) in [
        ("brand_analytics", "sales_and_traffic", "Brand Analytics"),
        ("amazon_fulfillment", "returns", "Amazon Fulfillment"),
    ] {
        lab.control("role/take", &json!({ "role": role }));
        let error = lab.run(stream, None).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
        assert_eq!(error.context("role"), Some(named));
    }
}
