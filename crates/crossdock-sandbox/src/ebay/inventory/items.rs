//! Inventory items: what a seller has, whether it is on sale or not.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;

use super::super::refusal::Outcome;
use super::super::request::{self, Offset};
use super::super::state::{State, text};
use super::offers::refresh_listings;
use super::{bad, not_found, page, set};

/// The longest SKU.
const SKU_LENGTH: usize = 50;

/// `GET inventory_item`: all items by SKU.
pub(super) fn list(state: &State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let page = page(call, 25, 200, Offset::Pages)?;
    let all: Vec<Value> = state.items.values().cloned().collect();
    let said = json!({
        "total": all.len(),
        "size": all.len().div_ceil(page.limit),
        "limit": page.limit,
    });
    let links = page.links(call, all.len());
    Ok(request::list(links, said, "inventoryItems", page.cut(&all)))
}

/// `GET inventory_item/{sku}`.
pub(super) fn get(state: &State, sku: &str) -> Outcome<Response<Bytes>> {
    let item = state.items.get(sku).ok_or_else(not_found)?;
    Ok(answer::json(StatusCode::OK, item))
}

/// `PUT inventory_item/{sku}`: replaces the whole item; what is left out is gone.
pub(super) fn put(state: &mut State, call: &Call<'_>, sku: &str) -> Outcome<Response<Bytes>> {
    let locale = request::content_language(call)?;
    let mut item = request::body(call)?;
    let is_sku = !sku.is_empty() && sku.chars().count() <= SKU_LENGTH;
    if !is_sku {
        return Err(bad(25707, "The SKU is invalid.").with("skuValue", sku));
    }
    let quantity = item.pointer("/availability/shipToLocationAvailability/quantity");
    if quantity.is_some_and(|quantity| quantity.as_u64().is_none()) {
        return Err(bad(25709, "Invalid value for quantity.").with("fieldName", "quantity"));
    }
    let known = state.items.get(sku);
    if known.is_some_and(|known| text(known, "locale") != locale)
        && state.offers_of(sku).next().is_some()
    {
        let message = "The item has offers in another language.";
        return Err(bad(25604, message).with("fieldName", "Content-Language"));
    }
    let is_new = known.is_none();
    set(&mut item, [("sku", json!(sku)), ("locale", json!(locale))]);
    state.items.insert(sku.to_owned(), item);
    refresh_listings(state, sku);
    Ok(if is_new {
        answer::json(StatusCode::CREATED, &json!({}))
    } else {
        answer::empty(StatusCode::NO_CONTENT)
    })
}

/// `DELETE inventory_item/{sku}`: its offers go with it, and their listings end.
pub(super) fn delete(state: &mut State, sku: &str) -> Outcome<Response<Bytes>> {
    state.items.remove(sku).ok_or_else(not_found)?;
    state.offers.retain(|_, offer| text(offer, "sku") != sku);
    Ok(answer::empty(StatusCode::NO_CONTENT))
}
