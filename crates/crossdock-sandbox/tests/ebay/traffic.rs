//! The traffic report.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::{Ebay, encoded};

const REPORT: &str = "api.ebay.com/sell/analytics/v1/traffic_report";

fn report(ebay: &mut Ebay, dimension: &str, metrics: &str, filter: &str) -> Value {
    let filter = encoded(filter);
    ebay.get(&format!(
        "{REPORT}?dimension={dimension}&metric={metrics}&filter={filter}"
    ))
}

fn day(ebay: &Ebay, ago: i64) -> String {
    (ebay.now - TimeDelta::days(ago))
        .format("%Y%m%d")
        .to_string()
}

/// The values of one metric, row by row.
fn values(report: &Value, metric: usize) -> Vec<f64> {
    let records = report["records"].as_array().unwrap();
    records
        .iter()
        .map(|record| record["metricValues"][metric]["value"].as_f64().unwrap())
        .collect()
}

#[test]
fn days_and_listings_add_up_to_the_same() {
    let mut ebay = Ebay::new();
    let filter = format!(
        "marketplace_ids:{{EBAY_GB}},date_range:[{}..{}]",
        day(&ebay, 9),
        day(&ebay, 3)
    );
    let metrics = "LISTING_VIEWS_TOTAL,TRANSACTION";
    let days = report(&mut ebay, "DAY", metrics, &filter);
    let listings = report(&mut ebay, "LISTING", metrics, &filter);
    assert_eq!(days["records"].as_array().unwrap().len(), 7);
    for metric in 0..2 {
        let sum = |report: &Value| values(report, metric).iter().sum::<f64>();
        assert!((sum(&days) - sum(&listings)).abs() < 0.5 && sum(&days) > 0.0);
    }
    let first = &listings["records"][0]["dimensionValues"][0]["value"];
    let names = &listings["dimensionMetadata"][0]["metadataRecords"];
    assert_eq!(names[0]["value"]["value"], *first);
}

#[test]
fn the_youngest_days_are_restated() {
    let mut ebay = Ebay::new();
    let filter = format!(
        "marketplace_ids:{{EBAY_GB}},date_range:[{}..{}]",
        day(&ebay, 9),
        day(&ebay, 1)
    );
    let before = report(&mut ebay, "DAY", "listing_views_total", &filter);
    ebay.advance(TimeDelta::days(2));
    let token = [
        ("grant_type", "refresh_token"),
        ("refresh_token", "sbx_ebay_refresh_demo"),
    ];
    ebay.user = ebay.token(&token).body["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    let after = report(&mut ebay, "DAY", "listing_views_total", &filter);
    let (before, after) = (values(&before, 0), values(&after, 0));
    assert_eq!(before[..7], after[..7]);
    assert!(before[7] < after[7]);
}

#[test]
fn what_is_wrong_with_a_query_has_its_number() {
    let mut ebay = Ebay::new();
    let range = format!("date_range:[{}..{}]", day(&ebay, 9), day(&ebay, 3));
    let long = format!("date_range:[{}..{}]", day(&ebay, 120), day(&ebay, 3));
    for (dimension, metric, filter, number) in [
        ("WEEK", "TRANSACTION", range.as_str(), 50001),
        ("LISTING", "LUCK", &range, 50002),
        ("LISTING", "", &range, 50008),
        ("LISTING", "TRANSACTION", "", 50005),
        ("LISTING", "TRANSACTION", "marketplace_ids:{EBAY_GB}", 50031),
        ("LISTING", "TRANSACTION", &long, 50026),
        ("DAY", "TRANSACTION", &range, 50022),
        ("LISTING", "TRANSACTION", "colour:{red}", 50021),
        ("LISTING", "TRANSACTION", "date_range:[2026..2026]", 50013),
    ] {
        let filter = encoded(filter);
        let path = format!("{REPORT}?dimension={dimension}&metric={metric}&filter={filter}");
        let refused = ebay.call("GET", &path, &[], None);
        assert_eq!(refused.error(), (400, number), "{path}");
    }
    let path = format!(
        "{REPORT}?dimension=LISTING&metric=TRANSACTION&sort=TRANSACTION&filter={}",
        encoded(&range)
    );
    assert_eq!(ebay.call("GET", &path, &[], None).error(), (400, 50036));
    assert_eq!(
        json!(
            ebay.call("GET", &path.replace("sort=", "sort=-"), &[], None)
                .status
        ),
        200
    );
}
