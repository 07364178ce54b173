//! What is read, and what is not there to be read.
use std::time::Duration;

use connector_core::model::Model;
use connector_core::{Checkpoint, Connector as _, ErrorKind, Record};
use connector_shopify::feed::Feed;
use connector_shopify::{ShopDomain, api, map};
use connector_testkit::{Run, model};
use futures::TryStreamExt as _;
use serde_json::{Value, json};

use crate::lab::Lab;

#[tokio::test(start_paused = true)]
async fn after_a_bulk_read_only_what_changed_is_read() {
    let lab = Lab::new();
    lab.clock.pass(Duration::from_secs(3600)).await;
    for (stream, verb) in [
        ("products", "product/update"),
        ("orders", "order/update"),
        ("inventory_levels", "inventory/set"),
    ] {
        let first = lab.run(stream, None).await.unwrap();
        assert!(
            first.records.len() >= 40,
            "{stream}: {}",
            first.records.len()
        );
        lab.clock.pass(Duration::from_secs(3600)).await;
        let unchanged = lab.run(stream, first.checkpoint).await.unwrap();
        assert_eq!(unchanged.records.len(), 0, "{stream}");

        lab.control(
            verb,
            &json!({"title": "Renamed", "note": "x", "available": 77}),
        );
        let changed = lab.run(stream, unchanged.checkpoint).await.unwrap();
        assert_eq!(changed.records.len(), 1, "{stream}");
        let (id, record) = changed.records.first_key_value().unwrap();
        assert!(first.records.contains_key(id), "{stream}: {id}");
        match model(record) {
            Model::Product(product) => assert_eq!(product.title, "Renamed"),
            Model::InventoryLevel(level) => {
                assert_eq!(level.available, Some(77));
                assert!(level.variant_external_id.is_some());
                assert_eq!(
                    *id,
                    format!("{}/{}", level.inventory_item_id, level.location_id)
                );
            }
            Model::Order(order) => assert!(!order.lines.is_empty()),
            other => panic!("{other:?}"),
        }
        // The overlap sees it once more, and an hour later the window has moved on.
        let again = lab.run(stream, changed.checkpoint).await.unwrap();
        assert_eq!(again.records.len(), 1, "{stream}");
    }
    assert_eq!(lab.sent("bulkOperationRunQuery", 0).len(), 3);
}

