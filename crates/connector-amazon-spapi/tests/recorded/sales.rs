//! Orders, listings, where an account sells, and restricted tokens.
//!
//! Of stock in Amazon's warehouses no reply was recorded. Replies of orders of version 0 belong to no
//! stream.

use connector_amazon_spapi::api::{
    CreateRestrictedDataToken, GetListingsItem, GetMarketplaceParticipations, GetOrder,
    Marketplace, SearchListingsItems, SearchOrders,
};
use connector_amazon_spapi::map::{self, Mapped};
use connector_core::Record;

use crate::files::{Recorded, folder, replies};

fn record(recorded: &Recorded, mapped: Mapped) -> Record {
    mapped.unwrap_or_else(|odd| panic!("{}: {odd:?}", recorded.name))
}

#[test]
fn every_recorded_order_is_mapped() {
    if folder().is_none() {
        return;
    }
    let mut orders = Vec::new();
    for recorded in replies("sandbox-static", "orders_2026-01-01.searchOrders.200") {
        for entry in recorded.read(&SearchOrders::default()).orders {
            let order = entry.value().unwrap().clone();
            orders.push(record(&recorded, map::order(order)).external_id);
        }
    }
    let searched = orders.len();
    let one = GetOrder {
        order_id: "any".to_owned(),
        included_data: Vec::new(),
    };
    let single = replies("", "getOrder.200").into_iter();
    let single = single.filter(|recorded| recorded.name.contains("2026-01-01"));
    let others = replies("sp-api/orders", "v20260101_get_order");
    for recorded in single.chain(others) {
        let order = recorded.read(&one).order.value().unwrap().clone();
        orders.push(record(&recorded, map::order(order)).external_id);
    }
    println!("{searched} orders searched for, {} in all", orders.len());
    assert_eq!((searched, orders.len()), (3, 7));
}

#[test]
fn every_recorded_listing_is_mapped() {
    if folder().is_none() {
        return;
    }
    let marketplace = |id: &str| Marketplace {
        id: id.to_owned(),
        name: None,
        country_code: "US".to_owned(),
        default_currency_code: "USD".to_owned(),
        domain_name: "www.amazon.com".to_owned(),
    };
    let one = GetListingsItem {
        seller_id: "any".to_owned(),
        sku: "any".to_owned(),
        marketplace_id: "any".to_owned(),
    };
    let search = SearchListingsItems {
        seller_id: "any".to_owned(),
        marketplace_id: "any".to_owned(),
        last_updated_after: None,
        last_updated_before: None,
        page_token: None,
    };
    let mut listings = 0;
    for recorded in replies("sandbox-static", "searchListingsItems.200") {
        for entry in recorded.read(&search).items {
            let item = entry.value().unwrap().clone();
            record(&recorded, map::listing(item, &marketplace("ATVPDKIKX0DER")));
            listings += 1;
        }
    }
    let of_sandbox = replies("sandbox-static", "getListingsItem.200");
    let of_others = replies("sp-api", "get_listings_item");
    for recorded in of_sandbox.into_iter().chain(of_others) {
        let item = recorded.read(&one).value().unwrap().clone();
        record(&recorded, map::listing(item, &marketplace("ATVPDKIKX0DER")));
        listings += 1;
    }
    println!("{listings} listings");
    assert_eq!(listings, 4);
}

#[test]
fn recorded_participations_and_tokens_are_read() {
    if folder().is_none() {
        return;
    }
    let mut participations = 0;
    let of_sandbox = replies("sandbox-static/sellers", "getMarketplaceParticipations.200");
    let of_others = replies("sp-api/sellers", "participation");
    for recorded in of_sandbox.into_iter().chain(of_others) {
        participations += recorded.read(&GetMarketplaceParticipations).payload.len();
    }
    let call = CreateRestrictedDataToken {
        restricted_resources: Vec::new(),
    };
    let mut tokens = 0;
    let of_sandbox = replies("sandbox-static/tokens", "createRestrictedDataToken.200");
    let of_others = replies("sp-api/tokens", "");
    for recorded in of_sandbox.into_iter().chain(of_others) {
        recorded.read(&call);
        tokens += 1;
    }
    println!("{participations} participations, {tokens} tokens");
    assert_eq!((participations, tokens), (11, 2));
}
