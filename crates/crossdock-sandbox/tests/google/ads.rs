//! Google Ads.

use chrono::TimeDelta;
use http::Request;
use serde_json::{Value, json};

use crate::{Answer, Google, SCOPE};

const HOST: &str = "https://googleads.googleapis.com/v26";
const MANAGER: &str = "9000000001";
const EUR: &str = "9000000101";
const YEN: &str = "9000000102";

impl Google {
    fn ads(&mut self, customer: &str, login: Option<&str>, method: &str, body: &Value) -> Answer {
        let mut request = Request::post(format!("{HOST}/customers/{customer}/googleAds:{method}"))
            .header("authorization", format!("Bearer {}", self.token));
        if let Some(login) = login {
            request = request.header("login-customer-id", login);
        }
        self.send(request, body.to_string())
    }

    /// The rows of a query in the account in euros.
    fn rows(&mut self, query: &str) -> Vec<Value> {
        let answer = self.ads(
            EUR,
            Some(MANAGER),
            "searchStream",
            &json!({ "query": query }),
        );
        assert_eq!(answer.status, 200, "{query}: {}", answer.text);
        let chunks = answer.body.as_array().unwrap();
        let results = |chunk: &Value| chunk["results"].as_array().cloned().unwrap_or_default();
        chunks.iter().flat_map(results).collect()
    }
}

fn code(error: &Value) -> &Value {
    &error["error"]["details"][0]["errors"][0]["errorCode"]
}

fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap_or(0.0),
    }
}

fn sum(rows: &[Value], metric: &str) -> f64 {
    rows.iter().map(|row| number(&row["metrics"][metric])).sum()
}

#[test]
fn accounts_are_found_through_the_manager() {
    let mut google = Google::new();
    let list = google.call(
        "googleads.googleapis.com/v26/customers:listAccessibleCustomers",
        None,
    );
    assert_eq!(
        list.body["resourceNames"],
        json!(["customers/9000000001", "customers/9000000199"])
    );
    assert!(list.headers.contains_key("request-id"));
    let query = json!({"query": "SELECT customer_client.id, customer_client.manager, customer_client.level, customer_client.currency_code, customer_client.time_zone, customer_client.status FROM customer_client WHERE customer_client.level <= 1"});
    let clients = google.ads(MANAGER, None, "search", &query);
    let clients = clients.body["results"].as_array().unwrap().clone();
    assert_eq!(clients.len(), 3);
    assert_eq!(clients[0]["customerClient"]["level"], "0");
    assert_eq!(clients[2]["customerClient"]["currencyCode"], "JPY");
    assert!(clients[2]["customerClient"]["resourceName"].is_string());

    let query = json!({"query": "SELECT customer.id FROM customer"});
    let alone = google.ads(EUR, None, "searchStream", &query);
    assert_eq!(alone.status, 403);
    assert_eq!(
        code(&alone.body[0])["authorizationError"],
        "USER_PERMISSION_DENIED"
    );
    let closed = google.ads("9000000199", None, "search", &query);
    assert_eq!(
        code(&closed.body)["authorizationError"],
        "CUSTOMER_NOT_ENABLED"
    );
    let hyphens = google.ads(EUR, Some("900-000-0001"), "search", &query);
    assert_eq!(
        code(&hyphens.body)["headerError"],
        "INVALID_LOGIN_CUSTOMER_ID"
    );
    assert_eq!(google.ads(YEN, Some(MANAGER), "search", &query).status, 200);
}

#[test]
fn rows_hold_what_was_selected_and_names() {
    let mut google = Google::new();
    let rows = google.rows("SELECT campaign.id, campaign.name, campaign.end_date_time, campaign_budget.amount_micros, customer.currency_code FROM campaign ORDER BY campaign.id");
    assert_eq!(rows.len(), 12);
    assert_eq!(rows[0]["campaign"]["id"], "20100000001");
    assert_eq!(
        rows[0]["campaign"]["resourceName"],
        "customers/9000000101/campaigns/20100000001"
    );
    assert_eq!(rows[0]["customer"]["currencyCode"], "EUR");
    assert!(
        rows.iter()
            .any(|row| row["campaign"].get("endDateTime").is_none())
    );
    assert!(rows[0]["campaignBudget"]["amountMicros"].is_string());
    let removed = google.rows(
        "SELECT campaign.id, campaign.status FROM campaign WHERE campaign.status = 'REMOVED'",
    );
    assert_eq!(removed.len(), 1);
    let like = google.rows("SELECT campaign.name FROM campaign WHERE campaign.name LIKE '%Sandkasse%' AND campaign.status NOT IN ('REMOVED') LIMIT 5");
    assert_eq!(like.len(), 1);
    let yen = google.ads(
        YEN,
        Some(MANAGER),
        "search",
        &json!({"query": "SELECT campaign.id FROM campaign"}),
    );
    assert_eq!(
        google.count("ad_campaigns"),
        12 + yen.body["results"].as_array().unwrap().len()
    );
}

