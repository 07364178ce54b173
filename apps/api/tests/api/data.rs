//! Reading what was synced: records by stream, and the feed.

use connector_core::model::{AdMetric, CommonMetric, Currency, Measurement, MetricUnit};
use connector_core::{Model, ModelKind, Record};
use insta::assert_json_snapshot;
use serde_json::json;

use crate::support::TestApp;

#[tokio::test]
async fn records_are_read_page_by_page() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    let none = app
        .admin
        .get("/api/records/locations")
        .await
        .expect(200)
        .json();
    assert_eq!(none["records"], json!([]));
    app.sync_locations(&id).await;

    let first = app
        .admin
        .get("/api/records/locations?limit=2")
        .await
        .expect(200)
        .json();
    assert_json_snapshot!(first, { ".records[].connection" => "[id]", ".next" => "[cursor]" });
    let next = first["next"].as_str().unwrap();
    let path = format!("/api/records/locations?limit=2&after={next}");
    let rest = app.admin.get(&path).await.expect(200).json();
    assert_eq!(rest["records"].as_array().unwrap().len(), 1);
    assert!(rest.get("next").is_none());
    app.stop().await;
}

#[tokio::test]
async fn records_are_filtered() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    app.sync_locations(&id).await;
    let count = async |query: &str| {
        let path = format!("/api/records/locations?{query}");
        let page = app.admin.get(&path).await.expect(200).json();
        page["records"].as_array().unwrap().len()
    };
    assert_eq!(count("platform=alpha").await, 3);
    assert_eq!(count("platform=beta").await, 0);
    assert_eq!(count("connection=alpha").await, 3);
    assert_eq!(count("external_id=l-2").await, 1);
    assert_eq!(count("updated_since=2026-11-20T12:00:01Z").await, 0);
    assert_eq!(count("updated_since=2026-11-20T11:00:00Z").await, 3);

    app.admin.get("/api/records/nothing").await.expect(404);
    app.admin
        .get("/api/records/locations?connection=beta")
        .await
        .expect(404);
    app.admin
        .get("/api/records/locations?limit=1001")
        .await
        .expect(422);
    app.admin
        .get("/api/records/locations?updated_since=yesterday")
        .await
        .expect(400);
    let after = app
        .admin
        .get("/api/records/locations?after=%00x")
        .await
        .expect(422);
    assert_eq!(after.json()["field"], "after");
    app.stop().await;
}

#[tokio::test]
async fn a_reader_of_the_feed_misses_nothing_and_sees_nothing_twice() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    app.sync_locations(&id).await;
    let first = app
        .admin
        .get("/api/changes?limit=2")
        .await
        .expect(200)
        .json();
    assert_json_snapshot!(first, { ".changes[].connection" => "[id]" });

    app.shelf.held().locations[0].1 = "Renamed".to_owned();
    app.sync_locations(&id).await;
    let path = format!("/api/changes?after={}", first["last"]);
    let rest = app.admin.get(&path).await.expect(200).json();
    let seen: Vec<_> = rest["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|change| {
            (
                change["sequence"].as_i64().unwrap(),
                change["kind"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(seen, [(3, "added"), (4, "updated")]);
    let end = app
        .admin
        .get("/api/changes?after=4")
        .await
        .expect(200)
        .json();
    assert_eq!(end, json!({ "success": true, "changes": [], "last": 4 }));
    let filtered = app
        .admin
        .get("/api/changes?stream=broken")
        .await
        .expect(200)
        .json();
    assert_eq!(filtered["changes"], json!([]));
    app.stop().await;
}

/// What was spent on these days, stored as a sync would.
async fn store_spending(app: &TestApp, connection: &str, days: &[(&str, f64, bool)]) {
    let records = days.iter().map(|(date, value, provisional)| {
        let measurement = Measurement {
            common: Some(CommonMetric::Spend),
            unit: MetricUnit::Money,
            currency: Some(Currency::USD),
            provisional: *provisional,
            ..Measurement::count(date.parse().unwrap(), "SPEND", *value)
        };
        let id = measurement.external_id("account");
        let metric = AdMetric {
            account_external_id: "account".to_owned(),
            campaign_external_id: None,
            ad_group_external_id: None,
            ad_external_id: None,
            measurement,
        };
        Record::upsert(id, None, Model::AdMetric(Box::new(metric)))
    });
    let to = ("spending", ModelKind::AdMetric);
    app.store_page(connection, to, records.collect()).await;
}

#[tokio::test]
async fn what_was_measured_is_summed_by_day() {
    let app = TestApp::start().await;
    let id = app.connect("one").await;
    // The clock stands at 2026-11-20.
    let days = [
        ("2026-10-01", 100.0, false),
        ("2026-11-18", 1.25, false),
        ("2026-11-19", 2.5, true),
    ];
    store_spending(&app, &id, &days).await;
    let overview = app.admin.get("/api/metrics/overview").await.expect(200);
    assert_json_snapshot!(overview.json());
    let of_platform = app.admin.get("/api/metrics/alpha").await.expect(200);
    assert_eq!(of_platform.json(), overview.json());
    let all = "/api/metrics/overview?from=2026-10-01&to=2026-11-18";
    let all = app.admin.get(all).await.expect(200).json();
    assert_eq!(all["series"][0]["total"], 101.25);

    app.admin.get("/api/metrics/beta").await.expect(404);
    for span in ["from=2026-11-02&to=2026-11-01", "from=2020-01-01"] {
        let path = format!("/api/metrics/overview?{span}");
        let refused = app.admin.get(&path).await.expect(422);
        assert_eq!(refused.json()["field"], "from", "{span}");
    }
    app.admin
        .get("/api/metrics/overview?from=soon")
        .await
        .expect(400);
    app.stranger.get("/api/metrics/overview").await.expect(401);
    app.stop().await;
}
