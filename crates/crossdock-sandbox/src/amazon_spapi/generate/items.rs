//! Listings, the catalogue, stock in Amazon's hands, and the offers of others.

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::super::account::Account;
use super::super::hosts::Marketplace;
use super::super::inventory;
use super::super::listings::Listing;
use super::super::params::timestamp;
use super::products::Product;
use super::{Source, price};

/// Makes up all that follows from the products.
pub(super) fn fill(account: &mut Account, products: &[Product], source: Source<'_>) {
    let marketplaces: Vec<&'static Marketplace> = account.marketplaces().collect();
    for product in products {
        account
            .catalog
            .insert(product.asin.clone(), catalog_item(product, &marketplaces));
        let everywhere = spread(product.number, &marketplaces);
        if let Some(sku) = product.by_amazon() {
            list(account, product, &sku, &everywhere, true, source);
            if let Some(first) = everywhere.first() {
                stock(account, product, &sku, first, source);
            }
        }
        if let Some(sku) = product.by_seller() {
            let few: Vec<_> = everywhere
                .iter()
                .copied()
                .take(1 + usize::from(product.number.is_multiple_of(6)))
                .collect();
            list(account, product, &sku, &few, false, source);
        }
        // Stock abroad is under a SKU of its own.
        let abroad = everywhere
            .get(1)
            .filter(|_| product.number.is_multiple_of(5));
        if let Some(abroad) = abroad {
            let sku = format!("{}-FBA-{}", product.stem, abroad.country);
            list(account, product, &sku, &[abroad], true, source);
            stock(account, product, &sku, abroad, source);
        }
        for marketplace in everywhere {
            let summary = market(product, marketplace, source);
            let key = (product.asin.clone(), marketplace.id.to_owned());
            account.markets.insert(key, summary);
        }
    }
}

