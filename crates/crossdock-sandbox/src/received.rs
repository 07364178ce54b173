//! The log of received requests: what a test or a person asks for when a client surprises.
//!
//! Secrets are masked on the way in, so that the log, the page that shows it and whatever copies
//! them never hold one.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use http::HeaderMap;
use serde::Serialize;
use serde_json::Value;

/// How many requests are kept.
const CAPACITY: usize = 1000;

/// How many bytes of a body are kept.
const BODY_LIMIT: usize = 4096;

/// What stands in place of a secret.
const MASK: &str = "(masked)";

/// Names of parameters, form fields and JSON keys whose values are secrets.
const SECRET_FIELDS: &[&str] = &[
    "access_token",
    "api_key",
    "appsecret_proof",
    "assertion",
    "client_assertion",
    "client_secret",
    "code",
    "code_verifier",
    "fb_exchange_token",
    "id_token",
    "input_token",
    "password",
    "refresh_token",
    "secret",
    "subject_token",
    "token",
    "x-amz-signature",
];

/// Parts of header names whose values are secrets.
const SECRET_HEADERS: &[&str] = &["authorization", "token", "secret", "cookie", "api-key"];

/// How a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// With an answer of this HTTP status.
    Answered(u16),
    /// Processed, but its answer was dropped.
    LostReply,
    /// Refused before it was processed.
    NotSent,
}

/// One received request.
#[derive(Clone, Debug, Serialize)]
pub struct Received {
    /// Its number, from one.
    pub number: u64,
    /// When, in simulated time.
    pub at: DateTime<Utc>,
    /// The platform's id; `None` for a host that no platform serves.
    pub platform: Option<&'static str>,
    /// The platform's host.
    pub host: String,
    /// The method.
    pub method: String,
    /// The path.
    pub path: String,
    /// The query's pairs, decoded; secrets masked.
    pub query: Vec<(String, String)>,
    /// The headers; secrets masked.
    pub headers: Vec<(String, String)>,
    /// The beginning of the body; secrets masked.
    pub body: String,
    /// How it ended.
    pub ended: Ended,
    /// Whether a fault struck it.
    pub faulted: bool,
}

/// The last requests, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Log {
    entries: VecDeque<Received>,
    count: u64,
}

impl Log {
    /// Adds a request and numbers it.
    pub(crate) fn add(&mut self, mut received: Received) {
        self.count += 1;
        received.number = self.count;
        if self.entries.len() == CAPACITY {
            self.entries.pop_front();
        }
        self.entries.push_back(received);
    }

    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &Received> {
        self.entries.iter()
    }

    /// Forgets the requests. The numbers go on.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
    }
}

/// Headers as text, without secrets.
pub(crate) fn masked_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = |name: &str, value: &[u8]| {
        let secret = SECRET_HEADERS.iter().any(|part| name.contains(part));
        if secret {
            MASK.to_owned()
        } else {
            String::from_utf8_lossy(value).into_owned()
        }
    };
    headers
        .iter()
        .map(|(name, value)| (name.to_string(), shown(name.as_str(), value.as_bytes())))
        .collect()
}

/// Query or form pairs, without secrets.
pub(crate) fn masked_pairs(pairs: &[(String, String)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(name, value)| {
            (
                name.clone(),
                if is_secret(name) { MASK } else { value }.to_owned(),
            )
        })
        .collect()
}

/// The beginning of a body as text, without secrets: JSON and forms are masked field by field.
pub(crate) fn masked_body(content_type: Option<&str>, body: &[u8]) -> String {
    let mut text = if let Ok(mut json) = serde_json::from_slice::<Value>(body) {
        mask_json(&mut json);
        json.to_string()
    } else if content_type.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"))
    {
        let pairs: Vec<(String, String)> = url::form_urlencoded::parse(body).into_owned().collect();
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(masked_pairs(&pairs))
            .finish()
    } else {
        String::from_utf8_lossy(body).into_owned()
    };
    text.truncate(text.floor_char_boundary(BODY_LIMIT));
    text
}

fn mask_json(json: &mut Value) {
    match json {
        Value::Object(fields) => {
            for (name, value) in fields {
                if is_secret(name) {
                    *value = Value::from(MASK);
                } else {
                    mask_json(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask_json),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn is_secret(name: &str) -> bool {
    SECRET_FIELDS
        .iter()
        .any(|secret| name.eq_ignore_ascii_case(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let headers: HeaderMap = [
            ("authorization", "Bearer hidden"),
            ("x-shopify-access-token", "hidden"),
            ("cookie", "hidden"),
            ("accept", "shown"),
        ]
        .into_iter()
        .map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()))
        .collect();
        let form = b"grant_type=refresh_token&refresh_token=hidden&client_secret=hidden";
        let json = br#"{"client_id": "shown", "nested": [{"client_secret": "hidden"}]}"#;
        let pairs = [("code", "hidden"), ("pagination_token", "shown")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()));
        let masked = format!(
            "{:?} {} {} {:?}",
            masked_headers(&headers),
            masked_body(
                Some("application/x-www-form-urlencoded; charset=utf-8"),
                form
            ),
            masked_body(Some("application/json"), json),
            masked_pairs(&pairs),
        );
        assert!(!masked.contains("hidden"), "{masked}");
        assert_eq!(masked.matches("shown").count(), 3, "{masked}");
        assert!(masked.contains("grant_type=refresh_token"));
    }

    #[test]
    fn long_bodies_are_cut_between_characters() {
        let body = "é".repeat(BODY_LIMIT);
        assert_eq!(
            masked_body(None, format!("x{body}").as_bytes()).len(),
            BODY_LIMIT - 1
        );
    }
}
