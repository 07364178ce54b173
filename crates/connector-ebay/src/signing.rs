//! Digital signatures of requests: RFC 9421 with Ed25519, as eBay's guide "Digital signatures for
//! APIs" has it, and the key that they are made with.
//!
//! eBay demands them of sellers who live in the European Union or the United Kingdom, for every call
//! of the Finances API and for refunds, and ignores them elsewhere. So whatever of these is sent is
//! signed, wherever the seller lives: nobody has to find out where that is.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{Error, ErrorKind, ExposeSecret as _, Request, Result, SecretString, secret};
use ed25519_dalek::Signer as _;
use http::HeaderValue;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// A key that ends within this time is replaced when access is renewed. Keys last three years.
const MARGIN: TimeDelta = TimeDelta::days(30);

/// A key made by the Key Management API.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[non_exhaustive]
pub struct SigningKey {
    /// eBay's id of it; `None` for one that the operator configured.
    pub id: Option<String>,
    /// The public half, as eBay wants to be shown it with each signature.
    #[serde(serialize_with = "secret::expose")]
    pub jwe: SecretString,
    /// The private half, PKCS #8 in base64. eBay tells it once, when it makes the key.
    #[serde(serialize_with = "secret::expose")]
    pub private_key: SecretString,
    /// When eBay stops taking it.
    pub expires_at: Option<DateTime<Utc>>,
}

impl SigningKey {
    /// Whether it is time for another one.
    #[must_use]
    pub fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.expires_at.is_some_and(|end| end <= now + MARGIN)
    }

    /// Puts the headers of a signature on a request: over its body where it has one, the key, the
    /// method, the path without the query, and the host.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] when the private key is no Ed25519 key in PKCS #8.
    pub fn sign(&self, request: &mut Request, now: DateTime<Utc>) -> Result<()> {
        let private = private_key(self.private_key.expose_secret())?;
        let jwe = self.jwe.expose_secret();
        let mut parts: Vec<(&str, String)> = Vec::new();
        if !request.body().is_empty() {
            parts.push(("content-digest", digest(request.body())));
        }
        parts.push(("x-ebay-signature-key", jwe.to_owned()));
        parts.push(("@method", request.method().as_str().to_owned()));
        parts.push(("@path", request.uri().path().to_owned()));
        let authority = request.uri().authority().map(http::uri::Authority::as_str);
        parts.push(("@authority", authority.unwrap_or_default().to_owned()));

        let names: Vec<String> = parts
            .iter()
            .map(|(name, _)| format!("\"{name}\""))
            .collect();
        let parameters = format!("({});created={}", names.join(" "), now.timestamp());
        let signature = private.sign(base(&parts, &parameters).as_bytes());

        let mut put = |name: &'static str, value: &str| {
            HeaderValue::from_str(value)
                .map(|value| {
                    request.headers_mut().insert(name, value);
                })
                .map_err(|_cause| unusable())
        };
        if let Some(("content-digest", digest)) = parts.first().map(|(n, v)| (*n, v)) {
            put("content-digest", digest)?;
        }
        put("x-ebay-enforce-signature", "true")?;
        put("x-ebay-signature-key", jwe)?;
        put("signature-input", &format!("sig1={parameters}"))?;
        put(
            "signature",
            &format!("sig1=:{}:", STANDARD.encode(signature.to_bytes())),
        )
    }
}

/// What is signed: a line per part, and one for the parameters.
fn base(parts: &[(&str, String)], parameters: &str) -> String {
    let mut lines: Vec<String> = parts
        .iter()
        .map(|(name, value)| format!("\"{name}\": {value}"))
        .collect();
    lines.push(format!("\"@signature-params\": {parameters}"));
    lines.join("\n")
}

/// A body's digest as the header has it (RFC 9530).
fn digest(body: &[u8]) -> String {
    format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)))
}

