//! Reports, their documents, and tokens for restricted ones.

use std::io::Read as _;

use bytes::Bytes;
use flate2::read::GzDecoder;
use http::Request;
use serde_json::{Value, json};

use super::{Amazon, Answer, US};

const REPORTS: &str = "/reports/2021-06-30/reports";
const DOCUMENTS: &str = "/reports/2021-06-30/documents";
const SALES: &str = "GET_SALES_AND_TRAFFIC_REPORT";
const RETURNS: &str = "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA";

fn asked(amazon: &mut Amazon, kind: &str, from: &str, to: &str) -> String {
    let body = json!({
        "reportType": kind,
        "marketplaceIds": [US],
        "dataStartTime": from,
        "dataEndTime": to,
    });
    let answer = amazon.send("POST", REPORTS, Some(&body));
    assert_eq!(answer.status, 202, "{}", answer.body);
    answer.body["reportId"].as_str().unwrap().to_owned()
}

fn status(amazon: &mut Amazon, id: &str) -> String {
    let report = amazon.get(&format!("{REPORTS}/{id}"));
    report["processingStatus"].as_str().unwrap().to_owned()
}

/// The address of a finished report's document.
fn address(amazon: &mut Amazon, id: &str) -> String {
    let report = amazon.get(&format!("{REPORTS}/{id}"));
    let document = report["reportDocumentId"].as_str().unwrap();
    let body = amazon.get(&format!("{DOCUMENTS}/{document}"));
    assert_eq!(body["compressionAlgorithm"], "GZIP");
    body["url"].as_str().unwrap().to_owned()
}

fn download(amazon: &mut Amazon, url: &str, header: Option<&str>) -> Answer {
    let mut request = Request::get(url);
    if let Some(name) = header {
        request = request.header(name, "sbx_anything");
    }
    amazon.exchange(request.body(Bytes::new()).unwrap())
}

fn unpacked(answer: &Answer) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(&answer.bytes[..])
        .read_to_end(&mut bytes)
        .unwrap();
    bytes
}

fn finished(amazon: &mut Amazon, kind: &str, from: &str, to: &str) -> Answer {
    let id = asked(amazon, kind, from, to);
    amazon.advance(4);
    let url = address(amazon, &id);
    download(amazon, &url, None)
}

#[test]
fn a_report_takes_its_time_and_its_document_stays_for_five_minutes() {
    let mut amazon = Amazon::new().unlimited();
    let id = asked(&mut amazon, SALES, "2026-08-01", "2026-08-07");
    assert_eq!(status(&mut amazon, &id), "IN_QUEUE");
    amazon.advance(2);
    assert_eq!(status(&mut amazon, &id), "IN_PROGRESS");
    amazon.advance(2);
    assert_eq!(status(&mut amazon, &id), "DONE");
    let url = address(&mut amazon, &id);
    assert!(url.starts_with("https://tortuga-prod-na.s3-external-1.amazonaws.com/"));
    let answer = download(&mut amazon, &url, None);
    let report: Value = serde_json::from_slice(&unpacked(&answer)).unwrap();
    let days = report["salesAndTrafficByDate"].as_array().unwrap();
    assert_eq!(days.len(), 7);
    let units: i64 = days
        .iter()
        .map(|day| day["salesByDate"]["unitsOrdered"].as_i64().unwrap())
        .sum();
    let items = report["salesAndTrafficByAsin"].as_array().unwrap();
    let by_item: i64 = items
        .iter()
        .map(|it| it["salesByAsin"]["unitsOrdered"].as_i64().unwrap())
        .sum();
    assert_eq!(units, by_item);
    // The address is all that it takes, and nothing else may come along.
    assert_eq!(
        download(&mut amazon, &url, Some("authorization")).status,
        400
    );
    assert_eq!(
        download(&mut amazon, &url, Some("x-amz-access-token")).status,
        403
    );
    assert_eq!(download(&mut amazon, &format!("{url}0"), None).status, 403);
    amazon.advance(299);
    assert_eq!(download(&mut amazon, &url, None).status, 200);
    amazon.advance(1);
    let late = download(&mut amazon, &url, None);
    assert_eq!(late.status, 403);
    assert!(String::from_utf8_lossy(&late.bytes).contains("Request has expired"));
}

