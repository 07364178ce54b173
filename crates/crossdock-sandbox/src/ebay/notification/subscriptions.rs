//! Subscriptions: which topics an application or a user wants at which destination.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::world::World;

use super::super::oauth::Grant;
use super::super::refusal::{Outcome, Refusal};
use super::super::request;
use super::super::state::{text, written};
use super::{DOMAIN, Notifications, bad, conflict, listed, not_found, send, topics};

/// Runs an operation on `subscription`.
pub(super) fn answer(
    state: &mut Notifications,
    call: &Call<'_>,
    path: &[&str],
    grant: &Grant,
    world: &mut World,
) -> Outcome<Response<Bytes>> {
    match (call.method.as_str(), path) {
        ("GET", []) => listed(call, "subscriptions", &state.subscriptions),
        ("POST", []) => create(state, call, grant, world),
        ("GET", [id]) => Ok(answer::json(StatusCode::OK, find(state, id)?)),
        ("PUT", [id]) => update(state, call, id),
        ("DELETE", [id]) => {
            find(state, id)?;
            state
                .subscriptions
                .retain(|known| text(known, "subscriptionId") != *id);
            Ok(answer::empty(StatusCode::NO_CONTENT))
        }
        ("POST", [id, "enable"]) => switch(state, id, "ENABLED"),
        ("POST", [id, "disable"]) => switch(state, id, "DISABLED"),
        ("POST", [id, "test"]) => {
            let subscription = find(state, id)?.clone();
            let data = send::example(text(&subscription, "topicId"), world.now);
            send::to_subscription(state, &subscription, &data, world);
            Ok(answer::json(StatusCode::ACCEPTED, &json!({})))
        }
        _ => Err(Refusal::no_such_resource()),
    }
}

fn find<'s>(state: &'s Notifications, id: &str) -> Outcome<&'s Value> {
    state
        .subscriptions
        .iter()
        .find(|known| text(known, "subscriptionId") == id)
        .ok_or_else(|| not_found(195_013, "The subscription ID is invalid."))
}

/// Checks what a subscription says of its status, payload and destination.
fn check(state: &Notifications, subscription: &Value) -> Outcome<()> {
    let status = text(subscription, "status");
    if !matches!(status, "ENABLED" | "DISABLED") {
        return Err(bad(195_006, "The subscription status is invalid."));
    }
    let payload = subscription.get("payload").unwrap_or(&Value::Null);
    if text(payload, "deliveryProtocol") != "HTTPS" {
        return Err(bad(195_010, "The protocol is invalid."));
    }
    if text(payload, "schemaVersion") != topics::SCHEMA {
        return Err(bad(195_008, "The schema version is invalid."));
    }
    if text(payload, "format") != "JSON" {
        return Err(bad(195_009, "The format is not supported."));
    }
    let destination = text(subscription, "destinationId");
    let destination = state
        .destinations
        .iter()
        .find(|known| text(known, "destinationId") == destination)
        .ok_or_else(|| bad(195_007, "The destination ID is invalid."))?;
    if status == "ENABLED" && text(destination, "status") != "ENABLED" {
        return Err(conflict(195_015, "The destination is not enabled."));
    }
    Ok(())
}

fn create(
    state: &mut Notifications,
    call: &Call<'_>,
    grant: &Grant,
    world: &mut World,
) -> Outcome<Response<Bytes>> {
    let body = request::body(call)?;
    let id = text(&body, "topicId");
    let topic = topics::find(id).ok_or_else(|| bad(195_027, "The topic ID is invalid."))?;
    // A topic of users takes a user's token, one of applications takes the application's.
    if (text(&topic, "scope") == "USER") != grant.user.is_some() {
        let message = "The token is not one for this topic.";
        return Err(Refusal::new(
            StatusCode::FORBIDDEN,
            195_011,
            DOMAIN,
            message,
        ));
    }
    state.check_config()?;
    check(state, &body)?;
    if state
        .subscriptions
        .iter()
        .any(|known| text(known, "topicId") == id)
    {
        return Err(conflict(195_012, "There is a subscription of the topic."));
    }
    let number = world.uuid();
    state.subscriptions.push(json!({
        "subscriptionId": number,
        "topicId": id,
        "status": body.get("status"),
        "creationDate": written(world.now),
        "destinationId": body.get("destinationId"),
        "payload": body.get("payload"),
    }));
    let location = format!(
        "https://{}/commerce/notification/v1/subscription/{number}",
        call.host
    );
    Ok(request::created(&location, Some(&json!({}))))
}

fn update(state: &mut Notifications, call: &Call<'_>, id: &str) -> Outcome<Response<Bytes>> {
    find(state, id)?;
    let body = request::body(call)?;
    check(state, &body)?;
    change(state, id, |fields| {
        for name in ["status", "destinationId", "payload"] {
            if let Some(value) = body.get(name) {
                fields.insert(name.to_owned(), value.clone());
            }
        }
    });
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

fn switch(state: &mut Notifications, id: &str, status: &str) -> Outcome<Response<Bytes>> {
    let mut switched = find(state, id)?.clone();
    if let Value::Object(fields) = &mut switched {
        fields.insert("status".to_owned(), json!(status));
    }
    check(state, &switched)?;
    change(state, id, |fields| {
        fields.insert("status".to_owned(), json!(status));
    });
    Ok(answer::empty(StatusCode::NO_CONTENT))
}

fn change(
    state: &mut Notifications,
    id: &str,
    change: impl FnOnce(&mut serde_json::Map<String, Value>),
) {
    let known = state
        .subscriptions
        .iter_mut()
        .find(|known| text(known, "subscriptionId") == id);
    if let Some(Value::Object(fields)) = known {
        change(fields);
    }
}
