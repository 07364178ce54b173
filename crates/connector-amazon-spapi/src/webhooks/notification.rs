//! One notification: its id, what it is about, and what follows from it.
//!
//! Older types capitalise their keys, newer ones don't, so keys are compared without regard to case.
//! Sources: the schemas of amzn/selling-partner-api-models, August 2026, and developer-docs.amazon.com,
//! "Notification Type Values".

use chrono::{DateTime, Utc};
use connector_core::{Error, ErrorKind, Result, WebhookEffect, WebhookEvent};
use serde_json::{Map, Value};

use crate::descriptor::{
    DESCRIPTOR, INVENTORY_LEVELS, LISTINGS, MARKET_SNAPSHOTS, ORDERS, PAYOUTS, RETURNS,
    SALES_AND_TRAFFIC,
};
use crate::map;

/// What an id that Amazon gives a merchant's account begins with, before the seller id.
const MERCHANT: &str = "amzn1.merchant.o.";

/// How deep in a payload its seller is named.
const DEEPEST: u8 = 3;

/// Reads one notification.
pub(super) fn event(message: &Value) -> Result<WebhookEvent> {
    let lacks = |what| Error::contract("a notification lacks a part").with("part", what);
    let fields = message.as_object().ok_or_else(|| lacks("all"))?;
    let topic = text(fields, "notificationType").ok_or_else(|| lacks("notificationType"))?;
    if topic == "APPLICATION_OAUTH_CLIENT_NEW_SECRET" {
        return Err(Error::new(
            ErrorKind::PermissionDenied,
            "a notification with a new client secret is not taken: set it in the configuration, and \
             don't forward this type",
        ));
    }
    let metadata = object(fields, "notificationMetadata");
    let metadata = metadata.ok_or_else(|| lacks("notificationMetadata"))?;
    let id = text(metadata, "notificationId").ok_or_else(|| lacks("notificationId"))?;
    let payload = object(fields, "payload");
    Ok(WebhookEvent {
        id: id.to_owned(),
        topic: topic.to_owned(),
        account: payload.and_then(|payload| seller(payload, DEEPEST)),
        occurred_at: instant(fields, "eventTime").or_else(|| instant(metadata, "publishTime")),
        effects: vec![effect(topic, payload)],
    })
}

fn effect(topic: &str, payload: Option<&Map<String, Value>>) -> WebhookEffect {
    match topic {
        "ORDER_CHANGE" | "FULFILLMENT_ORDER_STATUS" | "FBA_OUTBOUND_SHIPMENT_STATUS" => {
            sync(ORDERS)
        }
        "LISTINGS_ITEM_STATUS_CHANGE" => {
            payload.and_then(deleted).unwrap_or_else(|| sync(LISTINGS))
        }
        "LISTINGS_ITEM_ISSUES_CHANGE" | "LISTINGS_ITEM_MFN_QUANTITY_CHANGE" => sync(LISTINGS),
        "FBA_INVENTORY_AVAILABILITY_CHANGES" => sync(INVENTORY_LEVELS),
        "ANY_OFFER_CHANGED" | "B2B_ANY_OFFER_CHANGED" | "PRICING_HEALTH" => sync(MARKET_SNAPSHOTS),
        "TRANSACTION_UPDATE" => sync(PAYOUTS),
        "REPORT_PROCESSING_FINISHED" => {
            payload
                .and_then(report)
                .map_or(WebhookEffect::Nothing, |kind| match kind {
                    "GET_SALES_AND_TRAFFIC_REPORT" => sync(SALES_AND_TRAFFIC),
                    "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA"
                    | "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE" => sync(RETURNS),
                    _ => WebhookEffect::Nothing,
                })
        }
        _ => WebhookEffect::Nothing,
    }
}

fn sync(stream: &str) -> WebhookEffect {
    if DESCRIPTOR.stream(stream).is_none() {
        return WebhookEffect::Nothing;
    }
    WebhookEffect::Sync {
        stream: stream.to_owned(),
    }
}

/// A listing of which Amazon says that it is deleted.
fn deleted(payload: &Map<String, Value>) -> Option<WebhookEffect> {
    let words = field(payload, "status")?.as_array()?;
    if !words.iter().any(|word| word == "DELETED") {
        return None;
    }
    let marketplace = text(payload, "marketplaceId")?;
    Some(WebhookEffect::Gone {
        stream: LISTINGS.to_owned(),
        external_id: map::listing_id(marketplace, text(payload, "sku")?),
    })
}

/// The type of a report that is finished.
fn report(payload: &Map<String, Value>) -> Option<&str> {
    text(
        object(payload, "reportProcessingFinishedNotification")?,
        "reportType",
    )
}

/// Whom a notification is for. Lists are not looked into: other sellers are named in them.
fn seller(fields: &Map<String, Value>, deeper: u8) -> Option<String> {
    let named = text(fields, "sellerId")
        .or_else(|| text(fields, "sellingPartnerId"))
        .or_else(|| text(fields, "accountId")?.strip_prefix(MERCHANT));
    if let Some(named) = named {
        return Some(named.to_owned());
    }
    let deeper = deeper.checked_sub(1)?;
    fields
        .values()
        .filter_map(Value::as_object)
        .find_map(|fields| seller(fields, deeper))
}

fn instant(fields: &Map<String, Value>, name: &str) -> Option<DateTime<Utc>> {
    DateTime::parse_from_rfc3339(text(fields, name)?)
        .ok()
        .map(|instant| instant.to_utc())
}

fn text<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    field(fields, name)?
        .as_str()
        .filter(|text| !text.trim().is_empty())
}

fn object<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Map<String, Value>> {
    field(fields, name)?.as_object()
}

fn field<'a>(fields: &'a Map<String, Value>, name: &str) -> Option<&'a Value> {
    fields
        .iter()
        .find(|(key, _)| key.eq_ignore_ascii_case(name))
        .map(|(_, value)| value)
}