#[test]
fn weeks_and_months_are_sums_of_days_and_yesterday_is_restated() {
    let mut amazon = Amazon::new().unlimited();
    let mut sums = Vec::new();
    for granularity in ["DAY", "WEEK", "MONTH"] {
        let body = json!({
            "reportType": SALES,
            "marketplaceIds": [US],
            "dataStartTime": "2026-07-01",
            "dataEndTime": "2026-08-31",
            "reportOptions": {"dateGranularity": granularity, "asinGranularity": "SKU"},
        });
        let id = amazon.post(REPORTS, &body)["reportId"]
            .as_str()
            .unwrap()
            .to_owned();
        amazon.advance(4);
        let url = address(&mut amazon, &id);
        let answer = download(&mut amazon, &url, None);
        let report: Value = serde_json::from_slice(&unpacked(&answer)).unwrap();
        let periods = report["salesAndTrafficByDate"].as_array().unwrap();
        let sum: i64 = periods
            .iter()
            .map(|it| it["trafficByDate"]["sessions"].as_i64().unwrap())
            .sum();
        sums.push((periods.len(), sum));
        assert!(report["salesAndTrafficByAsin"][0]["sku"].is_string());
    }
    assert_eq!((sums[0].0, sums[2].0), (62, 2));
    assert!(sums.iter().all(|(_, sum)| *sum == sums[0].1));

    let yesterday = (amazon.now - chrono::TimeDelta::days(1))
        .date_naive()
        .to_string();
    let mut sessions = || {
        let answer = finished(&mut amazon, SALES, &yesterday, &yesterday);
        amazon.advance(3 * 86_400);
        amazon.log_in("sbx_lwa_refresh_demo");
        let report: Value = serde_json::from_slice(&unpacked(&answer)).unwrap();
        report["salesAndTrafficByDate"][0]["trafficByDate"]["sessions"]
            .as_i64()
            .unwrap()
    };
    assert!(sessions() < sessions());
}

#[test]
fn returns_come_as_tables_in_the_old_character_set() {
    let mut amazon = Amazon::new().unlimited();
    let mut rows = 0;
    for kind in [RETURNS, "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE"] {
        let body = json!({
            "reportType": kind,
            "marketplaceIds": [US, "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8"],
            "dataStartTime": "2025-01-01T00:00:00Z",
            "dataEndTime": "2026-12-31T00:00:00Z",
        });
        let id = amazon.post(REPORTS, &body)["reportId"]
            .as_str()
            .unwrap()
            .to_owned();
        amazon.advance(4);
        let url = address(&mut amazon, &id);
        let answer = download(&mut amazon, &url, None);
        assert_eq!(
            answer.header("content-type"),
            Some("text/tab-separated-values; charset=windows-1252")
        );
        let bytes = unpacked(&answer);
        let text: String = bytes.iter().map(|byte| char::from(*byte)).collect();
        let lines: Vec<Vec<&str>> = text
            .lines()
            .map(|line| line.split('\t').collect())
            .collect();
        assert!(lines.iter().all(|line| line.len() == lines[0].len()));
        rows += lines.len() - 1;
    }
    assert_eq!(rows, amazon.count("returns"));
    assert!(rows > 10, "{rows}");
}

#[test]
fn a_report_without_data_and_a_cancelled_one_end_alike() {
    let mut amazon = Amazon::new().unlimited();
    let empty = asked(&mut amazon, RETURNS, "2001-01-01", "2001-01-02");
    let mine = asked(&mut amazon, SALES, "2026-08-01", "2026-08-02");
    let bad = asked(&mut amazon, SALES, "2026-08-01", "2026-08-02");
    amazon.control("report/fail", &json!({"id": bad}));
    let path = format!("{REPORTS}/{mine}");
    let answer = amazon.send("DELETE", &path, None);
    assert_eq!((answer.status, answer.bytes.len()), (200, 0));
    amazon.advance(4);
    assert_eq!(status(&mut amazon, &empty), "CANCELLED");
    assert_eq!(status(&mut amazon, &mine), "CANCELLED");
    assert_eq!(status(&mut amazon, &bad), "FATAL");
    assert_eq!(amazon.send("DELETE", &path, None).status, 400);
    assert_eq!(
        amazon.send("GET", &format!("{REPORTS}/1"), None).status,
        404
    );
    assert_eq!(
        amazon.send("GET", &format!("{DOCUMENTS}/1"), None).status,
        404
    );
}

