//! Listings, the catalogue, stock.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{Amazon, SELLER, US, texts};

const ITEMS: &str = "/listings/2021-08-01/items/A0SANDBOXSELLER";
const STOCK: &str = "/fba/inventory/v1/summaries?granularityType=Marketplace&granularityId=ATVPDKIKX0DER&marketplaceIds=ATVPDKIKX0DER";

fn all(amazon: &mut Amazon, marketplace: &str) -> Vec<Value> {
    let path = format!(
        "{ITEMS}?marketplaceIds={marketplace}&pageSize=20&sortBy=lastUpdatedDate&sortOrder=ASC"
    );
    amazon
        .pages(&path, "/items", "/pagination/nextToken", "pageToken")
        .concat()
}

#[test]
fn a_full_read_of_every_marketplace_finds_every_listing_once() {
    let mut amazon = Amazon::new().unlimited();
    let mut count = 0;
    for marketplace in [US, "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8"] {
        let items = all(&mut amazon, marketplace);
        assert!(texts(&items, "/summaries/0/lastUpdatedDate").is_sorted());
        let skus: BTreeSet<&str> = texts(&items, "/sku").into_iter().collect();
        assert_eq!(skus.len(), items.len());
        assert!(
            items
                .iter()
                .all(|item| item["summaries"].as_array().unwrap().len() == 1)
        );
        count += items.len();
    }
    assert_eq!(count, amazon.count("listings"));
}

#[test]
fn pages_go_on_and_back_and_keep_to_their_search() {
    let mut amazon = Amazon::new().unlimited();
    let path = format!("{ITEMS}?marketplaceIds={US}");
    let first = amazon.get(&path);
    assert_eq!(first["items"].as_array().unwrap().len(), 10);
    assert!(first["numberOfResults"].as_u64().unwrap() > 20);
    let next = first["pagination"]["nextToken"].as_str().unwrap();
    let second = amazon.get(&format!("{path}&pageToken={next}"));
    let previous = second["pagination"]["previousToken"].as_str().unwrap();
    let back = amazon.get(&format!("{path}&pageToken={previous}"));
    assert_eq!(back["items"], first["items"]);
    let other = format!("{path}&sortOrder=ASC&pageToken={next}");
    let answer = amazon.send("GET", &other, None);
    let message = answer.body["errors"][0]["message"].as_str().unwrap();
    assert_eq!(
        message,
        "Search parameters do not match the provided 'pageToken'"
    );
}

#[test]
fn searches_filter() {
    let mut amazon = Amazon::new().unlimited();
    let items = all(&mut amazon, US);
    let at = items[5]["summaries"][0]["lastUpdatedDate"]
        .as_str()
        .unwrap();
    let path = format!("{ITEMS}?marketplaceIds={US}&sortOrder=ASC&pageSize=20");
    let found = amazon.get(&format!("{path}&lastUpdatedAfter={at}"));
    assert_eq!(found["items"][0]["sku"], items[5]["sku"]);
    assert_eq!(found["numberOfResults"], items.len() - 5);
    let found = amazon.get(&format!("{path}&lastUpdatedBefore={at}"));
    assert_eq!(found["numberOfResults"], 6);
    let broken = amazon.get(&format!(
        "{path}&withIssueSeverity=ERROR&includedData=issues,summaries"
    ));
    assert!(broken["numberOfResults"].as_u64().unwrap() > 0);
    assert_eq!(broken["items"][0]["issues"][0]["severity"], "ERROR");
    let sku = found["items"][0]["sku"].as_str().unwrap();
    let found = amazon.get(&format!("{path}&identifiersType=SKU&identifiers={sku}"));
    assert_eq!(found["numberOfResults"], 1);
    for query in [
        "identifiers=A",
        "identifiersType=SKU",
        "sortBy=price",
        "withStatus=SOLD",
    ] {
        let answer = amazon.send("GET", &format!("{path}&{query}"), None);
        assert_eq!(answer.status, 400, "{query}");
    }
    let other = format!("/listings/2021-08-01/items/A0OTHERSELLER1?marketplaceIds={US}");
    assert_eq!(
        amazon.send("GET", &other, None).refusal(),
        (403, "Unauthorized", "")
    );
}

