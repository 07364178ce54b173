//! Calendar's messages: no body and no signature, only headers, of which the channel's token is proof.
//!
//! A message says that something changed in a calendar and nothing of what. The first one of a channel
//! says only that there is one. (developers.google.com/calendar/api/guides/push, November 2026.)

use async_trait::async_trait;
use connector_core::{
    Context, Delivery, Error, ErrorKind, Result, WebhookEffect, WebhookEvent, Webhooks,
};

use crate::connector::Google;
use crate::descriptor::BOOKINGS;
use crate::push::PushKey;

#[async_trait]
impl Webhooks for Google {
    async fn receive(&self, _ctx: &Context, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>> {
        let header = |name: &str| {
            let value = delivery.headers.get(name)?.to_str().ok()?;
            Some(value).filter(|value| !value.is_empty())
        };
        let proof = header("x-goog-channel-id").zip(header("x-goog-channel-token"));
        let (channel, token) = proof.ok_or_else(forged)?;
        // Without the secret nothing can be verified, and nothing was subscribed to.
        let key = PushKey::of(&self.config).map_err(|_missing| forged())?;
        let account = key.account(token, channel).ok_or_else(forged)?;
        let state = header("x-goog-resource-state")
            .ok_or_else(|| Error::contract("the message doesn't say what happened"))?;
        let number = header("x-goog-message-number")
            .ok_or_else(|| Error::contract("the message has no number"))?;
        Ok(vec![WebhookEvent {
            id: format!("{channel}/{number}"),
            topic: format!("events/{state}"),
            account: Some(account.to_owned()),
            occurred_at: None,
            effects: vec![match state {
                "sync" => WebhookEffect::Nothing,
                _ => WebhookEffect::Sync {
                    stream: BOOKINGS.to_owned(),
                },
            }],
        }])
    }
}

fn forged() -> Error {
    Error::new(
        ErrorKind::PermissionDenied,
        "the message doesn't carry the token of a channel that was opened here",
    )
}
