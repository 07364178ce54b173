//! Amazon's notifications: forwarded from a queue or an event bus, unwrapped, and mapped to what
//! follows from them.
//!
//! Amazon signs nothing and calls no address on the web. It writes to a queue (SQS) or an event bus
//! (`EventBridge`) of the operator's, whose policy lets only Amazon write, and the operator forwards
//! from there with a token of their own. Messages come at least once and in no order
//! (developer-docs.amazon.com, "Notifications API", read in November 2026).

mod envelope;
mod notification;

use std::collections::HashSet;

use async_trait::async_trait;
use connector_core::{
    Context, Delivery, Error, ErrorKind, ExposeSecret as _, Result, SecretString, WebhookEvent,
    Webhooks, endpoint, secret,
};
use http::HeaderMap;
use http::header::AUTHORIZATION;
use serde_json::Value;

/// Receives forwarded notifications.
#[derive(Clone, Debug)]
pub struct AmazonWebhooks {
    token: SecretString,
}

impl AmazonWebhooks {
    /// Notifications from whoever proves to know this token.
    #[must_use]
    pub fn new(token: SecretString) -> Self {
        Self { token }
    }

    /// Verifies one delivery, and says what the notifications in it mean: each once, by Amazon's id of
    /// it. Needs no network.
    ///
    /// # Errors
    /// Those of [`Webhooks::receive`]. A notification that brings a new client secret is denied, too:
    /// what is received is stored, and a secret must not be.
    pub fn events(&self, headers: &HeaderMap, body: &[u8]) -> Result<Vec<WebhookEvent>> {
        let given = bearer(headers).unwrap_or_default();
        if !secret::same(self.token.expose_secret(), given) {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                "the notification is not from whoever forwards them",
            ));
        }
        let body: Value = endpoint::json(body)?;
        let mut seen = HashSet::new();
        let mut events = Vec::new();
        for message in envelope::unwrap(body)? {
            let event = notification::event(&message)?;
            if seen.insert(event.id.clone()) {
                events.push(event);
            }
        }
        Ok(events)
    }
}

#[async_trait]
impl Webhooks for AmazonWebhooks {
    async fn receive(&self, _ctx: &Context, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>> {
        self.events(delivery.headers, delivery.body)
    }
}

/// The token of `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers
        .get(AUTHORIZATION)?
        .to_str()
        .ok()?
        .trim()
        .split_once(' ')?;
    scheme
        .eq_ignore_ascii_case("bearer")
        .then(|| token.trim_start())
}

#[cfg(test)]
mod tests;
