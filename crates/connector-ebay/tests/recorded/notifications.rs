//! Notifications that eBay's SDKs are tested with, and those that were recorded.
use std::collections::BTreeMap;
use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector_core::{Connector as _, Delivery, Error, ErrorKind, WebhookEffect, WebhookEvent};
use connector_ebay::{Config, Ebay};
use connector_testkit::recorded::shared;
use http::HeaderMap;
use p256::ecdsa::signature::hazmat::PrehashSigner as _;
use p256::pkcs8::EncodePublicKey as _;
use serde::Deserialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};

use crate::shelf::context;

/// A message with the header that came with it.
#[derive(Deserialize)]
struct Vector {
    signature: String,
    message: Box<RawValue>,
    response: Option<Value>,
    public_key: String,
}

/// JSON without the white space between its parts, and in its own order.
fn compact(json: &str) -> String {
    let (mut quoted, mut escaped) = (false, false);
    json.chars()
        .filter(|letter| {
            let keep = quoted || !letter.is_whitespace();
            if escaped {
                escaped = false;
            } else if quoted && *letter == '\\' {
                escaped = true;
            } else if *letter == '"' {
                quoted = !quoted;
            }
            keep
        })
        .collect()
}

/// The id of the key that a header names.
fn key_id(signature: &str) -> String {
    let header = STANDARD.decode(signature).unwrap();
    let header: Value = serde_json::from_slice(&header).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

async fn receive(
    keys: BTreeMap<String, Value>,
    signature: &str,
    body: &str,
) -> Result<Vec<WebhookEvent>, Error> {
    let ebay = Ebay::new(Config::keyset("app", "made-up".to_owned().into()));
    let mut headers = HeaderMap::new();
    headers.insert("x-ebay-signature", signature.parse().unwrap());
    let body = body.as_bytes();
    let delivery = Delivery {
        headers: &headers,
        body,
    };
    let webhooks = ebay.webhooks().unwrap();
    webhooks.receive(&context(keys), &delivery).await
}

async fn verify(vector: &Vector) -> Result<Vec<WebhookEvent>, Error> {
    let id = key_id(&vector.signature);
    let keys = vector.response.iter().map(|key| (id.clone(), key.clone()));
    let body = compact(vector.message.get());
    receive(keys.collect(), &vector.signature, &body).await
}

#[tokio::test(start_paused = true)]
async fn the_vectors_of_the_sdk_verify_or_fail_as_they_say() {
    let Some(file) = shared("specs/ebay/test-vectors/notification-signature.json") else {
        return;
    };
    let text = fs::read_to_string(file).unwrap();
    let vectors: BTreeMap<String, Vector> = serde_json::from_str(&text).unwrap();
    assert_eq!(vectors.len(), 4);
    for (name, vector) in &vectors {
        match verify(vector).await {
            Ok(events) => {
                assert_eq!(name, "VALID");
                assert_eq!(events[0].topic, "MARKETPLACE_ACCOUNT_DELETION");
                assert!(matches!(
                    &events[0].effects[0],
                    WebhookEffect::Privacy { .. }
                ));
            }
            Err(error) => {
                assert_ne!(name, "VALID", "{error}");
                assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{name}");
                assert!(!vector.public_key.is_empty());
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn recorded_notifications_are_read_once_they_are_signed() {
    let Some(folder) = shared("fixtures/ebay/notifications") else {
        return;
    };
    let read = |name: &str| fs::read_to_string(folder.join(name)).unwrap();
    // Recorded without the header: signed here with a made-up key.
    let key = p256::ecdsa::SigningKey::from_slice(&[5; 32]).unwrap();
    let der = key.verifying_key().to_public_key_der().unwrap();
    let pem = STANDARD.encode(der.as_bytes());
    let public = json!({"key": format!("-----BEGIN PUBLIC KEY-----{pem}-----END PUBLIC KEY-----")});
    let mut topics = Vec::new();
    for file in [
        "ORDER_CONFIRMATION-25-14809-32185.json",
        "java-message.json",
    ] {
        let body = compact(&read(file));
        let signed: p256::ecdsa::Signature = key.sign_prehash(&Sha1::digest(&body)).unwrap();
        let header = json!({
            "alg": "ecdsa", "kid": "made-up", "digest": "SHA1",
            "signature": STANDARD.encode(signed.to_der()),
        });
        let header = STANDARD.encode(header.to_string());
        let keys = [("made-up".to_owned(), public.clone())];
        let mut events = receive(keys.into(), &header, &body).await.unwrap();
        let event = events.remove(0);
        assert!(event.occurred_at.is_some() && !event.effects.is_empty());
        topics.push(event.topic);
    }
    assert_eq!(
        topics,
        ["ORDER_CONFIRMATION", "MARKETPLACE_ACCOUNT_DELETION"]
    );
    // The SDK for Java has the key of the vectors, and its message the same signature.
    let java = serde_json::from_str(&read("java-public_key_response.json")).unwrap();
    let mut valid: Vector = serde_json::from_str(&read("sdk-VALID.json")).unwrap();
    valid.response = Some(java);
    valid.message = RawValue::from_string(read("java-message.json")).unwrap();
    assert_eq!(verify(&valid).await.unwrap().len(), 1);
    for (file, passes) in [
        ("sdk-VALID.json", true),
        ("sdk-INVALID.json", false),
        ("sdk-SIGNATURE_MISMATCH.json", false),
        ("sdk-ERROR.json", false),
    ] {
        let vector: Vector = serde_json::from_str(&read(file)).unwrap();
        assert_eq!(verify(&vector).await.is_ok(), passes, "{file}");
    }
}

#[test]
fn only_white_space_between_parts_is_left_out() {
    assert_eq!(
        compact("{ \"a b\" : \"c \\\" d\" ,\n 1 }"),
        "{\"a b\":\"c \\\" d\",1}"
    );
}
