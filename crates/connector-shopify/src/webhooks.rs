//! Shopify's webhooks: verified over the raw bytes, then mapped to what follows from them.
//!
//! Source: shopify.dev, "Verify webhook deliveries" and "Privacy law compliance". Two families of
//! headers exist, `X-Shopify-*` and the newer `shopify-*`; Shopify's own library looks at the newer
//! first.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use connector_core::{
    Context, Delivery, Error, ErrorKind, PrivacyRequest, Result, SecretString, WebhookEffect,
    WebhookEvent, Webhooks, endpoint,
};
use http::HeaderMap;
use serde::Deserialize;

use crate::descriptor::{INVENTORY_LEVELS, LOCATIONS, ORDERS, PAYOUTS, PRODUCTS};
use crate::{map, signature};

/// Receives an app's webhooks.
#[derive(Clone, Debug)]
pub struct ShopifyWebhooks {
    secrets: Vec<SecretString>,
}

impl ShopifyWebhooks {
    /// Webhooks signed with any of these client secrets: the one in use, and the one before it for
    /// the hour in which Shopify may still sign with that.
    #[must_use]
    pub fn new(secrets: Vec<SecretString>) -> Self {
        Self { secrets }
    }

    /// Verifies one delivery over its raw body, and says what it means. Needs no network.
    ///
    /// # Errors
    /// Those of [`Webhooks::receive`].
    pub fn event(&self, headers: &HeaderMap, body: &[u8]) -> Result<WebhookEvent> {
        let given = header(headers, "hmac-sha256").unwrap_or_default();
        if !signature::verifies_body(&self.secrets, body, given) {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                "the webhook is not signed by Shopify",
            ));
        }
        let require = |name: &'static str| {
            header(headers, name)
                .ok_or_else(|| Error::contract("the webhook lacks a header").with("header", name))
        };
        let topic = require("topic")?.to_ascii_lowercase();
        Ok(WebhookEvent {
            id: require("webhook-id")?.to_owned(),
            account: Some(require("shop-domain")?.to_ascii_lowercase()),
            occurred_at: header(headers, "triggered-at")
                .and_then(|at| DateTime::parse_from_rfc3339(at).ok())
                .map(|at| at.with_timezone(&Utc)),
            effects: effects(&topic, body)?,
            topic,
        })
    }
}

#[async_trait]
impl Webhooks for ShopifyWebhooks {
    async fn receive(&self, _ctx: &Context, delivery: &Delivery<'_>) -> Result<Vec<WebhookEvent>> {
        Ok(vec![self.event(delivery.headers, delivery.body)?])
    }
}

/// A header of either family.
fn header<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    [format!("shopify-{name}"), format!("x-shopify-{name}")]
        .iter()
        .find_map(|name| headers.get(name.as_str()))
        .and_then(|value| value.to_str().ok())
}

fn effects(topic: &str, body: &[u8]) -> Result<Vec<WebhookEffect>> {
    let (resource, event) = topic.split_once('/').unwrap_or((topic, ""));
    Ok(match (resource, event) {
        ("products", "delete") => vec![gone(PRODUCTS, body)?],
        ("orders", "delete") => vec![gone(ORDERS, body)?],
        ("locations", "delete") => vec![gone(LOCATIONS, body)?],
        ("inventory_levels", "disconnect") => vec![gone_level(body)?],
        ("products" | "variants" | "inventory_items", _) => vec![sync(PRODUCTS)],
        ("inventory_levels", _) => vec![sync(INVENTORY_LEVELS)],
        (
            "orders" | "refunds" | "order_transactions" | "fulfillments" | "tender_transactions",
            _,
        ) => {
            vec![sync(ORDERS)]
        }
        ("locations", _) => vec![sync(LOCATIONS)],
        ("shopify_payments_payouts" | "payouts", _) => vec![sync(PAYOUTS)],
        // It doesn't tell what the operation was for. A stream that waits for none asks for changes.
        ("bulk_operations", "finish") => [PRODUCTS, INVENTORY_LEVELS, ORDERS]
            .into_iter()
            .map(sync)
            .collect(),
        ("app", "uninstalled") => vec![WebhookEffect::Disconnected],
        ("customers", "data_request") => vec![privacy(PrivacyRequest::CustomerData, body)?],
        ("customers", "redact") => vec![privacy(PrivacyRequest::CustomerErasure, body)?],
        ("shop", "redact") => vec![privacy(PrivacyRequest::AccountErasure, body)?],
        _ => vec![WebhookEffect::Nothing],
    })
}

fn sync(stream: &str) -> WebhookEffect {
    WebhookEffect::Sync {
        stream: stream.to_owned(),
    }
}

fn gone(stream: &str, body: &[u8]) -> Result<WebhookEffect> {
    #[derive(Deserialize)]
    struct Deleted {
        id: u64,
    }
    let deleted: Deleted = endpoint::json(body)?;
    Ok(WebhookEffect::Gone {
        stream: stream.to_owned(),
        external_id: deleted.id.to_string(),
    })
}

fn gone_level(body: &[u8]) -> Result<WebhookEffect> {
    #[derive(Deserialize)]
    struct Level {
        inventory_item_id: u64,
        location_id: u64,
    }
    let level: Level = endpoint::json(body)?;
    let external_id = map::inventory_level_id(
        &level.inventory_item_id.to_string(),
        &level.location_id.to_string(),
    );
    Ok(WebhookEffect::Gone {
        stream: INVENTORY_LEVELS.to_owned(),
        external_id,
    })
}

