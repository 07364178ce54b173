//! Changing listings: put, patch, delete.
//!
//! A submission that is accepted is not live: it takes a minute of simulated time until reads show
//! it. One that is not accepted is still answered with 200.

use chrono::{DateTime, TimeDelta, Utc};
use http::Method;
use serde_json::{Map, Value, json};

use crate::world::World;

use super::super::account::Account;
use super::super::hosts::Marketplace;
use super::super::params::{self, Params, entries, text, timestamp};
use super::super::refusal::{Outcome, Refusal};
use super::{Listing, is_in, owned};

/// How long it takes until an accepted submission can be read.
const LIVE_AFTER: TimeDelta = TimeDelta::seconds(60);

/// What an accepted submission will do.
#[derive(Clone, Debug)]
pub(super) struct Change {
    marketplace: &'static Marketplace,
    /// The attributes afterwards; `None` where the listing goes away.
    attributes: Option<Map<String, Value>>,
    product_type: String,
}

/// Lets accepted submissions go live that are due.
pub(in super::super) fn settle(account: &mut Account, now: DateTime<Utc>) {
    for listing in account.listings.values_mut() {
        let due: Vec<_> = listing
            .pending
            .extract_if(.., |(due, _)| *due <= now)
            .collect();
        for (at, change) in due {
            listing.apply(&change, at);
        }
    }
    account
        .listings
        .retain(|_, listing| listing.count() > 0 || !listing.pending.is_empty());
}

impl Listing {
    /// Makes a change live in its marketplace.
    fn apply(&mut self, change: &Change, at: DateTime<Utc>) {
        let id = change.marketplace.id;
        let Some(attributes) = &change.attributes else {
            for field in ["summaries", "offers", "productTypes"] {
                self.set(field, id, None);
            }
            return;
        };
        let created = self
            .summary(id)
            .and_then(|summary| text(summary, "/createdDate"))
            .map_or_else(|| timestamp(at), str::to_owned);
        let own = |name: &str| {
            let entries = attributes.get(name).and_then(Value::as_array);
            entries
                .into_iter()
                .flatten()
                .find(|entry| text(entry, "/marketplace_id").is_none_or(|of| of == id))
        };
        let price = own("purchasable_offer").and_then(|offer| {
            let amount = offer.pointer("/our_price/0/schedule/0/value_with_tax")?;
            let currency = text(offer, "/currency").unwrap_or(change.marketplace.currency);
            let amount = amount
                .as_str()
                .map_or_else(|| amount.to_string(), str::to_owned);
            Some(json!({"currencyCode": currency, "amount": amount}))
        });
        let mut summary = json!({
            "marketplaceId": id,
            "productType": change.product_type,
            "status": if price.is_some() { STATUS_SOLD } else { STATUS_SHOWN },
            "createdDate": created,
            "lastUpdatedDate": timestamp(at),
        });
        let old = self.summary(id).cloned().unwrap_or_default();
        let optional = [
            (
                "asin",
                own("merchant_suggested_asin").and_then(|asin| text(asin, "/value")),
            ),
            (
                "itemName",
                own("item_name").and_then(|name| text(name, "/value")),
            ),
            (
                "conditionType",
                own("condition_type").and_then(|kind| text(kind, "/value")),
            ),
        ];
        for (name, value) in optional {
            let value = value.or_else(|| old.get(name).and_then(Value::as_str));
            if let (Some(value), Some(summary)) = (value, summary.as_object_mut()) {
                summary.insert(name.to_owned(), value.into());
            }
        }
        for name in ["fnSku", "mainImage"] {
            if let (Some(value), Some(summary)) = (old.get(name), summary.as_object_mut()) {
                summary.insert(name.to_owned(), value.clone());
            }
        }
        self.set("summaries", id, Some(summary));
        let offer =
            price.map(|price| json!({"marketplaceId": id, "offerType": "B2C", "price": price}));
        self.set("offers", id, offer);
        let kind = json!({"marketplaceId": id, "productType": change.product_type});
        self.set("productTypes", id, Some(kind));
        let stock: Vec<Value> = attributes
            .get("fulfillment_availability")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .map(|entry| {
                json!({
                    "fulfillmentChannelCode": entry.get("fulfillment_channel_code"),
                    "quantity": entry.get("quantity").and_then(Value::as_u64).unwrap_or(0),
                })
            })
            .collect();
        if let Some(json) = self.json.as_object_mut() {
            json.insert("attributes".to_owned(), Value::Object(attributes.clone()));
            json.insert("fulfillmentAvailability".to_owned(), stock.into());
        }
    }

