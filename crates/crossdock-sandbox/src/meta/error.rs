//! How the Graph API refuses: one envelope, told apart by `code`, then `error_subcode`.
//!
//! The status says little (400 for nearly everything), so clients must read the code. Codes and
//! envelope: the guide to error handling of the Graph API, and the guide to rate limits.

use bytes::Bytes;
use http::{Response, StatusCode};
use serde_json::{Value, json};

use super::wire;
use crate::answer;

/// The result of a call.
pub(super) type Outcome<T> = Result<T, GraphError>;

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GraphError {
    pub(super) status: StatusCode,
    pub(super) code: u32,
    pub(super) subcode: Option<u32>,
    /// The envelope's `type`.
    pub(super) kind: &'static str,
    pub(super) message: String,
    pub(super) transient: bool,
    /// `error_user_title` and `error_user_msg`.
    pub(super) user: Option<(&'static str, &'static str)>,
}

impl GraphError {
    pub(super) fn new(code: u32, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code,
            subcode: None,
            kind: "OAuthException",
            message: message.into(),
            transient: false,
            user: None,
        }
    }

    pub(super) fn subcode(mut self, subcode: u32) -> Self {
        self.subcode = Some(subcode);
        self
    }

    fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// A parameter that is wrong.
    pub(super) fn parameter(message: impl AsRef<str>) -> Self {
        Self::new(100, format!("(#100) {}", message.as_ref()))
    }

    /// A token that is dead, and why.
    pub(super) fn token(subcode: Option<u32>, message: impl Into<String>) -> Self {
        Self {
            subcode,
            ..Self::new(190, message)
        }
    }

    /// A permission that is missing; `code` is 10 or one of the 200s.
    pub(super) fn permission(code: u32, message: impl AsRef<str>) -> Self {
        let message = format!("(#{code}) {}", message.as_ref());
        Self::new(code, message).status(StatusCode::FORBIDDEN)
    }

    /// An edge of a page was asked for with somebody else's token.
    pub(super) fn page_token() -> Self {
        Self::new(
            210,
            "(#210) A page access token is required to request this resource.",
        )
    }

    /// What only the app itself may do was asked for with somebody's token.
    pub(super) fn app_token() -> Self {
        Self::new(
            15,
            "(#15) This method must be called with an app access_token.",
        )
    }

    /// A proof that is missing or wrong.
    pub(super) fn proof(message: &str) -> Self {
        Self {
            kind: "GraphMethodException",
            ..Self::new(100, message)
        }
    }

    /// An id behind which there is nothing, or nothing that this token may see.
    pub(super) fn no_object(method: &str, id: &str) -> Self {
        let message = format!(
            "Unsupported {} request. Object with ID '{id}' does not exist, cannot be loaded due to \
             missing permissions, or does not support this operation. Please read the Graph API \
             documentation at https://developers.facebook.com/docs/graph-api",
            method.to_lowercase()
        );
        Self {
            kind: "GraphMethodException",
            ..Self::new(100, message).subcode(33)
        }
    }

    /// A field or an edge that a type of node doesn't have.
    pub(super) fn no_field(name: &str, node_type: &str) -> Self {
        Self::parameter(format!(
            "Tried accessing nonexisting field ({name}) on node type ({node_type})"
        ))
    }

    /// More was asked for than is worked out within one request.
    pub(super) fn too_much() -> Self {
        Self::new(
            1,
            "Please reduce the amount of data you're asking for, then retry your request",
        )
        .status(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// The envelope.
    pub(super) fn body(&self, trace: &str) -> Value {
        let mut error = json!({
            "message": self.message,
            "type": self.kind,
            "code": self.code,
        });
        if let Value::Object(error) = &mut error {
            if let Some(subcode) = self.subcode {
                error.insert("error_subcode".to_owned(), subcode.into());
            }
            if self.transient {
                error.insert("is_transient".to_owned(), true.into());
            }
            if let Some((title, text)) = self.user {
                error.insert("error_user_title".to_owned(), title.into());
                error.insert("error_user_msg".to_owned(), text.into());
            }
            error.insert("fbtrace_id".to_owned(), trace.into());
        }
        json!({ "error": error })
    }

    /// The answer, headers included.
    pub(super) fn response(&self, trace: &str) -> Response<Bytes> {
        let mut response = wire::json(self.status, &self.body(trace));
        if self.kind == "OAuthException" {
            let reason = match self.code {
                190 | 102 => "invalid_token",
                10 | 200..=299 => "insufficient_scope",
                _ => "invalid_request",
            };
            let message: String = self.message.chars().filter(char::is_ascii).collect();
            let challenge = format!(
                "OAuth \"Facebook Platform\" \"{reason}\" \"{}\"",
                message.replace('"', "'")
            );
            answer::set(&mut response, "www-authenticate", &challenge);
        }
        response
    }
}

/// What a fault that names only a status is worded as.
pub(super) fn worded(status: StatusCode, trace: &str) -> Response<Bytes> {
    let error = match status.as_u16() {
        // The platform has no 429: what is throttled is a 400 with a code of its own.
        429 => GraphError::new(4, "(#4) Application request limit reached"),
        500 => GraphError {
            status,
            ..GraphError::new(1, "An unknown error occurred")
        },
        502..=504 => GraphError {
            status,
            transient: true,
            user: Some((
                "Service temporarily unavailable",
                "The service is temporarily unavailable. Please retry in a moment.",
            )),
            ..GraphError::new(2, "Service temporarily unavailable")
        },
        401 => GraphError {
            status,
            ..GraphError::token(Some(467), "Invalid OAuth access token.")
        },
        403 => GraphError::permission(200, "Permissions error"),
        404 => GraphError {
            status,
            ..GraphError::new(803, "(#803) Some of the aliases you requested do not exist")
        },
        _ => GraphError {
            status,
            ..GraphError::new(1, "An unknown error occurred")
        },
    };
    error.response(trace)
}
