//! What apps and the control API change, and who is told.

use super::*;

const SET: &str = "mutation($input: InventorySetQuantitiesInput!, $key: String!) {
    inventorySetQuantities(input: $input) @idempotent(key: $key) {
      inventoryAdjustmentGroup { reason changes { name delta quantityAfterChange item { id } } }
      userErrors { code field message } } }";

fn level(bench: &mut Bench, token: &str) -> (Value, Value, i64) {
    let query = "{ inventoryItems(first: 1) { nodes { id inventoryLevels(first: 1) { nodes {
        location { id } quantities(names: [\"available\"]) { quantity } } } } } }";
    let body = bench.graphql(token, query, Value::Null);
    let item = &body["data"]["inventoryItems"]["nodes"][0];
    let level = &item["inventoryLevels"]["nodes"][0];
    let quantity = level["quantities"][0]["quantity"].as_i64().unwrap();
    (
        item["id"].clone(),
        level["location"]["id"].clone(),
        quantity,
    )
}

#[test]
fn quantities_are_set_once_for_a_key_and_only_from_what_they_were() {
    let mut bench = Bench::new();
    let token = bench.connect("write_inventory,read_locations");
    let (item, location, before) = level(&mut bench, &token);
    let input = |from: Value| {
        json!({ "name": "available", "reason": "correction", "quantities": [{
            "inventoryItemId": item, "locationId": location, "quantity": 99,
            "changeFromQuantity": from }] })
    };
    let set = |bench: &mut Bench, input: Value, key: &str| {
        let body = bench.graphql(&token, SET, json!({ "input": input, "key": key }));
        body["data"]["inventorySetQuantities"].clone()
    };
    let stale = set(&mut bench, input(json!(before + 1)), "k1");
    assert_eq!(stale["userErrors"][0]["code"], "CHANGE_FROM_QUANTITY_STALE");
    let done = set(&mut bench, input(json!(before)), "k2");
    let change = &done["inventoryAdjustmentGroup"]["changes"][0];
    assert_eq!(change["delta"], 99 - before);
    assert_eq!(level(&mut bench, &token).2, 99);
    // The same key again: the same answer, though the quantity is another by now.
    assert_eq!(set(&mut bench, input(json!(before)), "k2"), done);
    let other = set(&mut bench, input(Value::Null), "k2");
    assert_eq!(
        other["userErrors"][0]["code"],
        "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    );
    let mut missing = input(Value::Null);
    missing["quantities"][0]
        .as_object_mut()
        .unwrap()
        .remove("changeFromQuantity");
    let missing = set(&mut bench, missing, "k3");
    assert_eq!(
        missing["userErrors"][0]["code"],
        "COMPARE_QUANTITY_REQUIRED"
    );
    let bare = "mutation($input: InventorySetQuantitiesInput!) {
        inventorySetQuantities(input: $input) { userErrors { message } } }";
    let body = bench.graphql(&token, bare, json!({ "input": input(Value::Null) }));
    assert!(
        body["errors"][0]["message"]
            .as_str()
            .unwrap()
            .contains("@idempotent")
    );
}

#[test]
fn subscribers_are_told_with_a_signature_over_the_bytes() {
    let mut bench = Bench::new();
    let token = bench.connect("write_products");
    let create = "mutation { webhookSubscriptionCreate(topic: PRODUCTS_UPDATE,
        webhookSubscription: { uri: \"http://127.0.0.1:9/hook\" }) {
          webhookSubscription { id topic } userErrors { message } } }";
    let body = bench.graphql(&token, create, Value::Null);
    let made = &body["data"]["webhookSubscriptionCreate"];
    assert_eq!(made["webhookSubscription"]["topic"], "PRODUCTS_UPDATE");
    let again = bench.graphql(&token, create, Value::Null);
    let errors = &again["data"]["webhookSubscriptionCreate"]["userErrors"];
    assert_eq!(
        errors[0]["message"],
        "Address for this topic has already been taken"
    );
    bench.control("product/update", &json!({ "title": "Søn & Co" }));
    let sent = bench.world.outbox.pop().unwrap();
    let header = |name: &str| {
        sent.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .unwrap()
    };
    assert_eq!(header("x-shopify-topic"), "products/update");
    assert_eq!(header("x-shopify-shop-domain"), DEMO);
    let signature = oauth::webhook_signature(oauth::CLIENT_SECRET, &sent.body);
    assert_eq!(header("x-shopify-hmac-sha256"), signature);
    let told: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(told["title"], "Søn & Co");
    let delete = "mutation($id: ID!) { webhookSubscriptionDelete(id: $id) {
        deletedWebhookSubscriptionId userErrors { message } } }";
    bench.graphql(
        &token,
        delete,
        json!({ "id": made["webhookSubscription"]["id"] }),
    );
    bench.control("product/update", &json!({ "title": "Quiet" }));
    assert!(bench.world.outbox.is_empty());
}

