//! Lists and their bookmarks, numbers of days, limits.

use std::collections::HashSet;

use serde_json::json;

use super::Pinterest;

#[test]
fn the_list_of_pins_ends_with_an_empty_page() {
    let mut pinterest = Pinterest::new();
    let (pins, sizes) = pinterest.all("/pins?page_size=250");
    assert_eq!((pins.len(), sizes), (300, vec![250, 50, 0]));
    let ids: HashSet<&str> = pins.iter().filter_map(|pin| pin["id"].as_str()).collect();
    assert_eq!(ids.len(), 300);
    assert_eq!(pins[0]["pin_metrics"], json!(null));
    let (products, sizes) =
        pinterest.all("/catalogs/product_groups/530000000001/products?page_size=250");
    assert_eq!((products.len(), sizes.len()), (263, 2));
}

#[test]
fn a_bookmark_is_bound_to_its_request_and_lives_for_an_hour() {
    let mut pinterest = Pinterest::new();
    let page = pinterest.get("/boards?page_size=5");
    let mark = page.body["bookmark"].as_str().unwrap().to_owned();
    let again = format!("/boards?page_size=5&bookmark={mark}");
    assert_eq!(pinterest.get(&again).status, 200);
    let other = pinterest.get(&format!("/boards?page_size=6&bookmark={mark}"));
    assert_eq!((other.status, &other.body["code"]), (400, &json!(1)));
    pinterest.wait(3_600);
    assert_eq!(pinterest.get(&again).status, 400);
    for size in ["0", "251", "3e"] {
        assert_eq!(
            pinterest.get(&format!("/boards?page_size={size}")).status,
            400
        );
    }
}

#[test]
fn days_say_how_far_they_can_be_trusted() {
    let mut pinterest = Pinterest::new();
    let path = "/user_account/analytics?start_date=2026-11-10&end_date=2026-11-20&metric_types=IMPRESSION,SAVE";
    let before = pinterest.get(path).body;
    let days = before["all"]["daily_metrics"].as_array().unwrap().clone();
    let of = |index: usize| days[index]["data_status"].as_str().unwrap().to_owned();
    assert_eq!(
        (of(7), of(8), of(10)),
        ("READY".into(), "ESTIMATE".into(), "PROCESSING".into())
    );
    assert_eq!(days[10]["metrics"], json!({}));
    pinterest.wait(5 * 86_400);
    let after = pinterest.get(path).body;
    let after = after["all"]["daily_metrics"].as_array().unwrap();
    assert_eq!(after[7], days[7]);
    assert!(after[8]["metrics"]["IMPRESSION"].as_f64() > days[8]["metrics"]["IMPRESSION"].as_f64());
    let early = pinterest.get("/user_account/analytics?start_date=2026-08-01&end_date=2026-08-02");
    assert_eq!(early.status, 400);
    pinterest.control("account/type", &json!({"type": "PINNER"}));
    assert_eq!(pinterest.get(path).status, 403);
}

#[test]
fn pins_are_measured_one_by_one_or_a_hundred_at_a_time() {
    let mut pinterest = Pinterest::new();
    let (pins, _) = pinterest.all("/pins?page_size=100");
    let ids: Vec<&str> = pins
        .iter()
        .take(100)
        .filter_map(|pin| pin["id"].as_str())
        .collect();
    let range = "start_date=2026-11-01&end_date=2026-11-03&metric_types=IMPRESSION,SAVE";
    let many = pinterest.get(&format!(
        "/pins/analytics?{range}&pin_ids={}",
        ids.join(",")
    ));
    assert_eq!(many.status, 200, "{}", many.text);
    let one = pinterest.get(&format!("/pins/{}/analytics?{range}", ids[0]));
    assert_eq!(many.body[ids[0]], one.body);
    let gone = pinterest.get(&format!("/pins/analytics?{range}&pin_ids=1"));
    assert_eq!((gone.status, &gone.body["code"]), (404, &json!(50)));
}

#[test]
fn both_windows_are_told_and_the_tighter_one_counts() {
    let mut pinterest = Pinterest::new();
    let answer = pinterest.get("/catalogs");
    assert_eq!(
        answer.header("x-ratelimit-limit"),
        "100, 100;w=1;name=\"safety_net_app_id_user_id\", 100;w=60;name=\"catalogs_read_app_id_user_id\""
    );
    pinterest.control(
        "limits/set",
        &json!({"category": "org_analytics", "limit": 1}),
    );
    let path = "/user_account/analytics?start_date=2026-11-10&end_date=2026-11-20";
    assert_eq!(pinterest.get(path).status, 200);
    let full = pinterest.get(path);
    assert_eq!((full.status, &full.body["code"]), (429, &json!(8)));
    assert_eq!(full.header("x-ratelimit-remaining"), "0");
    let reset: i64 = full.header("x-ratelimit-reset").parse().unwrap();
    pinterest.wait(reset);
    assert_eq!(pinterest.get(path).status, 200);
    pinterest.control("limits/trial", &json!({"per_day": 1}));
    assert_eq!(pinterest.get("/boards").status, 200);
    assert_eq!(pinterest.get("/boards").status, 429);
}
