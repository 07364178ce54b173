//! Items, offers, locations.

use serde_json::{Value, json};

use super::{Ebay, encoded};

const ROOT: &str = "api.ebay.com/sell/inventory/v1";
const BRITISH: (&str, &str) = ("content-language", "en-GB");

fn item(quantity: u64) -> Value {
    json!({
        "product": {"title": "Made up", "description": "…", "aspects": {"Colour": ["Blue"]}},
        "condition": "NEW",
        "availability": {"shipToLocationAvailability": {"quantity": quantity}},
    })
}

fn offer(sku: &str) -> Value {
    json!({
        "sku": sku,
        "marketplaceId": "EBAY_GB",
        "format": "FIXED_PRICE",
        "availableQuantity": 2,
        "categoryId": "30000",
        "merchantLocationKey": "london-1",
        "pricingSummary": {"price": {"value": "9.99", "currency": "GBP"}},
        "listingPolicies": {"fulfillmentPolicyId": "1", "paymentPolicyId": "2", "returnPolicyId": "3"},
    })
}

#[test]
fn offsets_of_items_count_pages_and_lead_to_all() {
    let mut ebay = Ebay::new();
    let (items, pages) = ebay.pages(&format!("{ROOT}/inventory_item?limit=25"), "inventoryItems");
    assert_eq!((items.len(), pages), (ebay.count("inventory_items"), 3));
    let second = ebay.get(&format!("{ROOT}/inventory_item?limit=25&offset=1"));
    assert_eq!(second["inventoryItems"][0], items[25]);
    assert_eq!((&second["size"], &second["total"]), (&json!(3), &json!(60)));
    for wrong in ["limit=0", "limit=201", "limit=x", "offset=-1"] {
        let refused = ebay.call("GET", &format!("{ROOT}/inventory_item?{wrong}"), &[], None);
        assert_eq!(refused.error(), (400, 25706), "{wrong}");
    }
    let (mut offers, mut without, mut levels) = (0, 0, 0);
    for item in &items {
        let sku = encoded(item["sku"].as_str().unwrap());
        let found = ebay.call("GET", &format!("{ROOT}/offer?sku={sku}"), &[], None);
        if found.status == 200 {
            offers += found.body["offers"].as_array().unwrap().len();
        } else {
            assert_eq!(found.error(), (404, 25713));
            without += 1;
        }
        let stock = &item["availability"]["shipToLocationAvailability"];
        levels += match stock["availabilityDistributions"].as_array() {
            Some(spread) => spread.len(),
            None => usize::from(stock["quantity"].is_u64()),
        };
    }
    assert_eq!(offers, ebay.count("listings"));
    assert_eq!(levels, ebay.count("inventory_levels"));
    assert!(without > 0);
}

#[test]
fn paths_carry_any_sku() {
    let mut ebay = Ebay::new();
    let found = ebay.get(&format!("{ROOT}/inventory_item/SBX%200005%2FB"));
    assert_eq!(found["sku"], "SBX 0005/B");
}

#[test]
fn languages_are_checked() {
    let mut ebay = Ebay::new();
    let items = format!("{ROOT}/inventory_item");
    for wrong in ["*", "en"] {
        let refused = ebay.call("GET", &items, &[("accept-language", wrong)], None);
        assert_eq!(refused.error(), (400, 25709), "{wrong}");
    }
    let fine = ebay.call("GET", &items, &[("accept-language", "de-DE")], None);
    assert_eq!(fine.status, 200);
    let put = ebay.call("PUT", &format!("{items}/X-1"), &[], Some(&item(1)));
    assert_eq!(put.error(), (400, 25709));
}

#[test]
fn an_item_is_replaced_whole() {
    let mut ebay = Ebay::new();
    let path = format!("{ROOT}/inventory_item/X-1");
    assert_eq!(
        ebay.call("PUT", &path, &[BRITISH], Some(&item(3))).status,
        201
    );
    let less = json!({"product": {"title": "Less", "description": "…"}});
    assert_eq!(ebay.call("PUT", &path, &[BRITISH], Some(&less)).status, 204);
    let known = ebay.get(&path);
    assert_eq!(known["locale"], "en_GB");
    assert!(known.get("availability").is_none() && known.get("condition").is_none());
    let long = format!("{ROOT}/inventory_item/{}", "x".repeat(51));
    assert_eq!(
        ebay.call("PUT", &long, &[BRITISH], Some(&less)).error(),
        (400, 25707)
    );
    assert_eq!(ebay.call("DELETE", &path, &[], None).status, 204);
    assert_eq!(ebay.call("GET", &path, &[], None).error(), (404, 25710));
}