#[test]
fn compliance_topics_are_sent_by_hand() {
    let mut bench = Bench::new();
    for topic in ["customers/data_request", "customers/redact", "shop/redact"] {
        let body = json!({ "topic": topic, "address": "http://127.0.0.1:9/privacy" });
        assert_eq!(bench.control("webhook/send", &body)["webhooks"], 1);
        let sent = bench.world.outbox.pop().unwrap();
        assert!(
            sent.headers
                .contains(&("x-shopify-topic".to_owned(), topic.to_owned()))
        );
        let told: Value = serde_json::from_slice(&sent.body).unwrap();
        assert_eq!(told["shop_domain"], DEMO);
    }
}

#[test]
fn a_set_product_has_what_was_set_and_nothing_else() {
    let mut bench = Bench::new();
    let token = bench.connect("write_products,read_inventory,read_locations");
    let set = "mutation($id: ProductSetIdentifiers, $input: ProductSetInput!) {
        productSet(identifier: $id, input: $input) {
          product { id title variants(first: 9) { nodes { id title price } } }
          userErrors { code field message } } }";
    let variant = |size: &str, price: &str| json!({ "optionValues": [{ "optionName": "Size", "name": size }], "price": price });
    let options = json!([{ "name": "Size", "values": [{ "name": "S" }, { "name": "M" }] }]);
    let input = json!({ "title": "Cap", "productOptions": options,
        "variants": [variant("S", "10"), variant("M", "12.5")] });
    let body = bench.graphql(&token, set, json!({ "input": input }));
    let made = body["data"]["productSet"]["product"].clone();
    let prices: Vec<&Value> = made["variants"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|v| &v["price"])
        .collect();
    assert_eq!(prices, ["10.00", "12.50"]);
    let input = json!({ "productOptions": options, "variants": [variant("M", "13")] });
    let body = bench.graphql(
        &token,
        set,
        json!({ "id": { "id": made["id"] }, "input": input }),
    );
    let left = body["data"]["productSet"]["product"]["variants"]["nodes"].clone();
    assert_eq!(left.as_array().unwrap().len(), 1);
    assert_eq!(left[0]["id"], made["variants"]["nodes"][1]["id"]);
    let unknown = json!({ "id": { "id": "gid://shopify/Product/1" }, "input": {} });
    let body = bench.graphql(&token, set, unknown);
    let errors = &body["data"]["productSet"]["userErrors"];
    assert_eq!(errors[0]["code"], "PRODUCT_DOES_NOT_EXIST");
}

#[test]
fn control_verbs_refuse_what_they_do_not_know() {
    let mut bench = Bench::new();
    for (verb, body) in [
        ("no/verb", json!({})),
        ("product/update", json!({ "id": 1 })),
        ("inventory/set", json!({})),
        ("settings/set", json!({ "colour": "red" })),
        ("order/update", json!({ "shop": "no-such.myshopify.com" })),
        ("webhook/send", json!({ "topic": "products/update" })),
    ] {
        let refused = bench.shopify.control(verb, &body, &mut bench.world);
        assert!(refused.is_err(), "{verb}");
    }
    let before = bench.shopify.census();
    bench.control("order/create", &json!({ "note": "by hand" }));
    bench.control("product/create", &json!({ "title": "New" }));
    let after = bench.shopify.census();
    assert_eq!(after[0].1, before[0].1 + 1);
    assert_eq!(after[2].1, before[2].1 + 1);
}
