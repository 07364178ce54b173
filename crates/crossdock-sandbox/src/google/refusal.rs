//! How Google refuses: one error, worded in the style of the interface that says it.
//!
//! Newer interfaces answer a `google.rpc.Status` (`status`, `details`); Calendar answers the older
//! form (`errors` with `domain` and `reason`); Search Console and the `YouTube` Data API answer
//! both. (`google/rpc/error_details.proto`; the error pages of each interface.)

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};

use crate::answer;

use super::service::Service;

/// What an operation comes to.
pub(super) type Outcome<T> = Result<T, Refusal>;

/// In which form an interface words its refusals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    /// `status` and `details`.
    Status,
    /// `errors` alone.
    Legacy,
    /// `errors`, `status` and `details`.
    Both,
}

/// One refusal.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    code: u16,
    status: &'static str,
    message: Box<str>,
    /// The older form's word for it.
    reason: &'static str,
    domain: &'static str,
    /// `locationType` and `location` of the older form.
    location: Option<Box<(&'static str, String)>>,
    details: Vec<Value>,
    /// The value of `WWW-Authenticate`.
    challenge: Option<Box<str>>,
}

impl Refusal {
    fn new(code: u16, status: &'static str, reason: &'static str, message: String) -> Self {
        Self {
            code,
            status,
            message: message.into(),
            reason,
            domain: "global",
            location: None,
            details: Vec::new(),
            challenge: None,
        }
    }