#[test]
fn a_listing_is_read_with_the_data_sets_that_are_asked_for() {
    let mut amazon = Amazon::new();
    let path = format!("{ITEMS}/LM%2F12%20A%2B-FBA?marketplaceIds={US}");
    let item = amazon.get(&path);
    assert_eq!(item["sku"], "LM/12 A+-FBA");
    assert_eq!(item.as_object().unwrap().len(), 2);
    let item = amazon.get(&format!(
        "{path}&includedData=offers,fulfillmentAvailability"
    ));
    assert!(item.get("summaries").is_none());
    assert_eq!(item["offers"][0]["price"]["currencyCode"], "USD");
    assert_eq!(
        item["fulfillmentAvailability"][0]["fulfillmentChannelCode"],
        "AMAZON_NA"
    );
    let answer = amazon.send("GET", &format!("{ITEMS}/none?marketplaceIds={US}"), None);
    assert_eq!(answer.refusal().0, 404);
}

#[test]
fn an_accepted_submission_goes_live_later() {
    let mut amazon = Amazon::new();
    let path = format!("{ITEMS}/NEW-1?marketplaceIds={US}");
    let body = json!({
        "productType": "LAMP",
        "requirements": "LISTING",
        "attributes": {
            "item_name": [{"value": "New lamp", "marketplace_id": US}],
            "purchasable_offer": [{"currency": "USD", "our_price": [{"schedule": [{"value_with_tax": 12.5}]}], "marketplace_id": US}],
            "fulfillment_availability": [{"fulfillment_channel_code": "DEFAULT", "quantity": 3}],
        },
    });
    let preview = amazon.send(
        "PUT",
        &format!("{path}&mode=VALIDATION_PREVIEW"),
        Some(&body),
    );
    assert_eq!(preview.body["status"], "VALID");
    let answer = amazon.send("PUT", &path, Some(&body));
    assert_eq!(
        (answer.status, &answer.body["status"]),
        (200, &json!("ACCEPTED"))
    );
    amazon.advance(59);
    assert_eq!(amazon.send("GET", &path, None).status, 404);
    amazon.advance(1);
    let full = format!("{path}&includedData=summaries,offers,fulfillmentAvailability");
    let item = amazon.get(&full);
    assert_eq!(item["summaries"][0]["itemName"], "New lamp");
    assert_eq!(item["offers"][0]["price"]["amount"], "12.5");
    assert_eq!(item["fulfillmentAvailability"][0]["quantity"], 3);

    let patch = json!({"productType": "PRODUCT", "patches": [{
        "op": "replace",
        "path": "/attributes/fulfillment_availability",
        "value": [{"fulfillment_channel_code": "DEFAULT", "quantity": 10}],
    }]});
    assert_eq!(
        amazon.send("PATCH", &path, Some(&patch)).body["status"],
        "ACCEPTED"
    );
    amazon.advance(60);
    assert_eq!(
        amazon.get(&full)["fulfillmentAvailability"][0]["quantity"],
        10
    );
    assert_eq!(
        amazon.send("DELETE", &path, None).body["status"],
        "ACCEPTED"
    );
    amazon.advance(60);
    assert_eq!(amazon.send("GET", &path, None).status, 404);
}

#[test]
fn a_wrong_submission_is_answered_with_200_and_invalid() {
    let mut amazon = Amazon::new();
    let path = format!("{ITEMS}/NEW-2?marketplaceIds={US}");
    let body = json!({"productType": "LAMP", "attributes": {"item_name": [{"value": "x"}]}});
    let answer = amazon.send("PUT", &path, Some(&body));
    assert_eq!(
        (answer.status, &answer.body["status"]),
        (200, &json!("INVALID"))
    );
    assert_eq!(
        answer.body["issues"][0]["attributeNames"][0],
        "purchasable_offer"
    );
    amazon.advance(60);
    assert_eq!(amazon.send("GET", &path, None).status, 404);
    for body in [
        json!({"attributes": {}}),
        json!({"productType": "LAMP"}),
        json!([]),
    ] {
        assert_eq!(amazon.send("PUT", &path, Some(&body)).status, 400, "{body}");
    }
    assert_eq!(amazon.send("PUT", &path, None).status, 415);
}

