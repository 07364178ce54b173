//! Documents: what is answered, what is refused, what it costs, what a scope opens.

use std::collections::BTreeSet;

use super::*;

#[test]
fn selections_are_answered_as_asked() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let query = "query Page($size: Int!, $deep: Boolean = false) {
          page: products(first: $size) {
            __typename
            edges { cursor node { ...Basic variants(first: 1) @include(if: $deep) { nodes { id } } } }
            pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
          }
        }
        fragment Basic on Product { gid: id ... on Node { id } title @skip(if: $deep) }";
    let body = bench.graphql(&token, query, json!({ "size": 2 }));
    assert_eq!(body["errors"], Value::Null);
    let page = &body["data"]["page"];
    assert_eq!(page["__typename"], "ProductConnection");
    let node = page["edges"][0]["node"].as_object().unwrap();
    assert_eq!(node.keys().collect::<Vec<_>>(), ["gid", "id", "title"]);
    assert_eq!(page["edges"][1]["cursor"], page["pageInfo"]["endCursor"]);
    assert_eq!(page["pageInfo"]["hasNextPage"], true);
    let deep = bench.graphql(&token, query, json!({ "size": 1, "deep": true }));
    let node = deep["data"]["page"]["edges"][0]["node"]
        .as_object()
        .unwrap();
    assert_eq!(node.keys().collect::<Vec<_>>(), ["gid", "id", "variants"]);
}

#[test]
fn abstract_types_are_answered_by_what_the_object_is() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let product = bench.graphql(
        &token,
        "{ products(first: 1) { nodes { id } } }",
        Value::Null,
    );
    let id = &ids(&product["data"]["products"])[0];
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id
        ... on Product { title } ... on Order { name } } }";
    let unknown = "gid://shopify/Order/1";
    let body = bench.graphql(&token, query, json!({ "ids": [id, unknown] }));
    let nodes = &body["data"]["nodes"];
    assert_eq!(nodes[0]["__typename"], "Product");
    assert!(nodes[0]["title"].is_string() && nodes[0].get("name").is_none());
    assert_eq!(nodes[1], Value::Null);
}

#[test]
fn documents_that_do_not_fit_are_refused_whole() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    for (query, variables, code) in [
        (
            "{ products(first: 1) { nodes { colour } } }",
            json!({}),
            "undefinedField",
        ),
        (
            "{ products(first: 1, size: 2) { nodes { id } } }",
            json!({}),
            "argumentNotAccepted",
        ),
        ("{ product { id } }", json!({}), "missingRequiredArguments"),
        ("{ shop }", json!({}), "selectionMismatch"),
        (
            "{ shop { name { first } } }",
            json!({}),
            "selectionMismatch",
        ),
        ("{ shop { ...Missing } }", json!({}), "useAndDefineFragment"),
        (
            "{ product(id: $id) { id } }",
            json!({}),
            "variableNotDefined",
        ),
        (
            "query($id: ID!) { product(id: $id) { id } }",
            json!({}),
            "INVALID_VARIABLE",
        ),
        (
            "query($n: Int) { products(first: $n) { nodes { id } } }",
            json!({ "n": "2" }),
            "INVALID_VARIABLE",
        ),
        (
            "{ products(first: 1, sortKey: COLOUR) { nodes { id } } }",
            json!({}),
            "argumentLiteralsIncompatible",
        ),
        ("{ shop @upper { name } }", json!({}), "undefinedDirective"),
        (
            "{ shop { ... on Planet { id } } }",
            json!({}),
            "undefinedType",
        ),
        ("{ products { nodes { id } } }", json!({}), "BAD_REQUEST"),
        (
            "{ products(first: 251) { nodes { id } } }",
            json!({}),
            "BAD_REQUEST",
        ),
    ] {
        let body = bench.graphql(&token, query, variables);
        assert_eq!(body.get("data"), None, "{query}");
        assert_eq!(
            body["errors"][0]["extensions"]["code"], code,
            "{query}: {body}"
        );
        assert!(
            body["errors"][0]["locations"][0]["line"].is_number(),
            "{query}"
        );
    }
    let broken = bench.graphql(&token, "{ shop { name }", Value::Null);
    assert!(
        broken["errors"][0]["message"]
            .as_str()
            .unwrap()
            .starts_with("syntax error")
    );
}

#[test]
fn fragments_in_a_circle_end() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let query = "{ products(first: 1) { nodes { ...A } } }
        fragment A on Product { id variants(first: 1) { nodes { product { ...A } } } }";
    let body = bench.graphql(&token, query, Value::Null);
    assert!(body["errors"][0]["message"].is_string());
}