#[tokio::test(start_paused = true)]
async fn both_ways_of_reading_give_the_same_records() {
    let lab = Lab::new();
    for stream in ["products", "orders", "inventory_levels"] {
        let bulk = lab.run(stream, None).await.unwrap();
        // As if the newest change had been long before the shop was made.
        let long_ago = json!({"phase": "done", "newest": "2000-01-01T00:00:00Z"});
        let all = Checkpoint {
            version: 1,
            cursor: long_ago,
        };
        let changes = lab.run(stream, Some(all)).await.unwrap();
        let keys = |run: &Run| run.records.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&bulk), keys(&changes), "{stream}");
        for (id, record) in &bulk.records {
            let other = changes.records.get(id).unwrap();
            assert_eq!(model(record), model(other), "{stream} {id}");
            assert_eq!(record.updated_at, other.updated_at);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn variants_beyond_the_first_page_are_never_left_out() {
    let lab = Lab::new();
    let first = lab.run("products", None).await.unwrap();
    lab.clock.pass(Duration::from_secs(3600)).await;
    let sizes: Vec<String> = (0..75).map(|size| format!("S{size}")).collect();
    let option = |size: &String| json!({"optionName": "Size", "name": size});
    let values: Vec<Value> = sizes.iter().map(|size| json!({ "name": size })).collect();
    let variants: Vec<Value> = sizes
        .iter()
        .map(|size| json!({"optionValues": [option(size)], "price": "9.90", "sku": size}))
        .collect();
    let input = json!({
        "title": "Many sizes",
        "productOptions": [{"name": "Size", "position": 1, "values": values}],
        "variants": variants,
    });
    let answer = lab
        .admin(
            "mutation($input: ProductSetInput!) { productSet(input: $input) { product { id } userErrors { message } } }",
            &json!({ "input": input }),
        )
        .await;
    assert_eq!(
        answer["data"]["productSet"]["userErrors"],
        json!([]),
        "{answer}"
    );
    let changed = lab.run("products", first.checkpoint).await.unwrap();
    let (_, record) = changed.records.first_key_value().unwrap();
    let Model::Product(product) = model(record) else {
        panic!("no product")
    };
    let skus: Vec<&str> = product
        .variants
        .iter()
        .map(|variant| variant.sku.as_deref().unwrap())
        .collect();
    assert_eq!(skus, sizes);
    assert_eq!(
        lab.sent("product", 0).len(),
        1,
        "the rest fits one page of variants"
    );
}

#[tokio::test(start_paused = true)]
async fn a_query_that_costs_too_much_is_made_smaller() {
    let lab = Lab::new();
    let run = lab.run("products", None).await.unwrap();
    lab.control("settings/set", &json!({"cost": "linear"}));
    let cursor = json!({"phase": "done", "newest": "2000-01-01T00:00:00Z"});
    let all = Checkpoint { version: 1, cursor };
    let changes = lab.run("products", Some(all)).await.unwrap();
    assert_eq!(changes.records.len(), run.records.len());
}

#[tokio::test(start_paused = true)]
async fn an_empty_bucket_is_waited_for() {
    let lab = Lab::new();
    lab.control(
        "throttle/drain",
        &json!({"client_id": "sandbox-custom-app"}),
    );
    let run = lab.run("products", None).await.unwrap();
    assert_eq!(run.records.len(), 40);
}

#[tokio::test(start_paused = true)]
async fn customer_data_that_is_withheld_is_noted_and_nothing_else_is_missing() {
    let lab = Lab::new();
    let open = lab.run("orders", None).await.unwrap();
    lab.control("settings/set", &json!({"customer_data": false}));
    let cursor = json!({"phase": "done", "newest": "2000-01-01T00:00:00Z"});
    let all = Checkpoint { version: 1, cursor };
    let withheld = lab.run("orders", Some(all)).await.unwrap();
    assert_eq!(open.records.len(), withheld.records.len());
    assert!(
        withheld
            .notes
            .iter()
            .any(|note| note.contains("`orders.customer`")),
        "{:?}",
        withheld.notes
    );
    for record in withheld.records.values() {
        let Model::Order(order) = model(record) else {
            panic!("no order")
        };
        assert!(order.customer_id.is_none() && order.ship_to.is_none());
        assert!(!order.lines.is_empty());
    }
    let bulk = lab.run("orders", None).await.unwrap();
    assert_eq!(bulk.records.len(), open.records.len());
}

#[tokio::test(start_paused = true)]
async fn a_missing_scope_is_no_empty_stream() {
    let lab = Lab::new();
    let scopes = json!({"client_id": "sandbox-custom-app", "scopes": ["read_locations"]});
    lab.control("scopes/set", &scopes);
    for (stream, scope) in [
        ("products", "read_products"),
        ("orders", "read_orders"),
        ("payouts", "read_shopify_payments"),
    ] {
        let error = lab.run(stream, None).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::PermissionDenied,
            "{stream}: {error}"
        );
        let named = error.context("scope").unwrap_or_default();
        assert!(named.contains(scope), "{stream}: {error}");
    }
    let locations = lab.run("locations", None).await.unwrap();
    assert!(!locations.records.is_empty());
    let account = lab.shopify.test(&lab.session).await.unwrap();
    assert_eq!(account.id, "crossdock-demo.myshopify.com");
    assert!(
        account
            .warnings
            .iter()
            .any(|warning| warning.contains("read_products"))
    );
}

#[tokio::test(start_paused = true)]
async fn payouts_have_their_own_transactions() {
    let lab = Lab::new();
    let run = lab.run("payouts", None).await.unwrap();
    assert!(!run.records.is_empty());
    let mut seen = 0;
    for record in run.records.values() {
        let Model::Payout(payout) = model(record) else {
            panic!("no payout")
        };
        let (gross, fees) = (payout.gross.unwrap(), payout.fees.unwrap());
        assert_eq!(gross.minor - fees.minor, payout.net.minor);
        seen += payout.transactions.len();
    }
    assert!(seen > 0);
}

