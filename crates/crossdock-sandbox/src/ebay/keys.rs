//! The Key Management API: keys with which applications sign calls about money.
//!
//! A key's JWE carries the public key, so that a sandbox which is started anew still knows it. Only
//! Ed25519 keys are made; eBay makes RSA keys too.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::TimeDelta;
use ed25519_dalek::SigningKey;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::random::Random;
use crate::token::Claims;
use crate::world::World;

use super::oauth::Grant;
use super::refusal::{Outcome, Refusal};
use super::request;
use super::state::text;

/// The domain of the API's refusals.
const DOMAIN: &str = "API_KEYS";

/// What tokens that stand for keys are for.
pub(super) const KIND: &str = "jwe";

/// How long a key lasts.
const LIFE: TimeDelta = TimeDelta::days(3 * 365);

/// What comes before the 32 bytes of an Ed25519 private key in PKCS #8 (RFC 8410, section 7).
const PRIVATE_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// What comes before the 32 bytes of an Ed25519 public key (RFC 8410, section 4).
const PUBLIC_PREFIX: [u8; 12] = [
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];

/// The keys that were made, without their private halves: those are told once.
#[derive(Debug, Default)]
pub(super) struct Keys(Vec<Value>);

impl Keys {
    /// Runs an operation; `path` is that below the API's root.
    pub(super) fn answer(
        &mut self,
        call: &Call<'_>,
        path: &[&str],
        grant: &Grant,
        world: &mut World,
    ) -> Outcome<Response<Bytes>> {
        match (call.method.as_str(), path) {
            ("GET", ["signing_key"]) => Ok(answer::json(
                StatusCode::OK,
                &json!({"signingKeys": self.0}),
            )),
            ("GET", ["signing_key", id]) => self
                .0
                .iter()
                .find(|key| text(key, "signingKeyId") == *id)
                .map(|key| answer::json(StatusCode::OK, key))
                .ok_or_else(|| {
                    let message = "The signing key was not found.";
                    Refusal::new(StatusCode::NOT_FOUND, 210_002, DOMAIN, message)
                }),
            ("POST", ["signing_key"]) => self.create(call, grant, world),
            _ => Err(Refusal::no_such_resource()),
        }
    }

    fn create(
        &mut self,
        call: &Call<'_>,
        grant: &Grant,
        world: &mut World,
    ) -> Outcome<Response<Bytes>> {
        let body = request::body(call)?;
        if text(&body, "signingKeyCipher") != "ED25519" {
            let message = "The signing key cipher is invalid: the sandbox makes ED25519 keys.";
            return Err(Refusal::bad(210_001, DOMAIN, message));
        }
        let serial = world.serial();
        let mut random = Random::for_thing(world.seed, &["ebay", "key", &serial.to_string()]);
        let id = random.uuid();
        let secret: Vec<u8> = (0..4).flat_map(|_| random.next().to_be_bytes()).collect();
        let secret: [u8; 32] = secret.try_into().unwrap_or_default();
        let public = SigningKey::from_bytes(&secret).verifying_key().to_bytes();
        let expires = world.now + LIFE;
        let jwe = world.key().issue(&Claims {
            kind: KIND.to_owned(),
            subject: STANDARD.encode(public),
            client: grant.client.clone(),
            scopes: Vec::new(),
            issued_at: world.now,
            expires_at: Some(expires),
            serial,
        });
        let mut key = json!({
            "signingKeyId": id,
            "signingKeyCipher": "ED25519",
            "creationTime": world.now.timestamp(),
            "expirationTime": expires.timestamp(),
            "jwe": jwe,
            "publicKey": STANDARD.encode([PUBLIC_PREFIX.as_slice(), &public].concat()),
        });
        self.0.push(key.clone());
        if let Value::Object(fields) = &mut key {
            let private = STANDARD.encode([PRIVATE_PREFIX.as_slice(), &secret].concat());
            fields.insert("privateKey".to_owned(), json!(private));
        }
        Ok(answer::json(StatusCode::OK, &key))
    }
}
