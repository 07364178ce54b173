//! What a fault does to a request, and to the answer.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::answer;

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
}
