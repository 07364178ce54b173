//! Listings: their life, and the search for them.

use serde_json::{Value, json};

use crate::{Alias, ids};

fn new_listing(item: &Value) -> String {
    format!(
        "/listings?catalog_id={}&price_cents=12300&condition=CONDITION_NEW\
         &packaging_condition=PACKAGING_CONDITION_GOOD_CONDITION&size={}&size_unit=SIZE_UNIT_US",
        item["catalog_id"].as_str().unwrap(),
        item["allowed_sizes"][0]["value"],
    )
}

#[test]
fn a_listing_lives_from_pending_to_deleted() {
    let mut alias = Alias::new();
    let path = new_listing(&alias.item());
    let created =
        alias.write("POST", &format!("{path}&metadata%5Btag%5D=a%20b"))["listing"].clone();
    assert_eq!(created["status"], "LISTING_STATUS_PENDING");
    assert_eq!(created["price_cents"], "12300");
    assert_eq!(
        (&created["activated_at"], &created["metadata"]),
        (&Value::Null, &json!({"tag": "a b"}))
    );
    let one = format!("/listings/{}", created["id"].as_str().unwrap());
    let status = |body: &Value| body["listing"]["status"].as_str().unwrap().to_owned();
    assert_eq!(
        status(&alias.write("POST", &format!("{one}/activate"))),
        "LISTING_STATUS_ACTIVE"
    );
    assert_eq!(
        status(&alias.write("POST", &format!("{one}/deactivate"))),
        "LISTING_STATUS_INACTIVE"
    );
    alias.advance(60);
    let updated = alias.write("POST", &format!("{one}?price_cents=12400"))["listing"].clone();
    assert_eq!(updated["price_cents"], "12400");
    assert_ne!(updated["updated_at"], created["updated_at"]);
    assert_eq!(updated["size"], created["size"]);
    alias.write("POST", &format!("{one}/metadata?metadata%5Bother%5D=c"));
    let kept = alias.write("POST", &format!("{one}/metadata_delete?keys=tag&keys=none"));
    assert_eq!(kept["listing"]["metadata"], json!({"other": "c"}));
    let before = alias.count("listings");
    assert_eq!(alias.write("DELETE", &one), json!({"id": created["id"]}));
    assert_eq!(status(&alias.get(&one)), "LISTING_STATUS_DELETED");
    assert_eq!(alias.count("listings"), before - 1);
    assert_eq!(alias.refused("POST", &format!("{one}/activate")), (400, 9));
}

#[test]
fn offers_are_held_to_the_items_limits() {
    let mut alias = Alias::new();
    let good = new_listing(&alias.item());
    for (from, to) in [
        ("12300", "12350"),
        ("12300", "100"),
        ("12300", "99999900"),
        ("12300", "x"),
        ("CONDITION_NEW&", "CONDITION_MINT&"),
        ("SIZE_UNIT_US", "SIZE_UNIT_EU"),
        ("&size=", "&size=99"),
        ("&price_cents=12300", ""),
    ] {
        let wrong = good.replacen(from, to, 1);
        assert_ne!(wrong, good);
        assert_eq!(alias.refused("POST", &wrong), (400, 3), "{wrong}");
    }
    let unknown = good.replacen("catalog_id=", "catalog_id=un", 1);
    assert_eq!(alias.refused("POST", &unknown), (404, 5));
}

#[test]
fn an_item_that_needs_pictures_stays_inactive_without_them() {
    let mut alias = Alias::new();
    let items = alias.pages(
        "/catalog?query=sneakers",
        "catalog_items",
        "/next_pagination_token",
    );
    let needs =
        |item: &&Value| item["requires_listing_pictures"] == true && item["resellable"] == true;
    let items = items.concat();
    let item = items.iter().find(needs).unwrap();
    let path = format!("{}&activate=true", new_listing(item));
    let listing = alias.write("POST", &path)["listing"].clone();
    assert_eq!(listing["status"], "LISTING_STATUS_INACTIVE");
    let id = listing["id"].as_str().unwrap();
    let picture = |kind: &str| format!("/pictures?listing_id={id}&type={kind}&base64_data=aGk=");
    let kinds = item["requested_pictures"].as_array().unwrap();
    let mut last = String::new();
    for kind in kinds.iter().map(|kind| kind["type"].as_str().unwrap()) {
        if kind != "PICTURE_TYPE_EXTRA" {
            let created = alias.write("POST", &picture(kind));
            created["picture"]["id"]
                .as_str()
                .unwrap()
                .clone_into(&mut last);
        }
    }
    let activated = alias.write("POST", &format!("/listings/{id}/activate"));
    assert_eq!(activated["listing"]["status"], "LISTING_STATUS_ACTIVE");
    alias.write("POST", &format!("/listings/{id}/deactivate"));
    alias.write("DELETE", &format!("/pictures/{last}"));
    let failed = alias.write("POST", &format!("/listings/{id}/activate"));
    assert_eq!(failed["listing"]["status"], "LISTING_STATUS_INACTIVE");
    // The failed activation took the other pictures along.
    assert_eq!(
        alias.refused("DELETE", &format!("/pictures/{last}")),
        (404, 5)
    );
    assert_eq!(
        alias.refused("POST", &picture("PICTURE_TYPE_EXTRA")),
        (400, 3)
    );
    assert_eq!(
        alias.refused("POST", &format!("{}&url=http://a", picture("1"))),
        (400, 3)
    );
}

