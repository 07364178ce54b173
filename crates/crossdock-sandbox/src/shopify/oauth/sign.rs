//! Signatures: of the callback's query, and of webhooks.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What is escaped in names and values before signing: only what would make the message ambiguous,
/// and spaces.
fn escaped(text: &str, name: bool) -> String {
    let text = text
        .replace('%', "%25")
        .replace('&', "%26")
        .replace(' ', "%20");
    if name { text.replace('=', "%3D") } else { text }
}

/// The message over which a query is signed: sorted `key=value` pairs, joined by `&`. Keys that
/// repeat as `key[]` become one list.
pub(crate) fn message(query: &[(String, String)]) -> String {
    let mut pairs: Vec<(String, String)> = vec![];
    let mut lists: Vec<(String, Vec<&str>)> = vec![];
    for (key, value) in query
        .iter()
        .filter(|(key, _)| key != "hmac" && key != "signature")
    {
        match key.strip_suffix("[]") {
            None => pairs.push((escaped(key, true), escaped(value, false))),
            Some(key) => match lists.iter_mut().find(|(known, _)| known == key) {
                Some((_, values)) => values.push(value),
                None => lists.push((key.to_owned(), vec![value])),
            },
        }
    }
    for (key, values) in lists {
        let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
        pairs.push((key, format!("[{}]", values.join(", "))));
    }
    pairs.sort();
    let pairs: Vec<String> = pairs
        .iter()
        .map(|(key, value)| format!("{key}={value}"))
        .collect();
    pairs.join("&")
}

/// The signature of a query, in lower-case hexadecimal.
pub(crate) fn hex_digest(secret: &str, query: &[(String, String)]) -> String {
    hex::encode(digest(secret, message(query).as_bytes()))
}

/// The signature of a webhook's body.
pub(crate) fn webhook_signature(secret: &str, body: &[u8]) -> String {
    STANDARD.encode(digest(secret, body))
}

fn digest(secret: &str, message: &[u8]) -> Vec<u8> {
    // A key of any length will do for this code; there is no failure to report.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map(|mac| mac.chain_update(message).finalize().into_bytes().to_vec())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    /// The vectors come from the platform's documentation and libraries.
    #[test]
    fn agrees_with_the_published_vectors() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/specs/shopify/hmac-vectors.json"
        );
        let Ok(text) = std::fs::read_to_string(path) else {
            println!("skipped: {path} is absent");
            return;
        };
        let vectors: Value = serde_json::from_str(&text).unwrap();
        let mut seen = 0;
        for vector in vectors["vectors"].as_array().unwrap() {
            let secret = vector["secret"].as_str().unwrap();
            match vector["kind"].as_str().unwrap() {
                "oauth_query" => {
                    let mut query = vec![];
                    for (key, value) in vector["params"].as_object().unwrap() {
                        match value {
                            Value::Array(values) => query.extend(
                                values
                                    .iter()
                                    .map(|v| (key.clone(), v.as_str().unwrap().to_owned())),
                            ),
                            value => query.push((key.clone(), value.as_str().unwrap().to_owned())),
                        }
                    }
                    query.push(("hmac".to_owned(), "ignored".to_owned()));
                    assert_eq!(message(&query), vector["signed_message"].as_str().unwrap());
                    assert_eq!(
                        hex_digest(secret, &query),
                        vector["hmac_hex"].as_str().unwrap()
                    );
                    seen += 1;
                }
                "webhook" => {
                    let body = vector["raw_body"].as_str().unwrap().as_bytes();
                    let signature = webhook_signature(secret, body);
                    assert_eq!(signature, vector["hmac_base64"].as_str().unwrap());
                    seen += 1;
                }
                _ => {}
            }
        }
        assert!(seen >= 8, "{seen}");
    }

    #[test]
    fn a_classic_query_has_its_classic_signature() {
        let query: Vec<(String, String)> = [
            ("shop", "some-shop.myshopify.com"),
            ("code", "a94a110d86d2452eb3e2af4cfb8a3828"),
            ("timestamp", "1337178173"),
        ]
        .map(|(key, value)| (key.to_owned(), value.to_owned()))
        .to_vec();
        assert_eq!(
            hex_digest("hush", &query),
            "2cb1a277650a659f1b11e92a4a64275b128e037f2c3390e3c8fd2d8721dac9e2"
        );
    }
}
