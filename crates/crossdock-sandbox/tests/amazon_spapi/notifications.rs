//! Destinations, subscriptions, and what arrives.

use serde_json::{Value, json};

use super::{Amazon, CLIENT, SECRET, SELLER};

const DESTINATIONS: &str = "/notifications/v1/destinations";
const SUBSCRIPTIONS: &str = "/notifications/v1/subscriptions";

/// Uses the app's own token from now on.
fn grantless(amazon: &mut Amazon) {
    let answer = amazon.post_token(&[
        ("grant_type", "client_credentials"),
        ("scope", "sellingpartnerapi::notifications"),
        ("client_id", CLIENT),
        ("client_secret", SECRET),
    ]);
    assert!(answer.body.get("refresh_token").is_none());
    amazon.token = answer.body["access_token"].as_str().unwrap().to_owned();
}

fn queue(name: &str) -> Value {
    let arn = format!("arn:aws:sqs:us-east-1:000000000000:{name}");
    json!({"name": name, "resourceSpecification": {"sqs": {"arn": arn}}})
}

#[test]
fn destinations_take_the_apps_token_and_subscriptions_the_sellers() {
    let mut amazon = Amazon::new().unlimited();
    let seller = amazon.token.clone();
    assert_eq!(amazon.send("GET", DESTINATIONS, None).status, 403);
    grantless(&mut amazon);
    let app = amazon.token.clone();
    let created = amazon.post(DESTINATIONS, &queue("orders"))["payload"].clone();
    let id = created["destinationId"].as_str().unwrap();
    let again = amazon.send("POST", DESTINATIONS, Some(&queue("orders")));
    assert_eq!(again.status, 409);
    assert_eq!(
        amazon
            .send("POST", DESTINATIONS, Some(&queue("orders.fifo")))
            .status,
        400
    );
    let bus = json!({"name": "bus", "resourceSpecification": {"eventBridge": {"region": "us-east-1", "accountId": "000000000000"}}});
    let bus = amazon.post(DESTINATIONS, &bus)["payload"]["destinationId"].clone();
    assert_eq!(
        amazon.get(DESTINATIONS)["payload"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert_eq!(
        amazon.get(&format!("{DESTINATIONS}/{id}"))["payload"],
        created
    );

    let path = format!("{SUBSCRIPTIONS}/ORDER_CHANGE");
    let body = json!({"payloadVersion": "1.0", "destinationId": id});
    assert_eq!(amazon.send("POST", &path, Some(&body)).status, 403);
    amazon.token.clone_from(&seller);
    assert_eq!(amazon.send("GET", &path, None).status, 404);
    let subscription = amazon.post(&path, &body)["payload"].clone();
    assert_eq!(amazon.send("POST", &path, Some(&body)).status, 409);
    assert_eq!(amazon.get(&path)["payload"], subscription);
    let all = amazon.get(&format!("{SUBSCRIPTIONS}?notificationTypes=ORDER_CHANGE"));
    assert_eq!(all["payload"]["subscriptions"][0], subscription);
    // A type goes to its own kind of destination, and is told by one filter at most.
    let listings = format!("{SUBSCRIPTIONS}/LISTINGS_ITEM_STATUS_CHANGE");
    assert_eq!(amazon.send("POST", &listings, Some(&body)).status, 400);
    amazon.post(
        &listings,
        &json!({"payloadVersion": "1.0", "destinationId": bus}),
    );
    assert_eq!(
        amazon
            .send("GET", &format!("{SUBSCRIPTIONS}/NOTHING"), None)
            .status,
        400
    );

    let by_id = format!(
        "{path}/{}",
        subscription["subscriptionId"].as_str().unwrap()
    );
    assert_eq!(amazon.send("GET", &by_id, None).status, 403);
    amazon.token = app;
    assert_eq!(amazon.get(&by_id)["payload"], subscription);
    assert_eq!(
        amazon
            .send("DELETE", &format!("{DESTINATIONS}/{id}"), None)
            .status,
        409
    );
    assert_eq!(amazon.send("DELETE", &by_id, None).status, 200);
    assert_eq!(amazon.send("GET", &by_id, None).status, 404);
    assert_eq!(
        amazon
            .send("DELETE", &format!("{DESTINATIONS}/{id}"), None)
            .status,
        200
    );
    assert_eq!(
        amazon
            .send("GET", &format!("{DESTINATIONS}/{id}"), None)
            .status,
        404
    );
}

#[test]
fn a_test_is_sent_from_the_sandbox_hosts_only() {
    let mut amazon = Amazon::new().unlimited();
    grantless(&mut amazon);
    let id = amazon.post(DESTINATIONS, &queue("tests"))["payload"]["destinationId"].clone();
    let path = format!("{SUBSCRIPTIONS}/ORDER_CHANGE/testNotification");
    let body = json!({"destinationId": id, "testNotification": {"payloadVersion": "1.0"}});
    assert_eq!(amazon.send("POST", &path, Some(&body)).status, 403);
    amazon.host = "sandbox.sellingpartnerapi-na.amazon.com";
    amazon.post(&path, &body);
}

#[test]
fn a_notification_arrives_in_whatever_carries_it() {
    let mut amazon = Amazon::new().unlimited();
    let order = amazon.control("order/create", &json!({}))["id"].clone();
    let message = |body: &Value, form: &str| -> Value {
        let inner = |pointer: &str| body.pointer(pointer).unwrap().as_str().unwrap().to_owned();
        match form {
            "bare" => body.clone(),
            "event_bridge" => body["detail"].clone(),
            "sqs_messages" => serde_json::from_str(&inner("/Messages/0/Body")).unwrap(),
            "sqs" => serde_json::from_str(&inner("/Records/0/body")).unwrap(),
            _ => serde_json::from_str(&inner("/Message")).unwrap(),
        }
    };
    for form in ["bare", "event_bridge", "sqs", "sqs_messages", "sns"] {
        let sent = amazon.control(
            "notify",
            &json!({"url": "http://127.0.0.1:9/hook", "type": "ORDER_CHANGE", "id": order, "form": form}),
        );
        let outgoing = amazon.sandbox.take_due(amazon.now).pop().unwrap();
        let authorization = (
            "authorization".to_owned(),
            "Bearer sbx-amazon-notification-token".to_owned(),
        );
        assert!(outgoing.headers.contains(&authorization));
        let body: Value = serde_json::from_slice(&outgoing.body).unwrap();
        let message = message(&body, form);
        let change = &message["Payload"]["OrderChangeNotification"];
        assert_eq!(change["AmazonOrderId"], order, "{form}");
        assert_eq!(change["SellerId"], SELLER);
        assert_eq!(
            message["NotificationMetadata"]["NotificationId"],
            sent["notification_id"]
        );
    }
    let unknown = json!({"url": "http://127.0.0.1:9/", "type": "ORDER_CHANGE", "id": "none"});
    assert!(
        amazon
            .sandbox
            .control("amazon-spapi", "notify", &unknown)
            .is_err()
    );
}

#[test]
fn newer_types_write_their_keys_in_lower_case() {
    let mut amazon = Amazon::new().unlimited();
    let body = json!({"reportType": "GET_SALES_AND_TRAFFIC_REPORT", "marketplaceIds": ["ATVPDKIKX0DER"], "dataStartTime": "2026-08-01", "dataEndTime": "2026-08-02"});
    let id = amazon.post("/reports/2021-06-30/reports", &body)["reportId"].clone();
    amazon.advance(90);
    amazon.get("/reports/2021-06-30/reports?reportTypes=GET_SALES_AND_TRAFFIC_REPORT");
    let repeated = "00000000-0000-4000-8000-00000000000a";
    amazon.control("notify", &json!({"url": "http://127.0.0.1:9/", "type": "REPORT_PROCESSING_FINISHED", "id": id, "notification_id": repeated}));
    let outgoing = amazon.sandbox.take_due(amazon.now).pop().unwrap();
    let body: Value = serde_json::from_slice(&outgoing.body).unwrap();
    assert_eq!(body["notificationMetadata"]["notificationId"], repeated);
    let finished = &body["payload"]["reportProcessingFinishedNotification"];
    assert_eq!(
        (&finished["reportId"], &finished["processingStatus"]),
        (&id, &json!("DONE"))
    );
}