#[test]
fn the_search_has_its_own_dialect_of_paging() {
    let mut alias = Alias::new();
    let first = alias.get("/listings");
    assert_eq!(first["listings"].as_array().unwrap().len(), 25);
    assert_eq!(first["pagination"]["has_more"], true);
    assert_eq!(
        first["pagination"]["total_count"],
        alias.count("listings").to_string()
    );
    assert_eq!(
        alias.get("/listings?page_size=50")["listings"]
            .as_array()
            .unwrap()
            .len(),
        50
    );
    assert_eq!(alias.refused("GET", "/listings?page_size=51"), (400, 3));
    assert_eq!(
        alias.refused("GET", "/listings?pagination_token=x"),
        (400, 3)
    );
    let orders = alias.get("/orders")["pagination"]["next_page_token"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        alias.refused("GET", &format!("/listings?pagination_token={orders}")),
        (400, 3)
    );
}

#[test]
fn pages_survive_inserts_and_deletes_between_them() {
    let mut alias = Alias::new();
    let before = alias
        .pages(
            "/listings?page_size=50",
            "listings",
            "/pagination/pagination_token",
        )
        .concat();
    let first = alias.get("/listings?page_size=30");
    alias.advance(1);
    let new = new_listing(&alias.item());
    alias.write("POST", &new);
    let gone = first["listings"][3]["id"].as_str().unwrap().to_owned();
    alias.write("DELETE", &format!("/listings/{gone}"));
    let token = first["pagination"]["pagination_token"].as_str().unwrap();
    let second = alias.get(&format!("/listings?page_size=50&pagination_token={token}"));
    assert_eq!(
        ids(second["listings"].as_array().unwrap()),
        ids(&before)[30..80]
    );
}

#[test]
fn filters_and_orders_hold_for_every_listing() {
    let mut alias = Alias::new();
    let found = |alias: &mut Alias, query: &str| {
        let path = format!("/listings?page_size=50&{query}");
        alias
            .pages(&path, "listings", "/pagination/pagination_token")
            .concat()
    };
    let price = |listing: &Value| {
        listing["price_cents"]
            .as_str()
            .unwrap()
            .parse::<u64>()
            .unwrap()
    };
    let active = found(&mut alias, "facet_filters=status%3Aactive");
    assert!(
        !active.is_empty()
            && active
                .iter()
                .all(|l| l["status"] == "LISTING_STATUS_ACTIVE")
    );
    let cheap = found(
        &mut alias,
        "numeric_filters=price_cents%3C%3D20000&facet_filters=consigned:false",
    );
    assert!(!cheap.is_empty() && cheap.iter().all(|listing| price(listing) <= 20_000));
    let tag = active[0]["metadata"]["ext_tag"]
        .as_str()
        .unwrap()
        .to_owned();
    let tagged = found(&mut alias, &format!("facet_filters=metadata:ext_tag={tag}"));
    assert!(
        tagged
            .iter()
            .all(|listing| listing["metadata"]["ext_tag"] == tag.as_str())
    );
    assert!(ids(&tagged).contains(&ids(&active)[0]));
    let sorted = found(
        &mut alias,
        "order.sort_by=SEARCH_LISTING_REQUEST_ORDER_SORT_BY_PRICE\
         &order.order_by=SEARCH_LISTING_REQUEST_ORDER_ORDER_BY_ASC",
    );
    assert_eq!(sorted.len(), alias.count("listings"));
    assert!(sorted.is_sorted_by_key(price));
    let sku = active[0]["sku"].as_str().unwrap();
    let by_sku = found(
        &mut alias,
        &format!("search_term={}", sku.replace(' ', "+")),
    );
    assert!(!by_sku.is_empty() && by_sku.iter().all(|listing| listing["sku"] == sku));
    assert_eq!(
        alias.refused("GET", "/listings?facet_filters=brand:x"),
        (400, 3)
    );
}