#[test]
fn numbers_add_up_and_zero_rows_are_left_out() {
    let mut google = Google::new();
    let when = "segments.date BETWEEN '2026-10-01' AND '2026-10-31'";
    let metrics = "metrics.impressions, metrics.clicks, metrics.cost_micros, metrics.conversions, metrics.conversions_value";
    let account = google.rows(&format!("SELECT {metrics} FROM customer WHERE {when}"));
    assert_eq!(account.len(), 1);
    let campaigns = google.rows(&format!(
        "SELECT campaign.id, {metrics} FROM campaign WHERE {when}"
    ));
    assert_eq!(campaigns.len(), 12);
    assert!(campaigns.iter().any(|row| row["metrics"]["clicks"] == "0"));
    let days = google.rows(&format!(
        "SELECT campaign.id, segments.date, segments.device, {metrics} FROM campaign WHERE {when}"
    ));
    assert!(
        days.iter()
            .all(|row| number(&row["metrics"]["impressions"]) > 0.0)
    );
    assert!(
        days.iter()
            .all(|row| row["campaign"]["id"] != "20100000011")
    );
    for metric in [
        "impressions",
        "clicks",
        "costMicros",
        "conversions",
        "conversionsValue",
    ] {
        let whole = sum(&account, metric);
        assert!(whole > 0.0, "{metric}");
        assert!((sum(&campaigns, metric) - whole).abs() < 0.01, "{metric}");
        assert!((sum(&days, metric) - whole).abs() < 0.01, "{metric}");
    }
    let mobile = google.rows(&format!(
        "SELECT {metrics} FROM customer WHERE {when} AND segments.device = 'MOBILE'"
    ));
    assert!(sum(&mobile, "clicks") < sum(&account, "clicks"));
    let busy = google.rows(&format!("SELECT campaign.id, segments.week, metrics.clicks FROM campaign WHERE {when} AND metrics.clicks > 50 ORDER BY metrics.clicks DESC"));
    assert!(busy.is_sorted_by(
        |one, two| number(&one["metrics"]["clicks"]) >= number(&two["metrics"]["clicks"])
    ));
    assert!(
        busy.iter()
            .all(|row| number(&row["metrics"]["clicks"]) > 50.0)
    );
}

#[test]
fn conversions_grow_for_thirty_days_and_then_stay() {
    let mut google = Google::new();
    let query = "SELECT metrics.clicks, metrics.conversions FROM customer WHERE segments.date = '2026-11-10'";
    let before = google.rows(query);
    google.advance(TimeDelta::days(10));
    google.sign_in();
    let later = google.rows(query);
    assert!((sum(&before, "clicks") - sum(&later, "clicks")).abs() < 0.5);
    assert!(sum(&later, "conversions") > sum(&before, "conversions"));
    google.advance(TimeDelta::days(20));
    google.sign_in();
    let settled = google.rows(query);
    assert!(sum(&settled, "conversions") > sum(&later, "conversions"));
    google.advance(TimeDelta::days(20));
    google.sign_in();
    assert_eq!(google.rows(query), settled);
}

#[test]
fn searches_are_paged_and_tokens_die() {
    let mut google = Google::new();
    let query = "SELECT ad_group.id, segments.date, segments.device, metrics.clicks FROM ad_group WHERE segments.date BETWEEN '2025-06-01' AND '2026-11-19'";
    let first = google.ads(
        EUR,
        Some(MANAGER),
        "search",
        &json!({"query": query, "searchSettings": {"returnTotalResultsCount": true}}),
    );
    assert_eq!(first.status, 200, "{}", first.text);
    assert_eq!(first.body["results"].as_array().unwrap().len(), 10_000);
    let token = first.body["nextPageToken"].as_str().unwrap();
    let second = google.ads(
        EUR,
        Some(MANAGER),
        "search",
        &json!({"query": query, "pageToken": token}),
    );
    assert_ne!(second.body["results"][0], first.body["results"][0]);
    let chunks = google.ads(
        EUR,
        Some(MANAGER),
        "searchStream",
        &json!({ "query": query }),
    );
    let chunks = chunks.body.as_array().unwrap().clone();
    assert!(chunks.len() >= 2 && chunks.iter().all(|chunk| chunk["requestId"].is_string()));
    let count: usize = chunks
        .iter()
        .map(|chunk| chunk["results"].as_array().unwrap().len())
        .sum();
    assert_eq!(first.body["totalResultsCount"], count.to_string());
    let other = json!({"query": "SELECT campaign.id FROM campaign", "pageToken": token});
    let other = google.ads(EUR, Some(MANAGER), "search", &other);
    assert_eq!(code(&other.body)["requestError"], "INVALID_PAGE_TOKEN");
    let sized = json!({"query": query, "pageSize": 100});
    let sized = google.ads(EUR, Some(MANAGER), "search", &sized);
    assert_eq!(code(&sized.body)["requestError"], "PAGE_SIZE_NOT_SUPPORTED");
    google.advance(TimeDelta::hours(2));
    google.sign_in();
    let late = google.ads(
        EUR,
        Some(MANAGER),
        "search",
        &json!({"query": query, "pageToken": token}),
    );
    assert_eq!(code(&late.body)["requestError"], "EXPIRED_PAGE_TOKEN");
}