    /// Replaces what a data set says of a marketplace.
    fn set(&mut self, field: &str, marketplace: &str, entry: Option<Value>) {
        let kept = self
            .json
            .get(field)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|entry| !is_in(entry, marketplace))
            .cloned();
        let list: Vec<Value> = kept.chain(entry).collect();
        if let Some(json) = self.json.as_object_mut() {
            json.insert(field.to_owned(), list.into());
        }
    }

    /// The attributes as they will be when all that is pending is live.
    fn attributes(&self) -> Map<String, Value> {
        let pending = self.pending.iter().rev();
        let pending = pending.filter_map(|(_, change)| change.attributes.clone());
        let live = self.json.get("attributes").and_then(Value::as_object);
        pending
            .take(1)
            .next()
            .or_else(|| live.cloned())
            .unwrap_or_default()
    }
}

const STATUS_SOLD: &[&str] = &["BUYABLE", "DISCOVERABLE"];
const STATUS_SHOWN: &[&str] = &["DISCOVERABLE"];

/// `putListingsItem`.
pub(in super::super) fn put(
    account: &mut Account,
    (seller, sku): (&str, &str),
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    owned(account, seller)?;
    let marketplace = single(account, params)?;
    let body = params::body(params.0)?;
    let product_type =
        text(&body, "/productType").ok_or_else(|| Refusal::input("productType is required."))?;
    let attributes = body
        .get("attributes")
        .and_then(Value::as_object)
        .ok_or_else(|| Refusal::input("attributes is required."))?;
    let needed: &[&str] = match text(&body, "/requirements").unwrap_or("LISTING") {
        "LISTING" => &["item_name", "purchasable_offer"],
        "LISTING_PRODUCT_ONLY" => &["item_name"],
        "LISTING_OFFER_ONLY" => &["merchant_suggested_asin", "purchasable_offer"],
        other => {
            return Err(Refusal::input(format!(
                "{other} is no value of requirements."
            )));
        }
    };
    let issues = issues(attributes, needed, marketplace);
    let change = Change {
        marketplace,
        attributes: Some(attributes.clone()),
        product_type: product_type.to_owned(),
    };
    submit(account, sku, change, issues, params, world)
}

/// `patchListingsItem`.
pub(in super::super) fn patch(
    account: &mut Account,
    (seller, sku): (&str, &str),
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    owned(account, seller)?;
    let marketplace = single(account, params)?;
    let body = params::body(params.0)?;
    let product_type =
        text(&body, "/productType").ok_or_else(|| Refusal::input("productType is required."))?;
    let listing = account
        .listings
        .get(sku)
        .ok_or_else(|| Refusal::input(format!("There is no listing with the SKU {sku}.")))?;
    let mut attributes = listing.attributes();
    let mut patches = entries(&body, "/patches").peekable();
    if patches.peek().is_none() {
        return Err(Refusal::input("patches is required."));
    }
    for patch in patches {
        apply(&mut attributes, patch, marketplace)?;
    }
    let listed = listing
        .summary(marketplace.id)
        .and_then(|summary| text(summary, "/productType"));
    let product_type = match product_type {
        "PRODUCT" => listed.unwrap_or(product_type),
        other => other,
    };
    let issues = issues(&attributes, &[], marketplace);
    let change = Change {
        marketplace,
        attributes: Some(attributes),
        product_type: product_type.to_owned(),
    };
    submit(account, sku, change, issues, params, world)
}

