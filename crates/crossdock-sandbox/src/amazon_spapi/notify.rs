//! Notifications as they arrive: composed as Amazon does, wrapped as its carriers do.
//!
//! Amazon signs nothing and calls no webhook: it puts messages into a queue or onto an event bus,
//! and whoever set that up forwards them. So the sandbox posts them as a forwarder would, with a
//! token that the receiver expects of it.

use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use crate::platform::ControlError;
use crate::world::{Outgoing, World};

use super::account::Account;
use super::auth::APPLICATION;
use super::params::{text, timestamp};

/// What the forwarder says to be let in.
const TOKEN: &str = "sbx-amazon-notification-token";

/// What is to be sent.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    #[serde(default)]
    pub(super) seller: Option<String>,
    /// Where to. Nothing is posted anywhere but to loopback addresses.
    url: Url,
    /// The notification's type.
    #[serde(rename = "type")]
    kind: String,
    /// The order, SKU, ASIN or report that it is about.
    id: String,
    /// `bare` (the default), `event_bridge`, `sqs` (as functions get it), `sqs_messages` (as it is
    /// read from the queue) or `sns`.
    #[serde(default)]
    form: Option<String>,
    /// The notification's own id: given to repeat one.
    #[serde(default)]
    notification_id: Option<String>,
    /// Another token than the right one.
    #[serde(default)]
    token: Option<String>,
}

/// Composes a notification, wraps it and lets it be posted.
pub(super) fn send(
    account: &Account,
    wanted: &Wanted,
    world: &mut World,
) -> Result<Value, ControlError> {
    let id = wanted
        .notification_id
        .clone()
        .unwrap_or_else(|| world.uuid());
    let message = compose(account, wanted, &id, world)?;
    let body = wrap(message, wanted, &id, world)?;
    let token = wanted.token.as_deref().unwrap_or(TOKEN);
    world.outbox.push(Outgoing {
        platform: super::ID,
        url: wanted.url.clone(),
        headers: vec![
            ("content-type".to_owned(), "application/json".to_owned()),
            ("authorization".to_owned(), format!("Bearer {token}")),
            (
                "user-agent".to_owned(),
                "Amazon/EventBridge/ApiDestinations".to_owned(),
            ),
        ],
        body: Bytes::from(body.to_string()),
        due: world.now,
    });
    Ok(json!({"notification_id": id}))
}

