//! Reports of Google Analytics.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::Google;

const REPORT: &str = "analyticsdata.googleapis.com/v1beta/properties/310000001:runReport";

fn asked(first: &str, last: &str, dimensions: &[&str], metrics: &[&str]) -> Value {
    let names =
        |list: &[&str]| -> Vec<Value> { list.iter().map(|name| json!({ "name": name })).collect() };
    json!({
        "dateRanges": [{"startDate": first, "endDate": last}],
        "dimensions": names(dimensions), "metrics": names(metrics),
    })
}

fn rows(report: &Value) -> Vec<(Vec<String>, Vec<f64>)> {
    let texts = |row: &Value, name: &str| -> Vec<String> {
        let list = row[name].as_array().cloned().unwrap_or_default();
        list.iter()
            .map(|value| value["value"].as_str().unwrap().to_owned())
            .collect()
    };
    let list = report["rows"].as_array().cloned().unwrap_or_default();
    list.iter()
        .map(|row| {
            let numbers = texts(row, "metricValues");
            let numbers = numbers.iter().map(|it| it.parse().unwrap()).collect();
            (texts(row, "dimensionValues"), numbers)
        })
        .collect()
}

#[test]
fn parts_add_up_to_the_whole() {
    let mut google = Google::new();
    let metrics = ["sessions", "totalUsers", "purchaseRevenue"];
    let first_last = ("2026-10-01", "2026-10-31");
    let total = google.post(REPORT, &asked(first_last.0, first_last.1, &[], &metrics));
    assert_eq!(total["rowCount"], 1);
    assert!(total.get("dimensionHeaders").is_none());
    let total = rows(&total)[0].1.clone();
    assert!(total[0] > 1_000.0, "{total:?}");
    for dimensions in [
        &["date"][..],
        &["date", "sessionDefaultChannelGroup"],
        &[
            "sessionSource",
            "sessionMedium",
            "sessionCampaignName",
            "deviceCategory",
            "country",
        ],
    ] {
        let report = google.post(
            REPORT,
            &asked(first_last.0, first_last.1, dimensions, &metrics),
        );
        let parts = rows(&report);
        assert!(parts.len() > 20, "{dimensions:?}");
        for (index, whole) in total.iter().enumerate() {
            let sum: f64 = parts.iter().map(|(_, values)| values[index]).sum();
            assert!(
                (sum - whole).abs() < 0.01,
                "{dimensions:?}: {sum} and {whole}"
            );
        }
    }
}

#[test]
fn pages_by_offset_hold_every_row_once() {
    let mut google = Google::new();
    let mut query = asked(
        "90daysAgo",
        "yesterday",
        &["date", "sessionSource"],
        &["sessions"],
    );
    let whole = rows(&google.post(REPORT, &query));
    query["limit"] = json!("100");
    let mut read = Vec::new();
    loop {
        query["offset"] = json!(read.len().to_string());
        let page = google.post(REPORT, &query);
        assert_eq!(page["rowCount"], whole.len());
        read.extend(rows(&page));
        if read.len() >= whole.len() {
            break;
        }
    }
    assert_eq!(read, whole);
}

#[test]
fn a_report_without_data_has_neither_rows_nor_their_number() {
    let mut google = Google::new();
    let report = google.post(
        REPORT,
        &asked("2030-01-01", "2030-01-02", &["date"], &["sessions"]),
    );
    assert!(report.get("rows").is_none() && report.get("rowCount").is_none());
    assert_eq!(report["kind"], "analyticsData#runReport");
    assert_eq!(report["metadata"]["currencyCode"], "EUR");
    assert_eq!(report["metadata"]["timeZone"], "Europe/Copenhagen");
}

#[test]
fn the_last_days_are_restated_and_older_ones_stay() {
    let mut google = Google::new();
    let query = asked("2026-11-01", "2026-11-20", &["date"], &["sessions"]);
    let before = rows(&google.post(REPORT, &query));
    let repeated = rows(&google.post(REPORT, &query));
    assert_eq!(before, repeated);
    google.advance(TimeDelta::hours(30));
    google.sign_in();
    let after = rows(&google.post(REPORT, &query));
    let changed: Vec<&String> = before
        .iter()
        .filter(|row| !after.contains(row))
        .map(|(key, _)| &key[0])
        .collect();
    assert!(
        changed.iter().all(|day| day.as_str() >= "20261117"),
        "{changed:?}"
    );
    assert!(changed.len() >= 3, "{changed:?}");
}

#[test]
fn days_are_those_of_the_property() {
    let mut google = Google::new();
    // 22:30 in UTC is already tomorrow in Tokyo, and still today in Copenhagen.
    google.advance(TimeDelta::minutes(630));
    google.sign_in();
    let query = asked("today", "today", &["date"], &["sessions"]);
    let mut days = Vec::new();
    for property in ["310000001", "310000002"] {
        let address = REPORT.replace("310000001", property);
        days.push(rows(&google.post(&address, &query))[0].0[0].clone());
    }
    assert_eq!(days, ["20261120", "20261121"]);
}