#[test]
fn stock_is_read_in_pages_whose_tokens_die_soon() {
    let mut amazon = Amazon::new().unlimited();
    let first = amazon.get(&format!("{STOCK}&details=true"));
    let list = first["payload"]["inventorySummaries"].as_array().unwrap();
    assert_eq!(list.len(), 50);
    assert!(list[0]["inventoryDetails"]["fulfillableQuantity"].is_u64());
    let token = first["pagination"]["nextToken"].as_str().unwrap();
    amazon.advance(29);
    let second = amazon.get(&format!("{STOCK}&details=true&nextToken={token}"));
    assert!(second.get("pagination").is_none());
    amazon.advance(1);
    let late = format!("{STOCK}&details=true&nextToken={token}");
    assert_eq!(amazon.send("GET", &late, None).status, 400);
    // As Amazon's own client for Python writes it.
    let python = amazon.get(&format!("{STOCK}&details=True"));
    assert_eq!(python["payload"], first["payload"]);
    let bare = amazon.get(STOCK);
    assert!(
        bare["payload"]["inventorySummaries"][0]
            .get("inventoryDetails")
            .is_none()
    );

    let mut count = 0;
    for id in [US, "A2EUQ1WTGCTBG2", "A1AM78C64UM0Y8"] {
        let path = STOCK.replace(US, id);
        let list = "/payload/inventorySummaries";
        count += amazon
            .pages(&path, list, "/pagination/nextToken", "nextToken")
            .concat()
            .len();
    }
    assert_eq!(count, amazon.count("inventory_levels"));
}

#[test]
fn stock_that_changed_since_is_found() {
    let mut amazon = Amazon::new().unlimited();
    let first = amazon.get(STOCK)["payload"]["inventorySummaries"][0].clone();
    let since = amazon.now.to_rfc3339().replace("+00:00", "Z");
    amazon.advance(60);
    let changed = format!("{STOCK}&startDateTime={since}");
    let none = amazon.get(&changed);
    assert_eq!(none["payload"]["inventorySummaries"], json!([]));
    amazon.control(
        "stock/set",
        &json!({
            "marketplace": US,
            "sku": first["sellerSku"],
            "condition": first["condition"],
            "quantity": 77,
        }),
    );
    let one = amazon.get(&format!("{changed}&details=true"));
    let list = one["payload"]["inventorySummaries"].as_array().unwrap();
    assert_eq!(list.len(), 1);
    assert_eq!(list[0]["inventoryDetails"]["fulfillableQuantity"], 77);
    for path in [
        "/fba/inventory/v1/summaries?granularityType=Marketplace".to_owned(),
        STOCK.replace("granularityType=Marketplace", "granularityType=Country"),
        STOCK.replace(
            &format!("marketplaceIds={US}"),
            "marketplaceIds=A2EUQ1WTGCTBG2",
        ),
        format!("{STOCK}&startDateTime=2025-01-01T00:00:00Z"),
    ] {
        assert_eq!(amazon.send("GET", &path, None).status, 400, "{path}");
    }
}

#[test]
fn the_catalogue_is_read_by_asin_sku_and_words() {
    let mut amazon = Amazon::new().unlimited();
    let item = all(&mut amazon, US)[0].clone();
    let asin = item["summaries"][0]["asin"].as_str().unwrap();
    let sku = item["sku"].as_str().unwrap();
    let path = format!("/catalog/2022-04-01/items/{asin}?marketplaceIds={US}");
    let found = amazon.get(&format!("{path}&includedData=summaries,identifiers"));
    assert_eq!(found["summaries"][0]["marketplaceId"], US);
    let search = format!("/catalog/2022-04-01/items?marketplaceIds={US}");
    for query in [
        format!("identifiersType=ASIN&identifiers={asin}"),
        format!("identifiersType=SKU&identifiers={sku}&sellerId={SELLER}"),
    ] {
        let found = amazon.get(&format!("{search}&{query}"));
        assert_eq!(found["items"][0]["asin"], asin, "{query}");
    }
    let path = format!("{search}&keywords=No.&pageSize=20");
    let found = amazon.pages(&path, "/items", "/pagination/nextToken", "pageToken");
    assert_eq!(found.concat().len(), 60);
    for query in [
        "",
        "&identifiers=A",
        "&identifiers=A&keywords=b&identifiersType=ASIN",
    ] {
        assert_eq!(
            amazon.send("GET", &format!("{search}{query}"), None).status,
            400
        );
    }
    let missing = format!("/catalog/2022-04-01/items/B000000000?marketplaceIds={US}");
    assert_eq!(amazon.send("GET", &missing, None).refusal().0, 404);
}