#[test]
fn pages_in_any_order_hold_everything_once() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    for (sort, reverse) in [
        ("ID", false),
        ("UPDATED_AT", false),
        ("UPDATED_AT", true),
        ("TITLE", true),
    ] {
        let query = format!(
            "query($after: String) {{ products(first: 7, after: $after, sortKey: {sort}, reverse: {reverse}) {{
               nodes {{ id updatedAt title }} pageInfo {{ hasNextPage endCursor }} }} }}"
        );
        let (mut seen, mut times, mut after) = (vec![], vec![], Value::Null);
        loop {
            let body = bench.graphql(&token, &query, json!({ "after": after }));
            let page = &body["data"]["products"];
            seen.extend(ids(page));
            times.extend(
                page["nodes"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|n| n["updatedAt"].to_string()),
            );
            if page["pageInfo"]["hasNextPage"] == false {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
            bench.wait(TimeDelta::seconds(1));
        }
        assert_eq!(seen.len(), 40);
        assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), 40, "{sort}");
        if sort == "UPDATED_AT" {
            if reverse {
                times.reverse();
            }
            assert!(times.is_sorted());
        }
    }
    let query = "{ products(last: 3) { nodes { id } pageInfo { hasPreviousPage hasNextPage } } }";
    let body = bench.graphql(&token, query, Value::Null);
    let page = &body["data"]["products"];
    assert_eq!(ids(page).len(), 3);
    assert_eq!(page["pageInfo"]["hasPreviousPage"], true);
    let foreign = "{ products(first: 3, after: \"nonsense\") { nodes { id } } }";
    let body = bench.graphql(&token, foreign, Value::Null);
    assert_eq!(body["data"], Value::Null);
}

#[test]
fn a_change_is_found_by_its_time() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    bench.wait(TimeDelta::minutes(5));
    let since = bench.world.now.to_rfc3339();
    let changed = bench.control("product/update", &json!({ "title": "Renamed" }));
    let query = "query($q: String) { products(first: 10, query: $q) { nodes { id title } } }";
    let search = format!("updated_at:>='{since}'");
    let body = bench.graphql(&token, query, json!({ "q": search }));
    let nodes = body["data"]["products"]["nodes"].as_array().unwrap();
    assert_eq!(nodes.len(), 1);
    assert_eq!(nodes[0]["title"], "Renamed");
    assert_eq!(
        nodes[0]["id"],
        format!("gid://shopify/Product/{}", changed["id"])
    );
}

#[test]
fn a_missing_scope_is_an_error_beside_the_rest() {
    let mut bench = Bench::new();
    let token = bench.connect("read_orders,read_all_orders");
    // A connection may not be null, so nothing is left.
    let body = bench.graphql(
        &token,
        "{ products(first: 1) { nodes { id } } }",
        Value::Null,
    );
    assert_eq!(body["data"], Value::Null);
    assert_eq!(body["errors"][0]["extensions"]["code"], "ACCESS_DENIED");
    assert_eq!(body["errors"][0]["path"], json!(["products"]));
    // A single object may: the rest of the answer stays.
    let query = "{ shop { name } orders(first: 1) { nodes { id customer { id }
        lineItems(first: 1) { nodes { title product { id } } } } } }";
    let body = bench.graphql(&token, query, Value::Null);
    let order = &body["data"]["orders"]["nodes"][0];
    assert!(body["data"]["shop"]["name"].is_string());
    assert_eq!(order["customer"], Value::Null);
    assert_eq!(order["lineItems"]["nodes"][0]["product"], Value::Null);
    assert!(order["lineItems"]["nodes"][0]["title"].is_string());
    let paths: Vec<&Value> = body["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| &e["path"])
        .collect();
    assert_eq!(
        paths,
        [
            &json!(["orders", "nodes", 0, "customer"]),
            &json!(["orders", "nodes", 0, "lineItems", "nodes", 0, "product"]),
        ]
    );
    assert!(bench.connect("write_products").starts_with("sbx_access_"));
}

#[test]
fn writing_implies_reading() {
    let mut bench = Bench::new();
    let token = bench.connect("write_products");
    let body = bench.graphql(
        &token,
        "{ products(first: 1) { nodes { id } } }",
        Value::Null,
    );
    assert_eq!(ids(&body["data"]["products"]).len(), 1);
}

#[test]
fn customer_data_needs_approval() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let query = "{ orders(first: 1) { nodes { id email customer { id } } } }";
    let body = bench.graphql(&token, query, Value::Null);
    assert!(body["data"]["orders"]["nodes"][0]["email"].is_string());
    bench.control("settings/set", &json!({ "customer_data": false }));
    let body = bench.graphql(&token, query, Value::Null);
    assert_eq!(body["data"]["orders"]["nodes"][0]["email"], Value::Null);
    assert_eq!(body["data"]["orders"]["nodes"][0]["customer"], Value::Null);
    assert_eq!(body["errors"].as_array().unwrap().len(), 2);
}

