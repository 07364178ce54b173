//! How alias words a refusal: `google.rpc.Status` in JSON.
//!
//! The shape and code 3 with HTTP 400 are recorded; which code goes with which other status is
//! inferred from the conventions of grpc-gateway, which alias runs on.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::json;

use crate::answer;

/// A `google.rpc.Code`, as far as alias is known to use it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Code {
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    FailedPrecondition,
    Aborted,
    Unimplemented,
    Unauthenticated,
}

impl Code {
    fn number(self) -> u8 {
        match self {
            Self::InvalidArgument => 3,
            Self::NotFound => 5,
            Self::PermissionDenied => 7,
            Self::ResourceExhausted => 8,
            Self::FailedPrecondition => 9,
            Self::Aborted => 10,
            Self::Unimplemented => 12,
            Self::Unauthenticated => 16,
        }
    }

    fn status(self) -> StatusCode {
        match self {
            Self::InvalidArgument | Self::FailedPrecondition => StatusCode::BAD_REQUEST,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::PermissionDenied => StatusCode::FORBIDDEN,
            Self::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
            Self::Aborted => StatusCode::CONFLICT,
            Self::Unimplemented => StatusCode::METHOD_NOT_ALLOWED,
            Self::Unauthenticated => StatusCode::UNAUTHORIZED,
        }
    }
}

/// A request that is refused.
#[derive(Debug)]
pub(super) struct Refusal {
    pub(super) code: Code,
    pub(super) message: String,
    status: StatusCode,
}

/// What an operation comes to.
pub(super) type Outcome<T> = Result<T, Refusal>;

impl Refusal {
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            status: code.status(),
        }
    }

    /// A parameter that is not there, in the recorded words. `name` as in the query.
    pub(super) fn missing(name: &str) -> Self {
        Self::new(
            Code::InvalidArgument,
            format!("Missing parameter: input.{}", camel(name)),
        )
    }

    /// A parameter whose value is wrong.
    pub(super) fn invalid(name: &str, why: &str) -> Self {
        let message = format!("Invalid parameter: input.{}: {why}", camel(name));
        Self::new(Code::InvalidArgument, message)
    }

    /// Something that does not exist.
    pub(super) fn not_found(what: &str) -> Self {
        Self::new(Code::NotFound, format!("{what} not found"))
    }

    /// A step that the present state does not allow.
    pub(super) fn state(message: impl Into<String>) -> Self {
        Self::new(Code::FailedPrecondition, message)
    }

    /// A write without `content-type: application/json`, refused by alias's gateway.
    pub(super) fn media_type() -> Self {
        Self {
            code: Code::InvalidArgument,
            message: "content-type must be application/json".to_owned(),
            status: StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }

    pub(super) fn response(&self) -> Response<Bytes> {
        let body = json!({"code": self.code.number(), "message": self.message, "details": []});
        answer::json(self.status, &body)
    }
}

/// The words for a status that a fault asks for.
pub(super) fn worded(status: StatusCode) -> Response<Bytes> {
    let code = match status.as_u16() {
        400 => 3,
        401 => 16,
        403 => 7,
        404 => 5,
        409 => 10,
        429 => 8,
        500 => 13,
        503 => 14,
        504 => 4,
        _ => 2,
    };
    let message = status.canonical_reason().unwrap_or("Unknown");
    answer::json(
        status,
        &json!({"code": code, "message": message, "details": []}),
    )
}

/// `page_size` as messages spell it: `PageSize`.
fn camel(name: &str) -> String {
    name.split(['_', '.'])
        .map(|word| {
            let mut letters = word.chars();
            letters.next().map_or_else(String::new, |first| {
                first.to_uppercase().chain(letters).collect::<String>()
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_missing_parameter_is_worded_as_recorded() {
        let response = Refusal::missing("size").response();
        assert_eq!(response.status(), 400);
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        let recorded =
            json!({"code": 3, "message": "Missing parameter: input.Size", "details": []});
        assert_eq!(body, recorded);
        assert!(
            Refusal::missing("product_condition")
                .message
                .ends_with("input.ProductCondition")
        );
    }
}
