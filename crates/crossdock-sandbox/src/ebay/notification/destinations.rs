//! Destinations: the addresses that notifications go to.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::super::refusal::{Outcome, Refusal};
use super::super::request;
use super::super::state::text;
use super::{Notifications, bad, conflict, listed, not_found};

/// How long a verification token is.
const TOKEN_LENGTH: std::ops::RangeInclusive<usize> = 32..=80;

/// The longest name.
const NAME_LENGTH: usize = 64;

/// Runs an operation on `destination`.
pub(super) fn answer(
    state: &mut Notifications,
    call: &Call<'_>,
    path: &[&str],
    world: &mut World,
) -> Outcome<Response<Bytes>> {
    match (call.method.as_str(), path) {
        ("GET", []) => listed(call, "destinations", &state.destinations),
        ("POST", []) => create(state, call, world),
        ("GET", [id]) => Ok(answer::json(StatusCode::OK, find(state, id)?)),
        ("PUT", [id]) => update(state, call, id),
        ("DELETE", [id]) => delete(state, id),
        _ => Err(Refusal::no_such_resource()),
    }
}

fn find<'s>(state: &'s Notifications, id: &str) -> Outcome<&'s Value> {
    state
        .destinations
        .iter()
        .find(|known| text(known, "destinationId") == id)
        .ok_or_else(|| not_found(195_022, "The destination ID is invalid."))
}

/// Reads a destination out of a request.
fn read(call: &Call<'_>) -> Outcome<Value> {
    let body = request::body(call)?;
    let name = text(&body, "name");
    if name.chars().count() > NAME_LENGTH || name.contains('<') {
        return Err(bad(195_016, "The name is invalid."));
    }
    let status = text(&body, "status");
    if !matches!(status, "ENABLED" | "DISABLED") {
        return Err(bad(195_018, "The destination status is invalid."));
    }
    let config = body.get("deliveryConfig").unwrap_or(&Value::Null);
    let (endpoint, token) = (text(config, "endpoint"), text(config, "verificationToken"));
    if !is_allowed(endpoint) {
        return Err(bad(195_017, "The endpoint is invalid."));
    }
    let is_token = TOKEN_LENGTH.contains(&token.len())
        && token
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    if !is_token {
        return Err(bad(195_019, "The verification token is invalid."));
    }
    Ok(json!({
        "name": name,
        "status": status,
        "deliveryConfig": {"endpoint": endpoint, "verificationToken": token},
    }))
}

fn is_allowed(endpoint: &str) -> bool {
    Url::parse(endpoint).is_ok_and(|url| match url.scheme() {
        "https" => true,
        "http" => matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]")),
        _ => false,
    })
}

/// The destination with an address, whose trailing parts all count.
fn at<'s>(state: &'s Notifications, destination: &Value) -> Option<&'s Value> {
    let endpoint = |it: &Value| it.pointer("/deliveryConfig/endpoint").cloned();
    state
        .destinations
        .iter()
        .find(|known| endpoint(known) == endpoint(destination))
}

fn create(
    state: &mut Notifications,
    call: &Call<'_>,
    world: &mut World,
) -> Outcome<Response<Bytes>> {
    let mut destination = read(call)?;
    state.check_config()?;
    if at(state, &destination).is_some() {
        return Err(conflict(
            195_021,
            "There is a destination with this endpoint.",
        ));
    }
    let id = world.uuid();
    set_id(&mut destination, &id);
    state.destinations.push(destination);
    let location = format!(
        "https://{}/commerce/notification/v1/destination/{id}",
        call.host
    );
    Ok(request::created(&location, Some(&json!({}))))
}

fn set_id(destination: &mut Value, id: &str) {
    if let Value::Object(fields) = destination {
        fields.insert("destinationId".to_owned(), json!(id));
    }
}

fn update(state: &mut Notifications, call: &Call<'_>, id: &str) -> Outcome<Response<Bytes>> {
    find(state, id)?;
    let mut destination = read(call)?;
    if at(state, &destination).is_some_and(|other| text(other, "destinationId") != id) {
        return Err(conflict(
            195_021,
            "There is a destination with this endpoint.",
        ));
    }
    set_id(&mut destination, id);
    if let Some(known) = state
        .destinations
        .iter_mut()
        .find(|known| text(known, "destinationId") == id)
    {
        *known = destination;
    }
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

fn delete(state: &mut Notifications, id: &str) -> Outcome<Response<Bytes>> {
    find(state, id)?;
    if state
        .subscriptions
        .iter()
        .any(|known| text(known, "destinationId") == id)
    {
        return Err(conflict(195_024, "The destination is in use."));
    }
    state
        .destinations
        .retain(|known| text(known, "destinationId") != id);
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

/// What eBay asks a destination, and how it must be answered: the address to get, and the JSON to
/// answer it with. `None` where there is no such destination.
pub(crate) fn challenge(state: &Notifications, id: &str, world: &mut World) -> Option<Value> {
    let config = find(state, id).ok()?.get("deliveryConfig")?;
    let (endpoint, token) = (text(config, "endpoint"), text(config, "verificationToken"));
    let code = world.uuid();
    let mut url = Url::parse(endpoint).ok()?;
    url.query_pairs_mut().append_pair("challenge_code", &code);
    let response = hex::encode(Sha256::digest(format!("{code}{token}{endpoint}")));
    Some(json!({"get": url, "answer": {"challengeResponse": response}}))
}