#[test]
fn older_orders_need_a_scope_of_their_own() {
    let mut bench = Bench::new();
    let (all, recent) = (bench.connect(SCOPES), bench.connect("read_orders"));
    let query = "{ ordersCount { count } orders(first: 250) { nodes { id } } }";
    let everything = bench.graphql(&all, query, Value::Null);
    let window = bench.graphql(&recent, query, Value::Null);
    assert_eq!(everything["data"]["ordersCount"]["count"], 60);
    let seen = ids(&window["data"]["orders"]).len();
    assert_eq!(window["data"]["ordersCount"]["count"], seen);
    assert!(seen > 20 && seen < 60, "{seen}");
}

#[test]
fn costs_are_charged_and_given_back() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let cost = |body: &Value| body["extensions"]["cost"].clone();
    let plain = bench.graphql(
        &token,
        "{ shop { name plan { shopifyPlus } } }",
        Value::Null,
    );
    assert_eq!(cost(&plain)["requestedQueryCost"], 2);
    assert_eq!(cost(&plain)["actualQueryCost"], 2);
    assert_eq!(cost(&plain)["throttleStatus"]["currentlyAvailable"], 1_998);
    // Fifty plain nodes: two points and the square root of the size.
    let page = bench.graphql(
        &token,
        "{ locations(first: 50) { nodes { id } } }",
        Value::Null,
    );
    assert_eq!(cost(&page)["requestedQueryCost"], 9);
    assert_eq!(cost(&page)["actualQueryCost"], 4);
    bench.control("settings/set", &json!({ "cost": "linear" }));
    let page = bench.graphql(
        &token,
        "{ locations(first: 250) { nodes { id } } }",
        Value::Null,
    );
    assert_eq!(cost(&page)["requestedQueryCost"], 252);
    let query = "{ products(first: 250) { nodes { variants(first: 10) { nodes { id } } } } }";
    let body = bench.graphql(&token, query, Value::Null);
    assert_eq!(body["errors"][0]["extensions"]["code"], "MAX_COST_EXCEEDED");
}

#[test]
fn an_empty_bucket_throttles_until_points_come_back() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    bench.control("throttle/drain", &json!({}));
    let query = "{ locations(first: 50) { nodes { id } } }";
    let body = bench.graphql(&token, query, Value::Null);
    assert_eq!(body["errors"][0]["extensions"]["code"], "THROTTLED");
    assert_eq!(body["extensions"]["cost"]["actualQueryCost"], Value::Null);
    assert_eq!(body["extensions"]["cost"]["requestedQueryCost"], 9);
    bench.wait(TimeDelta::milliseconds(89));
    assert!(bench.graphql(&token, query, Value::Null)["errors"].is_array());
    bench.wait(TimeDelta::milliseconds(1));
    assert!(bench.graphql(&token, query, Value::Null)["data"].is_object());
}

#[test]
fn versions_are_told_and_old_ones_are_served_by_newer_ones() {
    let mut bench = Bench::new();
    let token = bench.connect(SCOPES);
    let headers = [
        ("content-type", "application/json"),
        ("x-shopify-access-token", token.as_str()),
    ];
    for (asked, served) in [
        ("2026-10", "2026-10"),
        ("2026-04", "2026-04"),
        ("2020-01", "2025-10"),
    ] {
        let path = format!("/admin/api/{asked}/graphql.json");
        let answer = bench.ask(
            Method::POST,
            DEMO,
            &path,
            &headers,
            r#"{"query":"{shop{id}}"}"#,
        );
        assert_eq!(answer.status(), StatusCode::OK);
        assert_eq!(answer.headers()["x-shopify-api-version"], served);
        assert!(answer.headers().contains_key("x-request-id"));
    }
    let path = "/admin/api/2031-01/graphql.json";
    let answer = bench.ask(
        Method::POST,
        DEMO,
        path,
        &headers,
        r#"{"query":"{shop{id}}"}"#,
    );
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[test]
fn orders_add_up() {
    let bench = Bench::with(&Size {
        products: 40,
        orders: 300,
    });
    let store = &bench.shopify.shops[DEMO].store;
    for order in store.orders.values() {
        assert_eq!(
            order.subtotal + order.tax + order.shipping_price,
            order.total
        );
        assert!(order.current_total().shop.signum() >= 0, "{}", order.name);
        assert!(order.created_at <= order.updated_at && order.updated_at <= bench.world.now);
    }
    for payout in store.payouts.values() {
        let parts: objects::Amount = store
            .balance
            .values()
            .filter(|transaction| transaction.payout == Some(payout.id))
            .map(|transaction| transaction.net)
            .sum();
        assert_eq!(payout.net, parts);
    }
    let kinds: BTreeSet<&str> = store
        .orders
        .values()
        .filter_map(|order| order.financial.as_deref())
        .collect();
    assert_eq!(
        kinds,
        BTreeSet::from(["PAID", "PARTIALLY_REFUNDED", "PENDING", "REFUNDED"])
    );
    assert!(
        store
            .orders
            .values()
            .any(|order| order.cancelled_at.is_some())
    );
    assert!(
        store
            .orders
            .values()
            .any(|order| order.presentment != order.currency)
    );
}
