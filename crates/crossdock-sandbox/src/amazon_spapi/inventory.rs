//! FBA inventory v1: the stock in Amazon's hands.

use chrono::{Months, TimeDelta};
use serde_json::{Value, json};

use super::account::Account;
use super::paging::Search;
use super::params::{Params, text};
use super::refusal::{Outcome, Refusal};

/// How many summaries are on a page. It cannot be chosen.
const PAGE_SIZE: usize = 50;

/// How long a token is good for.
const TOKEN_LIFE: TimeDelta = TimeDelta::seconds(30);

/// How far back `startDateTime` may reach.
const HISTORY: Months = Months::new(18);

/// `getInventorySummaries`. Its `pagination` stands beside the payload.
pub(super) fn summaries(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let now = params.0.now;
    let kind = params.required("granularityType")?;
    if kind != "Marketplace" {
        return Err(Refusal::input("granularityType must be Marketplace."));
    }
    let id = params.required("granularityId")?;
    let named = params.some_marketplaces("marketplaceIds", 1, account)?;
    let marketplace = named
        .first()
        .filter(|marketplace| marketplace.id == id)
        .ok_or_else(|| Refusal::input("granularityId and marketplaceIds must be the same."))?;
    // Amazon's own client for Python writes `True`.
    let detailed = match params
        .text("details")?
        .map(str::to_ascii_lowercase)
        .as_deref()
    {
        Some("true") => true,
        Some("false") | None => false,
        Some(_) => return Err(Refusal::input("details must be true or false.")),
    };
    let since = params.time("startDateTime")?;
    let oldest = now.checked_sub_months(HISTORY).unwrap_or(now);
    if since.is_some_and(|since| since < oldest) {
        return Err(Refusal::input(
            "startDateTime must not be earlier than 18 months ago.",
        ));
    }
    let several = params.list("sellerSkus", 50)?;
    let single = params.text("sellerSku")?;

    let mut search = Search::new(
        "getInventorySummaries",
        params.fingerprint(&["nextToken"]),
        now,
    );
    search.life = TOKEN_LIFE;
    search.refusal = "The nextToken is invalid or has expired.";
    let place = search.open(params.text("nextToken")?)?;

    let of_here = |key: &&(String, String, String)| {
        // A time makes the SKUs count for nothing, and several SKUs the single one.
        let wanted = match (since, several.is_empty(), single) {
            (Some(since), _, _) => account
                .stock_changed
                .get(*key)
                .is_some_and(|changed| *changed > since),
            (None, false, _) => several.contains(&key.1.as_str()),
            (None, true, Some(sku)) => sku == key.1,
            (None, true, None) => true,
        };
        key.0 == marketplace.id && wanted
    };
    let found: Vec<(String, Value)> = account
        .stock
        .iter()
        .filter(|(key, _)| of_here(key))
        .map(|((_, sku, condition), json)| (format!("{sku} {condition}"), shown(json, detailed)))
        .collect();
    let page = search.page(found, place.as_ref(), PAGE_SIZE);
    let mut body = json!({
        "payload": {
            "granularity": {"granularityType": "Marketplace", "granularityId": marketplace.id},
            "inventorySummaries": page.items,
        },
    });
    if let (Some(next), Some(body)) = (page.next, body.as_object_mut()) {
        body.insert("pagination".to_owned(), json!({"nextToken": next}));
    }
    Ok(body)
}

/// Quantities by kind are shown where they are asked for.
fn shown(json: &Value, detailed: bool) -> Value {
    let mut json = json.clone();
    if let Some(object) = json.as_object_mut().filter(|_| !detailed) {
        object.remove("inventoryDetails");
    }
    json
}

/// Under what a summary is kept.
pub(super) fn key(marketplace: &str, json: &Value) -> Option<(String, String, String)> {
    Some((
        marketplace.to_owned(),
        text(json, "/sellerSku")?.to_owned(),
        text(json, "/condition").unwrap_or_default().to_owned(),
    ))
}
