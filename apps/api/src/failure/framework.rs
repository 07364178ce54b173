//! What the framework, the store and the vault refuse, in our words.

use actix_web::error::{JsonPayloadError, PathError, QueryPayloadError, UrlencodedError};
use actix_web::http::StatusCode;
use connector_core::ErrorKind;
use crossdock_persistence::StoreError;

use super::{Failure, advice, of_kind, sentence};

/// What a bare status means, where the framework said no more.
pub(super) fn of_status(status: StatusCode) -> Failure {
    let (code, message) = match status {
        StatusCode::NOT_FOUND => (
            "NOT_FOUND",
            "There is nothing at this address. GET /api/openapi.json lists what there is.",
        ),
        StatusCode::METHOD_NOT_ALLOWED => (
            "METHOD_NOT_ALLOWED",
            "This address doesn't take this method. The header `Allow` lists those that it takes.",
        ),
        StatusCode::PAYLOAD_TOO_LARGE => (
            "PAYLOAD_TOO_LARGE",
            "The body is larger than this address takes. Send less at once.",
        ),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => (
            "UNSUPPORTED_MEDIA_TYPE",
            "The body is of a kind that this address doesn't take. Check the header `Content-Type`.",
        ),
        StatusCode::REQUEST_TIMEOUT => (
            "REQUEST_TIMEOUT",
            "The request didn't come through in time. Send it again.",
        ),
        status if status.is_client_error() => (
            "BAD_REQUEST",
            "The request can't be read. Check how it was made.",
        ),
        _ => ("UNEXPECTED", advice(ErrorKind::Unexpected)),
    };
    Failure::new(status, code, message)
}

impl From<JsonPayloadError> for Failure {
    fn from(error: JsonPayloadError) -> Self {
        match error {
            JsonPayloadError::OverflowKnownLength { .. } | JsonPayloadError::Overflow { .. } => {
                of_status(StatusCode::PAYLOAD_TOO_LARGE)
            }
            JsonPayloadError::ContentType => Self::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                "The body must be JSON. Send it with `Content-Type: application/json`.",
            ),
            JsonPayloadError::Deserialize(error) => Self::new(
                StatusCode::BAD_REQUEST,
                "BAD_REQUEST",
                format!(
                    "The body is not the JSON that is needed here: {}.",
                    unquoted(&error)
                ),
            ),
            _ => of_status(StatusCode::BAD_REQUEST),
        }
    }
}

/// What is wrong with a body, without quoting any of it: it may hold a secret.
fn unquoted(error: &serde_json::Error) -> String {
    let (line, column) = (error.line(), error.column());
    let what = match error.classify() {
        serde_json::error::Category::Syntax => "it can't be read",
        serde_json::error::Category::Eof => "it ends too early",
        serde_json::error::Category::Data => "a field is missing, unknown, or of another type",
        serde_json::error::Category::Io => "it broke off",
    };
    format!("{what} (line {line}, column {column})")
}

impl From<QueryPayloadError> for Failure {
    fn from(error: QueryPayloadError) -> Self {
        Self::new(
            StatusCode::BAD_REQUEST,
            "BAD_REQUEST",
            sentence(&format!("the query can't be read: {error}")),
        )
    }
}

impl From<PathError> for Failure {
    fn from(_error: PathError) -> Self {
        of_status(StatusCode::NOT_FOUND)
    }
}

impl From<UrlencodedError> for Failure {
    fn from(error: UrlencodedError) -> Self {
        match error {
            UrlencodedError::Overflow { .. } => of_status(StatusCode::PAYLOAD_TOO_LARGE),
            UrlencodedError::ContentType => of_status(StatusCode::UNSUPPORTED_MEDIA_TYPE),
            _ => of_status(StatusCode::BAD_REQUEST),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        let message = sentence(&error.to_string());
        let (status, code) = match &error {
            StoreError::NotFound { .. } => of_kind(ErrorKind::NotFound),
            StoreError::Ambiguous { .. } => (StatusCode::CONFLICT, "AMBIGUOUS"),
            StoreError::Busy { .. } => (StatusCode::CONFLICT, "BUSY"),
            StoreError::Fenced { .. } | StoreError::Conflict(_) => {
                (StatusCode::CONFLICT, "CONFLICT")
            }
            StoreError::StorageFull { .. } => (StatusCode::INSUFFICIENT_STORAGE, "STORAGE_FULL"),
            StoreError::CannotOpen { .. } | StoreError::Other { .. } => {
                (StatusCode::SERVICE_UNAVAILABLE, "STORAGE_UNAVAILABLE")
            }
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "STORAGE"),
        };
        let mut failure = Self::new(status, code, message);
        if let StoreError::Ambiguous { candidates } = error {
            failure.0.candidates = candidates
                .into_iter()
                .map(|(id, _)| id.to_string())
                .collect();
        }
        failure
    }
}

impl From<crossdock_vault::Error> for Failure {
    fn from(error: crossdock_vault::Error) -> Self {
        Self::keys(&error)
    }
}

impl From<crossdock_engine::Error> for Failure {
    fn from(error: crossdock_engine::Error) -> Self {
        match error {
            crossdock_engine::Error::Connector(error) => error.into(),
            crossdock_engine::Error::Store(error) => error.into(),
            other => Self::keys(&other),
        }
    }
}

impl Failure {
    /// The keys don't open or seal something: for the operator, who runs `crossdock doctor`.
    fn keys(error: &dyn std::error::Error) -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "KEYS",
            sentence(&error.to_string()),
        )
    }
}