#[test]
fn an_offer_is_listed_withdrawn_and_listed_anew() {
    let mut ebay = Ebay::new();
    ebay.call(
        "PUT",
        &format!("{ROOT}/inventory_item/X-1"),
        &[BRITISH],
        Some(&item(3)),
    );
    let path = format!("{ROOT}/offer");
    let made = ebay.call("POST", &path, &[BRITISH], Some(&offer("X-1")));
    assert_eq!(made.status, 201, "{}", made.text);
    let id = made.body["offerId"].as_str().unwrap().to_owned();
    let twice = ebay.call("POST", &path, &[BRITISH], Some(&offer("X-1")));
    assert_eq!(twice.error(), (400, 25002));
    assert_eq!(twice.body["errors"][0]["parameters"][0]["value"], id);
    assert_eq!(
        ebay.call("POST", &path, &[BRITISH], Some(&offer("nothing")))
            .error(),
        (400, 25702)
    );

    let publish = format!("{path}/{id}/publish");
    let first = ebay.call("POST", &publish, &[], None).body;
    let again = ebay.call("POST", &publish, &[], None).body;
    assert_eq!(again["listingId"], first["listingId"]);
    assert_eq!(again["warnings"][0]["errorId"], 25402);
    let known = ebay.get(&format!("{path}/{id}"));
    assert_eq!(
        (&known["status"], &known["listing"]["listingStatus"]),
        (&json!("PUBLISHED"), &json!("ACTIVE"))
    );
    ebay.control("item/quantity", &json!({"sku": "X-1", "quantity": 0}));
    let known = ebay.get(&format!("{path}/{id}"));
    assert_eq!(known["listing"]["listingStatus"], "OUT_OF_STOCK");
    let withdrawn = ebay
        .call("POST", &format!("{path}/{id}/withdraw"), &[], None)
        .body;
    assert_eq!(withdrawn["listingId"], first["listingId"]);
    let anew = ebay.call("POST", &publish, &[], None).body;
    assert_ne!(anew["listingId"], first["listingId"]);
}

#[test]
fn nothing_without_a_length_passes_the_edge() {
    let mut ebay = Ebay::new();
    let request = http::Request::post(format!("https://{ROOT}/offer/1/publish"))
        .header("authorization", format!("Bearer {}", ebay.user))
        .body(bytes::Bytes::new());
    assert_eq!(ebay.send(request.unwrap()).status, 411);
}

#[test]
fn prices_and_quantities_change_in_bulk() {
    let mut ebay = Ebay::new();
    ebay.call(
        "PUT",
        &format!("{ROOT}/inventory_item/X-1"),
        &[BRITISH],
        Some(&item(3)),
    );
    let made = ebay.call(
        "POST",
        &format!("{ROOT}/offer"),
        &[BRITISH],
        Some(&offer("X-1")),
    );
    let id = made.body["offerId"].as_str().unwrap().to_owned();
    let bulk = format!("{ROOT}/bulk_update_price_quantity");
    let change = |offer: &str| {
        json!({"requests": [{
            "sku": "X-1",
            "shipToLocationAvailability": {"quantity": 9},
            "offers": [{"offerId": offer, "availableQuantity": 4, "price": {"value": "8.5", "currency": "GBP"}}],
        }]})
    };
    let done = ebay.call("POST", &bulk, &[], Some(&change(&id)));
    assert_eq!(
        (done.status, &done.body["responses"][0]["statusCode"]),
        (200, &json!(200))
    );
    let known = ebay.get(&format!("{ROOT}/offer/{id}"));
    assert_eq!(known["pricingSummary"]["price"]["value"], "8.5");
    let stock = ebay.get(&format!("{ROOT}/inventory_item/X-1"));
    assert_eq!(
        stock["availability"]["shipToLocationAvailability"]["quantity"],
        9
    );
    let partly = ebay.call("POST", &bulk, &[], Some(&change("1")));
    assert_eq!(partly.status, 207);
    assert_eq!(partly.body["responses"][0]["errors"][0]["errorId"], 25713);
}

#[test]
fn locations_are_made_once() {
    let mut ebay = Ebay::new();
    let path = format!("{ROOT}/location/north");
    let body =
        json!({"location": {"address": {"country": "GB", "postalCode": "M1"}}, "name": "North"});
    assert_eq!(ebay.call("POST", &path, &[], Some(&body)).status, 204);
    assert_eq!(
        ebay.call("POST", &path, &[], Some(&body)).error(),
        (400, 25803)
    );
    assert_eq!(ebay.get(&path)["merchantLocationStatus"], "ENABLED");
    assert_eq!(ebay.get(&format!("{ROOT}/location"))["total"], 3);
}
