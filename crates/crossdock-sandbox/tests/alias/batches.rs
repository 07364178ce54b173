//! Batches: accepted at once, made later.

use serde_json::{Value, json};

use crate::Alias;

fn create(alias: &mut Alias, quantity: u32) -> String {
    let item = alias.item();
    let body = json!({"items": [{
        "catalog_id": item["catalog_id"],
        "activate": true,
        "size_unit": "SIZE_UNIT_US",
        "condition": "CONDITION_NEW",
        "packaging_condition": "PACKAGING_CONDITION_GOOD_CONDITION",
        "metadata_list": [{"shelf": "1"}, {"shelf": "2"}],
        "price_cents": "10000",
        "size": item["allowed_sizes"][1]["value"],
        "quantity": quantity.to_string(),
    }]});
    let accepted = alias.post_json("/listings/batch_create", &body);
    assert_eq!(accepted["status"], "BATCH_STATUS_PENDING");
    accepted["batch_id"].as_str().unwrap().to_owned()
}

fn operations(alias: &mut Alias, id: &str) -> Vec<Value> {
    let path = format!("/listings/batch_operations/{id}?limit=1");
    alias
        .pages(&path, "operations", "/pagination_token")
        .concat()
}

#[test]
fn a_batch_waits_works_and_is_completed() {
    let mut alias = Alias::new();
    let listings = alias.count("listings");
    let id = create(&mut alias, 2);
    let mut seen = Vec::new();
    for seconds in [0, 1, 3, 2] {
        alias.advance(seconds);
        let batch = alias.get(&format!("/listings/batch/{id}"));
        let quota = alias.get("/listings/batch_operation/quota");
        assert_eq!(quota["used_operation_quota"], batch["queued"]);
        let field = |name: &str| batch[name].as_str().unwrap().to_owned();
        seen.push((
            field("status"),
            field("queued"),
            field("processed"),
            batch["completed_at"].is_null(),
        ));
    }
    let row = |status: &str, queued: &str, processed: &str, open| {
        (
            format!("BATCH_STATUS_{status}"),
            queued.to_owned(),
            processed.to_owned(),
            open,
        )
    };
    assert_eq!(
        seen,
        [
            row("PENDING", "2", "0", true),
            row("PENDING", "2", "0", true),
            row("IN_PROGRESS", "1", "1", true),
            row("COMPLETED", "0", "2", false),
        ]
    );
    assert_eq!(alias.count("listings"), listings + 2);
    let made = operations(&mut alias, &id);
    let shelves: Vec<&Value> = made
        .iter()
        .map(|operation| &operation["create_listing_result"]["listing"]["metadata"]["shelf"])
        .collect();
    assert_eq!(shelves, ["1", "2"]);
    assert!(made.iter().all(|operation| operation["success"] == true));
}

#[test]
fn a_listing_in_a_batch_is_not_changed_by_anyone_else() {
    let mut alias = Alias::new();
    let id = alias.get("/listings?facet_filters=status:active")["listings"][0]["id"].clone();
    let id = id.as_str().unwrap();
    alias.write(
        "POST",
        &format!("/listings/batch_deactivate?ids={id}&ids=none"),
    );
    assert_eq!(
        alias.refused("POST", &format!("/listings/{id}/activate")),
        (409, 10)
    );
    alias.advance(60);
    let listing = alias.get(&format!("/listings/{id}"))["listing"].clone();
    assert_eq!(listing["status"], "LISTING_STATUS_INACTIVE");
    let newest = alias.get("/listings/batch")["batches"][0].clone();
    assert_eq!(
        (&newest["processed"], &newest["failed"]),
        (&json!("2"), &json!("1"))
    );
    let failed = operations(&mut alias, newest["id"].as_str().unwrap());
    let failed = &failed[1];
    assert_eq!(failed["status"], "BATCH_OPERATION_STATUS_FAILED");
    assert_eq!(failed["errors"], json!(["listing not found"]));
    assert!(failed.get("deactivate_listing_result").is_none());
}

#[test]
fn an_update_is_made_only_where_its_condition_holds() {
    let mut alias = Alias::new();
    let id = create(&mut alias, 2);
    alias.advance(60);
    let made = operations(&mut alias, &id);
    let listing = |index: usize| made[index]["create_listing_result"]["listing"]["id"].clone();
    let change = |id: Value, old: &str| {
        json!({"id": id, "price_cents_change": {
            "new_value": 11000, "conditional_value": old, "condition_operator": "CONDITION_OPERATOR_EQ",
        }})
    };
    let body = json!({"items": [change(listing(0), "10000"), change(listing(1), "9900")]});
    let accepted = alias.post_json("/listings/batch_update", &body);
    alias.advance(60);
    let made = operations(&mut alias, accepted["batch_id"].as_str().unwrap());
    assert_eq!(
        made[0]["update_listing_result"]["to"]["price_cents"],
        "11000"
    );
    assert_eq!(made[1]["success"], false);
}

#[test]
fn batches_have_limits() {
    let mut alias = Alias::new();
    assert_eq!(alias.refused("POST", "/listings/batch_activate"), (400, 3));
    let ids: String = (0..1001).map(|number| format!("&ids={number}")).collect();
    assert_eq!(
        alias.refused("POST", &format!("/listings/batch_activate?{ids}")),
        (400, 3)
    );
    let answer = alias.send(
        "POST",
        "/listings/batch_create",
        Some(&json!({"items": []})),
        true,
    );
    assert_eq!(answer.status, 400);
    for _ in 0..5 {
        create(&mut alias, 1000);
    }
    let quota = alias.get("/listings/batch_operation/quota");
    assert_eq!(quota["used_operation_quota"], quota["max_operation_quota"]);
    assert_eq!(
        alias.refused("DELETE", "/listings/batch_delete?ids=x"),
        (429, 8)
    );
    alias.advance(60);
    alias.write("DELETE", "/listings/batch_delete?ids=x");
}

#[test]
fn batches_are_listed_newest_first_in_pages_of_25() {
    let mut alias = Alias::new();
    let before = alias.get("/listings/batch")["batches"]
        .as_array()
        .unwrap()
        .len();
    for _ in 0..30 {
        alias.advance(1);
        alias.write("POST", "/listings/batch_activate?ids=x");
    }
    let pages = alias.pages("/listings/batch", "batches", "/next_pagination_token");
    assert_eq!(
        pages.iter().map(Vec::len).collect::<Vec<_>>(),
        [25, 5 + before]
    );
    let waiting = alias.get("/listings/batch?status=BATCH_STATUS_PENDING");
    assert_eq!(waiting["batches"].as_array().unwrap().len(), 2);
    assert_eq!(waiting["batches"][0], pages[0][0]);
}
