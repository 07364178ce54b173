//! Refusals in eBay's words: a list of errors, each with a number, a domain and a category.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;

/// What an operation gives: something, or a refusal.
pub(super) type Outcome<T> = Result<T, Refusal>;

/// One refusal. eBay's envelope can list several errors; every check here finds one.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    id: u32,
    domain: &'static str,
    message: String,
    parameters: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A refusal with eBay's number for it. The messages are the sandbox's own.
    pub(super) fn new(
        status: StatusCode,
        id: u32,
        domain: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self {
            status,
            id,
            domain,
            message: message.into(),
            parameters: Vec::new(),
        }
    }

    /// A refused request of one of the APIs: 400.
    pub(super) fn bad(id: u32, domain: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, id, domain, message)
    }

    /// Names what was wrong.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.parameters.push((name, value.into()));
        self
    }

    /// There is no such address.
    pub(super) fn no_such_resource() -> Self {
        Self::new(StatusCode::NOT_FOUND, 2002, "ACCESS", "Resource not found")
    }

    /// The body is not what the operation reads.
    pub(super) fn unreadable() -> Self {
        Self::bad(2004, "ACCESS", "Invalid request")
    }

    /// The status alone.
    pub(super) fn status(&self) -> StatusCode {
        self.status
    }

    /// The error, as a member of a list.
    pub(super) fn error(&self) -> Value {
        let category = if self.status.is_server_error() {
            "APPLICATION"
        } else {
            "REQUEST"
        };
        let mut error = json!({
            "errorId": self.id,
            "domain": self.domain,
            "category": category,
            "message": self.message,
        });
        if let (Value::Object(fields), false) = (&mut error, self.parameters.is_empty()) {
            let parameters = self
                .parameters
                .iter()
                .map(|(name, value)| json!({"name": name, "value": value}));
            fields.insert("parameters".to_owned(), parameters.collect());
        }
        error
    }

    /// The whole answer.
    pub(super) fn response(&self) -> Response<Bytes> {
        answer::json(self.status, &json!({"errors": [self.error()]}))
    }
}

/// How eBay words a status that a fault asked for.
pub(super) fn worded(status: StatusCode) -> Response<Bytes> {
    let (id, domain, message) = match status.as_u16() {
        401 => (1001, "OAuth", "Invalid access token"),
        403 => (1100, "ACCESS", "Access denied"),
        404 => (2002, "ACCESS", "Resource not found"),
        429 => (2001, "ACCESS", "Too many requests"),
        500..=599 => (2003, "ACCESS", "Internal error"),
        _ => (2004, "ACCESS", "Invalid request"),
    };
    Refusal::new(status, id, domain, message).response()
}