/// One operation of a patch: whole attributes only, and values are always lists.
fn apply(
    attributes: &mut Map<String, Value>,
    patch: &Value,
    marketplace: &Marketplace,
) -> Outcome<()> {
    let name = text(patch, "/path")
        .and_then(|path| path.strip_prefix("/attributes/"))
        .filter(|name| !name.is_empty() && !name.contains('/'))
        .ok_or_else(|| Refusal::input("The path of a patch is /attributes/NAME."))?;
    let value = || {
        patch
            .get("value")
            .filter(|value| value.is_array())
            .cloned()
            .ok_or_else(|| Refusal::input("The value of a patch is a list."))
    };
    let others: Vec<Value> = attributes
        .get(name)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|entry| text(entry, "/marketplace_id").is_some_and(|of| of != marketplace.id))
        .cloned()
        .collect();
    match text(patch, "/op") {
        Some("add" | "replace" | "merge") => {
            let new = value()?;
            let new = new.as_array().into_iter().flatten().cloned();
            let list: Vec<Value> = others.into_iter().chain(new).collect();
            attributes.insert(name.to_owned(), list.into());
        }
        Some("delete") if others.is_empty() => {
            attributes.remove(name);
        }
        Some("delete") => {
            attributes.insert(name.to_owned(), others.into());
        }
        _ => {
            return Err(Refusal::input(
                "The op of a patch is add, replace, merge or delete.",
            ));
        }
    }
    Ok(())
}

/// `deleteListingsItem`.
pub(in super::super) fn delete(
    account: &mut Account,
    (seller, sku): (&str, &str),
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    owned(account, seller)?;
    let marketplace = single(account, params)?;
    if !account.listings.contains_key(sku) {
        return Err(Refusal::input(format!(
            "There is no listing with the SKU {sku}."
        )));
    }
    let change = Change {
        marketplace,
        attributes: None,
        product_type: String::new(),
    };
    submit(account, sku, change, vec![], params, world)
}

/// The one marketplace that a submission is for.
fn single(account: &Account, params: Params<'_>) -> Outcome<&'static Marketplace> {
    let named = params.some_marketplaces("marketplaceIds", 1, account)?;
    named
        .first()
        .copied()
        .ok_or_else(|| Refusal::input("marketplaceIds is required."))
}

/// What is wrong with attributes.
fn issues(
    attributes: &Map<String, Value>,
    needed: &[&str],
    marketplace: &Marketplace,
) -> Vec<Value> {
    let missing = needed
        .iter()
        .filter(|name| !attributes.contains_key(**name))
        .map(|name| {
            (
                "90220",
                format!("'{name}' is required but not supplied."),
                *name,
            )
        });
    let negative = attributes
        .get("fulfillment_availability")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter(|entry| {
            entry
                .get("quantity")
                .and_then(Value::as_i64)
                .is_some_and(|quantity| quantity < 0)
        })
        .map(|_| {
            let name = "fulfillment_availability";
            (
                "90244",
                "The quantity must not be negative.".to_owned(),
                name,
            )
        });
    missing
        .chain(negative)
        .map(|(code, message, name)| {
            json!({
                "code": code,
                "message": message,
                "severity": "ERROR",
                "attributeNames": [name],
                "categories": ["INVALID_ATTRIBUTE"],
                "marketplaceIds": [marketplace.id],
            })
        })
        .collect()
}

/// Answers a submission and, unless it is a preview or wrong, lets it go live later.
fn submit(
    account: &mut Account,
    sku: &str,
    change: Change,
    issues: Vec<Value>,
    params: Params<'_>,
    world: &mut World,
) -> Outcome<Value> {
    let preview = params.member("mode", &["VALIDATION_PREVIEW"])?.is_some();
    let asked = params.members("includedData", &["identifiers", "issues"])?;
    let status = match (issues.is_empty(), preview) {
        (false, _) => "INVALID",
        (true, true) => "VALID",
        (true, false) => "ACCEPTED",
    };
    let marketplace = change.marketplace;
    if status == "ACCEPTED" {
        let listing = account
            .listings
            .entry(sku.to_owned())
            .or_insert_with(|| Listing::new(json!({"sku": sku})));
        listing.pending.push((world.now + LIVE_AFTER, change));
    }
    let mut answer = json!({
        "sku": sku,
        "status": status,
        "submissionId": world.uuid().replace('-', ""),
    });
    let asin = account
        .listings
        .get(sku)
        .and_then(|listing| listing.summary(marketplace.id))
        .and_then(|summary| text(summary, "/asin"));
    if let Some(answer) = answer.as_object_mut() {
        if *params.0.method == Method::DELETE || asked.is_empty() || asked.contains(&"issues") {
            answer.insert("issues".to_owned(), issues.into());
        }
        if let Some(asin) = asin.filter(|_| asked.contains(&"identifiers")) {
            let identifiers = json!([{"marketplaceId": marketplace.id, "asin": asin}]);
            answer.insert("identifiers".to_owned(), identifiers);
        }
    }
    Ok(answer)
}
