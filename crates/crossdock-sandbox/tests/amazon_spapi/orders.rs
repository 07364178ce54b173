//! Orders: windows, pages, data sets.

use std::collections::BTreeSet;

use serde_json::json;

use super::{Amazon, FE, US, texts};

const ORDERS: &str = "/orders/2026-01-01/orders";
const ALL: &str = "lastUpdatedAfter=2024-12-01T00:00:00Z";

#[test]
fn a_full_read_finds_every_order_once_oldest_change_first() {
    let mut amazon = Amazon::new();
    let path = format!("{ORDERS}?{ALL}");
    let pages = amazon.pages(&path, "/orders", "/pagination/nextToken", "paginationToken");
    let sizes: Vec<usize> = pages.iter().map(Vec::len).collect();
    assert_eq!(sizes, [100, 100, 40]);
    let orders = pages.concat();
    let ids: BTreeSet<&str> = texts(&orders, "/orderId").into_iter().collect();
    assert_eq!(ids.len(), amazon.count("orders"));
    assert!(texts(&orders, "/lastUpdatedTime").is_sorted());
    let statuses: BTreeSet<String> = amazon
        .unlimited()
        .pages(
            &format!("{path}&includedData=FULFILLMENT"),
            "/orders",
            "/pagination/nextToken",
            "paginationToken",
        )
        .concat()
        .iter()
        .map(|order| order["fulfillment"]["fulfillmentStatus"].to_string())
        .collect();
    assert!(statuses.len() >= 6, "{statuses:?}");
}

#[test]
fn windows_include_their_ends() {
    let mut amazon = Amazon::new().unlimited();
    let all = amazon.get(&format!("{ORDERS}?{ALL}"));
    let time = all["orders"][7]["lastUpdatedTime"]
        .as_str()
        .unwrap()
        .to_owned();
    let at = amazon.get(&format!(
        "{ORDERS}?lastUpdatedAfter={time}&lastUpdatedBefore={time}"
    ));
    assert_eq!(at["orders"][0]["orderId"], all["orders"][7]["orderId"]);
    assert_eq!(at["lastUpdatedBefore"], time);
    let created = all["orders"][7]["createdTime"].as_str().unwrap();
    let at = amazon.get(&format!(
        "{ORDERS}?createdAfter={created}&createdBefore={created}"
    ));
    assert_eq!(at["orders"][0]["orderId"], all["orders"][7]["orderId"]);
    assert!(at.get("lastUpdatedBefore").is_none());
}

#[test]
fn the_answer_says_up_to_when_it_looked() {
    let mut amazon = Amazon::new().unlimited();
    let body = amazon.get(&format!("{ORDERS}?{ALL}&maxResultsPerPage=1"));
    let until = (amazon.now - chrono::TimeDelta::minutes(2)).to_rfc3339();
    assert_eq!(body["lastUpdatedBefore"], until.replace("+00:00", "Z"));
    // An order that changes meanwhile does not come between the pages of this search.
    let token = body["pagination"]["nextToken"].as_str().unwrap();
    let id = body["orders"][0]["orderId"].clone();
    amazon.advance(600);
    amazon.control("order/update", &json!({"id": id, "status": "CANCELLED"}));
    amazon.advance(600);
    let rest = amazon.pages(
        &format!("{ORDERS}?{ALL}&paginationToken={token}"),
        "/orders",
        "/none",
        "paginationToken",
    );
    assert!(rest[0].iter().all(|order| order["orderId"] != id));
    let changed = amazon.get(&format!(
        "{ORDERS}?lastUpdatedAfter={until}",
        until = until.replace("+00:00", "Z")
    ));
    assert_eq!(changed["orders"][0]["orderId"], id);
}

