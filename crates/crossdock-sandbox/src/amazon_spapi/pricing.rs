//! Product pricing 2022-05-01: `getCompetitiveSummary`, up to twenty questions at once.
//!
//! A question that is wrong spoils no other: it is answered by a status and errors of its own.

use serde_json::{Map, Value, json};

use super::account::Account;
use super::params::{self, Params, entries, selling, text};
use super::refusal::{Outcome, Refusal};

/// How many questions a batch may hold.
const MOST: usize = 20;

/// How many conditions a question may ask for.
const INPUTS: usize = 5;

/// The address that every question names.
const URI: &str = "/products/pricing/2022-05-01/items/competitiveSummary";

const DATASETS: &[&str] = &[
    "featuredBuyingOptions",
    "referencePrices",
    "lowestPricedOffers",
    "similarItems",
];

const CONDITIONS: &[&str] = &["New", "Used", "Collectible", "Refurbished", "Club"];

/// `getCompetitiveSummary`.
pub(super) fn competitive_summary(account: &Account, params: Params<'_>) -> Outcome<Value> {
    let body = params::body(params.0)?;
    let requests: Vec<&Value> = entries(&body, "/requests").collect();
    if requests.is_empty() || requests.len() > MOST {
        return Err(Refusal::input(format!(
            "requests must have between 1 and {MOST} entries."
        )));
    }
    let responses: Vec<Value> = requests
        .into_iter()
        .map(|request| answer(account, request))
        .collect();
    Ok(json!({"responses": responses}))
}

/// The answer to one question.
fn answer(account: &Account, request: &Value) -> Value {
    let mut body = Map::new();
    for name in ["asin", "marketplaceId"] {
        let value = text(request, &format!("/{name}")).unwrap_or_default();
        body.insert(name.to_owned(), value.into());
    }
    let (code, reason) = match found(account, request) {
        Ok(sections) => {
            body.extend(sections);
            (200, "Success")
        }
        Err(refusal) => {
            let error = json!({
                "code": refusal.code,
                "message": refusal.message,
                "details": refusal.details,
            });
            body.insert("errors".to_owned(), json!([error]));
            let reason = refusal.status.canonical_reason().unwrap_or("Client Error");
            (refusal.status.as_u16(), reason)
        }
    };
    json!({"status": {"statusCode": code, "reasonPhrase": reason}, "body": body})
}

fn found(account: &Account, request: &Value) -> Outcome<Map<String, Value>> {
    let required = |name: &str| {
        text(request, &format!("/{name}"))
            .ok_or_else(|| Refusal::input(format!("{name} is required.")))
    };
    if required("method")? != "GET" || required("uri")? != URI {
        return Err(Refusal::input(format!("The question is GET {URI}.")));
    }
    let asin = required("asin")?;
    let marketplace = selling(required("marketplaceId")?, account)?;
    let asked: Vec<&str> = entries(request, "/includedData")
        .filter_map(Value::as_str)
        .collect();
    if asked.is_empty() || asked.iter().any(|name| !DATASETS.contains(name)) {
        return Err(Refusal::input("includedData names no data set."));
    }
    let inputs: Vec<&Value> = entries(request, "/lowestPricedOffersInputs").collect();
    let offers_asked = asked.contains(&"lowestPricedOffers");
    let wrong = inputs.len() > INPUTS
        || (!inputs.is_empty() && !offers_asked)
        || inputs.iter().any(|input| {
            text(input, "/offerType") != Some("Consumer")
                || !text(input, "/itemCondition").is_some_and(|it| CONDITIONS.contains(&it))
        });
    if wrong {
        return Err(Refusal::input("lowestPricedOffersInputs is wrong."));
    }
    let conditions: Vec<&str> = if inputs.is_empty() {
        vec!["New"]
    } else {
        inputs
            .iter()
            .filter_map(|input| text(input, "/itemCondition"))
            .collect()
    };
    let market = account
        .markets
        .get(&(asin.to_owned(), marketplace.id.to_owned()))
        .ok_or_else(|| Refusal::not_found(format!("{asin} is not in {}.", marketplace.name)))?;
    let mut sections = Map::new();
    for name in asked {
        let Some(section) = market.get(name) else {
            continue;
        };
        let section = if name == "lowestPricedOffers" {
            // A condition in which nobody offers anything has no entry.
            entries(market, "/lowestPricedOffers")
                .filter(|entry| {
                    text(entry, "/lowestPricedOffersInput/itemCondition")
                        .is_some_and(|condition| conditions.contains(&condition))
                })
                .cloned()
                .collect()
        } else {
            section.clone()
        };
        sections.insert(name.to_owned(), section);
    }
    Ok(sections)
}
