//! Every documented operation is there, and nothing else is.

use serde_json::json;

use crate::Alias;

/// Method and path of all 34 operations; `x` stands for something that does not exist.
const OPERATIONS: &[(&str, &str)] = &[
    ("GET", "/test"),
    ("GET", "/catalog?query=x"),
    ("GET", "/catalog/x"),
    ("GET", "/pricing_insights/availabilities/x"),
    ("GET", "/pricing_insights/availability"),
    ("GET", "/pricing_insights/offer_histogram"),
    ("GET", "/pricing_insights/recent_sales"),
    ("GET", "/listings"),
    ("POST", "/listings"),
    ("GET", "/listings/x"),
    ("POST", "/listings/x"),
    ("DELETE", "/listings/x"),
    ("POST", "/listings/x/activate"),
    ("POST", "/listings/x/deactivate"),
    ("POST", "/listings/x/metadata"),
    ("POST", "/listings/x/metadata_delete"),
    ("POST", "/pictures"),
    ("DELETE", "/pictures/x"),
    ("GET", "/orders"),
    ("GET", "/orders/x"),
    ("POST", "/orders/x/cancel"),
    ("POST", "/orders/x/confirm"),
    ("POST", "/orders/x/generate_label"),
    ("POST", "/orders/x/regenerate_label"),
    ("POST", "/orders/x/ship"),
    ("GET", "/listings/batch"),
    ("GET", "/listings/batch/x"),
    ("POST", "/listings/batch_activate"),
    ("POST", "/listings/batch_deactivate"),
    ("DELETE", "/listings/batch_delete"),
    ("POST", "/listings/batch_create"),
    ("POST", "/listings/batch_update"),
    ("GET", "/listings/batch_operation/quota"),
    ("GET", "/listings/batch_operations/x"),
];

#[test]
fn every_operation_is_reachable_and_carries_a_request_id() {
    let mut alias = Alias::new();
    let mut request_ids = std::collections::HashSet::new();
    for (method, path) in OPERATIONS {
        let answer = alias.send(method, path, None, true);
        // A path that is no operation is refused with these words.
        assert_ne!(answer.body["message"], "Not Found", "{method} {path}");
        assert_ne!(
            answer.body["message"], "Method Not Allowed",
            "{method} {path}"
        );
        assert!(
            matches!(answer.status, 200 | 400 | 404),
            "{method} {path}: {}",
            answer.status
        );
        request_ids.insert(answer.headers["x-request-id"].clone());
    }
    assert_eq!(request_ids.len(), OPERATIONS.len());
}

#[test]
fn what_is_no_operation_is_refused_in_the_gateways_words() {
    let mut alias = Alias::new();
    assert_eq!(alias.refused("GET", "/payouts"), (404, 5));
    assert_eq!(alias.refused("GET", "/regions"), (404, 5));
    assert_eq!(
        alias.refused("GET", "/pricing_insights/listing_histogram"),
        (404, 5)
    );
    assert_eq!(alias.refused("PATCH", "/listings/x"), (405, 12));
    assert_eq!(alias.refused("PUT", "/listings/x"), (405, 12));
    assert_eq!(alias.refused("DELETE", "/test"), (405, 12));
}

#[test]
fn writes_without_a_json_content_type_are_refused_and_reads_are_not() {
    let mut alias = Alias::new();
    for (method, path) in OPERATIONS {
        let answer = alias.send(method, path, None, false);
        assert_eq!(answer.status == 415, *method != "GET", "{method} {path}");
    }
}

#[test]
fn ids_in_paths_are_percent_decoded() {
    let mut alias = Alias::new();
    let id = alias.item()["catalog_id"].as_str().unwrap().to_owned();
    let escaped = id.replace('-', "%2D");
    assert_eq!(
        alias.get(&format!("/catalog/{escaped}"))["catalog_item"]["catalog_id"],
        id
    );
    assert_eq!(alias.refused("GET", "/catalog/%zz%2"), (404, 5));
}

