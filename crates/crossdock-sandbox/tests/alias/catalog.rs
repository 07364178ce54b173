//! The catalogue and its prices.

use serde_json::{Value, json};

use crate::Alias;

#[test]
fn searches_find_by_every_spelling_of_a_style_code() {
    let mut alias = Alias::new();
    let item = alias.item();
    let sku = item["sku"].as_str().unwrap();
    let spellings = [
        sku.replace(' ', "%20"),
        sku.replace(' ', "-"),
        sku.to_lowercase().replace(' ', "+"),
    ];
    for spelling in spellings {
        let found = alias.get(&format!("/catalog?query={spelling}"));
        assert_eq!(found["catalog_items"], json!([item]), "{spelling}");
        assert_eq!(
            (&found["next_pagination_token"], &found["has_more"]),
            (&json!(""), &json!(false))
        );
    }
    assert_eq!(
        alias.get("/catalog?query=nothing+of+the+kind")["catalog_items"],
        json!([])
    );
    assert_eq!(alias.refused("GET", "/catalog?query="), (400, 3));
    assert_eq!(alias.refused("GET", "/catalog"), (400, 3));
}

#[test]
fn the_catalogue_is_paged_with_a_token_and_has_more() {
    let mut alias = Alias::new();
    let pages = alias.pages(
        "/catalog?query=sneakers&limit=20",
        "catalog_items",
        "/next_pagination_token",
    );
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 20]);
    assert_eq!(
        alias.get("/catalog?query=sneakers")["catalog_items"]
            .as_array()
            .unwrap()
            .len(),
        25
    );
    for limit in ["0", "26", "-1", "x"] {
        let path = format!("/catalog?query=sneakers&limit={limit}");
        assert_eq!(alias.refused("GET", &path), (400, 3), "{limit}");
    }
}

#[test]
fn numbers_are_texts_and_zero_is_no_price() {
    let mut alias = Alias::new();
    let item = alias.item();
    assert!(item["retail_price_cents"].is_string());
    assert!(item["requested_pictures"][0]["quantity"].is_string());
    let id = item["catalog_id"].as_str().unwrap();
    let body = alias.get(&format!("/pricing_insights/availabilities/{id}"));
    let variants = body["variants"].as_array().unwrap();
    assert_eq!(variants[0]["size"], 0);
    let prices: Vec<&str> = variants
        .iter()
        .flat_map(|variant| variant["availability"].as_object().unwrap().values())
        .map(|price| price.as_str().unwrap())
        .collect();
    assert!(prices.contains(&"0"));
    // Whole dollars, all of them.
    assert!(
        prices
            .iter()
            .all(|price| price.parse::<u64>().unwrap() % 100 == 0)
    );
    assert!(
        variants
            .iter()
            .all(|variant| variant.get("consigned").is_none())
    );
}

#[test]
fn prices_differ_by_region_and_way_to_sell_and_say_so() {
    let mut alias = Alias::new();
    let id = alias.item()["catalog_id"].as_str().unwrap().to_owned();
    let path = format!("/pricing_insights/availabilities/{id}");
    let whole = alias.get(&path);
    assert_eq!(alias.get(&path), whole);
    assert_ne!(alias.get(&format!("{path}?region_id=1")), whole);
    let consigned = alias.get(&format!("{path}?consigned=true"));
    assert!(
        consigned["variants"]
            .as_array()
            .unwrap()
            .iter()
            .all(|v| v["consigned"] == true)
    );
    assert_eq!(
        alias.refused("GET", &format!("{path}?region_id=")),
        (400, 3)
    );
    alias.control("market/move", &json!({"catalog_id": id}));
    assert_ne!(alias.get(&path), whole);
}

#[test]
fn one_kind_is_the_same_in_every_operation() {
    let mut alias = Alias::new();
    let id = alias.item()["catalog_id"].as_str().unwrap().to_owned();
    let variants = alias.get(&format!("/pricing_insights/availabilities/{id}"));
    let offered = |variant: &&Value| {
        variant["availability"]["highest_offer_price_cents"] != "0" && variant["size"] != 0
    };
    let variant = variants["variants"]
        .as_array()
        .unwrap()
        .iter()
        .find(offered)
        .unwrap();
    let kind = format!(
        "catalog_id={id}&size={}&product_condition={}&packaging_condition={}",
        variant["size"],
        variant["product_condition"].as_str().unwrap(),
        variant["packaging_condition"].as_str().unwrap(),
    );
    let one = alias.get(&format!("/pricing_insights/availability?{kind}"));
    assert_eq!(one["availability"], variant["availability"]);
    let histogram = alias.get(&format!("/pricing_insights/offer_histogram?{kind}"));
    let bins = histogram["offer_histogram"]["bins"].as_array().unwrap();
    let prices: Vec<u64> = bins
        .iter()
        .map(|bin| bin["offer_price_cents"].as_str().unwrap().parse().unwrap())
        .collect();
    assert_eq!(
        bins[0]["offer_price_cents"],
        variant["availability"]["highest_offer_price_cents"]
    );
    assert!(
        prices.is_sorted_by(|higher, lower| higher > lower),
        "{prices:?}"
    );
}

#[test]
fn recent_sales_need_a_size_and_are_newest_first() {
    let mut alias = Alias::new();
    let id = alias.item()["catalog_id"].as_str().unwrap().to_owned();
    let path = format!("/pricing_insights/recent_sales?catalog_id={id}");
    let refusal = alias.send("GET", &format!("{path}&consigned=false"), None, false);
    let recorded = json!({"code": 3, "message": "Missing parameter: input.Size", "details": []});
    assert_eq!((refusal.status, refusal.body), (400, recorded));
    let sales = alias.get(&format!("{path}&size=10"))["recent_sales"].clone();
    let sales = sales.as_array().unwrap();
    assert_eq!(sales.len(), 10);
    assert!(sales.is_sorted_by_key(|s| std::cmp::Reverse(s["purchased_at"].as_str().unwrap())));
    assert_eq!(
        alias.refused("GET", &format!("{path}&size=10&limit=11")),
        (400, 3)
    );
    // Numbers stand for the members of an enumeration; zero does not.
    let named = format!("{path}&size=10&product_condition=1&packaging_condition=1&limit=200");
    assert_eq!(
        alias.get(&named)["recent_sales"].as_array().unwrap().len(),
        200
    );
    assert_eq!(
        alias.refused("GET", &format!("{path}&size=10&product_condition=0")),
        (400, 3)
    );
    let own = alias.get(&format!("{path}&size=10&consigned=false"));
    assert!(
        own["recent_sales"]
            .as_array()
            .unwrap()
            .iter()
            .all(|sale| sale["consigned"] == false)
    );
}
