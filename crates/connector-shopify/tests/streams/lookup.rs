//! Records read back one by one.
use std::time::Duration;

use connector_core::model::Model;
use connector_core::{Change, Connector as _, Error, ErrorKind, Record};
use connector_testkit::model;
use serde_json::{Value, json};

use crate::lab::Lab;

const STREAMS: [&str; 5] = [
    "products",
    "inventory_levels",
    "orders",
    "locations",
    "payouts",
];

async fn look_up(lab: &Lab, stream: &str, id: &str) -> Result<Record, Error> {
    let lookup = lab.shopify.lookup().unwrap();
    lookup.lookup(&lab.session, stream, id).await
}

#[tokio::test(start_paused = true)]
async fn what_is_looked_up_is_what_the_stream_gave() {
    let lab = Lab::new();
    for stream in STREAMS {
        let run = lab.run(stream, None).await.unwrap();
        assert!(!run.records.is_empty(), "{stream}");
        for (id, synced) in &run.records {
            let found = look_up(&lab, stream, id).await.unwrap();
            assert_eq!(found.external_id, *id, "{stream}");
            assert_eq!(found.change, synced.change, "{stream} {id}");
            assert_eq!(found.updated_at, synced.updated_at, "{stream} {id}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_shopify_does_not_have_is_gone() {
    let lab = Lab::new();
    let levels = lab.run("inventory_levels", None).await.unwrap();
    let (item, _) = levels
        .records
        .first_key_value()
        .unwrap()
        .0
        .split_once('/')
        .unwrap();
    for (stream, unknown) in [
        ("products", "999999999999"),
        ("inventory_levels", "999999999999/1"),
        ("inventory_levels", format!("{item}/999999999999").as_str()),
        ("orders", "999999999999"),
        ("locations", "999999999999"),
        ("payouts", "999999999999"),
    ] {
        let before = lab.wire.count();
        let found = look_up(&lab, stream, unknown).await.unwrap();
        assert_eq!(found.external_id, unknown);
        assert_eq!(found.change, Change::Gone, "{stream} {unknown}");
        assert!(lab.wire.count() > before, "{stream} was not asked");
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_for_what_is_no_id() {
    let lab = Lab::new();
    let before = lab.wire.count();
    for stream in STREAMS {
        let found = look_up(&lab, stream, "gid://shopify/Product/1")
            .await
            .unwrap();
        assert_eq!(found.change, Change::Gone, "{stream}");
    }
    let error = look_up(&lab, "no_such_stream", "1").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    assert_eq!(lab.wire.count(), before);
}

#[tokio::test(start_paused = true)]
async fn a_change_since_the_sync_is_seen_and_so_is_a_product_with_many_variants() {
    let lab = Lab::new();
    let first = lab.run("products", None).await.unwrap();
    lab.clock.pass(Duration::from_secs(60)).await;
    let sizes: Vec<String> = (0..260).map(|size| format!("S{size}")).collect();
    let values: Vec<Value> = sizes.iter().map(|size| json!({ "name": size })).collect();
    let variants: Vec<Value> = sizes
        .iter()
        .map(|size| {
            json!({"optionValues": [{"optionName": "Size", "name": size}], "price": "1", "sku": size})
        })
        .collect();
    let (id, _) = first.records.first_key_value().unwrap();
    let input = json!({
        "title": "Renamed",
        "productOptions": [{"name": "Size", "position": 1, "values": values}],
        "variants": variants,
    });
    let answer = lab
        .admin(
            "mutation($product: ProductSetIdentifiers, $input: ProductSetInput!) { productSet(identifier: $product, input: $input) { product { id } userErrors { message } } }",
            &json!({"product": {"id": format!("gid://shopify/Product/{id}")}, "input": input}),
        )
        .await;
    let errors = &answer["data"]["productSet"]["userErrors"];
    assert_eq!(*errors, json!([]), "{answer}");
    let found = look_up(&lab, "products", id).await.unwrap();
    let Model::Product(product) = model(&found) else {
        panic!("no product")
    };
    assert_eq!(
        (product.title.as_str(), product.variants.len()),
        ("Renamed", 260)
    );
}

#[tokio::test(start_paused = true)]
async fn a_missing_scope_is_not_taken_for_gone() {
    let lab = Lab::new();
    let mut ids = Vec::new();
    for stream in STREAMS {
        let run = lab.run(stream, None).await.unwrap();
        ids.push((stream, run.records.first_key_value().unwrap().0.clone()));
    }
    let scopes = json!({"client_id": "sandbox-custom-app", "scopes": ["read_themes"]});
    lab.control("scopes/set", &scopes);
    for (stream, id) in ids {
        let error = look_up(&lab, stream, &id).await.unwrap_err();
        assert_eq!(
            error.kind(),
            ErrorKind::PermissionDenied,
            "{stream}: {error}"
        );
        assert!(error.context("scope").is_some(), "{stream}: {error}");
    }
}