fn privacy(request: PrivacyRequest, body: &[u8]) -> Result<WebhookEffect> {
    #[derive(Deserialize)]
    struct Compliance {
        customer: Option<Customer>,
        #[serde(default, alias = "orders_to_redact")]
        orders_requested: Option<Vec<u64>>,
    }
    #[derive(Deserialize)]
    struct Customer {
        // A customer who bought without an account may be known by an e-mail address alone.
        id: Option<u64>,
    }
    let compliance: Compliance = endpoint::json(body)?;
    Ok(WebhookEffect::Privacy {
        request,
        customer_id: compliance
            .customer
            .and_then(|customer| customer.id)
            .map(|id| id.to_string()),
        orders: compliance
            .orders_requested
            .into_iter()
            .flatten()
            .map(|order| order.to_string())
            .collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine as _;
    use hmac::{Hmac, KeyInit as _, Mac as _};

    fn deliver(family: &str, secret: &str, topic: &str, body: &str) -> Result<WebhookEvent> {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret.as_bytes()).unwrap();
        mac.update(body.as_bytes());
        let hmac = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        let headers = [
            ("hmac-sha256", hmac.as_str()),
            ("topic", topic),
            ("shop-domain", "black-tees.myshopify.com"),
            ("webhook-id", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043"),
            ("triggered-at", "2026-03-29T18:00:27.877041743Z"),
        ]
        .into_iter()
        .map(|(name, value)| {
            let name = format!("{family}{name}")
                .parse::<http::HeaderName>()
                .unwrap();
            (name, value.parse::<http::HeaderValue>().unwrap())
        })
        .collect();
        ShopifyWebhooks::new(vec!["new".to_owned().into(), "old".to_owned().into()])
            .event(&headers, body.as_bytes())
    }

    fn effects_of(topic: &str, body: &str) -> Vec<WebhookEffect> {
        deliver("x-shopify-", "new", topic, body).unwrap().effects
    }

    #[test]
    fn both_families_and_both_secrets_are_taken() {
        for (family, secret) in [
            ("x-shopify-", "new"),
            ("shopify-", "new"),
            ("X-Shopify-", "old"),
        ] {
            let event = deliver(family, secret, "orders/create", r#"{"id":1}"#).unwrap();
            assert_eq!(event.account.as_deref(), Some("black-tees.myshopify.com"));
            assert_eq!(event.topic, "orders/create");
            assert!(event.occurred_at.is_some());
            assert_eq!(event.effects, [sync(ORDERS)]);
        }
    }

    #[test]
    fn what_is_not_signed_is_denied_before_it_is_read() {
        let error = deliver("x-shopify-", "other", "orders/create", "no json").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        let error = ShopifyWebhooks::new(Vec::new())
            .event(&HeaderMap::new(), b"")
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    }

    #[test]
    fn what_is_gone_is_named_as_its_stream_names_it() {
        assert_eq!(
            effects_of("products/delete", r#"{"id":788032119674292922}"#),
            [WebhookEffect::Gone {
                stream: PRODUCTS.to_owned(),
                external_id: "788032119674292922".to_owned()
            }]
        );
        let level = r#"{"inventory_item_id":271878346596884015,"location_id":24826418}"#;
        assert_eq!(
            effects_of("inventory_levels/disconnect", level),
            [WebhookEffect::Gone {
                stream: INVENTORY_LEVELS.to_owned(),
                external_id: "271878346596884015/24826418".to_owned()
            }]
        );
        let error = deliver("x-shopify-", "new", "products/delete", "{}").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken);
    }

    #[test]
    fn the_three_privacy_topics_say_whose_and_which() {
        let request = r#"{"shop_id":1,"shop_domain":"s","orders_requested":[299938,280263],"customer":{"id":191167,"email":"j@example.com"},"data_request":{"id":9999}}"#;
        let WebhookEffect::Privacy {
            request,
            customer_id,
            orders,
        } = effects_of("customers/data_request", request).remove(0)
        else {
            panic!("no privacy request")
        };
        assert_eq!(request, PrivacyRequest::CustomerData);
        assert_eq!(customer_id.as_deref(), Some("191167"));
        assert_eq!(orders, ["299938", "280263"]);
        let redact = r#"{"shop_id":1,"shop_domain":"s","customer":{"email":"j@example.com"},"orders_to_redact":[7]}"#;
        assert_eq!(
            effects_of("customers/redact", redact),
            [WebhookEffect::Privacy {
                request: PrivacyRequest::CustomerErasure,
                customer_id: None,
                orders: vec!["7".to_owned()]
            }]
        );
        assert_eq!(
            effects_of("shop/redact", r#"{"shop_id":1,"shop_domain":"s"}"#),
            [WebhookEffect::Privacy {
                request: PrivacyRequest::AccountErasure,
                customer_id: None,
                orders: Vec::new()
            }]
        );
    }

    #[test]
    fn other_topics_are_synced_disconnected_or_kept() {
        for topic in [
            "refunds/create",
            "orders/updated",
            "orders/paid",
            "orders/cancelled",
        ] {
            assert_eq!(effects_of(topic, "{}"), [sync(ORDERS)], "{topic}");
        }
        assert_eq!(
            effects_of("app/uninstalled", "{}"),
            [WebhookEffect::Disconnected]
        );
        assert_eq!(effects_of("bulk_operations/finish", "{}").len(), 3);
        assert_eq!(effects_of("carts/update", "{}"), [WebhookEffect::Nothing]);
        assert_eq!(effects_of("shop/update", "{}"), [WebhookEffect::Nothing]);
    }
}
