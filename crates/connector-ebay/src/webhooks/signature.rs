//! The signature of a delivery: a header that names its key, and ECDSA over the raw body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use p256::ecdsa::VerifyingKey;
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::pkcs8::DecodePublicKey as _;
use serde::Deserialize;
use sha1::{Digest as _, Sha1};

/// The longest id of a key; eBay's are UUIDs of 36.
const LONGEST_ID: usize = 64;

/// What the header says. All of it is hostile until it verifies.
#[derive(Debug)]
pub(super) struct Signature {
    /// Which key to verify with: letters, digits and `-`, so that it can stand in an address.
    pub(super) key_id: String,
    der: Vec<u8>,
}

impl Signature {
    /// Reads the header: base64 of JSON. `None` where it isn't one, or signs in another way than
    /// is known here.
    pub(super) fn parse(header: &str) -> Option<Self> {
        #[derive(Deserialize)]
        struct Header {
            alg: String,
            kid: String,
            signature: String,
            digest: String,
        }
        let json = STANDARD.decode(header.trim()).ok()?;
        let header: Header = serde_json::from_slice(&json).ok()?;
        let known =
            header.alg.eq_ignore_ascii_case("ecdsa") && header.digest.eq_ignore_ascii_case("sha1");
        let is_id = (1..=LONGEST_ID).contains(&header.kid.len())
            && header
                .kid
                .bytes()
                .all(|letter| letter.is_ascii_alphanumeric() || letter == b'-');
        if !known || !is_id {
            return None;
        }
        Some(Self {
            der: STANDARD.decode(header.signature).ok()?,
            key_id: header.kid,
        })
    }

    /// Whether this key signed this body.
    pub(super) fn verifies(&self, key: &VerifyingKey, body: &[u8]) -> bool {
        p256::ecdsa::Signature::from_der(&self.der)
            .is_ok_and(|signature| key.verify_prehash(&Sha1::digest(body), &signature).is_ok())
    }
}

/// Reads a public key as eBay gives it: PEM, all on one line.
pub(super) fn public_key(pem: &str) -> Option<VerifyingKey> {
    let packed: String = pem
        .trim()
        .strip_prefix("-----BEGIN PUBLIC KEY-----")?
        .strip_suffix("-----END PUBLIC KEY-----")?
        .chars()
        .filter(|letter| !letter.is_whitespace())
        .collect();
    let der = STANDARD.decode(packed).ok()?;
    VerifyingKey::from_public_key_der(&der).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use p256::ecdsa::SigningKey;
    use p256::ecdsa::signature::hazmat::PrehashSigner as _;
    use p256::pkcs8::EncodePublicKey as _;
    use proptest::prelude::*;
    use serde_json::json;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_slice(&[seed; 32]).unwrap()
    }

    fn header(key: &SigningKey, body: &[u8]) -> String {
        let signature: p256::ecdsa::Signature = key.sign_prehash(&Sha1::digest(body)).unwrap();
        let signature = STANDARD.encode(signature.to_der());
        let json =
            json!({"alg": "ecdsa", "kid": "made-up-1", "signature": signature, "digest": "SHA1"});
        STANDARD.encode(json.to_string())
    }

    #[test]
    fn a_body_verifies_with_its_key_and_no_other() {
        let (mine, other) = (key(1), key(2));
        let signature = Signature::parse(&header(&mine, b"{\"a\":1}")).unwrap();
        assert_eq!(signature.key_id, "made-up-1");
        assert!(signature.verifies(mine.verifying_key(), b"{\"a\":1}"));
        assert!(!signature.verifies(mine.verifying_key(), b"{\"a\": 1}"));
        assert!(!signature.verifies(other.verifying_key(), b"{\"a\":1}"));
    }

    #[test]
    fn a_key_is_read_on_one_line_or_several() {
        let key = key(3);
        let der = key.verifying_key().to_public_key_der().unwrap();
        let packed = STANDARD.encode(der.as_bytes());
        for pem in [
            format!("-----BEGIN PUBLIC KEY-----{packed}-----END PUBLIC KEY-----"),
            format!("-----BEGIN PUBLIC KEY-----\n{packed}\n-----END PUBLIC KEY-----\n"),
        ] {
            assert_eq!(public_key(&pem).as_ref(), Some(key.verifying_key()));
        }
        for odd in [
            "",
            "-----BEGIN PUBLIC KEY-----AAAA-----END PUBLIC KEY-----",
            &packed,
        ] {
            assert!(public_key(odd).is_none(), "{odd}");
        }
    }

    #[test]
    fn what_cannot_be_an_id_of_a_key_is_not_asked_for() {
        let header = |kid: &str, alg: &str, digest: &str| {
            let json = json!({"alg": alg, "kid": kid, "signature": "AAAA", "digest": digest});
            Signature::parse(&STANDARD.encode(json.to_string())).is_some()
        };
        assert!(header("9936261a-7d7b", "ecdsa", "SHA1"));
        for kid in ["", "../../config", "a b", "a/b", &"a".repeat(65)] {
            assert!(!header(kid, "ecdsa", "SHA1"), "{kid}");
        }
        assert!(!header("a", "none", "SHA1") && !header("a", "ecdsa", "MD5"));
    }

    proptest! {
        #[test]
        fn no_header_and_no_key_panics(header in ".*", pem in ".*", der: Vec<u8>, body: Vec<u8>) {
            drop(Signature::parse(&header));
            prop_assert!(public_key(&pem).is_none());
            let signature = Signature { key_id: "a".to_owned(), der };
            prop_assert!(!signature.verifies(key(1).verifying_key(), &body));
        }
    }
}