#[test]
fn the_census_is_what_a_complete_read_finds() {
    let mut alias = Alias::new();
    let all = |pages: Vec<Vec<serde_json::Value>>| pages.concat();
    let items = all(alias.pages(
        "/catalog?query=sneakers",
        "catalog_items",
        "/next_pagination_token",
    ));
    let listings = all(alias.pages("/listings", "listings", "/pagination/pagination_token"));
    let orders = all(alias.pages("/orders", "results", "/pagination/next_page_token"));
    let batches = all(alias.pages("/listings/batch", "batches", "/next_pagination_token"));
    assert_eq!(items.len(), alias.count("catalog"));
    assert_eq!(listings.len(), alias.count("listings"));
    assert_eq!(orders.len(), alias.count("orders"));
    let completed = orders
        .iter()
        .filter(|order| order["status"] == "ORDER_STATUS_COMPLETED");
    assert_eq!(completed.count(), alias.count("payouts"));
    let mut operations = 0;
    for batch in &batches {
        let path = format!(
            "/listings/batch_operations/{}?limit=7",
            batch["id"].as_str().unwrap()
        );
        operations += all(alias.pages(&path, "operations", "/pagination_token")).len();
    }
    assert_eq!(operations, alias.count("batch_operations"));
    let mut listed: Vec<&str> = listings
        .iter()
        .map(|listing| listing["catalog_id"].as_str().unwrap())
        .collect();
    listed.sort_unstable();
    listed.dedup();
    // The catalogue can be found through the listings alone.
    assert_eq!(listed.len(), items.len());
    let mut variants = 0;
    for id in listed {
        let body = alias.get(&format!("/pricing_insights/availabilities/{id}"));
        variants += body["variants"].as_array().unwrap().len();
    }
    assert_eq!(variants, alias.count("market_snapshots"));
}

#[test]
fn two_sandboxes_of_one_seed_are_one_and_another_seed_is_another() {
    let (mut one, mut two) = (Alias::new(), Alias::new());
    for path in [
        "/listings?page_size=50",
        "/orders?page_size=50",
        "/listings/batch",
    ] {
        assert_eq!(one.get(path), two.get(path));
    }
    let mut options = crossdock_sandbox::Options::new(one.now);
    options.seed = 2;
    two.sandbox = crossdock_sandbox::Sandbox::new(options);
    assert_ne!(one.get("/orders"), two.get("/orders"));
}

#[test]
fn a_fault_is_worded_by_the_platform() {
    let mut alias = Alias::new();
    let effect = crossdock_sandbox::Effect::RetryAfter {
        code: 429,
        seconds: 3,
        form: crossdock_sandbox::faults::RetryForm::Seconds,
    };
    alias.sandbox.inject(crossdock_sandbox::Fault::new(effect));
    let answer = alias.send("GET", "/test", None, false);
    assert_eq!(
        (
            answer.status,
            answer.headers["retry-after"].to_str().unwrap()
        ),
        (429, "3")
    );
    assert_eq!(answer.body["code"], 8);
    assert!(answer.headers.contains_key("x-request-id"));
    assert_eq!(alias.get("/test"), json!({"ok": true}));
}

#[test]
fn a_sandbox_of_nothing_is_empty_and_answers() {
    let mut alias = Alias::new();
    let mut options = crossdock_sandbox::Options::new(alias.now);
    options.size = crossdock_sandbox::Size {
        products: 0,
        orders: 0,
    };
    alias.sandbox = crossdock_sandbox::Sandbox::new(options);
    assert!(
        alias.sandbox.census()["alias"]
            .values()
            .all(|count| *count == 0)
    );
    for (path, list) in [
        ("/catalog?query=sneakers", "/catalog_items"),
        ("/listings", "/listings"),
        ("/orders", "/results"),
        ("/listings/batch", "/batches"),
    ] {
        assert_eq!(alias.get(path).pointer(list), Some(&json!([])), "{path}");
    }
}

#[test]
fn the_control_api_is_no_way_around_the_gateway() {
    let mut alias = Alias::new();
    let request = http::Request::get("/_sandbox/pages/alias/api/v1/orders")
        .header("authorization", "Bearer sbx_pat_demo")
        .body(bytes::Bytes::new())
        .unwrap();
    let answer = alias.sandbox.handle(request, alias.now).answer().unwrap();
    assert_eq!(answer.status(), 404);
}
