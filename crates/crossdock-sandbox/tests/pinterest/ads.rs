//! Campaigns, reports as jobs, and catalogues.

use http::Request;
use serde_json::{Value, json};

use super::Pinterest;

const ACCOUNT: &str = "549000000001";

fn question(first: &str, last: &str) -> Value {
    json!({
        "start_date": first, "end_date": last, "granularity": "DAY", "level": "CAMPAIGN",
        "columns": ["SPEND_IN_MICRO_DOLLAR", "TOTAL_IMPRESSION", "TOTAL_CHECKOUT"],
    })
}

#[test]
fn archived_campaigns_come_when_they_are_asked_for() {
    let mut pinterest = Pinterest::new();
    let (few, _) = pinterest.all(&format!("/ad_accounts/{ACCOUNT}/campaigns?page_size=5"));
    let (all, _) = pinterest.all(&format!(
        "/ad_accounts/{ACCOUNT}/campaigns?entity_statuses=ACTIVE,PAUSED,ARCHIVED,DRAFT&entity_statuses=DELETED_DRAFT&page_size=250"
    ));
    assert!(
        few.len() < all.len() && all.len() == 20,
        "{} {}",
        few.len(),
        all.len()
    );
    assert_eq!(pinterest.get("/ad_accounts/1/campaigns").status, 403);
}

#[test]
fn a_report_takes_a_while_and_its_link_five_minutes() {
    let mut pinterest = Pinterest::new();
    let path = format!("/ad_accounts/{ACCOUNT}/reports");
    let asked = question("2026-10-22", "2026-11-20");
    let first = pinterest.post(&path, &asked);
    assert_eq!(first.body["report_status"], "IN_PROGRESS", "{}", first.text);
    let token = first.body["token"].as_str().unwrap().to_owned();
    let state = format!("{path}?token={token}");
    assert_eq!(pinterest.get(&state).body["report_status"], "IN_PROGRESS");
    pinterest.wait(2);
    assert_eq!(
        pinterest.post(&path, &asked).body["report_status"],
        "FINISHED"
    );
    let done = pinterest.get(&state);
    let url = done.body["url"].as_str().unwrap().to_owned();
    let bearer = Request::get(&url).header("authorization", format!("Bearer {}", pinterest.token));
    assert_eq!(pinterest.send(bearer, String::new()).status, 400);
    let file = pinterest.send(Request::get(&url), String::new());
    assert_eq!(file.status, 200, "{}", file.text);
    assert_eq!(done.body["size"], file.text.len());
    let (campaign, rows) = file.body.as_object().unwrap().iter().next().unwrap();
    assert_eq!(rows[0]["CAMPAIGN_ID"], json!(campaign));
    assert_eq!(rows.as_array().unwrap().len(), 30);
    pinterest.wait(300);
    assert_eq!(
        pinterest.send(Request::get(&url), String::new()).status,
        403
    );
    assert_eq!(pinterest.get(&state).body["report_status"], "FINISHED");
    pinterest.wait(3_600);
    assert_eq!(pinterest.get(&state).body["report_status"], "EXPIRED");
    let unknown = pinterest.get(&format!("{path}?token=other"));
    assert_eq!((unknown.status, &unknown.body["code"]), (400, &json!(1104)));
}

#[test]
fn conversions_of_a_day_grow_for_a_month() {
    let mut pinterest = Pinterest::new();
    let path = format!(
        "/ad_accounts/{ACCOUNT}/analytics?start_date=2026-11-15&end_date=2026-11-15&granularity=DAY&columns=TOTAL_CHECKOUT,SPEND_IN_MICRO_DOLLAR"
    );
    let before = pinterest.get(&path).body;
    pinterest.wait(20 * 86_400);
    let after = pinterest.get(&path).body;
    assert!(after[0]["TOTAL_CHECKOUT"].as_f64() > before[0]["TOTAL_CHECKOUT"].as_f64());
    assert_eq!(
        after[0]["SPEND_IN_MICRO_DOLLAR"],
        before[0]["SPEND_IN_MICRO_DOLLAR"]
    );
}

#[test]
fn reports_fail_and_reach_only_so_far() {
    let mut pinterest = Pinterest::new();
    let path = format!("/ad_accounts/{ACCOUNT}/reports");
    assert_eq!(
        pinterest
            .post(&path, &question("2024-01-01", "2024-02-01"))
            .status,
        400
    );
    assert_eq!(
        pinterest
            .post(&path, &question("2026-01-01", "2026-11-01"))
            .status,
        400
    );
    pinterest.control("report/fate", &json!({"status": "FAILED"}));
    let token = pinterest.post(&path, &question("2026-11-01", "2026-11-02"));
    let token = token.body["token"].as_str().unwrap().to_owned();
    pinterest.wait(2);
    let state = pinterest.get(&format!("{path}?token={token}"));
    assert_eq!(state.body["report_status"], "FAILED");
}

#[test]
fn without_a_catalogue_product_groups_are_a_conflict() {
    let mut pinterest = Pinterest::new();
    let (feeds, _) = pinterest.all("/catalogs/feeds?page_size=2");
    assert_eq!(feeds.len(), 3);
    let (results, sizes) =
        pinterest.all("/catalogs/feeds/520000000003/processing_results?page_size=25");
    assert_eq!(
        (results[0]["status"].as_str(), sizes.len()),
        (Some("FAILED"), 2)
    );
    pinterest.control("catalog/clear", &json!({}));
    let refused = pinterest.get("/catalogs/product_groups");
    assert_eq!((refused.status, &refused.body["code"]), (409, &json!(4182)));
    assert_eq!(
        pinterest.get("/catalogs/feeds").body,
        json!({"items": [], "bookmark": null})
    );
}
