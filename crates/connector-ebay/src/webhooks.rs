//! eBay's notifications: verified over the raw bytes, then mapped to what follows from them.
//!
//! Source: the Notification API's contract, eBay's event notification SDKs, and the `AsyncAPI` files of
//! the topics. A delivery is signed with ECDSA over P-256 and SHA-1; the header names the key, which
//! is fetched from eBay with the application's own token and kept for an hour.

mod effects;
mod public_keys;
mod signature;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use connector_core::{
    ChallengeAnswer, Context, Delivery, Error, ErrorKind, Form, Result, WebhookEvent, Webhooks,
    endpoint,
};
use serde::Deserialize;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::application::Application;
use public_keys::PublicKeys;
use signature::Signature;

pub(crate) use effects::TOPICS;

/// Receives an application's notifications. Cheap to clone; clones share the keys that were fetched.
#[derive(Clone, Debug)]
pub struct EbayWebhooks {
    application: Application,
    keys: PublicKeys,
}

/// What is delivered, whatever the topic.
#[derive(Debug, Deserialize)]
struct Message {
    metadata: Metadata,
    notification: Notification,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    topic: String,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notification {
    notification_id: String,
    #[serde(default)]
    event_date: Option<DateTime<Utc>>,
    #[serde(default)]
    data: serde_json::Value,
}

impl EbayWebhooks {
    pub(crate) fn new(application: Application) -> Self {
        Self {
            keys: PublicKeys::new(application.clone()),
            application,
        }
    }
}

#[async_trait]
impl Webhooks for EbayWebhooks {
    async fn receive(&self, ctx: &Context, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>> {
        let signature = delivery
            .headers
            .get("x-ebay-signature")
            .and_then(|value| value.to_str().ok())
            .and_then(Signature::parse)
            .ok_or_else(forged)?;
        let key = self.keys.get(ctx, &signature.key_id).await?;
        if !key.is_some_and(|key| signature.verifies(&key, delivery.body)) {
            return Err(forged());
        }
        let message: Message = endpoint::json(delivery.body)?;
        let (account, effects) = effects::of(&message.metadata.topic, &message.notification.data)?;
        Ok(vec![WebhookEvent {
            id: message.notification.notification_id,
            topic: message.metadata.topic,
            account,
            occurred_at: message.notification.event_date,
            effects,
        }])
    }

    /// The hash of eBay's question, of the token that both sides know, and of the address as it is
    /// registered, byte for byte.
    fn challenge(&self, address: &str, query: &Form) -> Option<Result<ChallengeAnswer>> {
        Some(answer(&self.application, address, query))
    }
}

fn forged() -> Error {
    Error::new(
        ErrorKind::PermissionDenied,
        "the notification is not signed by eBay",
    )
}

fn answer(application: &Application, address: &str, query: &Form) -> Result<ChallengeAnswer> {
    let Some(code) = query.get("challenge_code").filter(|code| !code.is_empty()) else {
        return Err(Error::new(
            ErrorKind::PermissionDenied,
            "this is not how eBay asks whether an address is ours",
        ));
    };
    let token = application.config().require_verification_token()?;
    let hash = Sha256::new()
        .chain_update(code)
        .chain_update(token)
        .chain_update(address)
        .finalize();
    Ok(ChallengeAnswer {
        content_type: "application/json",
        body: json!({"challengeResponse": hex::encode(hash)}).to_string(),
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::config::Config;

    fn webhooks(config: &str) -> EbayWebhooks {
        let config: Config = serde_json::from_str(config).unwrap();
        EbayWebhooks::new(Application::new(Arc::new(config)))
    }

    const TOKEN: &str = r#"{"verification_token":"made-up-token-of-forty-letters-and-more_1"}"#;

    #[test]
    fn a_challenge_is_answered_with_the_hash_of_all_three() {
        let query = Form::from_query("challenge_code=a8628072-3d33-45ee-9004-bee86830a22d");
        let address = "https://crossdock.example/webhooks/ebay";
        let answer = webhooks(TOKEN).challenge(address, &query).unwrap().unwrap();
        assert_eq!(answer.content_type, "application/json");
        let text = format!(
            "a8628072-3d33-45ee-9004-bee86830a22d{}{address}",
            "made-up-token-of-forty-letters-and-more_1"
        );
        let expected = hex::encode(Sha256::digest(text));
        assert_eq!(
            answer.body,
            format!(r#"{{"challengeResponse":"{expected}"}}"#)
        );
        let slash = webhooks(TOKEN).challenge(&format!("{address}/"), &query);
        assert_ne!(slash.unwrap().unwrap().body, answer.body);
    }

    #[test]
    fn whoever_asks_otherwise_and_a_missing_token_are_refused() {
        let kind = |config, query| {
            let answer = webhooks(config).challenge("https://x", &Form::from_query(query));
            answer.unwrap().unwrap_err().kind()
        };
        assert_eq!(kind(TOKEN, ""), ErrorKind::PermissionDenied);
        assert_eq!(kind(TOKEN, "challenge_code="), ErrorKind::PermissionDenied);
        assert_eq!(kind("{}", "challenge_code=c"), ErrorKind::ConfigInvalid);
    }
}
