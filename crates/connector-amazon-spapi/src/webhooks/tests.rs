//! Notifications as carriers might bring them, and what they mean.

use connector_core::WebhookEffect;
use proptest::prelude::*;
use serde_json::json;

use super::*;

const TOKEN: &str = "made-up-token";

fn receive(authorization: &str, body: &[u8]) -> Result<Vec<WebhookEvent>> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, authorization.parse().unwrap());
    AmazonWebhooks::new(TOKEN.to_owned().into()).events(&headers, body)
}

fn events(body: &Value) -> Vec<WebhookEvent> {
    receive("Bearer made-up-token", body.to_string().as_bytes()).unwrap()
}

fn notification(id: &str, kind: &str, payload: &Value) -> Value {
    json!({
        "NotificationVersion": "1.0", "NotificationType": kind, "PayloadVersion": "1.0",
        "EventTime": "2026-03-01T10:00:00.5Z", "Payload": payload,
        "NotificationMetadata": {"ApplicationId": "a", "SubscriptionId": "s",
            "PublishTime": "2026-03-01T10:00:01Z", "NotificationId": id},
    })
}

fn order(id: &str) -> Value {
    let about = json!({"SellerId": "A0SELLER", "AmazonOrderId": "1"});
    notification(
        id,
        "ORDER_CHANGE",
        &json!({ "OrderChangeNotification": about }),
    )
}

fn sync(stream: &str) -> Vec<WebhookEffect> {
    vec![WebhookEffect::Sync {
        stream: stream.to_owned(),
    }]
}

#[test]
fn only_who_forwards_is_let_in() {
    let body = order("n").to_string();
    for right in ["Bearer made-up-token", "bearer  made-up-token"] {
        assert_eq!(receive(right, body.as_bytes()).unwrap().len(), 1);
    }
    for wrong in [
        "Bearer made-up-toke",
        "Bearer made-up-token2",
        "Bearer ",
        "Bearer",
        "Basic made-up-token",
        "made-up-token",
    ] {
        // Whatever it says: nothing is looked at before.
        for body in [body.as_bytes(), b"{", b""] {
            let error = receive(wrong, body).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{wrong}");
        }
    }
    let nobody = AmazonWebhooks::new(TOKEN.to_owned().into());
    let error = nobody.events(&HeaderMap::new(), body.as_bytes());
    assert_eq!(error.unwrap_err().kind(), ErrorKind::PermissionDenied);
    assert!(!format!("{nobody:?}").contains(TOKEN));
}

#[test]
fn every_envelope_gives_the_same_notification() {
    let bare = order("n");
    let wanted = events(&bare);
    assert_eq!(wanted[0].id, "n");
    assert_eq!(wanted[0].topic, "ORDER_CHANGE");
    assert_eq!(wanted[0].account.as_deref(), Some("A0SELLER"));
    assert_eq!(wanted[0].effects, sync("orders"));
    let text = bare.to_string();
    let topic = json!({"Type": "Notification", "MessageId": "m", "Message": text});
    for body in [
        json!({"version": "0", "id": "e", "detail-type": "ORDER_CHANGE", "detail": bare}),
        json!({"Records": [{"messageId": "m", "body": text, "eventSource": "aws:sqs"}]}),
        json!({"Messages": [{"MessageId": "m", "Body": text}]}),
        json!([{"messageId": "m", "body": text}]),
        topic.clone(),
        json!({"Records": [{"messageId": "m", "body": topic.to_string()}]}),
        json!({"Records": [{"EventSource": "aws:sns", "Sns": topic}]}),
    ] {
        assert_eq!(events(&body), wanted, "{body}");
    }
}

