//! The catalogue: each product that is listed once, as the account's own marketplace has it.

use connector_core::model::Model;
use connector_core::{Change, ErrorKind};
use connector_testkit::model;

use crate::lab::Lab;

#[tokio::test(start_paused = true)]
async fn each_product_that_is_listed_is_described_once() {
    let lab = Lab::new().await;
    let run = lab.run("catalog", None).await.unwrap();
    assert_eq!(run.records.len(), lab.counted("catalog"));
    assert_eq!(
        lab.sent("searchCatalogItems"),
        run.records.len().div_ceil(20)
    );
    for (asin, record) in &run.records {
        let Model::Product(product) = model(record) else {
            panic!("{record:?}")
        };
        // Amazon.com is this account's own.
        let url = format!("https://www.amazon.com/dp/{asin}");
        assert_eq!(product.url.as_deref(), Some(url.as_str()));
        assert!(product.title != *asin && product.variants[0].barcode.is_some());
    }
    let asin = run.records.keys().next().unwrap();
    let found = lab.session.lookup("catalog", asin).await.unwrap();
    assert_eq!(found.change, run.records[asin].change);
}

#[tokio::test(start_paused = true)]
async fn what_the_catalogue_lacks_is_asked_for_in_every_marketplace() {
    let lab = Lab::new().await;
    let found = lab.session.lookup("catalog", "B000MADEUP").await.unwrap();
    assert_eq!(found.change, Change::Gone);
    assert_eq!(lab.sent("getCatalogItem"), 3);
}

#[tokio::test(start_paused = true)]
async fn without_the_role_nothing_is_taken_for_empty() {
    let lab = Lab::new().await;
    lab.control("role/take", &serde_json::json!({"role": "product_listing"}));
    let error = lab.run("catalog", None).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
}
