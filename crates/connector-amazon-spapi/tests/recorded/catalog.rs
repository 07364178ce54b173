//! Catalogue items, of this version of the API and, as far as they are alike, of the one before.

use connector_amazon_spapi::api::{GetCatalogItem, Marketplace, SearchCatalogItems};
use connector_amazon_spapi::map;

use crate::files::{folder, replies};

#[test]
fn every_recorded_item_is_a_product() {
    if folder().is_none() {
        return;
    }
    let marketplace = Marketplace {
        id: "ATVPDKIKX0DER".to_owned(),
        name: None,
        country_code: "US".to_owned(),
        default_currency_code: "USD".to_owned(),
        domain_name: "www.amazon.com".to_owned(),
    };
    let get = GetCatalogItem {
        asin: "any".to_owned(),
        marketplace_id: "any".to_owned(),
    };
    let search = SearchCatalogItems {
        asins: Vec::new(),
        marketplace_id: "any".to_owned(),
    };
    let mut products = 0;
    let searched = replies("sandbox-static", "searchCatalogItems.200");
    let others = replies("sp-api/catalog-items", "search_catalog_items");
    for recorded in searched.into_iter().chain(others) {
        for entry in recorded.read(&search).items {
            map::product(entry.value().unwrap().clone(), &marketplace).unwrap();
            products += 1;
        }
    }
    let single = replies("sandbox-static/catalog-items", "getCatalogItem.200");
    let others = replies("sp-api/catalog-items", "get_catalog_item");
    let samples = replies("vendor-samples", "catalogitems-getCatalogItem");
    for recorded in single.into_iter().chain(others).chain(samples) {
        let item = recorded.read(&get).value().unwrap().clone();
        map::product(item, &marketplace).unwrap();
        products += 1;
    }
    println!("{products} products");
    assert_eq!(products, 11);
}
