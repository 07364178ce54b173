//! The vector of digital signatures that eBay publishes.
use std::fs;

use chrono::DateTime;
use connector_ebay::SigningKey;
use connector_testkit::recorded::shared;
use serde_json::{Value, json};

#[test]
fn the_published_digital_signature_is_made_again_to_the_letter() {
    let Some(file) = shared("specs/ebay/test-vectors/digital-signature-ed25519.json") else {
        return;
    };
    let vector: Value = serde_json::from_str(&fs::read_to_string(file).unwrap()).unwrap();
    let headers = &vector["headers"];
    let key: SigningKey = serde_json::from_value(json!({
        "id": null,
        "jwe": headers["x-ebay-signature-key"],
        "private_key": vector["test_private_key_pkcs8_base64"],
        "expires_at": null,
    }))
    .unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let asked = &vector["request"];
    let url = format!(
        "https://{}{}",
        text(&asked["authority"]),
        text(&asked["path"])
    );
    let signed = |body: String| {
        let mut request = http::Request::builder()
            .method(asked["method"].as_str().unwrap())
            .uri(format!("{url}?not=signed"))
            .body(bytes::Bytes::from(body))
            .unwrap();
        let created = DateTime::from_timestamp(vector["created"].as_i64().unwrap(), 0).unwrap();
        key.sign(&mut request, created).unwrap();
        request
    };
    let request = signed(text(&asked["body"]));
    let mut compared = 0;
    for (name, expected) in headers.as_object().unwrap() {
        let found = &request.headers()[name.to_ascii_lowercase()];
        assert_eq!(found, expected.as_str().unwrap(), "{name}");
        compared += 1;
    }
    assert_eq!(compared, 4);
    let without = signed(String::new());
    let expected = vector["signature_input_when_no_body"].as_str().unwrap();
    let found = without.headers()["signature-input"].to_str().unwrap();
    assert_eq!(found, expected);
}
