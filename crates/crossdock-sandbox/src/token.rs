//! Tokens that the sandbox issues: what they claim is inside them, signed.
//!
//! A sandbox keeps no list of the tokens it gave out, and may be started anew between two calls of
//! the same client (`crossdock demo` does so). A token is therefore its own record, and any sandbox
//! can verify any sandbox's tokens: the key is derived from a constant. That is right for a
//! sandbox, which guards nothing, and wrong for everything else.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// How many bytes of the decoded token are the signature.
const SIGNATURE_LENGTH: usize = 32;

/// What a token says about itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// What it is for, in the platform's module's words: `pat`, `access`, `refresh`, `code`. Lower
    /// case letters and digits. It is part of the token's visible prefix.
    #[serde(rename = "k")]
    pub kind: String,
    /// Whose data it opens: a shop's host, a seller.
    #[serde(rename = "s")]
    pub subject: String,
    /// The app it was issued to; empty where a platform has no apps.
    #[serde(rename = "c", default, skip_serializing_if = "String::is_empty")]
    pub client: String,
    /// What it allows.
    #[serde(rename = "p", default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
    /// When it was issued, in simulated time, to the second.
    #[serde(rename = "i", with = "chrono::serde::ts_seconds")]
    pub issued_at: DateTime<Utc>,
    /// When it ends, in simulated time, to the second; `None` for one that does not.
    #[serde(
        rename = "e",
        default,
        skip_serializing_if = "Option::is_none",
        with = "chrono::serde::ts_seconds_option"
    )]
    pub expires_at: Option<DateTime<Utc>>,
    /// Tells tokens apart that say the same otherwise.
    #[serde(rename = "n")]
    pub serial: u64,
}

impl Claims {
    /// Whether the token has ended. The instant of its end is the first at which it no longer works.
    #[must_use]
    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end <= now)
    }

    /// Whether the token allows something.
    #[must_use]
    pub fn allows(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| held == scope)
    }
}

/// Why a text is not a token of the sandbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// It does not look like `sbx_KIND_PAYLOAD`, or the payload is not what a sandbox writes.
    #[error("the text does not have the form of a sandbox token")]
    Malformed,
    /// It has the form, but no sandbox signed it.
    #[error("the token was not issued by a sandbox, or was changed since")]
    Forged,
}

/// Signs tokens and verifies them.
#[derive(Clone)]
pub struct Key([u8; 32]);

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Key")
    }
}

impl Key {
    /// The one key of all sandboxes.
    #[must_use]
    pub fn sandbox() -> Self {
        Self(Sha256::digest(b"crossdock sandbox: this key guards nothing").into())
    }

    /// Writes claims as a token: `sbx_KIND_PAYLOAD`, where the payload is the signature and the
    /// claims in URL-safe base64 without padding.
    #[must_use]
    pub fn issue(&self, claims: &Claims) -> String {
        // A struct of texts and numbers always serialises; an empty payload would only be refused.
        let json = serde_json::to_vec(claims).unwrap_or_default();
        let mut payload = self.mac(&json).finalize().into_bytes().to_vec();
        payload.extend_from_slice(&json);
        format!("sbx_{}_{}", claims.kind, URL_SAFE_NO_PAD.encode(payload))
    }

    /// Reads a token and checks its signature, in time that does not depend on how much of it is
    /// right. Whether it has expired is for the caller to judge.
    ///
    /// # Errors
    /// [`TokenError::Malformed`] where the text has another form, [`TokenError::Forged`] where the
    /// signature or the visible kind does not belong to the claims.
    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        let (kind, payload) = token
            .strip_prefix("sbx_")
            .and_then(|rest| rest.split_once('_'))
            .ok_or(TokenError::Malformed)?;
        let payload = URL_SAFE_NO_PAD
            .decode(payload)
            .ok()
            .ok_or(TokenError::Malformed)?;
        let (signature, json) = payload
            .split_at_checked(SIGNATURE_LENGTH)
            .ok_or(TokenError::Malformed)?;
        self.mac(json)
            .verify_slice(signature)
            .ok()
            .ok_or(TokenError::Forged)?;
        let claims: Claims = serde_json::from_slice(json)
            .ok()
            .ok_or(TokenError::Malformed)?;
        if claims.kind == kind {
            Ok(claims)
        } else {
            Err(TokenError::Forged)
        }
    }

    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length")]
    fn mac(&self, message: &[u8]) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("a key of 32 bytes");
        mac.update(message);
        mac
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn claims() -> Claims {
        Claims {
            kind: "access".to_owned(),
            subject: "shop.example.com".to_owned(),
            client: "client".to_owned(),
            scopes: vec!["read_orders".to_owned()],
            issued_at: DateTime::UNIX_EPOCH,
            expires_at: DateTime::from_timestamp(3600, 0),
            serial: 7,
        }
    }

    #[test]
    fn a_token_of_one_sandbox_is_good_in_another() {
        let token = Key::sandbox().issue(&claims());
        assert!(token.starts_with("sbx_access_"), "{token}");
        assert_eq!(Key::sandbox().verify(&token), Ok(claims()));
    }

    #[test]
    fn every_changed_character_is_noticed() {
        let key = Key::sandbox();
        let token = key.issue(&claims());
        for index in 0..token.len() {
            let mut changed = token.clone().into_bytes();
            changed[index] = if changed[index] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(changed).unwrap();
            assert!(key.verify(&changed).is_err(), "{changed}");
        }
        let (kind, payload) = ("refresh", token.strip_prefix("sbx_access_").unwrap());
        assert_eq!(
            key.verify(&format!("sbx_{kind}_{payload}")),
            Err(TokenError::Forged)
        );
    }

    #[test]
    fn another_key_opens_nothing() {
        let token = Key([1; 32]).issue(&claims());
        assert_eq!(Key::sandbox().verify(&token), Err(TokenError::Forged));
    }

    #[test]
    fn a_token_ends_at_its_end() {
        let at = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        assert!(!claims().is_expired(at(3599)));
        assert!(claims().is_expired(at(3600)));
        assert!(
            !Claims {
                expires_at: None,
                ..claims()
            }
            .is_expired(at(1 << 40))
        );
    }

    proptest! {
        #[test]
        fn no_text_is_a_token_by_chance(text in "(sbx_)?[a-z]{0,6}_?[A-Za-z0-9_-]{0,120}|\\PC*") {
            prop_assert!(Key::sandbox().verify(&text).is_err());
        }

        #[test]
        fn all_claims_survive(
            kind in "[a-z0-9]{1,10}", subject in "\\PC*", client in "\\PC*",
            scopes in proptest::collection::vec("\\PC*", 0..4),
            issued in 0_i64..4_000_000_000, expires in proptest::option::of(0_i64..4_000_000_000),
            serial: u64,
        ) {
            let claims = Claims {
                kind, subject, client, scopes, serial,
                issued_at: DateTime::from_timestamp(issued, 0).unwrap(),
                expires_at: expires.and_then(|at| DateTime::from_timestamp(at, 0)),
            };
            let key = Key::sandbox();
            prop_assert_eq!(key.verify(&key.issue(&claims)), Ok(claims));
        }
    }
}
