//! Errors as Pinterest words them: a number and a sentence. The number means nothing without the
//! status. (The examples in the description 5.23.0.)

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;

use crate::answer;
use crate::platform::Call;

use super::set;

/// What an operation comes to.
pub(super) type Outcome<T> = Result<T, Refusal>;

/// A refusal.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: u32,
    message: String,
    /// Whether the body says `failure` too, as those about tokens do.
    failure: bool,
}

impl Refusal {
    pub(super) fn new(status: StatusCode, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            failure: false,
        }
    }

    /// A wrong parameter of the newer operations, whose code is the status.
    pub(super) fn bad(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 400, message)
    }

    /// A wrong parameter of the older operations.
    pub(super) fn parameter(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, 1, message)
    }

    /// No token, or none that works on this host.
    pub(super) fn token() -> Self {
        Self {
            failure: true,
            ..Self::new(StatusCode::UNAUTHORIZED, 2, "Authentication failed.")
        }
    }

    /// A token without the scope that the operation needs.
    pub(super) fn scope() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            3,
            "Your token does not have sufficient permissions to perform this operation.",
        )
    }

    /// A limit is used up.
    pub(super) fn rate() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            8,
            "This request exceeded a rate limit. This can happen if the client exceeds one\nof the \
             published rate limits or if multiple write operations are applied to\nan object within \
             a short time window.",
        )
    }

    /// An object that isn't there.
    pub(super) fn gone(code: u32, message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, code, message)
    }

    /// A path that the interface doesn't have, or not with this method.
    pub(super) fn no_such(call: &Call<'_>) -> Self {
        let message = format!("{} {} is not an endpoint.", call.method, call.path);
        Self::gone(404, &message)
    }

    /// How a status that a fault asked for is worded.
    pub(super) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::UNAUTHORIZED => Self::token(),
            StatusCode::TOO_MANY_REQUESTS => Self::rate(),
            status => Self::new(
                status,
                u32::from(status.as_u16()),
                status.canonical_reason().unwrap_or("Error"),
            ),
        }
    }

    pub(super) fn response(&self) -> Response<Bytes> {
        let mut body = json!({"code": self.code, "message": self.message});
        if self.failure {
            set(&mut body, "status", json!("failure"));
        }
        answer::json(self.status, &body)
    }
}
