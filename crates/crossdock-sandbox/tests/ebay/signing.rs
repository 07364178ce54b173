//! A client's side of signed calls.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{Answer, Ebay};

/// Where keys are made.
pub(super) const KEYS: &str = "apiz.ebay.com/developer/key_management/v1/signing_key";

/// A key that was made by the platform, and what stands for it in calls.
pub(super) struct Key {
    pub(super) jwe: String,
    pub(super) secret: SigningKey,
}

impl Key {
    pub(super) fn new(ebay: &mut Ebay) -> Self {
        let made = ebay.app("POST", KEYS, Some(&json!({"signingKeyCipher": "ED25519"})));
        assert_eq!(made.status, 200, "{}", made.text);
        let der = STANDARD
            .decode(made.body["privateKey"].as_str().unwrap())
            .unwrap();
        Self {
            jwe: made.body["jwe"].as_str().unwrap().to_owned(),
            secret: SigningKey::from_bytes(der[16..].try_into().unwrap()),
        }
    }

    pub(super) fn headers(
        &self,
        method: &str,
        address: &str,
        authority: &str,
        body: &str,
    ) -> Vec<(String, String)> {
        let (_, path) = address.split_once('/').unwrap();
        let path = path.split('?').next().unwrap();
        let mut covered = String::new();
        let mut base = String::new();
        let mut headers = Vec::new();
        if !body.is_empty() {
            let digest = format!("sha-256=:{}:", STANDARD.encode(Sha256::digest(body)));
            covered.push_str("\"content-digest\" ");
            base.push_str(&format!("\"content-digest\": {digest}\n"));
            headers.push(("content-digest".to_owned(), digest));
        }
        covered.push_str("\"x-ebay-signature-key\" \"@method\" \"@path\" \"@authority\"");
        let parameters = format!("({covered});created=1790000000");
        base.push_str(&format!(
            "\"x-ebay-signature-key\": {}\n\"@method\": {method}\n\"@path\": /{path}\n\"@authority\": {authority}\n\"@signature-params\": {parameters}",
            self.jwe
        ));
        let signature = STANDARD.encode(self.secret.sign(base.as_bytes()).to_bytes());
        headers.extend([
            ("x-ebay-signature-key".to_owned(), self.jwe.clone()),
            ("signature-input".to_owned(), format!("sig1={parameters}")),
            ("signature".to_owned(), format!("sig1=:{signature}:")),
        ]);
        headers
    }

    pub(super) fn call(
        &self,
        ebay: &mut Ebay,
        method: &str,
        address: &str,
        body: Option<&Value>,
    ) -> Answer {
        let host = address.split('/').next().unwrap();
        self.call_as(ebay, method, address, host, body)
    }

    pub(super) fn call_as(
        &self,
        ebay: &mut Ebay,
        method: &str,
        address: &str,
        authority: &str,
        body: Option<&Value>,
    ) -> Answer {
        let text = body.map(Value::to_string).unwrap_or_default();
        let headers = self.headers(method, address, authority, &text);
        let headers: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        ebay.call(method, address, &headers, body)
    }

    pub(super) fn all(&self, ebay: &mut Ebay, address: &str, list: &str) -> Vec<Value> {
        let mut entries = Vec::new();
        let mut next = Some(address.to_owned());
        while let Some(address) = next {
            let answer = self.call(ebay, "GET", &address, None);
            assert_eq!(answer.status, 200, "{address}: {}", answer.text);
            entries.extend(answer.body[list].as_array().unwrap().iter().cloned());
            next = answer.body["next"]
                .as_str()
                .map(|next| next.strip_prefix("https://").unwrap().to_owned());
        }
        entries
    }
}
