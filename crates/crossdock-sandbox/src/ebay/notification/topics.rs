//! The topics that the sandbox has: those that a seller's tools need.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;

use super::super::oauth::BASE;
use super::super::refusal::Outcome;
use super::super::state::text;
use super::not_found;

/// A user of eBay is gone, and what is stored of them must go too.
pub(crate) const ACCOUNT_DELETION: &str = "MARKETPLACE_ACCOUNT_DELETION";

/// A user took back what was granted.
pub(crate) const AUTHORIZATION_REVOCATION: &str = "AUTHORIZATION_REVOCATION";

/// Something was sold.
pub(crate) const ORDER_CONFIRMATION: &str = "ORDER_CONFIRMATION";

/// The version of every topic's notifications.
pub(super) const SCHEMA: &str = "1.0";

/// All topics.
pub(super) fn all() -> Vec<Value> {
    [
        (
            ACCOUNT_DELETION,
            "COMMERCE",
            "APPLICATION",
            "",
            "A user's account was deleted.",
        ),
        (
            AUTHORIZATION_REVOCATION,
            "DEVELOPER",
            "APPLICATION",
            "",
            "A user revoked an application.",
        ),
        (
            ORDER_CONFIRMATION,
            "SELL",
            "USER",
            "/sell.fulfillment",
            "An order was placed.",
        ),
    ]
    .into_iter()
    .map(|(id, context, scope, needs, description)| {
        json!({
            "topicId": id,
            "description": description,
            "context": context,
            "scope": scope,
            "status": "ENABLED",
            "filterable": false,
            "authorizationScopes": [format!("{BASE}{needs}")],
            "supportedPayloads": [{
                "format": ["JSON"],
                "schemaVersion": SCHEMA,
                "deliveryProtocol": "HTTPS",
                "deprecated": false,
            }],
        })
    })
    .collect()
}

/// A topic by its id.
pub(super) fn find(id: &str) -> Option<Value> {
    all().into_iter().find(|topic| text(topic, "topicId") == id)
}

/// `GET topic/{id}`.
pub(super) fn get(id: &str) -> Outcome<Response<Bytes>> {
    let topic = find(id).ok_or_else(|| not_found(195_002, "The topic ID is invalid."))?;
    Ok(answer::json(StatusCode::OK, &topic))
}
