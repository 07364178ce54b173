//! Faults: what goes wrong on purpose.
//!
//! A fault picks requests by what they look like and spoils some of them. Faults that refuse a
//! request (a status, `NotSent`) keep it from the platform; the others let the platform process it
//! and spoil the answer, which is the harder case for a client.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer;

/// Which requests are spoilt, and how. Conditions that are left out hold for every request.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The platform's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub platform: Option<String>,
    /// The platform's host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The method, in capitals.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// A part of the path and query, as it is sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path_contains: Option<String>,
    /// A part of the request's body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body_contains: Option<String>,
    /// How many matching requests pass untouched first.
    #[serde(default)]
    pub skip: u32,
    /// How many matching requests are spoilt after that.
    #[serde(default = "once")]
    pub times: u32,
    /// What happens to them.
    pub effect: Effect,
}

fn once() -> u32 {
    1
}

/// What a fault does to a request.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Effect {
    /// Refuses the request with a status, before it is processed.
    Status {
        /// The HTTP status.
        code: u16,
        /// Headers of the answer.
        #[serde(default)]
        headers: BTreeMap<String, String>,
        /// The body: JSON, or a text that is sent as it is. Left out, the platform words it.
        #[serde(default)]
        body: Option<Value>,
    },
    /// Refuses the request, before it is processed, and says when to come back.
    RetryAfter {
        /// 429 or 503.
        #[serde(default = "too_many_requests")]
        code: u16,
        /// How long the client is to wait.
        seconds: u32,
        /// How the header says it.
        #[serde(default)]
        form: RetryForm,
    },
    /// Processes the request; the answer never arrives.
    LostReply,
    /// Closes the connection before the request is processed.
    NotSent,
    /// Processes the request and sends half of the body.
    Truncated,
    /// Processes the request and answers with something that is not JSON.
    Malformed,
    /// Processes the request and answers late. Only the server waits; in process the answer carries
    /// a [`Delay`] among its extensions.
    Delay {
        /// How late.
        milliseconds: u32,
    },
    /// Processes the request and changes one place of the JSON that it is answered with: a cursor
    /// that repeats itself, an empty page, a value of an unknown kind.
    ReplaceJson {
        /// Where, as a JSON pointer (RFC 6901). The last key may be a new one.
        pointer: String,
        /// What is to stand there.
        value: Value,
    },
}

fn too_many_requests() -> u16 {
    429
}

/// The two forms of a `Retry-After` header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RetryForm {
    /// A number of seconds.
    #[default]
    Seconds,
    /// The point in simulated time, as an HTTP date.
    HttpDate,
}

/// How long an answer is to be held back: an extension of the [`Response`].
#[derive(Clone, Copy, Debug)]
pub struct Delay(pub Duration);

/// What faults are matched against.
#[derive(Debug)]
pub(crate) struct Shape<'a> {
    pub(crate) platform: &'a str,
    pub(crate) host: &'a str,
    pub(crate) method: &'a str,
    /// Path and query.
    pub(crate) path: &'a str,
    pub(crate) body: &'a [u8],
}

/// The faults that are in force, in the order in which they were injected.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Fault>);

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) {
        self.0.push(fault);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.0
    }

    /// The effect on a request, if any, counted as used. The first fault that spoils it wins; every
    /// fault that it matches until then counts it among those it skips.
    pub(crate) fn strike(&mut self, shape: &Shape<'_>) -> Option<Effect> {
        let mut effect = None;
        for fault in self.0.iter_mut().filter(|fault| fault.matches(shape)) {
            if fault.skip > 0 {
                fault.skip -= 1;
            } else if fault.times > 0 {
                fault.times -= 1;
                effect = Some(fault.effect.clone());
                break;
            }
        }
        self.0.retain(|fault| fault.times > 0);
        effect
    }
}

