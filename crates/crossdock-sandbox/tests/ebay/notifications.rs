//! Notifications: setting them up, the challenge, and signed deliveries.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use sha2::Sha256;

use super::Ebay;

const ROOT: &str = "api.ebay.com/commerce/notification/v1";
const TOKEN: &str = "made-up-verification-token-of-forty-five-signs";

fn destination(endpoint: &str) -> Value {
    json!({
        "name": "here",
        "status": "ENABLED",
        "deliveryConfig": {"endpoint": endpoint, "verificationToken": TOKEN},
    })
}

fn subscription(topic: &str, destination: &str) -> Value {
    json!({
        "topicId": topic,
        "status": "ENABLED",
        "destinationId": destination,
        "payload": {"format": "JSON", "schemaVersion": "1.0", "deliveryProtocol": "HTTPS"},
    })
}

/// Sets up the configuration and a destination; the destination's id.
fn set_up(ebay: &mut Ebay) -> String {
    let path = format!("{ROOT}/destination");
    let body = destination("http://127.0.0.1:1/hooks");
    assert_eq!(ebay.app("POST", &path, Some(&body)).error(), (409, 195_003));
    let config = json!({"alertEmail": "alerts@example.com"});
    assert_eq!(
        ebay.app("PUT", &format!("{ROOT}/config"), Some(&config))
            .status,
        204
    );
    let made = ebay.app("POST", &path, Some(&body));
    assert_eq!(made.status, 201, "{}", made.text);
    assert_eq!(ebay.app("POST", &path, Some(&body)).error(), (409, 195_021));
    let address = made.headers["location"].to_str().unwrap();
    address.rsplit('/').next().unwrap().to_owned()
}

#[test]
fn an_order_is_told_with_a_signature_that_holds() {
    let mut ebay = Ebay::new();
    let id = set_up(&mut ebay);
    let path = format!("{ROOT}/subscription");
    let orders = subscription("ORDER_CONFIRMATION", &id);
    // A topic of users, in the application's name.
    assert_eq!(
        ebay.app("POST", &path, Some(&orders)).error(),
        (403, 195_011)
    );
    assert_eq!(ebay.call("POST", &path, &[], Some(&orders)).status, 201);
    assert_eq!(
        ebay.call("POST", &path, &[], Some(&orders)).error(),
        (409, 195_012)
    );

    let told = ebay.control("order/create", &json!({}));
    assert_eq!(told["notified"], 1);
    let now = ebay.now;
    let sent = ebay.sandbox.take_due(now).pop().unwrap();
    assert_eq!(sent.url.as_str(), "http://127.0.0.1:1/hooks");
    let body: Value = serde_json::from_slice(&sent.body).unwrap();
    assert_eq!(body["metadata"]["topic"], "ORDER_CONFIRMATION");
    assert_eq!(
        body["notification"]["data"]["order"]["orderId"],
        told["order"]
    );

    let (_, header) = sent
        .headers
        .iter()
        .find(|(name, _)| name == "x-ebay-signature")
        .unwrap();
    let header: Value = serde_json::from_slice(&STANDARD.decode(header).unwrap()).unwrap();
    assert_eq!(
        (&header["alg"], &header["digest"]),
        (&json!("ecdsa"), &json!("SHA1"))
    );
    let key = format!("{ROOT}/public_key/{}", header["kid"].as_str().unwrap());
    let key = ebay.app("GET", &key, None).body;
    let der = STANDARD
        .decode(key["key"].as_str().unwrap().split("-----").nth(2).unwrap())
        .unwrap();
    let verifying = VerifyingKey::from_sec1_bytes(&der[26..]).unwrap();
    let signature = STANDARD
        .decode(header["signature"].as_str().unwrap())
        .unwrap();
    let signature = Signature::from_der(&signature).unwrap();
    assert!(
        verifying
            .verify_prehash(&Sha1::digest(&sent.body), &signature)
            .is_ok()
    );
}

#[test]
fn the_challenge_has_one_right_answer() {
    let mut ebay = Ebay::new();
    let id = set_up(&mut ebay);
    let asked = ebay.control("challenge", &json!({"destination_id": id}));
    let (address, code) = asked["get"]
        .as_str()
        .unwrap()
        .split_once("?challenge_code=")
        .unwrap();
    let digest = Sha256::digest(format!("{code}{TOKEN}{address}"));
    assert_eq!(asked["answer"]["challengeResponse"], hex::encode(digest));
}

#[test]
fn what_is_wrong_with_a_destination_has_its_number() {
    let mut ebay = Ebay::new();
    let id = set_up(&mut ebay);
    let path = format!("{ROOT}/destination");
    let mut short = destination("https://example.com/hooks");
    short["deliveryConfig"]["verificationToken"] = json!("short");
    let mut off = destination("https://example.com/hooks");
    off["status"] = json!("PAUSED");
    for (body, number) in [
        (destination("http://example.com/hooks"), 195_017),
        (short, 195_019),
        (off, 195_018),
    ] {
        assert_eq!(ebay.app("POST", &path, Some(&body)).error(), (400, number));
    }
    ebay.call(
        "POST",
        &format!("{ROOT}/subscription"),
        &[],
        Some(&subscription("ORDER_CONFIRMATION", &id)),
    );
    assert_eq!(
        ebay.app("DELETE", &format!("{path}/{id}"), None).error(),
        (409, 195_024)
    );
    assert_eq!(
        ebay.app("GET", &format!("{path}/none"), None).error(),
        (404, 195_022)
    );
    let unknown = ebay.call(
        "POST",
        &format!("{ROOT}/subscription"),
        &[],
        Some(&subscription("ORDER_CONFIRMATION", "x")),
    );
    assert_eq!(unknown.error(), (400, 195_007));
}

#[test]
fn subscriptions_are_switched_and_tested() {
    let mut ebay = Ebay::new();
    let id = set_up(&mut ebay);
    let path = format!("{ROOT}/subscription");
    let made = ebay.app(
        "POST",
        &path,
        Some(&subscription("MARKETPLACE_ACCOUNT_DELETION", &id)),
    );
    let address = made.headers["location"].to_str().unwrap().to_owned();
    let address = address.strip_prefix("https://").unwrap();
    assert_eq!(
        ebay.app("POST", &format!("{address}/test"), None).status,
        202
    );
    let now = ebay.now;
    assert_eq!(ebay.sandbox.take_due(now).len(), 1);
    let deletion = json!({"topic": "MARKETPLACE_ACCOUNT_DELETION"});
    assert_eq!(ebay.control("notify", &deletion)["notified"], 1);
    assert_eq!(
        ebay.app("POST", &format!("{address}/disable"), None).status,
        204
    );
    assert_eq!(ebay.app("GET", address, None).body["status"], "DISABLED");
    assert_eq!(ebay.control("notify", &deletion)["notified"], 0);
    assert_eq!(ebay.app("DELETE", address, None).status, 204);
    assert_eq!(ebay.app("GET", address, None).error(), (404, 195_013));
    assert_eq!(
        ebay.app("GET", &format!("{ROOT}/topic?limit=10"), None)
            .body["total"],
        3
    );
    assert_eq!(
        ebay.app("GET", &format!("{ROOT}/topic?limit=9"), None)
            .error(),
        (400, 195_004)
    );
}