#[test]
fn flags_say_what_is_missing() {
    let mut google = Google::new();
    let pages = google.post(
        REPORT,
        &asked("2026-11-10", "2026-11-14", &["landingPage"], &["sessions"]),
    );
    assert_eq!(pages["metadata"]["dataLossFromOtherRow"], true);
    assert!(rows(&pages).iter().any(|(key, _)| key[0] == "(other)"));
    let gender = google.post(
        REPORT,
        &asked("2026-11-10", "2026-11-14", &["userGender"], &["sessions"]),
    );
    assert_eq!(gender["metadata"]["subjectToThresholding"], true);
    let large = ["date", "sessionSource", "country", "deviceCategory"];
    let large = google.post(
        REPORT,
        &asked("400daysAgo", "yesterday", &large, &["sessions"]),
    );
    assert!(large["metadata"]["samplingMetadatas"][0]["samplesReadCount"].is_string());
    assert_eq!(large["rows"].as_array().unwrap().len(), 10_000);
}

#[test]
fn filters_orders_and_totals() {
    let mut google = Google::new();
    let mut query = asked(
        "2026-10-01",
        "2026-10-31",
        &["sessionMedium", "date"],
        &["sessions"],
    );
    query["dimensionFilter"] = json!({"andGroup": {"expressions": [
        {"filter": {"fieldName": "sessionMedium", "inListFilter": {"values": ["cpc", "email"]}}},
        {"notExpression": {"filter": {"fieldName": "country", "stringFilter": {"value": "japan"}}}},
    ]}});
    query["orderBys"] = json!([{"dimension": {"dimensionName": "date"}, "desc": true}]);
    query["metricAggregations"] = json!(["TOTAL"]);
    let report = google.post(REPORT, &query);
    let found = rows(&report);
    assert!(
        found
            .iter()
            .all(|(key, _)| key[0] == "cpc" || key[0] == "email")
    );
    assert!(found.is_sorted_by(|one, two| one.0[1] >= two.0[1]));
    let sum: f64 = found.iter().map(|(_, values)| values[0]).sum();
    let total: f64 = report["totals"][0]["metricValues"][0]["value"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((sum - total).abs() < 0.01);
    let mut two = asked("2026-10-01", "2026-10-07", &[], &["sessions"]);
    let later = json!({"startDate": "2026-10-08", "endDate": "2026-10-14", "name": "later"});
    two["dateRanges"].as_array_mut().unwrap().push(later);
    let ranges = google.post(REPORT, &two);
    assert_eq!(ranges["dimensionHeaders"][0]["name"], "dateRange");
    assert_eq!(ranges["rowCount"], 2);
}

#[test]
fn wrong_requests_are_refused() {
    let mut google = Google::new();
    let cases = [
        asked("2026-10-01", "2026-10-02", &["date"], &[]),
        asked("2026-10-01", "2026-10-02", &["made-up"], &["sessions"]),
        asked("2026-10-01", "2026-10-02", &["date"], &["made-up"]),
        asked("2026-10-02", "2026-10-01", &["date"], &["sessions"]),
        asked("tomorrow", "2026-10-01", &["date"], &["sessions"]),
        json!({"metrics": [{"name": "sessions"}]}),
    ];
    for case in cases {
        let answer = google.call(REPORT, Some(&case));
        assert_eq!(answer.status, 400, "{case}");
        assert_eq!(answer.body["error"]["status"], "INVALID_ARGUMENT");
    }
    let foreign = REPORT.replace("310000001", "1");
    let query = asked("2026-10-01", "2026-10-02", &["date"], &["sessions"]);
    assert_eq!(google.call(&foreign, Some(&query)).status, 403);
}

#[test]
fn quotas_are_counted_and_run_out() {
    let mut google = Google::new();
    let mut query = asked("2026-10-01", "2026-10-02", &["date"], &["sessions"]);
    query["returnPropertyQuota"] = json!(true);
    let first = google.post(REPORT, &query)["propertyQuota"].clone();
    let second = google.post(REPORT, &query)["propertyQuota"].clone();
    let left = |quota: &Value| {
        quota["tokensPerProjectPerHour"]["remaining"]
            .as_u64()
            .unwrap()
    };
    let cost = second["tokensPerProjectPerHour"]["consumed"]
        .as_u64()
        .unwrap();
    assert_eq!(left(&first) - left(&second), cost);
    google.control(
        "analytics/drain",
        &json!({"property": "310000001", "bucket": "project_hour"}),
    );
    let refused = google.call(REPORT, Some(&query));
    assert_eq!(refused.status, 429);
    assert_eq!(refused.body["error"]["status"], "RESOURCE_EXHAUSTED");
    assert!(
        refused
            .text
            .contains("Exhausted property tokens for a project per hour.")
    );
    google.advance(TimeDelta::minutes(59));
    google.call(REPORT, Some(&query));
    google.advance(TimeDelta::minutes(1));
    google.sign_in();
    google.post(REPORT, &query);
}

#[test]
fn the_control_api_turns_interfaces_off_and_limits_them() {
    let mut google = Google::new();
    let host = "analyticsadmin.googleapis.com";
    let address = format!("{host}/v1beta/accountSummaries");
    google.control("service/disable", &json!({ "service": host }));
    let refused = google.call(&address, None);
    assert_eq!(
        refused.body["error"]["details"][0]["reason"],
        "SERVICE_DISABLED"
    );
    google.control("service/enable", &json!({ "service": host }));
    google.control("quota/set", &json!({"service": host, "per_minute": 1}));
    google.get(&address);
    let refused = google.call(&address, None);
    assert_eq!(refused.status, 429);
    assert_eq!(
        refused.body["error"]["details"][1]["reason"],
        "RATE_LIMIT_EXCEEDED"
    );
    google.advance(TimeDelta::minutes(1));
    google.get(&address);
    let metadata = google.get("analyticsdata.googleapis.com/v1beta/properties/310000001/metadata");
    assert!(metadata["metrics"].as_array().unwrap().len() > 20);
}
