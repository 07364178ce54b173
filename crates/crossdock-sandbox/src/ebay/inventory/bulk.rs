//! Several items or offers in one call. The answer says for each how it went.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;

use super::super::refusal::{Outcome, Refusal};
use super::super::request;
use super::super::state::{State, text};
use super::offers::{no_item, refresh_listings, revise, unavailable};
use super::{bad, set};

/// How many requests a call may bring.
const MOST: usize = 25;

/// `POST bulk_get_inventory_item`.
pub(super) fn get_items(state: &State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let requests = requests(call)?;
    let results = requests.iter().map(|request| {
        let sku = text(request, "sku");
        match state.items.get(sku) {
            Some(item) => json!({"statusCode": 200, "sku": sku, "inventoryItem": item}),
            None => failed(json!({"sku": sku, "inventoryItem": {}}), &no_item()),
        }
    });
    Ok(answered(&results.collect::<Vec<_>>()))
}

/// `POST bulk_update_price_quantity`.
pub(super) fn update(state: &mut State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let mut results = Vec::new();
    for request in requests(call)? {
        let sku = text(&request, "sku");
        let quantity = request.pointer("/shipToLocationAvailability/quantity");
        let item = match set_quantity(state, sku, quantity) {
            Ok(()) => json!({"statusCode": 200, "sku": sku}),
            Err(refusal) => failed(json!({"sku": sku}), &refusal),
        };
        let offers = request.get("offers").and_then(Value::as_array);
        if offers.is_none_or(Vec::is_empty) || item.get("errors").is_some() {
            results.push(item);
            continue;
        }
        for change in offers.into_iter().flatten() {
            let id = text(change, "offerId");
            let offer = state
                .offers
                .get_mut(id)
                .filter(|offer| text(offer, "sku") == sku);
            let outcome = match offer {
                Some(offer) => revise(offer, change),
                None => Err(unavailable(StatusCode::NOT_FOUND)),
            };
            results.push(match outcome {
                Ok(()) => json!({"statusCode": 200, "sku": sku, "offerId": id}),
                Err(refusal) => failed(json!({"sku": sku, "offerId": id}), &refusal),
            });
        }
        refresh_listings(state, sku);
    }
    Ok(answered(&results))
}

/// Sets an item's quantity.
///
/// # Errors
/// 25710 where there is no such item.
pub(crate) fn restock(state: &mut State, sku: &str, quantity: u64) -> Outcome<()> {
    set_quantity(state, sku, Some(&json!(quantity)))
}

/// Sets an item's quantity, where one is given.
fn set_quantity(state: &mut State, sku: &str, quantity: Option<&Value>) -> Outcome<()> {
    let item = state.items.get_mut(sku).ok_or_else(no_item)?;
    let Some(quantity) = quantity else {
        return Ok(());
    };
    if quantity.as_u64().is_none() {
        return Err(bad(25759, "The quantity must not be negative.").with("fieldName", "quantity"));
    }
    if let Value::Object(fields) = item {
        let availability = fields.entry("availability").or_insert_with(|| json!({}));
        if let Value::Object(availability) = availability {
            let home = availability
                .entry("shipToLocationAvailability")
                .or_insert_with(|| json!({}));
            set(home, [("quantity", quantity.clone())]);
        }
    }
    refresh_listings(state, sku);
    Ok(())
}

fn requests(call: &Call<'_>) -> Outcome<Vec<Value>> {
    let body = request::body(call)?;
    body.get("requests")
        .and_then(Value::as_array)
        .filter(|requests| (1..=MOST).contains(&requests.len()))
        .cloned()
        .ok_or_else(|| bad(25709, "Invalid value for requests.").with("fieldName", "requests"))
}

fn failed(mut result: Value, refusal: &Refusal) -> Value {
    set(
        &mut result,
        [
            ("statusCode", json!(refusal.status().as_u16())),
            ("errors", json!([refusal.error()])),
        ],
    );
    result
}

/// All went well: 200. Otherwise 207, and each result says how it went.
fn answered(results: &[Value]) -> Response<Bytes> {
    let all_well = results.iter().all(|result| result.get("errors").is_none());
    let status = if all_well {
        StatusCode::OK
    } else {
        StatusCode::MULTI_STATUS
    };
    answer::json(status, &json!({"responses": results}))
}
