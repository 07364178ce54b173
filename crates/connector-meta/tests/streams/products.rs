//! Products of catalogues.
use std::collections::BTreeSet;

use connector_core::model::{Model, Product, ProductStatus};
use connector_core::{ErrorKind, Lookup as _, Record};
use connector_testkit::model;
use serde_json::json;

use crate::lab::Lab;

const PRODUCTS: &str = "products";

fn product(record: &Record) -> &Product {
    match model(record) {
        Model::Product(product) => product,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn prices_are_money_whatever_they_are_written_in() {
    let lab = Lab::new().await;
    let run = lab.run(PRODUCTS, None).await.unwrap();
    assert_eq!(run.records.len(), 30);
    let mut currencies = BTreeSet::new();
    let mut states = BTreeSet::new();
    for record in run.records.values() {
        let product = product(record);
        let price = product.variants[0].price.unwrap();
        assert!(price.minor > 0);
        currencies.insert(price.currency.code());
        states.insert(format!("{:?}", product.status));
        let before = product.variants[0].compare_at_price;
        assert!(before.is_none_or(|before| before.minor > price.minor));
    }
    assert_eq!(
        currencies.into_iter().collect::<Vec<_>>(),
        ["EUR", "JPY", "USD"]
    );
    for state in [
        ProductStatus::Active,
        ProductStatus::Archived,
        ProductStatus::Draft,
    ] {
        assert!(states.contains(&format!("{state:?}")), "{states:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_price_that_changed_is_found_by_the_next_run_and_by_id() {
    let lab = Lab::new().await;
    let first = lab.run(PRODUCTS, None).await.unwrap();
    let plain = |record: &&Record| product(record).variants[0].compare_at_price.is_none();
    let mut records = first.records.values().filter(plain);
    let id = records
        .find(|record| {
            let price = product(record).variants[0].price.unwrap();
            price.currency.code() == "EUR"
        })
        .map(|record| record.external_id.clone())
        .unwrap();
    lab.happen("product/price", &json!({"id": id, "price": "€1,234.50"}));
    let second = lab.run(PRODUCTS, first.checkpoint).await.unwrap();
    let price = product(&second.records[&id]).variants[0].price.unwrap();
    assert_eq!(price.minor, 123_450);
    let found = lab.meta.lookup(&lab.session, PRODUCTS, &id).await.unwrap();
    assert_eq!(product(&found).variants[0].price, Some(price));
    lab.happen("object/delete", &json!({"id": id}));
    let third = lab.run(PRODUCTS, second.checkpoint).await.unwrap();
    assert!(!third.records.contains_key(&id));
}

#[tokio::test(start_paused = true)]
async fn without_the_permission_it_fails() {
    let lab = Lab::new().await;
    let scopes = ["pages_show_list", "business_management"];
    let order = json!({"kind": "system_user", "scopes": scopes});
    let token = lab.control("token/issue", &order)["token"].clone();
    let fewer = Lab::with_token(token.as_str().unwrap()).await;
    let error = fewer.run(PRODUCTS, None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
}
