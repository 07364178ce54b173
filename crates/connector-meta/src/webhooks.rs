//! Meta's webhooks: the question whose address it is, deliveries verified over their raw bytes, and
//! the word that somebody removed the app.
//!
//! Source: developers.facebook.com, "Webhooks: getting started", "Webhooks for Pages", "Deauthorize
//! callback" and "Parsing the signed request", read in November 2026. Deliveries are signed with the
//! app's secret, with everything beyond ASCII escaped, so that only the very bytes verify.

mod effects;
mod signature;

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use connector_core::{
    ChallengeAnswer, Context, Delivery, Error, ErrorKind, ExposeSecret as _, Form, Result,
    WebhookEffect, WebhookEvent, Webhooks, endpoint, secret,
};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::config::Config;
use crate::directory::Directory;

pub(crate) use effects::FIELDS;

/// What a deauthorisation is called here; Meta has no word for it in the delivery.
const DEAUTHORISED: &str = "deauthorize";

/// The longest question that is answered.
const LONGEST_QUESTION: usize = 256;

/// Receives an app's webhooks. Cheap to clone.
#[derive(Clone, Debug)]
pub struct MetaWebhooks {
    config: Arc<Config>,
    directory: Directory,
}

/// A delivery: news of several things of one kind, pages or accounts.
#[derive(Debug, Deserialize)]
struct Notification {
    object: String,
    #[serde(default)]
    entry: Vec<News>,
}

/// The news of one thing.
#[derive(Debug, Deserialize)]
struct News {
    /// A text, and in old deliveries of messages a number.
    #[serde(deserialize_with = "text_or_number")]
    id: String,
    /// In seconds since 1970, or in milliseconds where it is about messages.
    #[serde(default)]
    time: i64,
    #[serde(default)]
    changes: Vec<FieldChange>,
    #[serde(default)]
    messaging: Vec<Value>,
    #[serde(default)]
    standby: Vec<Value>,
    /// Where the app asked for names without values.
    #[serde(default)]
    changed_fields: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct FieldChange {
    field: String,
    #[serde(default)]
    value: Value,
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        _ => Err(D::Error::custom("this is no id")),
    }
}

impl MetaWebhooks {
    pub(crate) fn new(config: Arc<Config>, directory: Directory) -> Self {
        Self { config, directory }
    }

    /// Verifies and reads a delivery: nothing has to be fetched for it.
    fn read(&self, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>> {
        let (_id, secret) = self.config.require_app()?;
        if let Some(request) = signature::signed_request(delivery.body) {
            let payload = signature::open(secret, &request).ok_or_else(forged)?;
            return removed(&payload).map(|event| vec![event]);
        }
        let signature = delivery.headers.get("x-hub-signature-256");
        let signature = signature.and_then(|value| value.to_str().ok());
        if !signature.is_some_and(|it| signature::verifies(secret, it, delivery.body)) {
            return Err(forged());
        }
        let notification: Notification = endpoint::json(delivery.body)?;
        let object = notification.object;
        let entries = notification.entry.into_iter();
        let events = entries.flat_map(|news| events(&object, news));
        Ok(events.flat_map(|event| self.addressed(event)).collect())
    }

    /// The event for each who shared what it names. Where nobody is known, it keeps that name, so
    /// that it is for nobody.
    fn addressed(&self, event: WebhookEvent) -> Vec<WebhookEvent> {
        let named = event.account.as_deref().unwrap_or_default();
        let owners = self.directory.owners(named);
        if owners.is_empty() {
            return vec![event];
        }
        let to = |owner: String| WebhookEvent {
            account: Some(owner),
            ..event.clone()
        };
        owners.into_iter().map(to).collect()
    }
}

#[async_trait]
impl Webhooks for MetaWebhooks {
    async fn receive(&self, _ctx: &Context, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>> {
        self.read(delivery)
    }

    /// The question itself, where it comes with the token that both sides know.
    fn challenge(&self, _address: &str, query: &Form) -> Option<Result<ChallengeAnswer>> {
        Some(answer(&self.config, query))
    }
}

fn forged() -> Error {
    Error::new(
        ErrorKind::PermissionDenied,
        "the delivery is not signed with the app's secret",
    )
}

fn answer(config: &Config, query: &Form) -> Result<ChallengeAnswer> {
    let refused = |message: &'static str| Error::new(ErrorKind::PermissionDenied, message);
    let is_plain = |question: &&str| {
        !question.is_empty()
            && question.len() <= LONGEST_QUESTION
            && question.bytes().all(|byte| byte.is_ascii_graphic())
    };
    let question = query.get("hub.challenge").filter(is_plain);
    let (Some("subscribe"), Some(question)) = (query.get("hub.mode"), question) else {
        return Err(refused(
            "this is not how Meta asks whether an address is ours",
        ));
    };
    let token = config.require_verify_token()?;
    let shown = query.get("hub.verify_token").unwrap_or_default();
    if !secret::same(token.expose_secret(), shown) {
        return Err(refused(
            "whoever asks doesn't know the token that Meta was told",
        ));
    }
    Ok(ChallengeAnswer {
        content_type: "text/plain; charset=utf-8",
        body: question.to_owned(),
    })
}

/// The event of a signed request: the person removed the app. It is delivered once, without an id,
/// so that the time of the removal stands for it.
fn removed(payload: &[u8]) -> Result<WebhookEvent> {
    #[derive(Deserialize)]
    struct Removed {
        user_id: String,
        #[serde(default)]
        issued_at: i64,
    }
    let removed: Removed = endpoint::json(payload)?;
    Ok(WebhookEvent {
        id: format!("{DEAUTHORISED}/{}/{}", removed.user_id, removed.issued_at),
        topic: DEAUTHORISED.to_owned(),
        account: Some(removed.user_id),
        occurred_at: DateTime::from_timestamp(removed.issued_at, 0),
        effects: vec![WebhookEffect::Disconnected],
    })
}

/// The events of one thing's news: one for each field, as up to a thousand changes come at once.
fn events(object: &str, news: News) -> Vec<WebhookEvent> {
    let occurred_at = instant(news.time);
    let mut fields: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for change in news.changes {
        fields.entry(change.field).or_default().push(change.value);
    }
    for field in news.changed_fields {
        fields.entry(field).or_default().push(Value::Null);
    }
    let messages: Vec<Value> = news.messaging.into_iter().chain(news.standby).collect();
    if !messages.is_empty() {
        fields
            .entry(effects::MESSAGES.to_owned())
            .or_default()
            .extend(messages);
    }
    fields
        .into_iter()
        .map(|(field, values)| {
            let mut hash = Sha256::new();
            hash.update(news.time.to_be_bytes());
            for value in &values {
                hash.update(value.to_string());
            }
            WebhookEvent {
                // A redelivery has the same content; two changes with the same content are one.
                id: format!("{}/{field}/{}", news.id, hex::encode(hash.finalize())),
                topic: format!("{object}/{field}"),
                account: Some(news.id.clone()),
                occurred_at,
                effects: effects::of(object, &field, &values),
            }
        })
        .collect()
}

/// A time in seconds, or in milliseconds where it would be far in the future.
fn instant(time: i64) -> Option<DateTime<Utc>> {
    const FAR: i64 = 100_000_000_000;
    if time <= 0 {
        None
    } else if time < FAR {
        DateTime::from_timestamp(time, 0)
    } else {
        DateTime::from_timestamp_millis(time)
    }
}

#[cfg(test)]
mod tests;
