//! What goes wrong, as a caller of the API or a person at the console is told it.
//!
//! One form for everything that is not a success, the framework's own failures included. Who must
//! act decides the status: the table is [`of_kind`], and a test holds it.

mod form;
mod framework;

use std::fmt::{self, Write as _};
use std::time::Duration;

use actix_web::http::StatusCode;
use actix_web::http::header::{RETRY_AFTER, WWW_AUTHENTICATE};
use actix_web::{HttpResponse, ResponseError};
use connector_core::{Error, ErrorKind};

pub(crate) use self::form::{FailureBody, shape};

/// A failure on its way to the caller: one word wide, as nearly every function here may return one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Failure(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    status: StatusCode,
    code: &'static str,
    message: String,
    /// What only whoever looks for the cause wants to know: a platform's own code and words.
    detail: Option<String>,
    field: Option<String>,
    candidates: Vec<String>,
    retry_after: Option<Duration>,
}

/// The result of a handler.
pub(crate) type Answer<T> = Result<T, Failure>;

impl Failure {
    /// A failure with this status, this code, and a message that says what to do.
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            status,
            code,
            message: message.into(),
            detail: None,
            field: None,
            candidates: Vec::new(),
            retry_after: None,
        }))
    }

    /// Wrong input in one field.
    pub(crate) fn input(field: impl Into<String>, message: impl Into<String>) -> Self {
        let (status, code) = of_kind(ErrorKind::InputInvalid);
        let mut failure = Self::new(status, code, message);
        failure.0.field = Some(field.into());
        failure
    }

    /// Something that isn't there, or that is another project's.
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        let (status, code) = of_kind(ErrorKind::NotFound);
        Self::new(status, code, message)
    }

    /// Nobody has proved who they are.
    pub(crate) fn unauthorized() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "UNAUTHORIZED",
            "The admin token is missing or wrong. Send it as `Authorization: Bearer cdk_…`; \
             `crossdock serve` printed it at its first start.",
        )
    }

    /// A form that didn't come from a page of this console.
    pub(crate) fn forged() -> Self {
        Self::new(
            StatusCode::FORBIDDEN,
            "FORGED",
            "This form was not sent from a page of this console, or the page was too old. Open the \
             page again and repeat it there.",
        )
    }

    /// Too many wrong tokens from one place.
    pub(crate) fn too_many_attempts(wait: Duration) -> Self {
        Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "TOO_MANY_ATTEMPTS",
            "Too many wrong tokens came from this address. Wait, then try again.",
        )
        .retry_in(wait)
    }

    /// The same, to be repeated after this time.
    pub(crate) fn retry_in(mut self, wait: Duration) -> Self {
        self.0.retry_after = Some(wait);
        self
    }

    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    pub(crate) fn code(&self) -> &'static str {
        self.0.code
    }

    pub(crate) fn message(&self) -> &str {
        &self.0.message
    }

    pub(crate) fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    pub(crate) fn field(&self) -> Option<&str> {
        self.0.field.as_deref()
    }
}

/// Who must act, as a status and a code. The one table.
fn of_kind(kind: ErrorKind) -> (StatusCode, &'static str) {
    match kind {
        ErrorKind::ConfigInvalid => (StatusCode::INTERNAL_SERVER_ERROR, "CONFIG_INVALID"),
        ErrorKind::InputInvalid => (StatusCode::UNPROCESSABLE_ENTITY, "INPUT_INVALID"),
        ErrorKind::ReconnectRequired => (StatusCode::CONFLICT, "RECONNECT_REQUIRED"),
        ErrorKind::PermissionDenied => (StatusCode::FORBIDDEN, "PERMISSION_DENIED"),
        ErrorKind::RateLimited => (StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED"),
        ErrorKind::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE"),
        ErrorKind::NotFound => (StatusCode::NOT_FOUND, "NOT_FOUND"),
        ErrorKind::Rejected => (StatusCode::BAD_GATEWAY, "REJECTED"),
        ErrorKind::ContractBroken => (StatusCode::BAD_GATEWAY, "CONTRACT_BROKEN"),
        ErrorKind::CheckpointInvalid => (StatusCode::CONFLICT, "CHECKPOINT_INVALID"),
        ErrorKind::Unsupported => (StatusCode::NOT_IMPLEMENTED, "UNSUPPORTED"),
        // `ErrorKind` may grow; a kind that this version doesn't know is a bug of ours.
        _ => (StatusCode::INTERNAL_SERVER_ERROR, "UNEXPECTED"),
    }
}

/// What a person does about a kind of failure.
pub(crate) fn advice(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::ConfigInvalid => "The operator of this service must mend its configuration.",
        ErrorKind::InputInvalid => "Correct it and try again.",
        ErrorKind::ReconnectRequired => "Connect the account again.",
        ErrorKind::PermissionDenied => {
            "The account's owner must grant what is missing on the platform, then connect again."
        }
        ErrorKind::RateLimited => "The platform asks to slow down. Wait, then try again.",
        ErrorKind::Unavailable => "Nothing is lost. Wait, then try again.",
        ErrorKind::NotFound => "Check the name or the id.",
        ErrorKind::Rejected => "The platform refused it; its own words are in this message.",
        ErrorKind::ContractBroken => {
            "The platform answered in a way that its documentation rules out. Please report it."
        }
        ErrorKind::CheckpointInvalid => "Sync this stream in full.",
        ErrorKind::Unsupported => "This platform or this version can't do it.",
        _ => "This is a fault of this service. Please report it with the request's id.",
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let kind = error.kind();
        let (status, code) = of_kind(kind);
        let message = format!("{} {}", sentence(error.message()), advice(kind));
        let mut failure = Self::new(status, code, message);
        failure.0.detail = detail(&error);
        failure.0.field = error.field().map(str::to_owned);
        failure.0.retry_after = error.retry_after();
        failure
    }
}