impl Fault {
    /// A fault for every request: once, unless it is changed.
    #[must_use]
    pub fn new(effect: Effect) -> Self {
        Self {
            platform: None,
            host: None,
            method: None,
            path_contains: None,
            body_contains: None,
            skip: 0,
            times: 1,
            effect,
        }
    }

    fn matches(&self, shape: &Shape<'_>) -> bool {
        let is = |wanted: &Option<String>, value: &str| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(value))
        };
        is(&self.platform, shape.platform)
            && is(&self.host, shape.host)
            && is(&self.method, shape.method)
            && self
                .path_contains
                .as_ref()
                .is_none_or(|part| shape.path.contains(part))
            && self
                .body_contains
                .as_ref()
                .is_none_or(|part| String::from_utf8_lossy(shape.body).contains(part.as_str()))
    }
}

impl Effect {
    /// The answer that keeps the request from the platform; `None` for the effects that spoil what
    /// the platform answers. `words` are the platform's own for a status.
    pub(crate) fn refusal(
        &self,
        now: DateTime<Utc>,
        words: impl FnOnce(StatusCode) -> Response<Bytes>,
    ) -> Option<Response<Bytes>> {
        match self {
            Self::Status {
                code,
                headers,
                body,
            } => {
                let status = status(*code);
                let mut response = match body {
                    None => words(status),
                    Some(Value::String(text)) => {
                        answer::with_body(status, "text/plain; charset=utf-8", text.clone())
                    }
                    Some(json) => answer::json(status, json),
                };
                for (name, value) in headers {
                    answer::set(&mut response, name, value);
                }
                Some(response)
            }
            Self::RetryAfter {
                code,
                seconds,
                form,
            } => {
                let mut response = words(status(*code));
                let value = match form {
                    RetryForm::Seconds => seconds.to_string(),
                    RetryForm::HttpDate => {
                        let date = now + TimeDelta::seconds(i64::from(*seconds));
                        date.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
                    }
                };
                answer::set(&mut response, "retry-after", &value);
                Some(response)
            }
            Self::LostReply
            | Self::NotSent
            | Self::Truncated
            | Self::Malformed
            | Self::Delay { .. }
            | Self::ReplaceJson { .. } => None,
        }
    }

    /// What becomes of an answer that the platform gave.
    pub(crate) fn spoil(&self, mut response: Response<Bytes>) -> Response<Bytes> {
        match self {
            Self::Truncated => {
                let half = response.body().len() / 2;
                response.body_mut().truncate(half);
            }
            Self::Malformed => {
                *response.body_mut() = Bytes::from_static(b"<html><body>Bad gateway</body></html>");
            }
            Self::Delay { milliseconds } => {
                let delay = Delay(Duration::from_millis(u64::from(*milliseconds)));
                response.extensions_mut().insert(delay);
            }
            Self::ReplaceJson { pointer, value } => {
                if let Ok(mut json) = serde_json::from_slice::<Value>(response.body()) {
                    put(&mut json, pointer, value.clone());
                    *response.body_mut() = Bytes::from(json.to_string());
                }
            }
            Self::Status { .. } | Self::RetryAfter { .. } | Self::LostReply | Self::NotSent => {}
        }
        response
    }
}

fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Puts a value at a JSON pointer. A place that does not exist, below a parent that does not exist
/// either, is left alone.
fn put(json: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = json.pointer_mut(pointer) {
        *place = value;
    } else if let Some((parent, key)) = pointer.rsplit_once('/')
        && let Some(Value::Object(parent)) = json.pointer_mut(parent)
    {
        parent.insert(key.replace("~1", "/").replace("~0", "~"), value);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn shape<'a>(method: &'a str, path: &'a str) -> Shape<'a> {
        Shape {
            platform: "alias",
            host: "api.alias.org",
            method,
            path,
            body: b"{\"a\": 1}",
        }
    }

    fn answered() -> Response<Bytes> {
        answer::json(
            StatusCode::OK,
            &json!({"page": {"cursor": "a"}, "items": [1, 2]}),
        )
    }

    fn body(response: &Response<Bytes>) -> Value {
        serde_json::from_slice(response.body()).unwrap()
    }

    #[test]
    fn a_fault_skips_then_strikes_then_is_gone() {
        let mut faults = Faults::default();
        faults.add(Fault {
            skip: 2,
            times: 2,
            ..Fault::new(Effect::NotSent)
        });
        let struck: Vec<bool> = (0..6)
            .map(|_| faults.strike(&shape("GET", "/")).is_some())
            .collect();
        assert_eq!(struck, [false, false, true, true, false, false]);
        assert!(faults.list().is_empty());
    }

    #[test]
    fn every_condition_must_hold() {
        let full = Fault {
            platform: Some("alias".to_owned()),
            host: Some("API.alias.org".to_owned()),
            method: Some("post".to_owned()),
            path_contains: Some("/orders".to_owned()),
            body_contains: Some("\"a\"".to_owned()),
            ..Fault::new(Effect::NotSent)
        };
        assert!(full.matches(&shape("POST", "/api/v1/orders?page_size=1")));
        assert!(!full.matches(&shape("GET", "/api/v1/orders")));
        assert!(!full.matches(&shape("POST", "/api/v1/listings")));
        let other_body = Fault {
            body_contains: Some("b".to_owned()),
            ..full.clone()
        };
        assert!(!other_body.matches(&shape("POST", "/api/v1/orders")));
        let other_platform = Fault {
            platform: Some("shopify".to_owned()),
            ..full
        };
        assert!(!other_platform.matches(&shape("POST", "/api/v1/orders")));
    }

    #[test]
    fn retry_after_has_both_forms() {
        let now = DateTime::UNIX_EPOCH;
        let after = |form| {
            let effect = Effect::RetryAfter {
                code: 503,
                seconds: 90,
                form,
            };
            let response = effect.refusal(now, answer::empty).unwrap();
            assert_eq!(response.status(), 503);
            response.headers()["retry-after"]
                .to_str()
                .unwrap()
                .to_owned()
        };
        assert_eq!(after(RetryForm::Seconds), "90");
        assert_eq!(after(RetryForm::HttpDate), "Thu, 01 Jan 1970 00:01:30 GMT");
    }

    #[test]
    fn answers_are_spoilt_as_named() {
        let replace = |pointer: &str, value| Effect::ReplaceJson {
            pointer: pointer.to_owned(),
            value,
        };
        assert_eq!(
            body(&replace("/page/cursor", json!("b")).spoil(answered()))["page"]["cursor"],
            "b"
        );
        assert_eq!(
            body(&replace("/items", json!([])).spoil(answered()))["items"],
            json!([])
        );
        assert_eq!(
            body(&replace("/page/a~1b", json!(1)).spoil(answered()))["page"]["a/b"],
            1
        );
        assert_eq!(
            body(&replace("/none/x", json!(1)).spoil(answered())),
            body(&answered())
        );
        let whole = answered().body().len();
        assert_eq!(Effect::Truncated.spoil(answered()).body().len(), whole / 2);
        let malformed = Effect::Malformed.spoil(answered());
        assert!(serde_json::from_slice::<Value>(malformed.body()).is_err());
        let late = Effect::Delay { milliseconds: 5 }.spoil(answered());
        assert_eq!(
            late.extensions().get::<Delay>().unwrap().0,
            Duration::from_millis(5)
        );
    }

    #[test]
    fn the_short_form_in_json_is_enough() {
        let fault: Fault =
            serde_json::from_value(json!({"effect": {"kind": "retry_after", "seconds": 2}}))
                .unwrap();
        assert_eq!((fault.skip, fault.times), (0, 1));
        assert_eq!(
            fault.effect,
            Effect::RetryAfter {
                code: 429,
                seconds: 2,
                form: RetryForm::Seconds
            }
        );
        assert!(
            serde_json::from_value::<Fault>(json!({"effect": {"kind": "lost_reply"}, "time": 2}))
                .is_err()
        );
    }
}
