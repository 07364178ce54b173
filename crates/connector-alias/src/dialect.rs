//! Alias's manners: a bearer token, a content type on everything, `google.rpc.Status` for failures.

use chrono::{DateTime, Utc};
use connector_core::{
    Charge, Dialect, Error, ErrorKind, ExposeSecret as _, Operation, Request, Response, Result,
    Verdict, retry_after,
};
use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE};

use crate::api::Status;
use crate::credential::AliasCredential;

/// Alias says that there are limits and tells no number, so this one is ours. Streams have at most five
/// requests on their way at a time, which at alias's speed is slower than this; the burst is what a
/// small seller's whole run takes.
const PACE: Charge = Charge::request("api", 300.0, 25.0);

/// How much of alias's own message an error keeps, in characters.
const LONGEST_MESSAGE: usize = 200;

/// How alias speaks HTTP.
#[derive(Clone, Copy, Debug, Default)]
pub struct AliasDialect;

impl Dialect<AliasCredential> for AliasDialect {
    fn authorize(
        &self,
        credential: &AliasCredential,
        request: &mut Request,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        let bearer = format!("Bearer {}", credential.token().expose_secret());
        let mut bearer = HeaderValue::try_from(bearer).map_err(|_cause| {
            // The cause is left out: it is about the token.
            Error::new(
                ErrorKind::ReconnectRequired,
                "the stored token can't be sent: connect again",
            )
        })?;
        bearer.set_sensitive(true);
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, bearer);
        // Without it alias's gateway answers 415, even to some requests that have no body.
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(())
    }

    fn judge(&self, _operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        let status: Option<Status> = match response.status().as_u16() {
            200..=299 => return Verdict::Answer,
            _ => serde_json::from_slice(response.body()).ok(),
        };
        let known = status.as_ref().and_then(|status| by_code(status.code));
        let error = match (response.status().as_u16(), known) {
            (415, _) => Error::contract("alias refuses the content type"),
            (_, Some(error)) => error,
            (_, None) => match Verdict::by_status(response, now) {
                // A token is never renewed, so there is nothing to try first.
                Verdict::CredentialRefused => refused(),
                Verdict::Failure(error) => error,
                other => return other,
            },
        };
        Verdict::Failure(in_context(error, status.as_ref(), response, now))
    }

    fn quota(&self, _operation: Operation, _request: &Request) -> Option<Charge> {
        Some(PACE)
    }
}

/// What a `google.rpc.Code` means; `None` for those that say nothing beyond the HTTP status. Alias
/// asks to go by the code. Only 3 with HTTP 400 is recorded; what the others stand for is gRPC's own
/// definition.
fn by_code(code: i32) -> Option<Error> {
    let unavailable = |message| Error::new(ErrorKind::Unavailable, message).maybe_arrived();
    Some(match code {
        3 | 9 | 11 => Error::new(ErrorKind::Rejected, "alias refuses the request"),
        5 => Error::new(ErrorKind::NotFound, "alias has no such thing"),
        6 => Error::new(ErrorKind::Rejected, "alias has this already"),
        7 => Error::new(
            ErrorKind::PermissionDenied,
            "the token lacks a permission for this: make one that has it",
        ),
        8 => Error::new(ErrorKind::RateLimited, "alias asks to slow down"),
        10 => Error::new(
            ErrorKind::Rejected,
            "somebody else is changing this: try again later",
        ),
        12 => Error::contract("alias has no such call any more"),
        16 => refused(),
        4 => unavailable("alias took too long"),
        13 | 15 => unavailable("alias failed"),
        14 => unavailable("alias is down"),
        _ => return None,
    })
}

fn refused() -> Error {
    Error::new(
        ErrorKind::ReconnectRequired,
        "alias refuses the token: connect again with a new one",
    )
}