/// The algorithm's name and the beginning of the key, between the version and the 32 bytes of an
/// Ed25519 private key in PKCS #8 (RFC 8410, section 7).
const ED25519: [u8; 11] = [
    0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

fn private_key(pkcs8: &str) -> Result<ed25519_dalek::SigningKey> {
    let packed: String = pkcs8
        .lines()
        .filter(|line| !line.starts_with("-----"))
        .flat_map(|line| line.chars().filter(|letter| !letter.is_whitespace()))
        .collect();
    let der = STANDARD.decode(packed).map_err(|_cause| unusable())?;
    // A sequence, its length, the version: five bytes.
    let rest = der
        .get(5..)
        .and_then(|rest| rest.strip_prefix(&ED25519))
        .and_then(|rest| rest.first_chunk::<32>())
        .ok_or_else(unusable)?;
    Ok(ed25519_dalek::SigningKey::from_bytes(rest))
}

fn unusable() -> Error {
    Error::new(
        ErrorKind::ConfigInvalid,
        "the signing key is no Ed25519 key as eBay's Key Management API makes them",
    )
    .with("setting", "signing_private_key")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ed25519_dalek::Verifier as _;
    use proptest::prelude::*;

    const PREFIX: [u8; 5] = [0x30, 0x2e, 0x02, 0x01, 0x00];

    fn key(seed: [u8; 32]) -> (SigningKey, ed25519_dalek::VerifyingKey) {
        let der = [PREFIX.as_slice(), &ED25519, &seed].concat();
        let key = SigningKey {
            id: None,
            jwe: "made-up.jwe".to_owned().into(),
            private_key: STANDARD.encode(der).into(),
            expires_at: None,
        };
        let public = ed25519_dalek::SigningKey::from_bytes(&seed).verifying_key();
        (key, public)
    }

    fn request(body: &'static [u8]) -> Request {
        http::Request::post("https://apiz.ebay.com/sell/finances/v1/payout?filter=a%5B")
            .body(bytes::Bytes::from_static(body))
            .unwrap()
    }

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_request_without_a_body_is_signed_without_a_digest() {
        let mut request = request(b"");
        key([7; 32])
            .0
            .sign(&mut request, at(1_780_000_000))
            .unwrap();
        let header = |name: &str| request.headers().get(name).unwrap().to_str().unwrap();
        assert_eq!(
            header("signature-input"),
            r#"sig1=("x-ebay-signature-key" "@method" "@path" "@authority");created=1780000000"#
        );
        assert!(!request.headers().contains_key("content-digest"));
        assert_eq!(header("x-ebay-enforce-signature"), "true");
        // Made with the made-up key whose every byte is 7; Ed25519 signs the same way each time.
        assert_eq!(header("signature"), VECTOR);
    }

    /// The signature of the request above.
    const VECTOR: &str = "sig1=:a+fZfyMvsg0Lm6VjrudI6TGjUiXUGyvmtNkcsOCUNSuUgAibrmw/iOXVnTmJ2GlmykGKomfiPFbG2mU3L7ObDQ==:";

    #[test]
    fn what_is_signed_is_what_rfc_9421_says() {
        let (key, public) = key([9; 32]);
        let mut request = request(b"{\"a\":1}");
        key.sign(&mut request, at(1)).unwrap();
        let digest = "sha-256=:AVq9f1zFei3ZS3WQ8ErYCEJzkF7jPsXOvq5iJ2qX+GI=:";
        assert_eq!(request.headers()["content-digest"], digest);
        let base = format!(
            "\"content-digest\": {digest}\n\"x-ebay-signature-key\": made-up.jwe\n\"@method\": POST\n\
             \"@path\": /sell/finances/v1/payout\n\"@authority\": apiz.ebay.com\n\
             \"@signature-params\": (\"content-digest\" \"x-ebay-signature-key\" \"@method\" \"@path\" \
             \"@authority\");created=1"
        );
        let signature = request
            .headers()
            .get("signature")
            .unwrap()
            .to_str()
            .unwrap();
        let signature = signature.strip_prefix("sig1=:").unwrap();
        let signature = STANDARD
            .decode(signature.strip_suffix(':').unwrap())
            .unwrap();
        let signature = ed25519_dalek::Signature::from_slice(&signature).unwrap();
        public.verify(base.as_bytes(), &signature).unwrap();
    }

    #[test]
    fn a_key_of_another_kind_is_said_to_be_one() {
        for wrong in ["", "no base64!", "AAAA", &STANDARD.encode([0_u8; 48])] {
            let (mut key, _) = key([1; 32]);
            key.private_key = wrong.to_owned().into();
            let error = key.sign(&mut request(b""), at(0)).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::ConfigInvalid);
        }
    }

    #[test]
    fn a_key_is_replaced_a_month_before_its_end() {
        let (mut key, _) = key([1; 32]);
        assert!(!key.is_due(at(0)));
        key.expires_at = Some(at(0) + TimeDelta::days(31));
        assert!(!key.is_due(at(0)) && key.is_due(at(0) + TimeDelta::days(1)));
    }

    proptest! {
        #[test]
        fn whatever_is_signed_verifies(seed: [u8; 32], body: Vec<u8>, created in 0_i64..4_000_000_000) {
            let (key, public) = key(seed);
            let mut request = request(b"");
            *request.body_mut() = body.into();
            key.sign(&mut request, at(created)).unwrap();
            let header = |name: &str| request.headers().get(name).and_then(|it| it.to_str().ok());
            let input = header("signature-input").unwrap().strip_prefix("sig1=").unwrap();
            let mut parts = Vec::new();
            if let Some(digest) = header("content-digest") {
                parts.push(("content-digest", digest.to_owned()));
            }
            parts.push(("x-ebay-signature-key", "made-up.jwe".to_owned()));
            parts.push(("@method", "POST".to_owned()));
            parts.push(("@path", "/sell/finances/v1/payout".to_owned()));
            parts.push(("@authority", "apiz.ebay.com".to_owned()));
            let signature = header("signature").unwrap().strip_prefix("sig1=:").unwrap();
            let signature = STANDARD.decode(signature.strip_suffix(':').unwrap()).unwrap();
            let signature = ed25519_dalek::Signature::from_slice(&signature).unwrap();
            prop_assert!(public.verify(base(&parts, input).as_bytes(), &signature).is_ok());
        }

        #[test]
        fn no_text_that_stands_for_a_key_panics(text in ".*") {
            drop(private_key(&text));
        }
    }
}
