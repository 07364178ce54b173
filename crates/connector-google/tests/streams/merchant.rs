//! Products of Merchant Center: pages, changes, deletions, and a project that isn't registered.
use std::collections::BTreeSet;

use connector_core::ErrorKind;
use connector_core::model::{Model, Product, ProductStatus};
use connector_testkit::{Run, model};
use serde_json::json;

use crate::lab::Lab;

const LIST: &str = "merchantapi.accounts.products.list";

/// How many there are in the sandbox.
const PRODUCTS: usize = 40 * 18;

fn product<'a>(run: &'a Run, name: &str) -> &'a Product {
    let id = format!("accounts/500100200/products/{name}");
    match model(&run.records[&id]) {
        Model::Product(product) => product,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn every_product_comes_once_with_what_google_decided() {
    let lab = Lab::new();
    let run = lab.run("products", None).await.unwrap();
    assert_eq!(run.records.len(), PRODUCTS);
    // Pages of 250.
    assert_eq!(lab.sent(LIST, 0).len(), 3);
    let mut seen = BTreeSet::new();
    for record in run.records.values() {
        let Model::Product(product) = model(record) else {
            panic!("no product")
        };
        assert!(product.variants.iter().all(|it| it.price.is_some()));
        assert_eq!(record.updated_at, product.updated_at);
        seen.insert(product.status == ProductStatus::Active);
    }
    // What may not be advertised is still listed for free.
    assert_eq!(seen, BTreeSet::from([true]));
    assert!(run.records.keys().any(|id| id.matches('/').count() > 3));
}

#[tokio::test(start_paused = true)]
async fn a_change_is_found_and_a_deletion_is_told() {
    let lab = Lab::new();
    let first = lab.run("products", None).await.unwrap();
    assert_eq!(first.notes, Vec::<String>::new());
    let new = lab.control("product/create", &json!({"title": "New dress"}));
    let new = new["name"].as_str().unwrap();
    let second = lab.run("products", first.checkpoint).await.unwrap();
    assert_eq!(product(&second, new).title, "New dress");
    lab.control("product/update", &json!({"name": new, "title": "Dress"}));
    let gone: Vec<_> = second.records.keys().take(2).cloned().collect();
    for id in &gone {
        let name = id.strip_prefix("accounts/500100200/products/").unwrap();
        lab.control("product/delete", &json!({ "name": name }));
    }
    let third = lab.run("products", second.checkpoint).await.unwrap();
    assert_eq!(product(&third, new).title, "Dress");
    assert!(gone.iter().all(|id| !third.records.contains_key(id)));
    let note = "Google lists 2 products of accounts/500100200 fewer than before.";
    assert_eq!(third.notes, [note]);
}

#[tokio::test(start_paused = true)]
async fn a_project_that_is_not_registered_is_the_operators_to_mend() {
    let lab = Lab::reading(&["merchant:accounts/500100200"]);
    lab.control("merchant/register", &json!({"registered": false}));
    let error = lab.run("products", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ConfigInvalid);
    assert!(error.message().contains("registerGcp"), "{error}");
    // It is no reason to renew the token, or to ask again.
    assert_eq!(lab.sent(LIST, 0).len(), 1);
}

#[tokio::test(start_paused = true)]
async fn an_account_of_somebody_else_is_left_out() {
    let lab = Lab::reading(&["merchant:accounts/1", "merchant:accounts/500100200"]);
    let run = lab.run("products", None).await.unwrap();
    assert_eq!(run.records.len(), PRODUCTS);
    assert!(
        run.notes
            .iter()
            .any(|note| note.starts_with("accounts/1 was left out"))
    );
    let lab = Lab::reading(&["merchant:accounts/1"]);
    let error = lab.run("products", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
}