/// An error's context in one line, without the field, which is told apart.
fn detail(error: &Error) -> Option<String> {
    let whole = error.to_string();
    let head = format!("{}: {} (", error.kind(), error.message());
    let context = whole.strip_prefix(&head)?.strip_suffix(')')?;
    let context = match error.field() {
        Some(field) => context
            .strip_prefix(&format!("field: {field}"))
            .map_or(context, |rest| rest.trim_start_matches(", ")),
        None => context,
    };
    (!context.is_empty()).then(|| context.to_owned())
}

/// A message as a sentence: a capital first, a full stop last.
pub(crate) fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let mut sentence: String = match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => return String::new(),
    };
    if !sentence.ends_with(['.', '!', '?']) {
        sentence.push('.');
    }
    sentence
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.code)?;
        f.write_char(' ')?;
        f.write_str(&self.0.message)
    }
}

impl ResponseError for Failure {
    fn status_code(&self) -> StatusCode {
        self.0.status
    }

    /// The bare status with the failure beside it; [`shape`] writes the body, as only it knows the
    /// request.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.0.status);
        if let Some(wait) = self.0.retry_after {
            // Rounded up: to come back a moment early would be in vain.
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            response.insert_header((RETRY_AFTER, seconds));
        }
        if self.0.status == StatusCode::UNAUTHORIZED {
            response.insert_header((WWW_AUTHENTICATE, "Bearer realm=\"crossdock\""));
        }
        let mut response = response.finish();
        response.extensions_mut().insert(self.clone());
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_must_act_decides_the_status() {
        let table: Vec<String> = ErrorKind::ALL
            .into_iter()
            .map(|kind| {
                let (status, code) = of_kind(kind);
                format!("{kind}: {} {code}", status.as_u16())
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"), @r"
        config_invalid: 500 CONFIG_INVALID
        input_invalid: 422 INPUT_INVALID
        reconnect_required: 409 RECONNECT_REQUIRED
        permission_denied: 403 PERMISSION_DENIED
        rate_limited: 429 RATE_LIMITED
        unavailable: 503 UNAVAILABLE
        not_found: 404 NOT_FOUND
        rejected: 502 REJECTED
        contract_broken: 502 CONTRACT_BROKEN
        checkpoint_invalid: 409 CHECKPOINT_INVALID
        unsupported: 501 UNSUPPORTED
        unexpected: 500 UNEXPECTED
        ");
    }

    #[test]
    fn a_failure_of_a_platform_keeps_its_words_field_and_delay() {
        let error = Error::input("shop", "there is no such shop").with("asked", "x.example");
        let failure = Failure::from(error);
        assert_eq!(failure.field(), Some("shop"));
        assert_eq!(
            failure.message(),
            "There is no such shop. Correct it and try again."
        );
        assert_eq!(failure.detail(), Some("asked: x.example"));
        assert_eq!(Failure::from(Error::input("shop", "x")).detail(), None);
        let error = Error::new(ErrorKind::RateLimited, "the platform asks to slow down");
        let response = Failure::from(error.retry_in(Duration::from_millis(1_500))).error_response();
        assert_eq!(response.headers().get(RETRY_AFTER).unwrap(), "2");
    }

    #[test]
    fn messages_become_sentences() {
        assert_eq!(sentence("the disk is full"), "The disk is full.");
        assert_eq!(sentence("Really?"), "Really?");
        assert_eq!(sentence(""), "");
    }
}