/// Where a product is sold: in the first marketplace always, in the others more and more rarely.
fn spread(number: u32, marketplaces: &[&'static Marketplace]) -> Vec<&'static Marketplace> {
    (0_u32..)
        .zip(marketplaces)
        .filter(|(rank, _)| number.is_multiple_of(rank + 1))
        .map(|(_, marketplace)| *marketplace)
        .collect()
}

fn list(
    account: &mut Account,
    product: &Product,
    sku: &str,
    marketplaces: &[&'static Marketplace],
    by_amazon: bool,
    source: Source<'_>,
) {
    let mut random = source.random(sku, product.number);
    let created = source.as_of - TimeDelta::hours(hours(random.between(2_000, 16_000)));
    let hidden = product.number % 7 == 6;
    let mut summaries = Vec::new();
    let mut offers = Vec::new();
    for marketplace in marketplaces {
        let updated = source.as_of - TimeDelta::minutes(hours(random.between(30, 100_000)));
        let status: &[&str] = match product.number % 14 {
            6 => &[],
            13 => &["DISCOVERABLE"],
            _ => &["BUYABLE", "DISCOVERABLE"],
        };
        let mut summary = json!({
            "marketplaceId": marketplace.id,
            "asin": product.asin,
            "productType": product.kind,
            "conditionType": "new_new",
            "status": status,
            "itemName": product.name,
            "createdDate": timestamp(created),
            "lastUpdatedDate": timestamp(updated.max(created)),
        });
        if let Some(summary) = summary.as_object_mut() {
            if by_amazon {
                summary.insert("fnSku".to_owned(), fulfilment_sku(product, sku).into());
            }
            if !product.number.is_multiple_of(11) {
                let link = format!("https://images.example.com/{}.jpg", product.asin);
                let image = json!({"link": link, "height": 500, "width": 500});
                summary.insert("mainImage".to_owned(), image);
            }
        }
        summaries.push(summary);
        if !hidden {
            let price = price(product.cents, marketplace.currency);
            offers.push(json!({
                "marketplaceId": marketplace.id,
                "offerType": "B2C",
                "price": price.decimal(),
            }));
        }
    }
    let availability = if by_amazon {
        json!([{"fulfillmentChannelCode": format!("AMAZON_{}", account.region.word().to_uppercase())}])
    } else {
        json!([{"fulfillmentChannelCode": "DEFAULT", "quantity": random.between(0, 40)}])
    };
    let issues = if hidden {
        let ids: Vec<&str> = marketplaces.iter().map(|m| m.id).collect();
        json!([{
            "code": "90220",
            "message": "'purchasable_offer' is required but not supplied.",
            "severity": "ERROR",
            "attributeNames": ["purchasable_offer"],
            "categories": ["MISSING_ATTRIBUTE"],
            "marketplaceIds": ids,
        }])
    } else {
        json!([])
    };
    let json = json!({
        "sku": sku,
        "summaries": summaries,
        "attributes": attributes(product, marketplaces, hidden),
        "issues": issues,
        "offers": offers,
        "fulfillmentAvailability": availability,
        "relationships": [],
        "productTypes": marketplaces.iter().map(|m| {
            json!({"marketplaceId": m.id, "productType": product.kind})
        }).collect::<Vec<_>>(),
    });
    account.listings.insert(sku.to_owned(), Listing::new(json));
}

fn attributes(product: &Product, marketplaces: &[&'static Marketplace], hidden: bool) -> Value {
    let of_each = |entry: &dyn Fn(&Marketplace) -> Value| -> Vec<Value> {
        marketplaces
            .iter()
            .map(|marketplace| entry(marketplace))
            .collect()
    };
    let mut attributes = json!({
        "item_name": of_each(&|m| json!({
            "value": product.name, "language_tag": m.language, "marketplace_id": m.id,
        })),
        "brand": of_each(&|m| json!({
            "value": product.brand, "language_tag": m.language, "marketplace_id": m.id,
        })),
        "externally_assigned_product_identifier": of_each(&|m| json!({
            "type": "ean", "value": product.ean, "marketplace_id": m.id,
        })),
    });
    if let (Some(attributes), false) = (attributes.as_object_mut(), hidden) {
        let offers = of_each(&|m| {
            json!({
                "currency": m.currency,
                "audience": "ALL",
                "our_price": [{"schedule": [
                    {"value_with_tax": price(product.cents, m.currency).number()},
                ]}],
                "marketplace_id": m.id,
            })
        });
        attributes.insert("purchasable_offer".to_owned(), offers.into());
    }
    attributes
}

fn fulfilment_sku(product: &Product, sku: &str) -> String {
    let tail: String = product.asin.chars().skip(3).collect();
    format!("X{:02}{tail}", sku.len() % 100)
}

fn catalog_item(product: &Product, marketplaces: &[&'static Marketplace]) -> Value {
    let of_each = |entry: &dyn Fn(&Marketplace) -> Value| -> Vec<Value> {
        marketplaces
            .iter()
            .map(|marketplace| entry(marketplace))
            .collect()
    };
    json!({
        "asin": product.asin,
        "summaries": of_each(&|m| json!({
            "marketplaceId": m.id,
            "brand": product.brand,
            "itemClassification": "BASE_PRODUCT",
            "itemName": product.name,
            "manufacturer": product.brand,
            "packageQuantity": 1,
        })),
        "identifiers": of_each(&|m| json!({
            "marketplaceId": m.id,
            "identifiers": [{"identifierType": "EAN", "identifier": product.ean}],
        })),
        "images": of_each(&|m| json!({
            "marketplaceId": m.id,
            "images": [{
                "variant": "MAIN",
                "link": format!("https://images.example.com/{}.jpg", product.asin),
                "height": 500,
                "width": 500,
            }],
        })),
        "productTypes": of_each(&|m| json!({
            "marketplaceId": m.id, "productType": product.kind,
        })),
        "salesRanks": of_each(&|m| json!({
            "marketplaceId": m.id,
            "displayGroupRanks": [{
                "websiteDisplayGroup": "home_display_on_website",
                "title": "Home",
                "rank": 1000 + product.number * 37,
            }],
        })),
    })
}

fn stock(
    account: &mut Account,
    product: &Product,
    sku: &str,
    marketplace: &Marketplace,
    source: Source<'_>,
) {
    let conditions: &[&str] = if product.number % 8 == 1 {
        &["NewItem", "UsedGood"]
    } else {
        &["NewItem"]
    };
    for condition in conditions {
        let mut random = source.random(&format!("{sku} {condition}"), product.number);
        let changed = source.as_of - TimeDelta::minutes(hours(random.between(30, 200_000)));
        let fulfillable = random.between(0, 120);
        let (reserved, broken) = (random.between(0, 9), random.between(0, 3));
        let inbound = random.between(0, 30);
        let mut json = json!({
            "asin": product.asin,
            "fnSku": fulfilment_sku(product, sku),
            "sellerSku": sku,
            "condition": condition,
            "inventoryDetails": {
                "fulfillableQuantity": fulfillable,
                "inboundWorkingQuantity": inbound,
                "inboundShippedQuantity": 0,
                "inboundReceivingQuantity": 0,
                "reservedQuantity": {
                    "totalReservedQuantity": reserved,
                    "pendingCustomerOrderQuantity": reserved,
                    "pendingTransshipmentQuantity": 0,
                    "fcProcessingQuantity": 0,
                },
                "researchingQuantity": {
                    "totalResearchingQuantity": 0,
                    "researchingQuantityBreakdown": [],
                },
                "unfulfillableQuantity": {
                    "totalUnfulfillableQuantity": broken,
                    "customerDamagedQuantity": broken,
                    "warehouseDamagedQuantity": 0,
                    "distributorDamagedQuantity": 0,
                    "carrierDamagedQuantity": 0,
                    "defectiveQuantity": 0,
                    "expiredQuantity": 0,
                },
            },
            "productName": product.name,
            "totalQuantity": fulfillable + reserved + broken + inbound,
            "stores": [],
        });
        // What never changed says nothing of when it did.
        if let (Some(json), false) = (json.as_object_mut(), product.number % 9 == 8) {
            json.insert("lastUpdatedTime".to_owned(), timestamp(changed).into());
        }
        keep(account, marketplace.id, json, changed);
    }
}

fn keep(account: &mut Account, marketplace: &str, json: Value, changed: DateTime<Utc>) {
    if let Some(key) = inventory::key(marketplace, &json) {
        account.stock_changed.insert(key.clone(), changed);
        account.stock.insert(key, json);
    }
}

/// What others ask for the product: new everywhere, used for every third one.
fn market(product: &Product, marketplace: &Marketplace, source: Source<'_>) -> Value {
    let mut random = source.random(&format!("market {}", marketplace.id), product.number);
    let mut offer = |seller: &str, condition: &str, part: u64| {
        let cents = product.cents * i64::try_from(random.between(part, part + 20)).unwrap_or(100);
        json!({
            "sellerId": seller,
            "condition": condition,
            "subCondition": if condition == "New" { "New" } else { "Good" },
            "fulfillmentType": if random.chance(50) { "AFN" } else { "MFN" },
            "listingPrice": price(cents / 100, marketplace.currency).numeric(),
            "shippingOptions": [{
                "shippingOptionType": "DEFAULT",
                "price": price(0, marketplace.currency).numeric(),
            }],
            "primeDetails": {"eligibility": "NATIONAL"},
        })
    };
    let mut lowest = vec![json!({
        "lowestPricedOffersInput": {"itemCondition": "New", "offerType": "Consumer"},
        "offers": [offer("A0OTHERSELLER1", "New", 80), offer("A0OTHERSELLER2", "New", 100)],
    })];
    if product.number.is_multiple_of(3) {
        lowest.push(json!({
            "lowestPricedOffersInput": {"itemCondition": "Used", "offerType": "Consumer"},
            "offers": [offer("A0OTHERSELLER3", "Used", 50)],
        }));
    }
    let mut featured = offer("A0OTHERSELLER1", "New", 90);
    if let Some(featured) = featured.as_object_mut() {
        featured.remove("primeDetails");
        featured.insert(
            "featuredOfferSegments".to_owned(),
            json!([{
                "customerMembership": "DEFAULT",
                "segmentDetails": {"glanceViewWeightPercentage": 100},
            }]),
        );
    }
    json!({
        "asin": product.asin,
        "marketplaceId": marketplace.id,
        "featuredBuyingOptions": [{
            "buyingOptionType": "New",
            "segmentedFeaturedOffers": [featured],
        }],
        "referencePrices": [{
            "name": "CompetitivePriceThreshold",
            "price": price(product.cents, marketplace.currency).numeric(),
        }],
        "lowestPricedOffers": lowest,
        "similarItems": [],
    })
}

/// A random number as a count of time.
fn hours(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(0)
}
