//! HMAC-SHA256 as Shopify signs callbacks and webhooks, compared in constant time.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use connector_core::{ExposeSecret as _, SecretString};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

/// Whether `pairs`, decoded and in any order, carry a signature by one of the secrets.
///
/// Everything that was received is signed, unknown names included, except `hmac` and `signature`
/// themselves. A name with `[]` is one value: a list as Ruby writes it. Shopify's two official
/// libraries escape differently (JavaScript: percent-encoding of everything; Python: only `%`, `&`
/// and `=`), and either is taken: both are injective, so nothing else can pass for what was signed.
pub(crate) fn verifies_query<'a>(
    secrets: &[SecretString],
    pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> bool {
    let mut given = None;
    let mut values: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, value) in pairs {
        match name {
            // A second one would be ambiguous.
            "hmac" if given.is_some() => return false,
            "hmac" => given = Some(value),
            "signature" => {}
            _ => values.entry(name).or_default().push(value),
        }
    }
    let Some(given) = given.and_then(|given| hex::decode(given).ok()) else {
        return false;
    };
    let messages = [
        message(&values, percent_encode, percent_encode),
        message(&values, escape_name, escape_value),
    ];
    messages
        .iter()
        .any(|message| verifies(secrets, message.as_bytes(), &given))
}

/// Whether a webhook's raw body was signed by one of the secrets; `given` is the header, base64.
pub(crate) fn verifies_body(secrets: &[SecretString], body: &[u8], given: &str) -> bool {
    STANDARD
        .decode(given)
        .is_ok_and(|given| verifies(secrets, body, &given))
}

fn verifies(secrets: &[SecretString], message: &[u8], given: &[u8]) -> bool {
    secrets
        .iter()
        .filter_map(|secret| mac(secret, message))
        .any(|mac| mac.verify_slice(given).is_ok())
}

fn mac(secret: &SecretString, message: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes()).ok()?;
    mac.update(message);
    Some(mac)
}

fn message(
    values: &BTreeMap<&str, Vec<&str>>,
    name_form: fn(&str) -> String,
    value_form: fn(&str) -> String,
) -> String {
    let mut pairs: Vec<(String, String)> = values
        .iter()
        .map(
            |(name, values)| match (name.strip_suffix("[]"), values.as_slice()) {
                (Some(list), values) => {
                    let items: Vec<String> = values
                        .iter()
                        .map(|value| format!("\"{}\"", value_form(value)))
                        .collect();
                    (name_form(list), format!("[{}]", items.join(", ")))
                }
                (None, values) => {
                    let items: Vec<String> = values.iter().map(|value| value_form(value)).collect();
                    (name_form(name), items.join(","))
                }
            },
        )
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs
        .into_iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    pairs.join("&")
}

/// As JavaScript's `encodeURIComponent`.
fn percent_encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push_str(&hex::encode_upper([byte]));
        }
    }
    encoded
}

fn escape_value(text: &str) -> String {
    text.replace('%', "%25").replace('&', "%26")
}

fn escape_name(text: &str) -> String {
    escape_value(text).replace('=', "%3D")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sign(secret: &str, message: &str) -> String {
        let mac = mac(&secret.to_owned().into(), message.as_bytes()).unwrap();
        hex::encode(mac.finalize().into_bytes())
    }

    fn verify(secret: &str, query: &str, hmac: &str) -> bool {
        let form = connector_core::Form::from_query(query).with("hmac", hmac);
        verifies_query(&[secret.to_owned().into()], form.iter())
    }

    /// Digests from Shopify's documentation and the tests of its Python library.
    #[test]
    fn published_callbacks_verify() {
        for (query, hmac) in [
            (
                "code=a94a110d86d2452eb3e2af4cfb8a3828&shop=some-shop.myshopify.com&timestamp=1337178173",
                "2cb1a277650a659f1b11e92a4a64275b128e037f2c3390e3c8fd2d8721dac9e2",
            ),
            (
                "timestamp=1337178173&code=0907a61c0c8d55e99db179b68161bc00&state=0.6784241404160823&shop=some-shop.myshopify.com",
                "700e2dadb827fcc8609e9d5ce208b2e9cdaab9df07390d2cbca10d7c328fc4bf",
            ),
            (
                "ids[]=2&ids[]=1&shop=some-shop.myshopify.com",
                "b93b9f82996f6f8bf9f1b7bbddec284c8fabacdc4e12dc80550b4705f3003b1e",
            ),
        ] {
            assert!(verify("hush", query, hmac), "{query}");
            assert!(!verify("hush2", query, hmac), "{query}");
            assert!(
                !verify("hush", &format!("{query}&extra=1"), hmac),
                "{query}"
            );
            assert!(!verify("hush", query, &hmac.replace('1', "2")), "{query}");
            assert!(!verify("hush", query, "no hex"), "{query}");
        }
    }

    #[test]
    fn both_libraries_ways_to_escape_are_taken() {
        let python = sign("hush", "a=1%26b=2&c%3D3%26d=4");
        assert!(verify("hush", "a=1%26b%3D2&c%3D3%26d=4", &python));
        let javascript = sign("hush", "custom=hello%20world&shop=s.myshopify.com");
        assert!(verify(
            "hush",
            "shop=s.myshopify.com&custom=hello+world",
            &javascript
        ));
    }

    #[test]
    fn unknown_names_are_signed_and_signatures_are_not() {
        let hmac = sign("hush", "host=YWJj&new=1");
        assert!(verify("hush", "new=1&host=YWJj&signature=abc", &hmac));
        assert!(!verify("hush", "host=YWJj", &hmac));
        assert!(!verify("hush", "new=1&host=YWJj&hmac=00", &hmac));
        assert!(!verifies_query(&["hush".to_owned().into()], [("new", "1")]));
    }

    #[test]
    fn a_webhook_verifies_over_its_bytes_and_with_either_secret() {
        let secrets = ["new".to_owned().into(), "test_secret_key".to_owned().into()];
        let given = "B23tXN681gZ0qIWNRrgtzBE9XSDo5yaUu6wfmhu3a7g=";
        assert!(verifies_body(&secrets, br#"{"foo": "bar"}"#, given));
        assert!(!verifies_body(&secrets, br#"{"foo":"bar"}"#, given));
        assert!(!verifies_body(&secrets[..1], br#"{"foo": "bar"}"#, given));
        assert!(!verifies_body(&[], br#"{"foo": "bar"}"#, given));
    }

    /// The same from the file of vectors that lies beside the repository, where it does.
    #[test]
    fn every_vector_for_callbacks_verifies() {
        let path = concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/../../../shared/specs/shopify/hmac-vectors.json"
        );
        let Ok(vectors) = std::fs::read_to_string(path) else {
            println!("skipped: there are no vectors at {path}");
            return;
        };
        let vectors: serde_json::Value = serde_json::from_str(&vectors).unwrap();
        let mut count = 0;
        for vector in vectors["vectors"].as_array().unwrap() {
            if vector["kind"] != "oauth_query" {
                continue;
            }
            let mut form = connector_core::Form::new();
            for (name, value) in vector["params"].as_object().unwrap() {
                match value {
                    serde_json::Value::Array(values) => {
                        for value in values {
                            form.push(name, value.as_str().unwrap());
                        }
                    }
                    value => form.push(name, value.as_str().unwrap()),
                }
            }
            form.push("hmac", vector["hmac_hex"].as_str().unwrap());
            let secret = vector["secret"].as_str().unwrap().to_owned().into();
            assert!(verifies_query(&[secret], form.iter()), "{}", vector["name"]);
            count += 1;
        }
        assert_eq!(count, 5);
    }
}