fn in_context(
    error: Error,
    status: Option<&Status>,
    response: &Response,
    now: DateTime<Utc>,
) -> Error {
    let mut error = error.with("status", response.status().as_u16());
    if let Some(status) = status {
        error = error.with("code", status.code);
        let message: String = status
            .message
            .chars()
            .filter(|c| !c.is_control())
            .take(LONGEST_MESSAGE)
            .collect();
        if !message.is_empty() {
            error = error.with("message", message);
        }
    }
    if let Some(id) = response
        .headers()
        .get("x-request-id")
        .and_then(|id| id.to_str().ok())
    {
        error = error.with("request_id", id);
    }
    match retry_after::parse(response.headers(), now) {
        Some(delay) if error.is_retryable() => error.retry_in(delay),
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use connector_core::Retry;

    use super::*;

    fn judge(status: u16, headers: &[(&str, &str)], body: &str) -> Verdict {
        let mut response = http::Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let response = response.body(body.to_owned().into()).unwrap();
        AliasDialect.judge(Operation::read("Test"), &response, DateTime::UNIX_EPOCH)
    }

    fn failure(status: u16, headers: &[(&str, &str)], body: &str) -> Error {
        match judge(status, headers, body) {
            Verdict::Failure(error) => error,
            other => panic!("{status}: {other:?}"),
        }
    }

    #[test]
    fn failures_go_by_their_code() {
        let table = [
            (400, 3, ErrorKind::Rejected, Retry::Never),
            (401, 16, ErrorKind::ReconnectRequired, Retry::Never),
            (403, 7, ErrorKind::PermissionDenied, Retry::Never),
            (404, 5, ErrorKind::NotFound, Retry::Never),
            (409, 6, ErrorKind::Rejected, Retry::Never),
            (409, 10, ErrorKind::Rejected, Retry::Never),
            (429, 8, ErrorKind::RateLimited, Retry::Always),
            (500, 13, ErrorKind::Unavailable, Retry::IfIdempotent),
            (503, 14, ErrorKind::Unavailable, Retry::IfIdempotent),
            (504, 4, ErrorKind::Unavailable, Retry::IfIdempotent),
            // The code decides, whatever the status.
            (400, 16, ErrorKind::ReconnectRequired, Retry::Never),
            (500, 8, ErrorKind::RateLimited, Retry::Always),
            // Only the status says anything.
            (402, 2, ErrorKind::Rejected, Retry::Never),
            (500, 2, ErrorKind::Unavailable, Retry::IfIdempotent),
            (415, 3, ErrorKind::ContractBroken, Retry::Never),
        ];
        for (status, code, kind, retry) in table {
            let body = format!(r#"{{"code":{code},"message":"why","details":[]}}"#);
            let error = failure(status, &[("x-request-id", "r-1")], &body);
            assert_eq!(
                (error.kind(), error.retry()),
                (kind, retry),
                "{status} {code}"
            );
            assert_eq!(error.context("code"), Some(&*code.to_string()));
            assert_eq!(error.context("message"), Some("why"));
            assert_eq!(error.context("request_id"), Some("r-1"));
        }
        assert!(matches!(judge(200, &[], "{}"), Verdict::Answer));
    }

    #[test]
    fn what_is_not_aliass_own_answer_goes_by_its_status() {
        let table = [
            (401, ErrorKind::ReconnectRequired),
            (402, ErrorKind::Rejected),
            (403, ErrorKind::PermissionDenied),
            (429, ErrorKind::RateLimited),
            (502, ErrorKind::Unavailable),
            (302, ErrorKind::ContractBroken),
        ];
        for (status, kind) in table {
            for body in ["<html>bad gateway</html>", "", "[]"] {
                assert_eq!(failure(status, &[], body).kind(), kind, "{status} {body}");
            }
        }
    }

    #[test]
    fn a_delay_is_kept_and_makes_no_write_repeatable() {
        let limited = r#"{"code":8,"message":"","details":[]}"#;
        let error = failure(429, &[("retry-after", "7")], limited);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(failure(429, &[], limited).retry_after(), None);
        let down = r#"{"code":14,"message":"","details":[]}"#;
        let error = failure(503, &[("retry-after", "7")], down);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(error.retry(), Retry::IfIdempotent);
    }

    #[test]
    fn a_long_message_is_cut() {
        let body = format!(r#"{{"code":3,"message":"a\nb{}"}}"#, "é".repeat(500));
        let error = failure(400, &[], &body);
        let message = error.context("message").unwrap();
        assert!(message.starts_with("abé"));
        assert_eq!(message.chars().count(), LONGEST_MESSAGE);
    }

    #[test]
    fn a_token_is_put_on_every_request_and_never_shown() {
        let credential = AliasCredential::new("s3cret".to_owned().into());
        let mut request = connector_core::endpoint::get("https://api.alias.org/").unwrap();
        AliasDialect
            .authorize(&credential, &mut request, DateTime::UNIX_EPOCH)
            .unwrap();
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer s3cret");
        assert_eq!(request.headers()[CONTENT_TYPE], "application/json");
        assert!(!format!("{request:?}").contains("s3cret"));
        let broken = AliasCredential::new("s3c\nret".to_owned().into());
        let error = AliasDialect
            .authorize(&broken, &mut request, DateTime::UNIX_EPOCH)
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ReconnectRequired);
        assert!(!format!("{error:?}").contains("s3c"));
    }
}
