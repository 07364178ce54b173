//! Catalog items 2022-04-01: what Amazon knows of an ASIN, whoever sells it.

use serde_json::{Map, Value, json};

use super::account::Account;
use super::hosts::Marketplace;
use super::paging::Search;
use super::params::{Params, entries, text};
use super::refusal::{Outcome, Refusal};

/// The default and the largest page.
const PAGE_SIZE: usize = 10;
const MOST: usize = 20;

const DATASETS: &[&str] = &[
    "attributes",
    "classifications",
    "dimensions",
    "identifiers",
    "images",
    "productTypes",
    "relationships",
    "salesRanks",
    "summaries",
    "vendorDetails",
];

const IDENTIFIERS: &[&str] = &["ASIN", "EAN", "GTIN", "ISBN", "JAN", "MINSAN", "SKU", "UPC"];

/// Parameters that a page may differ in from the one before it.
const FREE: &[&str] = &["pageToken", "includedData", "pageSize"];

fn datasets(params: Params<'_>) -> Outcome<Vec<&'static str>> {
    let asked = params.members("includedData", DATASETS)?;
    Ok(if asked.is_empty() {
        vec!["summaries"]
    } else {
        asked
    })
}

/// An item in some marketplaces, with some data sets.
fn shown(item: &Value, marketplaces: &[&Marketplace], datasets: &[&str]) -> Value {
    let of_them = |entry: &&Value| {
        text(entry, "/marketplaceId").is_none_or(|id| marketplaces.iter().any(|m| m.id == id))
    };
    let mut shown = Map::new();
    for (name, value) in item.as_object().into_iter().flatten() {
        if name == "asin" {
            shown.insert(name.clone(), value.clone());
        } else if datasets.contains(&name.as_str()) {
            let value = value.as_array().map_or_else(
                || value.clone(),
                |list| list.iter().filter(of_them).cloned().collect(),
            );
            shown.insert(name.clone(), value);
        }
    }
    Value::Object(shown)
}

/// `getCatalogItem`.
pub(super) fn get(account: &Account, asin: &str, params: Params<'_>) -> Outcome<Value> {
    let marketplaces = params.some_marketplaces("marketplaceIds", 50, account)?;
    let datasets = datasets(params)?;
    let item = account.catalog.get(asin).ok_or_else(|| {
        Refusal::not_found(format!(
            "Requested item '{asin}' not found in the requested marketplaces."
        ))
    })?;
    Ok(shown(item, &marketplaces, &datasets))
}

/// `searchCatalogItems`: by identifiers or by words of the name.
pub(super) fn search(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let marketplaces = params.some_marketplaces("marketplaceIds", 1, account)?;
    let datasets = datasets(params)?;
    let identifiers = params.list("identifiers", 20)?;
    let keywords = params.list("keywords", 20)?;
    let kind = params.member("identifiersType", IDENTIFIERS)?;
    let seller = params.text("sellerId")?;
    match (identifiers.is_empty(), keywords.is_empty()) {
        (true, true) => return Err(Refusal::input("identifiers or keywords is required.")),
        (false, false) => {
            return Err(Refusal::input(
                "identifiers and keywords exclude each other.",
            ));
        }
        (false, true) if kind.is_none() => {
            return Err(Refusal::input(
                "identifiersType is required with identifiers.",
            ));
        }
        (false, true) if kind == Some("SKU") && seller != Some(account.seller) => {
            return Err(Refusal::input("sellerId is required with the type SKU."));
        }
        _ => {}
    }
    let limit = params.size("pageSize", PAGE_SIZE, MOST)?;
    let search = Search::new("searchCatalogItems", params.fingerprint(FREE), params.0.now);
    let place = search.open(params.text("pageToken")?)?;

    let known_as = |item: &Value, asin: &str| match kind {
        Some("ASIN") => identifiers.contains(&asin),
        Some("SKU") => identifiers.iter().any(|sku| {
            account.listings.get(*sku).is_some_and(|listing| {
                entries(&listing.json, "/summaries").any(|of| text(of, "/asin") == Some(asin))
            })
        }),
        Some(kind) => entries(item, "/identifiers")
            .flat_map(|of_marketplace| entries(of_marketplace, "/identifiers"))
            .any(|known| {
                text(known, "/identifierType") == Some(kind)
                    && text(known, "/identifier").is_some_and(|it| identifiers.contains(&it))
            }),
        None => false,
    };
    let named = |item: &Value| {
        let name = text(item, "/summaries/0/itemName")
            .unwrap_or_default()
            .to_lowercase();
        keywords
            .iter()
            .flat_map(|words| words.split_whitespace())
            .all(|word| name.contains(&word.to_lowercase()))
    };
    let found: Vec<(String, &Value)> = account
        .catalog
        .iter()
        .filter(|(asin, item)| {
            if keywords.is_empty() {
                known_as(item, asin)
            } else {
                named(item)
            }
        })
        .map(|(asin, item)| (asin.clone(), item))
        .collect();
    let count = found.len();
    let page = search.page(found, place.as_ref(), limit);
    let mut pagination = Map::new();
    for (name, token) in [("nextToken", page.next), ("previousToken", page.previous)] {
        if let Some(token) = token {
            pagination.insert(name.to_owned(), token.into());
        }
    }
    let items: Vec<Value> = page
        .items
        .iter()
        .map(|item| shown(item, &marketplaces, &datasets))
        .collect();
    Ok(json!({"numberOfResults": count, "pagination": pagination, "items": items}))
}
