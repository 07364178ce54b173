//! The Inventory API: items, offers, locations.
//!
//! From the contract 1.18.5 and notes of live calls. Lists count their offset in pages, but for
//! that of locations, which counts entries.

mod bulk;
mod items;
mod locations;
mod offers;

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::Value;

use crate::platform::Call;
use crate::world::World;

use super::refusal::{Outcome, Refusal};
use super::request;
use super::state::State;

pub(super) use bulk::restock;
pub(super) use offers::sell;

/// The domain of the API's refusals.
const DOMAIN: &str = "API_INVENTORY";

/// Runs an operation; `path` is that below the API's root.
pub(super) fn answer(
    state: &mut State,
    call: &Call<'_>,
    path: &[&str],
    world: &mut World,
) -> Outcome<Response<Bytes>> {
    request::check_accept_language(call)?;
    match (call.method.as_str(), path) {
        ("GET", ["inventory_item"]) => items::list(state, call),
        ("GET", ["inventory_item", sku]) => items::get(state, sku),
        ("PUT", ["inventory_item", sku]) => items::put(state, call, sku),
        ("DELETE", ["inventory_item", sku]) => items::delete(state, sku),
        ("POST", ["bulk_get_inventory_item"]) => bulk::get_items(state, call),
        ("POST", ["bulk_update_price_quantity"]) => bulk::update(state, call),
        ("GET", ["offer"]) => offers::list(state, call),
        ("POST", ["offer"]) => offers::create(state, call, world),
        ("GET", ["offer", id]) => offers::get(state, id),
        ("PUT", ["offer", id]) => offers::update(state, call, id),
        ("DELETE", ["offer", id]) => offers::delete(state, id),
        ("POST", ["offer", id, "publish"]) => offers::publish(state, id, world),
        ("POST", ["offer", id, "withdraw"]) => offers::withdraw(state, id),
        ("GET", ["location"]) => locations::list(state, call),
        ("GET", ["location", key]) => locations::get(state, key),
        ("POST", ["location", key]) => locations::create(state, call, key),
        ("DELETE", ["location", key]) => locations::delete(state, key),
        _ => Err(Refusal::no_such_resource()),
    }
}

fn bad(id: u32, message: &str) -> Refusal {
    Refusal::bad(id, DOMAIN, message)
}

fn not_found() -> Refusal {
    let message = "The resource was not found.";
    Refusal::new(StatusCode::NOT_FOUND, 25710, DOMAIN, message)
}

/// Sets members of a document.
fn set(document: &mut Value, members: impl IntoIterator<Item = (&'static str, Value)>) {
    if let Value::Object(fields) = document {
        fields.extend(
            members
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value)),
        );
    }
}

/// The page that a list of the API is asked for.
fn page(
    call: &Call<'_>,
    default: usize,
    most: usize,
    counts: request::Offset,
) -> Outcome<request::Page> {
    let limit = request::number(call, "limit", default, (1, most));
    let offset = request::number(call, "offset", 0, (0, 1_000_000));
    match (limit, offset) {
        (Some(limit), Some(offset)) => Ok(request::Page {
            limit,
            offset,
            counts,
        }),
        _ => Err(bad(25706, "The pagination values are invalid.")),
    }
}
