//! Orders: their way, and the search for them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::Alias;

fn all(alias: &mut Alias, query: &str) -> Vec<Value> {
    alias
        .pages(
            &format!("/orders?{query}"),
            "results",
            "/pagination/next_page_token",
        )
        .concat()
}

#[test]
fn an_order_goes_its_way_and_no_other() {
    let mut alias = Alias::new();
    let listing = alias.get("/listings?facet_filters=status:active")["listings"][0].clone();
    let sold = alias.control("order/create", &json!({"listing_id": listing["id"]}));
    let order = &sold["order"];
    assert_eq!(
        (&order["listing_id"], &order["price_cents"]),
        (&listing["id"], &listing["price_cents"])
    );
    let gone = alias.get(&format!("/listings/{}", listing["id"].as_str().unwrap()));
    assert_eq!(gone["listing"]["status"], "LISTING_STATUS_SOLD");

    let one = format!("/orders/{}", order["id"].as_str().unwrap());
    let step = |alias: &mut Alias, verb: &str| {
        let answer = alias.send("POST", &format!("{one}/{verb}"), None, true);
        match answer.status {
            200 => answer.body["order"]["status"].as_str().unwrap().to_owned(),
            status => format!("{status} {}", answer.body["code"]),
        }
    };
    for too_early in ["ship", "generate_label", "regenerate_label"] {
        assert_eq!(step(&mut alias, too_early), "400 9", "{too_early}");
    }
    assert_eq!(step(&mut alias, "confirm"), "ORDER_STATUS_CONFIRMED");
    assert_eq!(step(&mut alias, "confirm"), "400 9");
    assert_eq!(
        step(&mut alias, "generate_label"),
        "ORDER_STATUS_LABEL_GENERATED"
    );
    let label = alias.get(&one)["order"]["label_tracking_number"].clone();
    assert_eq!(
        step(&mut alias, "regenerate_label?label_type=LABEL_TYPE_DROPOFF"),
        "ORDER_STATUS_LABEL_GENERATED"
    );
    let labelled = alias.get(&one)["order"].clone();
    assert_ne!(labelled["label_tracking_number"], label);
    assert_eq!(labelled["label_type"], "LABEL_TYPE_DROPOFF");
    assert_eq!(step(&mut alias, "ship"), "ORDER_STATUS_IN_TRANSIT");
    assert_eq!(
        alias.get(&one)["order"]["fulfillment_status"],
        "FULFILLMENT_STATUS_SELLER_SHIPPED"
    );
    assert_eq!(step(&mut alias, "cancel"), "400 9");
    let payouts = alias.count("payouts");
    for _ in 0..3 {
        alias.control("order/advance", &json!({"id": order["id"]}));
    }
    assert_eq!(alias.get(&one)["order"]["status"], "ORDER_STATUS_COMPLETED");
    assert_eq!(alias.count("payouts"), payouts + 1);
    assert!(
        alias
            .sandbox
            .control("alias", "order/advance", &json!({"id": order["id"]}))
            .is_err()
    );
}

#[test]
fn made_up_orders_are_in_all_states_and_newest_first() {
    let mut alias = Alias::new();
    let orders = all(&mut alias, "page_size=50");
    let states: BTreeSet<&str> = orders
        .iter()
        .map(|o| o["status"].as_str().unwrap())
        .collect();
    assert_eq!(states.len(), 6, "{states:?}");
    let time = |order: &Value, field: &str| order[field].as_str().unwrap().to_owned();
    assert!(orders.is_sorted_by(|newer, older| time(newer, "sold_at") >= time(older, "sold_at")));
    for order in &orders {
        assert!(time(order, "updated_at") >= time(order, "sold_at"));
        assert_eq!(
            order.get("in_transit_at").is_some(),
            order["fulfillment_status"] != "FULFILLMENT_STATUS_INVALID"
        );
    }
}

#[test]
fn the_search_takes_one_kind_of_facet_and_no_date() {
    let mut alias = Alias::new();
    let completed = all(&mut alias, "facet_filters=status:ORDER_STATUS_COMPLETED");
    assert!(
        completed
            .iter()
            .all(|order| order["status"] == "ORDER_STATUS_COMPLETED")
    );
    assert_eq!(completed.len(), alias.count("payouts"));
    let delivered = all(
        &mut alias,
        "facet_filters=fulfillment_status:FULFILLMENT_STATUS_DELIVERED",
    );
    assert!(completed.iter().all(|order| delivered.contains(order)));
    let both = "/orders?facet_filters=status:ORDER_STATUS_COMPLETED\
                &facet_filters=fulfillment_status:FULFILLMENT_STATUS_DELIVERED";
    assert_eq!(alias.refused("GET", both), (400, 3));
    assert_eq!(alias.refused("GET", "/orders?page_size=51"), (400, 3));
    let everything = all(&mut alias, "page_size=50").len();
    assert_eq!(
        all(&mut alias, "updated_after=2099-01-01&page_size=50").len(),
        everything
    );
    let number = completed[0]["purchase_order_number"].as_str().unwrap();
    assert!(all(&mut alias, &format!("query={number}")).contains(&completed[0]));
}

#[test]
fn a_new_order_between_two_pages_repeats_nothing() {
    let mut alias = Alias::new();
    let before = all(&mut alias, "page_size=50");
    let first = alias.get("/orders?page_size=10");
    alias.control("order/create", &json!({}));
    let token = first["pagination"]["next_page_token"].as_str().unwrap();
    let second = alias.get(&format!("/orders?page_size=10&pagination_token={token}"));
    assert_eq!(second["results"].as_array().unwrap(), &before[10..20]);
}
