//! Webhook subscriptions, and the deliveries that they cause.

use std::collections::BTreeMap;

use bytes::Bytes;
use chrono::{DateTime, SecondsFormat, Utc};
use url::Url;

use super::oauth::{CLIENT_SECRET, webhook_signature};
use crate::world::{Outgoing, World};

/// What an app wants to be told.
#[derive(Clone, Debug)]
pub(crate) struct Subscription {
    pub(crate) id: u64,
    /// The app's client id.
    pub(crate) app: String,
    /// A value of `WebhookSubscriptionTopic`.
    pub(crate) topic: String,
    pub(crate) uri: String,
    pub(crate) filter: Option<String>,
    pub(crate) name: Option<String>,
    pub(crate) include_fields: Vec<String>,
    /// The version of the API that it was made with: what its deliveries look like.
    pub(crate) api_version: String,
    pub(crate) created_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
}

/// All subscriptions of a shop.
#[derive(Debug, Default)]
pub(crate) struct Subscriptions(pub(crate) BTreeMap<u64, Subscription>);

impl Subscriptions {
    /// The subscription with this id.
    pub(crate) fn get(&self, id: u64) -> Option<&Subscription> {
        self.0.get(&id)
    }

    /// An app's subscriptions, the oldest first.
    pub(crate) fn of_app<'s>(&'s self, app: &'s str) -> impl Iterator<Item = &'s Subscription> {
        self.0
            .values()
            .filter(move |subscription| subscription.app == app)
    }

    /// Tells everybody who subscribed to a topic (`PRODUCTS_UPDATE`); how many there were.
    pub(crate) fn publish(
        &self,
        shop: &str,
        topic: &str,
        body: &serde_json::Value,
        due: DateTime<Utc>,
        world: &mut World,
    ) -> usize {
        let event = world.uuid();
        let mut sent = 0;
        for subscription in self
            .0
            .values()
            .filter(|subscription| subscription.topic == topic)
        {
            let body = pick(body, &subscription.include_fields);
            let version = &subscription.api_version;
            sent += usize::from(deliver(
                &subscription.uri,
                shop,
                &wire_topic(topic),
                version,
                &body,
                &event,
                subscription.name.as_deref(),
                due,
                world,
            ));
        }
        sent
    }
}

/// The topic as it is on the wire: `PRODUCTS_UPDATE` is `products/update`.
pub(crate) fn wire_topic(topic: &str) -> String {
    // What happened is the last word, but for a few topics whose last two words are it.
    const TWO_WORDS: [&str; 6] = [
        "PARTIALLY_FULFILLED",
        "OUT_OF_STOCK",
        "IN_STOCK",
        "SCOPES_UPDATE",
        "DATA_REQUEST",
        "RISK_ASSESSMENT_CHANGED",
    ];
    for words in TWO_WORDS {
        if let Some(noun) = topic.strip_suffix(words) {
            return format!("{}/{words}", noun.trim_end_matches('_')).to_lowercase();
        }
    }
    match topic.rsplit_once('_') {
        Some((noun, verb)) => format!("{noun}/{verb}").to_lowercase(),
        None => topic.to_lowercase(),
    }
}

/// Puts one delivery into the outbox; false where the address is none.
#[expect(clippy::too_many_arguments, reason = "each is one header or the body")]
pub(crate) fn deliver(
    uri: &str,
    shop: &str,
    topic: &str,
    version: &str,
    body: &serde_json::Value,
    event: &str,
    name: Option<&str>,
    due: DateTime<Utc>,
    world: &mut World,
) -> bool {
    let Ok(url) = Url::parse(uri) else {
        return false;
    };
    let body = Bytes::from(body.to_string());
    let mut headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("user-agent".to_owned(), "Shopify-Captain-Hook".to_owned()),
        ("x-shopify-topic".to_owned(), topic.to_owned()),
        ("x-shopify-shop-domain".to_owned(), shop.to_owned()),
        ("x-shopify-api-version".to_owned(), version.to_owned()),
        ("x-shopify-webhook-id".to_owned(), world.uuid()),
        ("x-shopify-event-id".to_owned(), event.to_owned()),
        (
            "x-shopify-triggered-at".to_owned(),
            due.to_rfc3339_opts(SecondsFormat::Nanos, true),
        ),
        (
            "x-shopify-hmac-sha256".to_owned(),
            webhook_signature(CLIENT_SECRET, &body),
        ),
    ];
    if let Some(name) = name {
        headers.push(("x-shopify-name".to_owned(), name.to_owned()));
    }
    world.outbox.push(Outgoing {
        platform: super::ID,
        url,
        headers,
        body,
        due,
    });
    true
}

/// The fields that a subscription includes; all where it names none.
fn pick(body: &serde_json::Value, fields: &[String]) -> serde_json::Value {
    match body {
        serde_json::Value::Object(map) if !fields.is_empty() => serde_json::Value::Object(
            map.iter()
                .filter(|(key, _)| fields.iter().any(|field| field == *key))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect(),
        ),
        body => body.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn topics_are_written_as_on_the_wire() {
        for (topic, wire) in [
            ("PRODUCTS_UPDATE", "products/update"),
            ("INVENTORY_LEVELS_UPDATE", "inventory_levels/update"),
            ("BULK_OPERATIONS_FINISH", "bulk_operations/finish"),
            ("ORDERS_PARTIALLY_FULFILLED", "orders/partially_fulfilled"),
            ("APP_SCOPES_UPDATE", "app/scopes_update"),
            ("APP_UNINSTALLED", "app/uninstalled"),
            ("VARIANTS_OUT_OF_STOCK", "variants/out_of_stock"),
        ] {
            assert_eq!(wire_topic(topic), wire);
        }
    }
}
