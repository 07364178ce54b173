//! Inventory locations: warehouses and stores.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;

use super::super::refusal::Outcome;
use super::super::request::{self, Offset};
use super::super::state::State;
use super::{bad, not_found, page, set};

/// `GET location`. The one list of the API whose offset counts entries.
pub(super) fn list(state: &State, call: &Call<'_>) -> Outcome<Response<Bytes>> {
    let page = page(call, 100, 100, Offset::Entries)?;
    let all: Vec<Value> = state.locations.values().cloned().collect();
    let said = json!({"total": all.len(), "limit": page.limit, "offset": page.offset});
    Ok(request::list(
        page.links(call, all.len()),
        said,
        "locations",
        page.cut(&all),
    ))
}

/// `GET location/{key}`.
pub(super) fn get(state: &State, key: &str) -> Outcome<Response<Bytes>> {
    let location = state.locations.get(key).ok_or_else(not_found)?;
    Ok(answer::json(StatusCode::OK, location))
}

/// `POST location/{key}`.
pub(super) fn create(state: &mut State, call: &Call<'_>, key: &str) -> Outcome<Response<Bytes>> {
    let mut location = request::body(call)?;
    if location.pointer("/location/address").is_none() {
        return Err(bad(25801, "address is missing.").with("fieldName", "address"));
    }
    if state.locations.contains_key(key) {
        let message = "merchantLocationKey already exists.";
        return Err(bad(25803, message).with("fieldName", "merchantLocationKey"));
    }
    if location.get("merchantLocationStatus").is_none() {
        set(
            &mut location,
            [("merchantLocationStatus", json!("ENABLED"))],
        );
    }
    set(&mut location, [("merchantLocationKey", json!(key))]);
    if let Some(place) = location.get_mut("location") {
        set(place, [("locationId", json!(key))]);
    }
    state.locations.insert(key.to_owned(), location);
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// `DELETE location/{key}`.
pub(super) fn delete(state: &mut State, key: &str) -> Outcome<Response<Bytes>> {
    state.locations.remove(key).ok_or_else(not_found)?;
    Ok(answer::empty(StatusCode::NO_CONTENT))
}
