//! Recorded replies of Google, where they are beside the workspace: each is taken or passed with a
//! reason, and what is taken can be read back.

use std::path::Path;

use chrono::DateTime;
use crossdock_sandbox::{Options, Sandbox};
use serde_json::json;

use crate::Google;

#[test]
fn recordings_are_accounted_for_and_read_back() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/fixtures");
    if !dir.join("google").is_dir() {
        println!("skipped: no recorded replies at {}", dir.display());
        return;
    }
    let mut google = Google::new();
    google.sandbox = Sandbox::new(Options::new(DateTime::UNIX_EPOCH));
    let report = google.sandbox.load_dir(&dir).unwrap();
    let unwanted = report
        .unwanted
        .iter()
        .find(|path| path.starts_with("google/"));
    assert_eq!(unwanted, None);
    let passed: Vec<_> = report
        .passed
        .iter()
        .filter(|file| file.platform == "google")
        .collect();
    assert!(passed.iter().all(|file| file.reason.ends_with('.')));
    let taken = &report.taken["google"];
    assert_eq!(taken["analytics_daily"], 27);
    assert_eq!(taken["search_performance"], 14);
    assert!(
        taken["ad_campaigns"] >= 7 && taken["ad_metrics"] >= 3,
        "{taken:?}"
    );
    google.sign_in();

    let summaries = google.get("analyticsadmin.googleapis.com/v1beta/accountSummaries");
    assert!(summaries.to_string().contains("properties/320370985"));
    let report = google.post(
        "analyticsdata.googleapis.com/v1beta/properties/320370985:runReport",
        &json!({"dateRanges": [{"startDate": "2023-01-01", "endDate": "2024-12-31"}],
                "dimensions": [{"name": "date"}, {"name": "deviceCategory"}],
                "metrics": [{"name": "sessions"}, {"name": "totalUsers"}]}),
    );
    assert_eq!(report["rowCount"], 1, "{report}");
    let empty = google.post(
        "analyticsdata.googleapis.com/v1beta/properties/535258304:runReport",
        &json!({"dateRanges": [{"startDate": "7daysAgo", "endDate": "yesterday"}],
                "dimensions": [{"name": "country"}], "metrics": [{"name": "activeUsers"}]}),
    );
    assert!(empty.get("rows").is_none() && empty["metadata"]["timeZone"] == "Europe/Warsaw");

    let site = google.get("searchconsole.googleapis.com/webmasters/v3/sites");
    let site = site["siteEntry"][0]["siteUrl"]
        .as_str()
        .unwrap()
        .replace(':', "%3A");
    let address =
        format!("searchconsole.googleapis.com/webmasters/v3/sites/{site}/searchAnalytics/query");
    let days = google.post(
        &address,
        &json!({"startDate": "2024-01-01", "endDate": "2024-01-31", "dimensions": ["date"]}),
    );
    assert_eq!(days["rows"].as_array().unwrap().len(), 2);

    let accounts = google.get("googleads.googleapis.com/v26/customers:listAccessibleCustomers");
    let mut campaigns = 0;
    for name in accounts["resourceNames"].as_array().unwrap() {
        let name = name.as_str().unwrap();
        let search = format!("googleads.googleapis.com/v26/{name}/googleAds:searchStream");
        let clients = json!({"query": "SELECT customer_client.id, customer_client.manager FROM customer_client"});
        let clients = google.call(&search, Some(&clients));
        if clients.status == 403 {
            continue;
        }
        for row in clients.body[0]["results"].as_array().unwrap() {
            let id = row["customerClient"]["id"].as_str().unwrap();
            let request = http::Request::post(format!(
                "https://googleads.googleapis.com/v26/customers/{id}/googleAds:searchStream"
            ))
            .header("authorization", format!("Bearer {}", google.token))
            .header("login-customer-id", name.trim_start_matches("customers/"));
            let query = json!({"query": "SELECT campaign.id, campaign.name, campaign.start_date_time FROM campaign"});
            let found = google.send(request, query.to_string());
            let found = found.body[0]["results"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            campaigns += found.len();
        }
    }
    assert_eq!(campaigns, google.count("ad_campaigns"));
    assert!(campaigns >= 5, "{campaigns}");
}
