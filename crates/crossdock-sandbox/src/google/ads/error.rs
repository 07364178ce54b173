//! `GoogleAdsFailure`: what the Ads API says in the `details` of an error. Clients branch on
//! `errorCode` there, not on the message. (`errors/errors.proto`.)

use serde_json::{Value, json};

use crate::google::refusal::Refusal;

/// Words failures of one request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Failure<'a> {
    pub(super) version: &'a str,
    /// The request's id.
    pub(super) id: &'a str,
}

/// What is wrong with a query: a code of `QueryErrorEnum`, and words.
#[derive(Debug)]
pub(super) struct Fault(pub(super) &'static str, pub(super) String);

impl Failure<'_> {
    fn details(&self, error: &Value) -> Vec<Value> {
        vec![json!({
            "@type": format!(
                "type.googleapis.com/google.ads.googleads.{}.errors.GoogleAdsFailure",
                self.version
            ),
            "errors": [error],
            "requestId": self.id,
        })]
    }

    /// A refusal with a status, a kind of error and a code of that kind.
    pub(super) fn refuse(&self, status: u16, kind: &str, code: &str, words: &str) -> Refusal {
        let (name, message) = match status {
            401 => (
                "UNAUTHENTICATED",
                "Request is missing required authentication credential.",
            ),
            403 => ("PERMISSION_DENIED", "The caller does not have permission"),
            _ => ("INVALID_ARGUMENT", "Request contains an invalid argument."),
        };
        let error = json!({"errorCode": {kind: code}, "message": words});
        Refusal::detailed(status, name, message, self.details(&error))
    }

    /// 400: the query is wrong.
    pub(super) fn query(&self, Fault(code, words): &Fault) -> Refusal {
        self.refuse(400, "queryError", code, words)
    }

    /// 429: too much was asked; when to come again.
    pub(super) fn quota(&self, code: &str, seconds: u32) -> Refusal {
        let mut error = json!({
            "errorCode": {"quotaError": code}, "message": "Too many requests. Retry later.",
        });
        if let Value::Object(fields) = &mut error {
            let details = json!({"quotaErrorDetails": {
                "rateScope": "DEVELOPER",
                "rateName": "Number of operations for basic access",
                "retryDelay": format!("{seconds}s"),
            }});
            fields.insert("details".to_owned(), details);
        }
        Refusal::detailed(
            429,
            "RESOURCE_EXHAUSTED",
            "Resource has been exhausted (e.g. check quota).",
            self.details(&error),
        )
    }
}