/// The message. Older types capitalise their keys, newer ones do not.
fn compose(
    account: &Account,
    wanted: &Wanted,
    id: &str,
    world: &World,
) -> Result<Value, ControlError> {
    let now = timestamp(world.now);
    let about = wanted.id.as_str();
    let subscription = account
        .subscriptions
        .iter()
        .find(|(_, subscription)| subscription.kind == wanted.kind)
        .map_or("sbx-subscription", |(id, _)| id.as_str());
    let first = account.marketplaces().next().map_or("", |it| it.id);
    let unknown = |what: &str| ControlError(format!("there is no {what} `{about}`"));
    let payload = match wanted.kind.as_str() {
        "ORDER_CHANGE" => {
            let order = account.orders.get(about).ok_or_else(|| unknown("order"))?;
            json!({"OrderChangeNotification": {
                "NotificationLevel": "OrderLevel",
                "SellerId": account.seller,
                "AmazonOrderId": about,
                "OrderChangeType": "OrderStatusChange",
                "OrderChangeTrigger": {"TimeOfOrderChange": now},
                "Summary": {
                    "MarketplaceId": order.marketplace(),
                    "OrderStatus": old_status(order.status()),
                    "PurchaseDate": timestamp(order.created),
                },
            }})
        }
        "LISTINGS_ITEM_STATUS_CHANGE" => {
            let listing = account
                .listings
                .get(about)
                .ok_or_else(|| unknown("listing"))?;
            let summary = listing.summary(first);
            let of = |pointer: &str| summary.and_then(|it| text(it, pointer));
            json!({
                "SellerId": account.seller,
                "MarketplaceId": first,
                "Asin": of("/asin"),
                "Sku": about,
                "CreatedDate": of("/createdDate"),
                "Status": summary.and_then(|it| it.get("status")),
            })
        }
        "LISTINGS_ITEM_MFN_QUANTITY_CHANGE" => {
            let listing = account
                .listings
                .get(about)
                .ok_or_else(|| unknown("listing"))?;
            let quantity = listing.json.pointer("/fulfillmentAvailability/0/quantity");
            json!({
                "SellerId": account.seller,
                "FulfillmentChannelCode": "DEFAULT",
                "Sku": about,
                "Quantity": quantity.and_then(Value::as_u64).unwrap_or(0),
            })
        }
        "ANY_OFFER_CHANGED" => json!({"AnyOfferChangedNotification": {
            "SellerId": account.seller,
            "OfferChangeTrigger": {
                "MarketplaceId": first,
                "ASIN": about,
                "ItemCondition": "new",
                "TimeOfOfferChange": now,
                "OfferChangeType": "External",
            },
            "Summary": {"NumberOfOffers": [], "NumberOfBuyBoxEligibleOffers": []},
            "Offers": [],
        }}),
        "REPORT_PROCESSING_FINISHED" => {
            let report = account
                .reports
                .get(about)
                .ok_or_else(|| unknown("report"))?;
            let report = report.json(world.now);
            let mut finished = json!({
                "sellerId": account.seller,
                "accountId": format!("amzn1.merchant.o.{}", account.seller),
                "reportId": about,
                "reportType": report.get("reportType"),
                "processingStatus": report.get("processingStatus"),
            });
            if let (Some(document), Some(finished)) =
                (report.get("reportDocumentId"), finished.as_object_mut())
            {
                finished.insert("reportDocumentId".to_owned(), document.clone());
            }
            return Ok(json!({
                "notificationVersion": "2020-09-04",
                "notificationType": wanted.kind,
                "payloadVersion": "2020-09-04",
                "eventTime": now,
                "payload": {"reportProcessingFinishedNotification": finished},
                "notificationMetadata": {
                    "applicationId": APPLICATION,
                    "subscriptionId": subscription,
                    "publishTime": now,
                    "notificationId": id,
                },
            }));
        }
        other => {
            return Err(ControlError(format!(
                "the sandbox composes no notification of the type `{other}`"
            )));
        }
    };
    Ok(json!({
        "NotificationVersion": "1.0",
        "NotificationType": wanted.kind,
        "PayloadVersion": "1.0",
        "EventTime": now,
        "Payload": payload,
        "NotificationMetadata": {
            "ApplicationId": APPLICATION,
            "SubscriptionId": subscription,
            "PublishTime": now,
            "NotificationId": id,
        },
    }))
}

/// The status as version 0 of the orders calls it: notifications still do.
fn old_status(status: &str) -> &'static str {
    match status {
        "PENDING_AVAILABILITY" => "PendingAvailability",
        "PENDING" => "Pending",
        "PARTIALLY_SHIPPED" => "PartiallyShipped",
        "SHIPPED" => "Shipped",
        "CANCELLED" => "Canceled",
        "UNFULFILLABLE" => "Unfulfillable",
        _ => "Unshipped",
    }
}

/// The message inside what carries it.
fn wrap(message: Value, wanted: &Wanted, id: &str, world: &World) -> Result<Value, ControlError> {
    let now = timestamp(world.now);
    Ok(match wanted.form.as_deref().unwrap_or("bare") {
        "bare" => message,
        "event_bridge" => json!({
            "version": "0",
            "id": id,
            "detail-type": wanted.kind,
            "source": format!("aws.partner/sellingpartnerapi.amazon.com/000000000000/{APPLICATION}"),
            "account": "000000000000",
            "time": now,
            "region": "us-east-1",
            "resources": [],
            "detail": message,
        }),
        "sqs" => json!({"Records": [{
            "messageId": id,
            "receiptHandle": "sbx-receipt",
            "body": message.to_string(),
            "attributes": {"SentTimestamp": world.now.timestamp_millis().to_string()},
            "messageAttributes": {},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:sandbox",
            "awsRegion": "us-east-1",
        }]}),
        "sqs_messages" => json!({"Messages": [{
            "MessageId": id,
            "ReceiptHandle": "sbx-receipt",
            "Body": message.to_string(),
        }]}),
        "sns" => json!({
            "Type": "Notification",
            "MessageId": id,
            "TopicArn": "arn:aws:sns:us-east-1:000000000000:sandbox",
            "Message": message.to_string(),
            "Timestamp": now,
        }),
        other => return Err(ControlError(format!("there is no form `{other}`"))),
    })
}