    /// 400: a parameter, or the body, is wrong.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "INVALID_ARGUMENT", "invalid", message.into())
    }

    /// 400 in the older form's words: what is missing or wrong, and in which parameter.
    pub(super) fn parameter(reason: &'static str, name: &str, message: impl Into<String>) -> Self {
        Self {
            location: Some(Box::new(("parameter", name.to_owned()))),
            ..Self::new(400, "INVALID_ARGUMENT", reason, message.into())
        }
    }

    /// 404: there is no such thing, or not for this user.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "NOT_FOUND", "notFound", message.into())
    }

    /// 403: the user may not see it.
    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, "PERMISSION_DENIED", "forbidden", message.into())
    }

    /// 401 without a token.
    pub(super) fn no_credentials() -> Self {
        Self {
            location: Some(Box::new(("header", "Authorization".to_owned()))),
            details: vec![error_info("CREDENTIALS_MISSING", &json!({}))],
            challenge: Some("Bearer realm=\"https://accounts.google.com/\"".into()),
            ..Self::new(
                401,
                "UNAUTHENTICATED",
                "required",
                "The request has no access token: an OAuth 2 access token is expected.".to_owned(),
            )
        }
    }

    /// 401 with a token that is no good, or no good any more.
    pub(super) fn bad_credentials() -> Self {
        Self {
            location: Some(Box::new(("header", "Authorization".to_owned()))),
            challenge: Some(
                "Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"".into(),
            ),
            ..Self::new(
                401,
                "UNAUTHENTICATED",
                "authError",
                "Request had invalid authentication credentials. Expected OAuth 2 access token."
                    .to_owned(),
            )
        }
    }

    /// 401 of the Merchant API: the token is good, the Cloud project isn't registered.
    pub(super) fn unregistered() -> Self {
        Self {
            details: vec![error_info(
                "GCP_NOT_REGISTERED",
                &json!({"REASON": "the Cloud project is not registered with the merchant account"}),
            )],
            ..Self::new(
                401,
                "UNAUTHENTICATED",
                "unauthorized",
                "The GCP project is not registered with the merchant account.".to_owned(),
            )
        }
    }

    /// A refusal in the words of the Google Ads API, which come as `details`.
    pub(super) fn detailed(
        code: u16,
        status: &'static str,
        message: impl Into<String>,
        details: Vec<Value>,
    ) -> Self {
        Self {
            details,
            ..Self::new(code, status, "badRequest", message.into())
        }
    }

    /// 403: the token was not given any of the scopes that would do.
    pub(super) fn insufficient_scope(service: &Service, wanted: &[&str]) -> Self {
        Self {
            details: vec![error_info(
                "ACCESS_TOKEN_SCOPE_INSUFFICIENT",
                &json!({"service": service.host}),
            )],
            challenge: Some(format!(
                "Bearer realm=\"https://accounts.google.com/\", error=\"insufficient_scope\", scope=\"{}\"",
                wanted.join(" ")
            ).into()),
            ..Self::new(
                403,
                "PERMISSION_DENIED",
                "insufficientPermissions",
                "Request had insufficient authentication scopes.".to_owned(),
            )
        }
    }

    /// 403: the interface isn't turned on in the app's Cloud project.
    pub(super) fn disabled(service: &Service) -> Self {
        Self {
            domain: "usageLimits",
            details: vec![error_info(
                "SERVICE_DISABLED",
                &json!({"service": service.host, "consumer": "projects/900100200300"}),
            )],
            ..Self::new(
                403,
                "PERMISSION_DENIED",
                "accessNotConfigured",
                format!(
                    "{} has not been used in project 900100200300 before or it is disabled.",
                    service.title
                ),
            )
        }
    }

    /// 429: the limit on requests in a minute is used up; a limit of 0 is a project that waits for
    /// approval.
    pub(super) fn rate_limited(service: &Service, limit: u32, wait: u32) -> Self {
        let mut details = vec![error_info(
            "RATE_LIMIT_EXCEEDED",
            &json!({"service": service.host, "quota_limit": "DefaultRequestsPerMinutePerProject",
                    "quota_limit_value": limit.to_string(), "consumer": "projects/900100200300"}),
        )];
        if limit > 0 {
            details.insert(
                0,
                json!({"@type": "type.googleapis.com/google.rpc.RetryInfo",
                       "retryDelay": format!("{wait}s")}),
            );
        }
        Self {
            domain: "usageLimits",
            details,
            ..Self::new(
                429,
                "RESOURCE_EXHAUSTED",
                "rateLimitExceeded",
                format!(
                    "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute' of service '{}' for consumer 'project_number:900100200300'.",
                    service.host
                ),
            )
        }
    }

    /// 403 in the older form: a limit in requests that is no missing permission.
    pub(super) fn legacy_limit(reason: &'static str, message: &str) -> Self {
        Self {
            domain: "usageLimits",
            ..Self::new(403, "PERMISSION_DENIED", reason, message.to_owned())
        }
    }

    /// 429 with a wording of its own.
    pub(super) fn exhausted(message: &str) -> Self {
        Self {
            domain: "usageLimits",
            ..Self::new(
                429,
                "RESOURCE_EXHAUSTED",
                "quotaExceeded",
                message.to_owned(),
            )
        }
    }

    /// 410 of Calendar.
    pub(super) fn gone(reason: &'static str, parameter: &str, message: &str) -> Self {
        Self {
            domain: "calendar",
            location: Some(Box::new(("parameter", parameter.to_owned()))),
            ..Self::new(410, "FAILED_PRECONDITION", reason, message.to_owned())
        }
    }

    /// The same, in another domain of the older form.
    pub(super) fn in_domain(mut self, domain: &'static str) -> Self {
        self.domain = domain;
        self
    }

    /// The same, with another word for it in the older form.
    pub(super) fn because(mut self, reason: &'static str) -> Self {
        self.reason = reason;
        self
    }

    /// A refusal that a fault asked for: in the words that the status usually has.
    pub(super) fn of_status(status: StatusCode) -> Self {
        let (word, reason) = match status.as_u16() {
            400 => ("INVALID_ARGUMENT", "badRequest"),
            401 => return Self::bad_credentials(),
            403 => ("PERMISSION_DENIED", "forbidden"),
            404 => ("NOT_FOUND", "notFound"),
            429 => ("RESOURCE_EXHAUSTED", "rateLimitExceeded"),
            500 => ("INTERNAL", "backendError"),
            503 => ("UNAVAILABLE", "backendError"),
            504 => ("DEADLINE_EXCEEDED", "backendError"),
            _ => ("UNKNOWN", "unknown"),
        };
        let message = status.canonical_reason().unwrap_or("Error").to_owned();
        Self::new(status.as_u16(), word, reason, message)
    }

    /// The body, without the array that `searchStream` wraps it in.
    pub(super) fn body(&self, style: Style) -> Value {
        let mut error = Map::new();
        error.insert("code".to_owned(), self.code.into());
        error.insert("message".to_owned(), self.message.as_ref().into());
        if style != Style::Status {
            let mut entry = json!({
                "domain": self.domain, "reason": self.reason, "message": self.message,
            });
            if let (Some(location), Value::Object(entry)) = (&self.location, &mut entry) {
                let (kind, place) = location.as_ref();
                entry.insert("locationType".to_owned(), (*kind).into());
                entry.insert("location".to_owned(), place.as_str().into());
            }
            error.insert("errors".to_owned(), json!([entry]));
        }
        if style != Style::Legacy || self.code == 401 {
            error.insert("status".to_owned(), self.status.into());
        }
        if style != Style::Legacy && !self.details.is_empty() {
            error.insert("details".to_owned(), self.details.clone().into());
        }
        json!({ "error": error })
    }

    /// The whole answer.
    pub(super) fn response(&self, style: Style) -> Response<Bytes> {
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = json_answer(status, &self.body(style));
        if let Some(challenge) = &self.challenge {
            answer::set(&mut response, "www-authenticate", challenge);
        }
        response
    }
}

/// An answer in JSON, with the headers that Google's servers send with every one.
pub(super) fn json_answer(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response =
        answer::with_body(status, "application/json; charset=UTF-8", body.to_string());
    answer::set(&mut response, "vary", "Origin, X-Origin, Referer");
    answer::set(&mut response, "server", "ESF");
    response
}

fn error_info(reason: &str, metadata: &Value) -> Value {
    json!({
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": reason, "domain": "googleapis.com", "metadata": metadata,
    })
}