#[test]
fn several_come_at_once_and_each_counts_once() {
    let record = |id: &str| json!({"body": order(id).to_string()});
    let events = events(&json!({"Records": [record("a"), record("b"), record("a")]}));
    let ids: Vec<&str> = events.iter().map(|event| event.id.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
}

#[test]
fn each_type_has_its_effect() {
    let listing =
        json!({"SellerId": "A0", "MarketplaceId": "M", "Sku": "a/b", "Status": ["BUYABLE"]});
    let gone = json!({"SellerId": "A0", "MarketplaceId": "M", "Sku": "a/b", "Status": ["DELETED"]});
    for (kind, payload, effects) in [
        ("LISTINGS_ITEM_STATUS_CHANGE", &listing, sync("listings")),
        ("LISTINGS_ITEM_ISSUES_CHANGE", &listing, sync("listings")),
        (
            "LISTINGS_ITEM_STATUS_CHANGE",
            &gone,
            vec![WebhookEffect::Gone {
                stream: "listings".to_owned(),
                external_id: "M/a/b".to_owned(),
            }],
        ),
        (
            "FBA_INVENTORY_AVAILABILITY_CHANGES",
            &json!({"SellerId": "A0"}),
            sync("inventory_levels"),
        ),
        ("NEW_IN_2027", &json!({}), vec![WebhookEffect::Nothing]),
    ] {
        let event = events(&notification("n", kind, payload)).remove(0);
        assert_eq!(event.effects, effects, "{kind}");
    }
}

#[test]
fn keys_are_read_in_either_case_and_the_seller_wherever_it_is_named() {
    let newer = json!({
        "notificationType": "REPORT_PROCESSING_FINISHED", "eventTime": "2026-03-01T10:00:00Z",
        "payload": {"reportProcessingFinishedNotification": {
            "accountId": "amzn1.merchant.o.A0SELLER", "reportType": "MADE_UP"}},
        "notificationMetadata": {"notificationId": "n"},
    });
    let event = events(&newer).remove(0);
    assert_eq!(event.account.as_deref(), Some("A0SELLER"));
    assert!(event.occurred_at.is_some());
    let money = json!({"TransactionUpdateNotification": {
        "SellingPartnerMetadata": {"SellingPartnerId": "A0SELLER"}}});
    let event = events(&notification("n", "TRANSACTION_UPDATE", &money)).remove(0);
    assert_eq!(event.account.as_deref(), Some("A0SELLER"));
    // Others who offer the same are not the seller.
    let offers = json!({"AnyOfferChangedNotification": {"Offers": [{"SellerId": "A0OTHER"}]}});
    let event = events(&notification("n", "ANY_OFFER_CHANGED", &offers)).remove(0);
    assert_eq!(event.account, None);
}

#[test]
fn a_new_secret_is_not_taken_so_that_it_is_not_stored() {
    let body = notification(
        "n",
        "APPLICATION_OAUTH_CLIENT_NEW_SECRET",
        &json!({"newClientSecret": "s3cret"}),
    );
    let error = receive("Bearer made-up-token", body.to_string().as_bytes()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PermissionDenied);
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[test]
fn what_is_no_notification_is_told() {
    let deep = (0..9).fold(order("n"), |inner, _| json!({ "detail": inner }));
    for body in [
        json!({}),
        json!(7),
        json!({"Type": "SubscriptionConfirmation", "SubscribeURL": "https://example.com"}),
        json!({"Records": [{"body": "not JSON"}]}),
        json!({"NotificationType": "X", "NotificationMetadata": {}}),
        deep,
    ] {
        let error = receive("Bearer made-up-token", body.to_string().as_bytes()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ContractBroken, "{body}");
    }
}

proptest! {
    #[test]
    fn no_body_panics(body in prop::collection::vec(any::<u8>(), 0..200)) {
        drop(receive("Bearer made-up-token", &body));
    }

    #[test]
    fn no_text_inside_panics(text in ".{0,80}") {
        let body = json!({"Records": [{"body": text}], "detail": {"Message": text}});
        drop(receive("Bearer made-up-token", body.to_string().as_bytes()));
    }
}