#[test]
fn wrong_reports_are_refused() {
    let mut amazon = Amazon::new().unlimited();
    let body = |kind: &str| json!({"reportType": kind, "marketplaceIds": [US]});
    for body in [
        body("GET_V2_SETTLEMENT_REPORT_DATA_FLAT_FILE"),
        body("GET_NOTHING"),
        body(SALES),
        json!({"reportType": RETURNS}),
        json!({"marketplaceIds": [US]}),
    ] {
        assert_eq!(
            amazon.send("POST", REPORTS, Some(&body)).status,
            400,
            "{body}"
        );
    }
    amazon.control("role/take", &json!({"role": "brand_analytics"}));
    let body = json!({"reportType": SALES, "marketplaceIds": [US], "dataStartTime": "2026-08-01", "dataEndTime": "2026-08-02"});
    assert_eq!(
        amazon.send("POST", REPORTS, Some(&body)).refusal(),
        (403, "Unauthorized", "")
    );
}

#[test]
fn a_page_of_reports_is_continued_by_its_token_alone() {
    let mut amazon = Amazon::new().unlimited();
    for _ in 0..3 {
        asked(&mut amazon, SALES, "2026-08-01", "2026-08-02");
        amazon.advance(1);
    }
    asked(&mut amazon, RETURNS, "2026-08-01", "2026-08-02");
    let path = format!("{REPORTS}?reportTypes={SALES}&pageSize=2");
    let first = amazon.get(&path);
    assert_eq!(first["reports"].as_array().unwrap().len(), 2);
    let token = first["nextToken"].as_str().unwrap();
    assert_eq!(
        amazon
            .send("GET", &format!("{path}&nextToken={token}"), None)
            .status,
        400
    );
    let second = amazon.get(&format!("{REPORTS}?nextToken={token}"));
    assert_eq!(second["reports"].as_array().unwrap().len(), 1);
    assert!(second.get("nextToken").is_none());
    assert_eq!(amazon.send("GET", REPORTS, None).status, 400);
    amazon.advance(4);
    let done = amazon.get(&format!(
        "{REPORTS}?reportTypes={SALES}&processingStatuses=DONE"
    ));
    assert_eq!(done["reports"].as_array().unwrap().len(), 3);
    let old = format!("{REPORTS}?reportTypes={SALES}&createdSince=2026-01-01T00:00:00Z");
    assert_eq!(amazon.send("GET", &old, None).status, 400);
}

#[test]
fn a_restricted_token_opens_what_it_was_made_for() {
    const TOKENS: &str = "/tokens/2021-03-01/restrictedDataToken";
    let mut amazon = Amazon::new().unlimited();
    let id = asked(&mut amazon, SALES, "2026-08-01", "2026-08-02");
    amazon.advance(4);
    let report = amazon.get(&format!("{REPORTS}/{id}"));
    let path = format!(
        "{DOCUMENTS}/{}",
        report["reportDocumentId"].as_str().unwrap()
    );
    let resource = |path: &str| json!({"restrictedResources": [{"method": "GET", "path": path}]});
    let answer = amazon.post(TOKENS, &resource(&path));
    assert_eq!(answer["expiresIn"], 3600);
    let wrong = amazon.send("POST", TOKENS, Some(&json!({"restrictedResources": []})));
    assert_eq!(
        wrong.refusal(),
        (400, "InvalidRequest", "Resource not provided.")
    );
    for body in [
        resource("/sellers/v1/account"),
        resource("/reports/2021-06-30/documents/{reportDocumentId}"),
        json!({"restrictedResources": [{"method": "GET", "path": path, "dataElements": ["buyerInfo"]}]}),
    ] {
        assert_eq!(
            amazon.send("POST", TOKENS, Some(&body)).status,
            400,
            "{body}"
        );
    }
    let orders = json!({"restrictedResources": [{"method": "GET", "path": "/orders/v0/orders/{orderId}", "dataElements": ["buyerInfo", "shippingAddress"]}]});
    amazon.post(TOKENS, &orders);
    let role = json!({"role": "direct_to_consumer_shipping"});
    amazon.control("role/take", &role);
    assert_eq!(
        amazon.send("POST", TOKENS, Some(&orders)).refusal(),
        (403, "Unauthorized", "")
    );
    amazon.token = answer["restrictedDataToken"].as_str().unwrap().to_owned();
    amazon.get(&path);
    assert_eq!(amazon.send("GET", "/sellers/v1/account", None).status, 403);
}
