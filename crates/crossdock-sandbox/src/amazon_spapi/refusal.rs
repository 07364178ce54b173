//! How the API says no: one envelope for all operations.
//!
//! The texts of refused tokens and exhausted quotas are the documented ones, because clients match
//! them. Those of wrong parameters are this sandbox's own words.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;

use crate::answer;

/// What an operation answers, or why it does not.
pub(super) type Outcome<T> = Result<T, Refusal>;

/// A refusal.
#[derive(Clone, Debug)]
pub(super) struct Refusal {
    pub(super) status: StatusCode,
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) details: String,
}

impl Refusal {
    /// 400, for a parameter or a body.
    pub(super) fn input(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidInput", message, "")
    }

    /// 400 in the words of the tokens API.
    pub(super) fn request(details: impl Into<String>) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "InvalidRequest",
            "Request is missing or has invalid parameters",
            details,
        )
    }

    /// 403 for a token; the details say what is wrong with it.
    pub(super) fn token(details: &'static str) -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "Unauthorized",
            "Access to requested resource is denied.",
            details,
        )
    }

    /// 403 for everything that the token is good for, but not for this: a role, a region, a seller
    /// id, a marketplace.
    pub(super) fn denied() -> Self {
        Self::token("")
    }

    /// 404.
    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", message, "")
    }

    /// 409.
    pub(super) fn conflict(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "InvalidInput", message, "")
    }

    /// 429.
    pub(super) fn quota() -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "QuotaExceeded",
            "You exceeded your quota for the requested resource.",
            "",
        )
    }

    /// Any of them.
    pub(super) fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
        details: impl Into<String>,
    ) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: details.into(),
        }
    }

    /// The answer.
    pub(super) fn response(&self) -> Response<Bytes> {
        let error = json!({
            "code": self.code,
            "message": self.message,
            "details": self.details,
        });
        let mut response = answer::json(self.status, &json!({"errors": [error]}));
        answer::set(&mut response, "x-amzn-errortype", self.code);
        response
    }
}
