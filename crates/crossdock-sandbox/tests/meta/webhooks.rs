//! What pages tell the app, and how it is signed.

use serde_json::{Value, json};

use crate::{Meta, PAGE, signature};

/// Sets the address, and subscribes the studio's page to some fields.
fn subscribed(fields: &str) -> Meta {
    let mut meta = Meta::new();
    meta.control(
        "settings/set",
        &json!({"callback_url": "http://127.0.0.1:9/hook"}),
    );
    let token = meta.page_token(PAGE);
    let path = format!("/{PAGE}/subscribed_apps");
    assert_eq!(meta.get_as(&token, &path, &[]), json!({"data": []}));
    let answer = meta.call("POST", &token, &path, &[("subscribed_fields", fields)]);
    assert_eq!(answer.body, json!({"success": true}));
    let listed = meta.get_as(&token, &path, &[]);
    assert_eq!(listed["data"][0]["id"], crate::APP);
    meta
}

/// The one webhook that is due, its signature checked over its very bytes.
fn told(meta: &mut Meta) -> Value {
    let due = meta.sandbox.take_due(meta.now);
    assert_eq!(due.len(), 1);
    let body = &due[0].body;
    let expected = format!("sha256={}", signature(body));
    assert!(
        due[0]
            .headers
            .contains(&("x-hub-signature-256".to_owned(), expected))
    );
    assert!(body.is_ascii());
    serde_json::from_slice(body).unwrap()
}

#[test]
fn a_lead_is_told_by_its_number_alone() {
    let mut meta = subscribed("leadgen");
    let ad = "12021000000000001101";
    let id = meta.control("lead/create", &json!({"ad_id": ad, "text": "Þóra"}))["id"].clone();
    let event = told(&mut meta);
    assert_eq!(event["object"], "page");
    let change = &event["entry"][0]["changes"][0];
    assert_eq!(change["field"], "leadgen");
    assert_eq!(change["value"]["leadgen_id"], id);
    assert_eq!(change["value"]["ad_id"], ad);
    assert!(!event.to_string().contains("Þóra"));
    let token = meta.page_token(PAGE);
    let path = format!("/{}", id.as_str().unwrap());
    let lead = meta.get_as(&token, &path, &[("fields", "field_data,campaign_id")]);
    assert_eq!(lead["field_data"][0]["values"][0], "Þóra");
    assert_eq!(lead["campaign_id"], "12021000000000001");
}

#[test]
fn a_message_tells_of_the_ad_that_led_to_it() {
    let mut meta = subscribed("messages,feed");
    meta.control(
        "message/receive",
        &json!({"ad_id": "12021000000000001101", "text": "Hæ"}),
    );
    let event = told(&mut meta);
    let message = &event["entry"][0]["messaging"][0];
    assert_eq!(message["message"]["text"], "Hæ");
    assert_eq!(
        message["message"]["referral"]["ad_id"],
        "12021000000000001101"
    );
    let token = meta.page_token(PAGE);
    let path = format!("/{PAGE}/conversations");
    let other = meta.get_as(&token, &path, &[("platform", "instagram"), ("limit", "1")]);
    meta.control("message/receive", &json!({"id": other["data"][0]["id"]}));
    let event = told(&mut meta);
    assert_eq!(event["object"], "instagram");
    assert_eq!(event["entry"][0]["id"], crate::INSTAGRAM);
    meta.control("post/create", &json!({"text": "Nýtt"}));
    let event = told(&mut meta);
    assert_eq!(event["entry"][0]["changes"][0]["value"]["verb"], "add");
}

#[test]
fn pages_tell_only_what_they_were_asked_to() {
    let mut meta = subscribed("feed");
    meta.control("lead/create", &json!({}));
    assert!(meta.sandbox.take_due(meta.now).is_empty());
    let token = meta.page_token(PAGE);
    let path = format!("/{PAGE}/subscribed_apps");
    meta.call("DELETE", &token, &path, &[]);
    meta.control("post/create", &json!({}));
    assert!(meta.sandbox.take_due(meta.now).is_empty());
    for wrong in ["", "nonsense"] {
        let answer = meta.call("POST", &token, &path, &[("subscribed_fields", wrong)]);
        assert_eq!(answer.fault(), (100, None));
    }
    // A test can have anything told all the same.
    for field in ["leadgen", "feed", "messages", "conversations"] {
        meta.control("notify", &json!({"field": field}));
        told(&mut meta);
    }
    let asked = meta.control("webhook/verification", &json!({}));
    assert!(
        asked["query"]
            .as_str()
            .unwrap()
            .contains("hub.verify_token=sandbox-meta-verify")
    );
}