#[tokio::test(start_paused = true)]
async fn an_estimate_of_a_query_is_near_what_shopify_counts() {
    let lab = Lab::new();
    let shop = ShopDomain::parse("crossdock-demo.myshopify.com").unwrap();
    let admin = api::Admin::new(&shop, "2026-10");
    async fn compare<Q: api::Query + Clone>(lab: &Lab, admin: &api::Admin, query: Q) {
        let request = connector_core::Endpoint::request(&admin.ask(query.clone())).unwrap();
        let response = lab.session.send(Q::OPERATION, request).await.unwrap();
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        let counted = body["extensions"]["cost"]["requestedQueryCost"]
            .as_f64()
            .unwrap();
        let estimated = query.cost();
        let name = Q::OPERATION.name;
        assert!(counted <= 1000.0, "{name}: {counted}");
        assert!(
            (counted - estimated).abs() <= 2.0 + counted * 0.1,
            "{name}: estimated {estimated}, counted {counted}"
        );
    }
    let query = "updated_at:>='2026-01-01T00:00:00Z'".to_owned();
    let id = api::Gid::new("Product", "1");
    let order = api::Gid::new("Order", "1");
    compare(
        &lab,
        &admin,
        api::ProductsChanged {
            first: 250,
            variants: 30,
            after: None,
            query: query.clone(),
        },
    )
    .await;
    compare(
        &lab,
        &admin,
        api::ProductVariantsQuery {
            id: id.clone(),
            first: 250,
            after: None,
        },
    )
    .await;
    compare(
        &lab,
        &admin,
        api::OrdersChanged {
            first: 100,
            lines: 10,
            after: None,
            query: query.clone(),
        },
    )
    .await;
    compare(
        &lab,
        &admin,
        api::OrderLineItems {
            id: order.clone(),
            first: 100,
            after: None,
        },
    )
    .await;
    compare(
        &lab,
        &admin,
        api::LevelsChanged {
            location: None,
            first: 250,
            after: None,
            query: query.clone(),
        },
    )
    .await;
    compare(
        &lab,
        &admin,
        api::LocationsQuery {
            first: 250,
            after: None,
        },
    )
    .await;
    compare(
        &lab,
        &admin,
        api::PayoutsQuery {
            first: 25,
            after: None,
            query: None,
        },
    )
    .await;
    compare(
        &lab,
        &admin,
        api::BalanceTransactionsQuery {
            first: 250,
            after: None,
            query,
        },
    )
    .await;
    let product = api::ProductQuery {
        id: id.clone(),
        variants: 250,
    };
    compare(&lab, &admin, product).await;
    let order = api::OrderQuery {
        id: order,
        lines: 100,
    };
    compare(&lab, &admin, order).await;
    let level = api::LevelQuery {
        item: api::Gid::new("InventoryItem", "1"),
        location: api::Gid::new("Location", "1"),
    };
    compare(&lab, &admin, level).await;
    let id = api::Gid::new("Location", "1");
    compare(&lab, &admin, api::LocationQuery { id }).await;
    let id = api::Gid::new("ShopifyPaymentsPayout", "1");
    compare(&lab, &admin, api::PayoutQuery { id }).await;
    compare(&lab, &admin, api::ShopQuery {}).await;
    compare(&lab, &admin, api::BulkOperationsQuery { first: 20 }).await;
}

#[tokio::test(start_paused = true)]
async fn the_public_feed_is_read_to_its_end() {
    let lab = Lab::new();
    let store = "https://crossdock-demo.myshopify.com/collections/all"
        .parse()
        .unwrap();
    let feed = Feed::open(lab.ctx.clone(), &store).unwrap();
    let currency = feed.meta().await.unwrap().currency.parse().unwrap();
    let batches: Vec<_> = feed.products().try_collect().await.unwrap();
    assert!(batches.iter().all(|batch| !batch.cut_short));
    let products = batches.into_iter().flat_map(|batch| batch.products);
    let public: Vec<Record> = products
        .map(|product| map::feed_product(product, currency).unwrap())
        .collect();
    assert!(!public.is_empty());
    let own = lab.run("products", None).await.unwrap();
    for record in &public {
        let (Model::Product(public), Model::Product(own)) = (
            model(record),
            model(own.records.get(&record.external_id).unwrap()),
        ) else {
            panic!("no products")
        };
        assert_eq!(
            (&public.title, public.variants.len()),
            (&own.title, own.variants.len())
        );
        assert_eq!(public.variants[0].price, own.variants[0].price);
    }
}