#[test]
fn wrong_queries_are_refused_in_an_array() {
    let mut google = Google::new();
    for (query, wanted) in [
        (
            "SELECT campaign.made_up FROM campaign",
            "UNRECOGNIZED_FIELD",
        ),
        ("SELECT metrics.made_up FROM campaign", "UNRECOGNIZED_FIELD"),
        (
            "SELECT campaign.id FROM nothing",
            "BAD_RESOURCE_TYPE_IN_FROM_CLAUSE",
        ),
        (
            "SELECT ad_group.id FROM campaign",
            "PROHIBITED_RESOURCE_TYPE_IN_SELECT_CLAUSE",
        ),
        (
            "SELECT segments.date, metrics.clicks FROM campaign",
            "EXPECTED_FILTERS_ON_DATE_RANGE",
        ),
        (
            "SELECT segments.date FROM campaign WHERE segments.date >= '2026-01-01'",
            "EXPECTED_FILTERS_ON_DATE_RANGE",
        ),
        (
            "SELECT metrics.clicks FROM campaign WHERE segments.date = 'today'",
            "INVALID_DATE_FORMAT",
        ),
        (
            "SELECT metrics.clicks FROM campaign WHERE segments.date DURING FOREVER",
            "INVALID_VALUE_WITH_DURING_OPERATOR",
        ),
        (
            "SELECT campaign.id FROM campaign ORDER BY campaign.name",
            "EXPECTED_REFERENCED_FIELD_IN_SELECT_CLAUSE",
        ),
        ("campaign.id FROM campaign", "EXPECTED_SELECT"),
    ] {
        let answer = google.ads(
            EUR,
            Some(MANAGER),
            "searchStream",
            &json!({ "query": query }),
        );
        assert_eq!(answer.status, 400, "{query}");
        assert_eq!(code(&answer.body[0])["queryError"], wanted, "{query}");
    }
    let metrics = json!({"query": "SELECT metrics.clicks FROM customer"});
    let answer = google.ads(MANAGER, None, "search", &metrics);
    assert_eq!(
        code(&answer.body)["queryError"],
        "REQUESTED_METRICS_FOR_MANAGER"
    );
    assert_eq!(
        google
            .rows("SELECT campaign.id FROM campaign WHERE campaign.id = 1")
            .len(),
        0
    );
    let old = google.call(
        "googleads.googleapis.com/v22/customers:listAccessibleCustomers",
        None,
    );
    assert_eq!(code(&old.body)["requestError"], "UNSUPPORTED_VERSION");
}

#[test]
fn refusals_of_every_kind_have_their_form() {
    let mut google = Google::new();
    let query = json!({"query": "SELECT campaign.id FROM campaign"});
    google.control(
        "ads/spoil",
        &json!({"error": "RESOURCE_TEMPORARILY_EXHAUSTED", "retry_seconds": 30}),
    );
    let busy = google.ads(EUR, Some(MANAGER), "searchStream", &query);
    assert_eq!(busy.status, 429);
    let failure = &busy.body[0]["error"]["details"][0];
    assert_eq!(
        failure["errors"][0]["details"]["quotaErrorDetails"]["retryDelay"],
        "30s"
    );
    assert!(
        failure["@type"]
            .as_str()
            .unwrap()
            .ends_with("v26.errors.GoogleAdsFailure")
    );
    assert_eq!(
        google
            .ads(EUR, Some(MANAGER), "searchStream", &query)
            .status,
        200
    );
    let nobody = json!({"account": "empty@sandbox.example"});
    let nobody = google.control("token/issue", &nobody);
    let own = std::mem::replace(
        &mut google.token,
        nobody["access_token"].as_str().unwrap().to_owned(),
    );
    let list = google.call(
        "googleads.googleapis.com/v26/customers:listAccessibleCustomers",
        None,
    );
    assert_eq!(
        (list.status, &code(&list.body)["authenticationError"]),
        (401, &json!("NOT_ADS_USER"))
    );
    let other = google.control(
        "token/issue",
        &json!({"scopes": [format!("{SCOPE}content")]}),
    );
    other["access_token"]
        .as_str()
        .unwrap()
        .clone_into(&mut google.token);
    let scope = google.ads(EUR, Some(MANAGER), "searchStream", &query);
    assert_eq!(scope.body[0]["error"]["code"], 403);
    "made-up".clone_into(&mut google.token);
    let bad = google.ads(EUR, Some(MANAGER), "searchStream", &query);
    assert_eq!(bad.body[0]["error"]["status"], "UNAUTHENTICATED");
    google.token = own;
    google.control(
        "campaign/update",
        &json!({"id": "20100000002", "status": "REMOVED"}),
    );
    assert_eq!(
        google
            .rows("SELECT campaign.id FROM campaign WHERE campaign.status = REMOVED")
            .len(),
        2
    );
}
