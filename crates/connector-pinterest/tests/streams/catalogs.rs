//! Products by group, and feeds with what became of their runs.
use std::collections::BTreeSet;

use connector_core::model::Model;
use connector_testkit::model;
use serde_json::json;

use crate::lab::Lab;

#[tokio::test(start_paused = true)]
async fn every_product_comes_once_and_what_is_new_or_gone_is_seen() {
    let lab = Lab::new().await;
    let first = lab.run("products", None).await.unwrap();
    assert_eq!(first.records.len(), lab.census("products"));
    let asked = lab.sent("catalogs_product_group_pins/list", 0);
    let groups: BTreeSet<_> = asked.iter().map(|sent| sent.path().to_owned()).collect();
    // Three feeds, each with a group of all products; the other groups are not asked for.
    assert_eq!(groups.len(), 3);
    let mut currencies = BTreeSet::new();
    for record in first.records.values() {
        let Model::Product(product) = model(record) else {
            panic!("no product")
        };
        let variant = &product.variants[0];
        assert!(variant.sku.as_deref().unwrap().starts_with("SKU-"));
        currencies.insert(variant.price.unwrap().currency.code());
    }
    assert_eq!(currencies, BTreeSet::from(["JPY", "USD"]));
    let new = lab.control("product/create", &json!({}))["id"].clone();
    let old = first.records.keys().next().unwrap();
    lab.control("product/delete", &json!({"id": old}));
    let second = lab.run("products", first.checkpoint).await.unwrap();
    assert!(second.records.contains_key(new.as_str().unwrap()));
    assert!(!second.records.contains_key(old));
}

#[tokio::test(start_paused = true)]
async fn an_account_without_a_catalogue_has_no_products_and_no_failure() {
    let lab = Lab::new().await;
    lab.control("catalog/clear", &json!({}));
    let count = lab.wire.count();
    for stream in ["products", "catalog_feeds"] {
        let run = lab.run(stream, None).await.unwrap();
        assert!(run.records.is_empty() && run.notes.is_empty());
    }
    // Neither is asked for what it can't have.
    assert_eq!(lab.wire.count() - count, 2);
}

#[tokio::test(start_paused = true)]
async fn a_feed_stands_where_its_last_run_left_it() {
    let lab = Lab::new().await;
    let run = lab.run("catalog_feeds", None).await.unwrap();
    assert_eq!(run.records.len(), lab.census("catalog_feeds"));
    let statuses: BTreeSet<_> = run
        .records
        .values()
        .map(|record| match model(record) {
            Model::Native(native) => {
                assert!(native.body["last_processing_result"]["id"].is_string());
                assert!(native.body["feed"].get("credentials").is_none());
                native.status.clone().unwrap()
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        statuses,
        BTreeSet::from(["completed".to_owned(), "inactive".to_owned()])
    );
}
