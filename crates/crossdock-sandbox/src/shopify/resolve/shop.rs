//! Fields of the shop itself, its bulk operations and its webhook subscriptions.

use std::borrow::Cow;

use serde_json::json;

use super::super::bulk::BulkOperation;
use super::super::graphql::{Field, Resolved};
use super::super::webhooks::Subscription;
use super::Context;

pub(super) fn shop<'a>(field: &Field, cx: &'a Context<'a>) -> Resolved<'a> {
    let info = &cx.shop.store.info;
    match field.name {
        "id" => Resolved::Gid("Shop", info.id),
        "name" | "shopOwnerName" => Resolved::str(&info.name),
        "email" | "contactEmail" => Resolved::str(&info.email),
        "myshopifyDomain" => Resolved::str(&info.domain),
        "url" => Resolved::Str(Cow::Owned(format!("https://{}", info.domain))),
        "primaryDomain" => Resolved::json(json!({
            "id": format!("gid://shopify/Domain/{}", info.id),
            "host": info.domain,
            "url": format!("https://{}", info.domain),
            "sslEnabled": true,
        })),
        "plan" => Resolved::json(json!({
            "publicDisplayName": "Basic",
            "partnerDevelopment": true,
            "shopifyPlus": false,
        })),
        "currencyCode" => Resolved::str(info.currency.as_str()),
        "enabledPresentmentCurrencies" => Resolved::List(
            info.presentment
                .iter()
                .map(|currency| Resolved::str(currency.as_str()))
                .collect(),
        ),
        "ianaTimezone" => Resolved::str("Etc/UTC"),
        "timezoneAbbreviation" => Resolved::str("UTC"),
        "timezoneOffset" => Resolved::str("+0000"),
        "timezoneOffsetMinutes" => Resolved::Int(0),
        "taxesIncluded" => Resolved::Bool(info.taxes_included),
        "unitSystem" => Resolved::str("METRIC_SYSTEM"),
        "weightUnit" => Resolved::str("KILOGRAMS"),
        "createdAt" => Resolved::Time(info.created_at),
        "updatedAt" => Resolved::Time(info.updated_at),
        _ => Resolved::Null,
    }
}

pub(super) fn bulk_operation<'a>(operation: &'a BulkOperation, field: &Field) -> Resolved<'a> {
    match field.name {
        "id" => Resolved::Gid("BulkOperation", operation.id),
        "status" => Resolved::str(operation.status.name()),
        "type" => Resolved::str("QUERY"),
        "query" => Resolved::str(&operation.query),
        "createdAt" => Resolved::Time(operation.created_at),
        "completedAt" => Resolved::opt_time(operation.completed_at),
        "errorCode" => Resolved::opt(operation.error_code),
        "objectCount" => Resolved::Digits(operation.objects),
        "rootObjectCount" => Resolved::Digits(operation.roots),
        "fileSize" => match operation.url() {
            Some(_) => Resolved::Digits(u64::try_from(operation.file.len()).unwrap_or(0)),
            None => Resolved::Null,
        },
        "url" => operation
            .url()
            .map_or(Resolved::Null, |url| Resolved::Str(Cow::Owned(url))),
        "partialDataUrl" => operation
            .partial_url()
            .map_or(Resolved::Null, |url| Resolved::Str(Cow::Owned(url))),
        _ => Resolved::Null,
    }
}

pub(super) fn subscription<'a>(subscription: &'a Subscription, field: &Field) -> Resolved<'a> {
    match field.name {
        "id" => Resolved::Gid("WebhookSubscription", subscription.id),
        "legacyResourceId" => Resolved::Digits(subscription.id),
        "topic" => Resolved::str(&subscription.topic),
        "uri" => Resolved::str(&subscription.uri),
        "format" => Resolved::str("JSON"),
        "filter" => Resolved::opt(subscription.filter.as_deref()),
        "name" => Resolved::opt(subscription.name.as_deref()),
        "includeFields" => Resolved::List(
            subscription
                .include_fields
                .iter()
                .map(|name| Resolved::str(name))
                .collect(),
        ),
        "createdAt" => Resolved::Time(subscription.created_at),
        "updatedAt" => Resolved::Time(subscription.updated_at),
        _ => Resolved::json(json!({
            "handle": subscription.api_version,
            "displayName": subscription.api_version,
            "supported": true,
        })),
    }
}