#[test]
fn wrong_searches_are_refused() {
    let mut amazon = Amazon::new().unlimited();
    let soon = (amazon.now - chrono::TimeDelta::seconds(119))
        .to_rfc3339()
        .replace("+00:00", "Z");
    for query in [
        "",
        "lastUpdatedAfter=",
        "lastUpdatedAfter=yesterday",
        "createdAfter=2026-01-01&lastUpdatedAfter=2026-01-01",
        "createdAfter=2026-01-01&lastUpdatedBefore=2026-02-01",
        "lastUpdatedBefore=2026-01-01",
        "lastUpdatedAfter=2026-02-01&lastUpdatedBefore=2026-01-01",
        &format!("lastUpdatedAfter=2026-01-01&lastUpdatedBefore={soon}"),
        "lastUpdatedAfter=2026-01-01&maxResultsPerPage=0",
        "lastUpdatedAfter=2026-01-01&maxResultsPerPage=101",
        "lastUpdatedAfter=2026-01-01&fulfillmentStatuses=SENT",
        "lastUpdatedAfter=2026-01-01&includedData=EVERYTHING",
        "lastUpdatedAfter=2026-01-01&marketplaceIds=NOWHERE",
        "lastUpdatedAfter=2026-01-01&paginationToken=nonsense",
    ] {
        let answer = amazon.send("GET", &format!("{ORDERS}?{query}"), None);
        assert_eq!(answer.refusal().1, "InvalidInput", "{query}");
        assert_eq!(answer.header("x-amzn-ratelimit-limit"), Some("0.0056"));
    }
    // Brazil: the account could sell there, but does not.
    let path = format!("{ORDERS}?{ALL}&marketplaceIds=A2Q3Y263D00KWC");
    assert_eq!(amazon.send("GET", &path, None).status, 403);
}

#[test]
fn a_page_token_belongs_to_its_search_for_a_day() {
    let mut amazon = Amazon::new().unlimited();
    let body = amazon.get(&format!("{ORDERS}?{ALL}&maxResultsPerPage=2"));
    let token = body["pagination"]["nextToken"].as_str().unwrap();
    // The size and the data sets may change.
    amazon.get(&format!(
        "{ORDERS}?{ALL}&maxResultsPerPage=5&includedData=BUYER&paginationToken={token}"
    ));
    let other = format!("{ORDERS}?{ALL}&marketplaceIds={US}&paginationToken={token}");
    assert_eq!(amazon.send("GET", &other, None).status, 400);
    amazon.advance(24 * 3600);
    amazon.log_in("sbx_lwa_refresh_demo");
    let late = format!("{ORDERS}?{ALL}&paginationToken={token}");
    assert_eq!(amazon.send("GET", &late, None).status, 400);
}

#[test]
fn data_sets_come_when_they_are_asked_for() {
    let mut amazon = Amazon::new().unlimited();
    let path = format!("{ORDERS}?{ALL}&fulfillmentStatuses=SHIPPED&fulfilledBy=MERCHANT");
    let bare = amazon.get(&path)["orders"][0].clone();
    for field in ["buyer", "recipient", "proceeds", "fulfillment", "packages"] {
        assert!(bare.get(field).is_none(), "{field}");
    }
    let id = bare["orderId"].as_str().unwrap();
    let all = "BUYER,RECIPIENT,PROCEEDS,FULFILLMENT,PACKAGES";
    let full = amazon.get(&format!("{ORDERS}/{id}?includedData={all}"))["order"].clone();
    for field in ["buyer", "recipient", "proceeds", "fulfillment", "packages"] {
        assert!(full.get(field).is_some(), "{field}");
    }
    assert!(full["orderItems"][0]["proceeds"]["breakdowns"].is_array());
    amazon.control("role/take", &json!({"role": "direct_to_consumer_shipping"}));
    let masked = amazon.get(&format!("{ORDERS}/{id}?includedData={all}"))["order"].clone();
    assert!(masked.get("buyer").is_none() && masked.get("proceeds").is_some());
    let missing = amazon.send("GET", &format!("{ORDERS}/000-0000000-0000000"), None);
    assert_eq!(missing.refusal().0, 404);
}

#[test]
fn yen_have_no_decimals() {
    let mut amazon = Amazon::new().unlimited();
    amazon.host = FE;
    amazon.log_in("sbx_lwa_refresh_demo_fe");
    let orders = amazon.get(&format!("{ORDERS}?{ALL}&includedData=PROCEEDS"));
    let totals: Vec<&str> = orders["orders"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|order| order.pointer("/proceeds/grandTotal/amount")?.as_str())
        .collect();
    assert!(totals.len() > 20 && totals.iter().all(|total| !total.contains('.')));
}

#[test]
fn a_new_order_is_found_by_the_next_search() {
    let mut amazon = Amazon::new().unlimited();
    let since = amazon.now.to_rfc3339().replace("+00:00", "Z");
    let before = amazon.count("orders");
    let id = amazon.control("order/create", &json!({}))["id"].clone();
    assert_eq!(amazon.count("orders"), before + 1);
    amazon.advance(120);
    let found = amazon.get(&format!("{ORDERS}?lastUpdatedAfter={since}"));
    assert_eq!(found["orders"][0]["orderId"], id);
}
