//! Sends notifications, each signed with ECDSA over its bytes.
//!
//! The key is the same in every sandbox, so that a notification of one can be verified with
//! another's answer. SHA-1 is eBay's choice.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{Response, StatusCode};
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::{DerSignature, SigningKey};
use serde_json::{Value, json};
use sha1::{Digest, Sha1};
use sha2::Sha256;
use url::Url;

use crate::answer;
use crate::world::{Outgoing, World};

use super::super::oauth::USER;
use super::super::refusal::Outcome;
use super::super::seller::USERNAME;
use super::super::state::{text, written};
use super::topics::{ACCOUNT_DELETION, AUTHORIZATION_REVOCATION, SCHEMA};
use super::{Notifications, not_found};

/// The number of the one key.
const KEY_ID: &str = "5d0b5ab2-51bb-4f60-8f2c-5a2b7c0d1e00";

/// What comes before the point of a public key on the curve P-256 (RFC 5480, section 2).
const PUBLIC_PREFIX: [u8; 26] = [
    0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
];

#[expect(
    clippy::expect_used,
    reason = "a constant key is a number below the curve's order"
)]
fn key() -> SigningKey {
    let secret = Sha256::digest(b"crossdock sandbox: eBay's notifications");
    SigningKey::from_slice(&secret).expect("a valid key")
}

/// `GET public_key/{id}`: the key in PEM, but in one line.
pub(super) fn public_key(id: &str) -> Outcome<Response<Bytes>> {
    if id != KEY_ID {
        return Err(not_found(195_001, "The key ID is invalid."));
    }
    let point = key().verifying_key().to_sec1_point(false);
    let encoded = STANDARD.encode([PUBLIC_PREFIX.as_slice(), point.as_bytes()].concat());
    let body = json!({
        "key": format!("-----BEGIN PUBLIC KEY-----{encoded}-----END PUBLIC KEY-----"),
        "algorithm": "ECDSA",
        "digest": "SHA1",
    });
    Ok(answer::json(StatusCode::OK, &body))
}

/// Tells everybody who subscribed to a topic; how many there are. `data` is what the topic's
/// notifications are about.
pub(crate) fn notify(state: &Notifications, topic: &str, data: &Value, world: &mut World) -> usize {
    state
        .subscriptions
        .iter()
        .filter(|known| text(known, "topicId") == topic && text(known, "status") == "ENABLED")
        .filter(|known| to_subscription(state, known, data, world))
        .count()
}

/// Sends to one subscription; `false` where its destination takes nothing.
pub(super) fn to_subscription(
    state: &Notifications,
    subscription: &Value,
    data: &Value,
    world: &mut World,
) -> bool {
    let id = text(subscription, "destinationId");
    let endpoint = state
        .destinations
        .iter()
        .find(|known| text(known, "destinationId") == id && text(known, "status") == "ENABLED")
        .and_then(|known| known.pointer("/deliveryConfig/endpoint")?.as_str())
        .and_then(|endpoint| Url::parse(endpoint).ok());
    let Some(url) = endpoint else {
        return false;
    };
    send(url, text(subscription, "topicId"), data, world);
    true
}

/// Puts one notification into the outbox.
pub(crate) fn send(url: Url, topic: &str, data: &Value, world: &mut World) {
    let now = written(world.now);
    let body = json!({
        "metadata": {"topic": topic, "schemaVersion": SCHEMA, "deprecated": false},
        "notification": {
            "notificationId": format!("{}_{}", world.uuid(), world.uuid()),
            "eventDate": now,
            "publishDate": now,
            "publishAttemptCount": 1,
            "data": data,
        },
    });
    let body = Bytes::from(body.to_string());
    let headers = vec![
        ("content-type".to_owned(), "application/json".to_owned()),
        ("x-ebay-signature".to_owned(), signature(&body)),
    ];
    world.outbox.push(Outgoing {
        platform: super::super::ID,
        url,
        headers,
        body,
        due: world.now,
    });
}

#[expect(
    clippy::expect_used,
    reason = "twenty bytes are enough of a digest for the curve"
)]
fn signature(body: &[u8]) -> String {
    let signature: DerSignature = key()
        .sign_prehash(&Sha1::digest(body))
        .expect("a digest of the right length");
    let header = json!({
        "alg": "ecdsa",
        "kid": KEY_ID,
        "signature": STANDARD.encode(signature.as_bytes()),
        "digest": "SHA1",
    });
    STANDARD.encode(header.to_string())
}

/// What a topic's notifications are about when nothing happened.
pub(crate) fn example(topic: &str, now: DateTime<Utc>) -> Value {
    match topic {
        ACCOUNT_DELETION => json!({
            "username": "sbx_buyer_001",
            "userId": "sbx_buyer_id_001",
            "eiasToken": "c2J4X21hZGVfdXA=",
        }),
        AUTHORIZATION_REVOCATION => json!({
            "username": USERNAME,
            "userId": USER,
            "eiasToken": "c2J4X21hZGVfdXA=",
            "revokeReason": "REVOKED_BY_USER",
            "revocationDate": written(now),
        }),
        _ => json!({
            "user": {"userId": USER, "username": USERNAME},
            "order": {
                "orderId": "00-00000-00000",
                "orderLineItems": [
                    {"orderLineItemId": "1", "listingId": "145000000001", "quantity": 1},
                ],
            },
        }),
    }
}

#[cfg(test)]
mod tests {
    use p256::ecdsa::VerifyingKey;
    use p256::ecdsa::signature::hazmat::PrehashVerifier;

    use super::*;

    #[test]
    fn the_told_key_verifies_what_is_signed() {
        let told = public_key(KEY_ID).unwrap();
        let told: Value = serde_json::from_slice(told.body()).unwrap();
        let pem = told["key"].as_str().unwrap();
        let encoded = pem.split("-----").nth(2).unwrap();
        let der = STANDARD.decode(encoded).unwrap();
        let key = VerifyingKey::from_sec1_bytes(&der[PUBLIC_PREFIX.len()..]).unwrap();

        let header = STANDARD.decode(signature(b"{}")).unwrap();
        let header: Value = serde_json::from_slice(&header).unwrap();
        let bytes = STANDARD
            .decode(header["signature"].as_str().unwrap())
            .unwrap();
        let signature = DerSignature::try_from(bytes.as_slice()).unwrap();
        let verifies = |body: &[u8]| {
            let digest = Sha1::digest(body);
            key.verify_prehash(
                &digest,
                &p256::ecdsa::Signature::try_from(signature.clone()).unwrap(),
            )
            .is_ok()
        };
        assert!(verifies(b"{}"));
        assert!(!verifies(b"{} "));
    }
}
