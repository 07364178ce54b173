//! Search Console.

use serde_json::{Value, json};

use crate::Google;

const QUERY: &str = "searchconsole.googleapis.com/webmasters/v3/sites/sc-domain%3Asandbox.example/searchAnalytics/query";

fn rows(answer: &Value) -> Vec<Value> {
    answer["rows"].as_array().cloned().unwrap_or_default()
}

fn clicks(rows: &[Value]) -> f64 {
    rows.iter().map(|row| row["clicks"].as_f64().unwrap()).sum()
}

#[test]
fn sites_are_listed_and_read_by_their_encoded_address() {
    let mut google = Google::new();
    let sites = google.get("searchconsole.googleapis.com/webmasters/v3/sites");
    assert_eq!(sites["siteEntry"].as_array().unwrap().len(), 2);
    let site = google
        .get("searchconsole.googleapis.com/webmasters/v3/sites/https%3A%2F%2Fsandbox.example%2F");
    assert_eq!(site["permissionLevel"], "siteOwner");
    let other = google.call("searchconsole.googleapis.com/webmasters/v3/sites/x", None);
    assert_eq!(other.status, 403);
    assert_eq!(other.body["error"]["errors"][0]["reason"], "forbidden");
}

#[test]
fn days_are_in_order_and_enums_may_be_of_either_case() {
    let mut google = Google::new();
    let lower = json!({"startDate": "2026-10-01", "endDate": "2026-10-31",
        "dimensions": ["date"], "dataState": "final", "type": "web"});
    let upper = json!({"startDate": "2026-10-01", "endDate": "2026-10-31",
        "dimensions": ["DATE"], "dataState": "FINAL", "type": "WEB", "aggregationType": "BY_PROPERTY"});
    let one = google.post(QUERY, &lower);
    assert_eq!(one, google.post(QUERY, &upper));
    assert_eq!(one["responseAggregationType"], "byProperty");
    let days = rows(&one);
    assert_eq!(days.len(), 31);
    assert!(days.is_sorted_by(|one, two| one["keys"][0].as_str() < two["keys"][0].as_str()));
    for day in &days {
        let (clicks, shown) = (
            day["clicks"].as_f64().unwrap(),
            day["impressions"].as_f64().unwrap(),
        );
        assert!((day["ctr"].as_f64().unwrap() - clicks / shown).abs() < 1e-9);
        assert!(day["position"].as_f64().unwrap() >= 1.0);
    }
}

#[test]
fn queries_tell_less_than_the_total() {
    let mut google = Google::new();
    let mut query = json!({"startDate": "2026-10-01", "endDate": "2026-10-31"});
    let total = rows(&google.post(QUERY, &query));
    assert_eq!(total.len(), 1);
    assert!(total[0].get("keys").is_none());
    query["dimensions"] = json!(["query"]);
    let queries = rows(&google.post(QUERY, &query));
    assert!(queries.is_sorted_by(|one, two| one["clicks"].as_f64() >= two["clicks"].as_f64()));
    assert!(clicks(&queries) < clicks(&total));
    query["dimensions"] = json!(["page"]);
    let pages = google.post(QUERY, &query);
    assert_eq!(pages["responseAggregationType"], "byPage");
    query["dimensionFilterGroups"] = json!([{"filters": [{"dimension": "device", "operator": "notEquals", "expression": "mobile"}]}]);
    assert!(clicks(&rows(&google.post(QUERY, &query))) < clicks(&rows(&pages)));
}

#[test]
fn fresh_days_come_only_when_asked_for_and_are_marked() {
    let mut google = Google::new();
    let mut query =
        json!({"startDate": "2026-11-10", "endDate": "2026-11-20", "dimensions": ["date"]});
    let last = |answer: &Value| {
        rows(answer).last().unwrap()["keys"][0]
            .as_str()
            .unwrap()
            .to_owned()
    };
    let settled = google.post(QUERY, &query);
    assert_eq!(last(&settled), "2026-11-17");
    assert!(settled.get("metadata").is_none());
    query["dataState"] = json!("all");
    let fresh = google.post(QUERY, &query);
    assert_eq!(last(&fresh), "2026-11-20");
    assert_eq!(fresh["metadata"]["firstIncompleteDate"], "2026-11-18");
}

#[test]
fn rows_are_paged_by_number() {
    let mut google = Google::new();
    let mut query = json!({"startDate": "2026-10-01", "endDate": "2026-10-31", "rowLimit": 25_000,
        "dimensions": ["date", "query", "page", "country", "device"]});
    let whole = rows(&google.post(QUERY, &query));
    assert!(whole.len() > 600, "{}", whole.len());
    query["rowLimit"] = json!(250);
    let mut read = Vec::new();
    loop {
        query["startRow"] = json!(read.len());
        let page = google.post(QUERY, &query);
        let page = rows(&page);
        let short = page.len() < 250;
        read.extend(page);
        if short {
            break;
        }
    }
    assert_eq!(read, whole);
    query["startRow"] = json!(50_000);
    assert!(google.post(QUERY, &query).get("rows").is_none());
}

#[test]
fn wrong_requests_are_refused() {
    let mut google = Google::new();
    let right = json!({"startDate": "2026-10-01", "endDate": "2026-10-31", "dimensions": ["page"]});
    for (name, value) in [
        ("aggregationType", json!("byProperty")),
        ("rowLimit", json!(25_001)),
        ("startRow", json!(-1)),
        ("startDate", json!("1 October")),
        ("endDate", json!("2026-09-30")),
        ("dimensions", json!(["colour"])),
        ("dimensions", json!(["date", "date"])),
        ("dataState", json!("fresh")),
        ("type", json!("radio")),
    ] {
        let mut query = right.clone();
        query[name] = value;
        let answer = google.call(QUERY, Some(&query));
        assert_eq!(answer.status, 400, "{name}: {}", answer.text);
        assert_eq!(answer.body["error"]["errors"][0]["domain"], "global");
    }
}
