//! How a platform speaks HTTP: how it wants to be signed, how it fails, how it paces. Pure.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::error::{Error, ErrorKind, Result};
use crate::retry_after;
use crate::transport::{Operation, Request, Response};

/// A platform's manners. No IO, so every odd answer is a table test.
pub trait Dialect<C>: fmt::Debug + Send + Sync + 'static {
    /// Puts the credential on the request. Called anew for each attempt, on a copy; sees the body
    /// and the time, as some platforms want both signed.
    ///
    /// # Errors
    /// Whatever makes signing impossible; it ends the call.
    fn authorize(&self, credential: &C, request: &mut Request, now: DateTime<Utc>) -> Result<()>;

    /// What an answer means. A 200 that is a failure and a 403 that means "token expired" are
    /// recognised here. `now` is for dates in headers.
    fn judge(&self, operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        let _ = operation;
        Verdict::by_status(response, now)
    }

    /// What a request takes from which bucket, by the platform's documentation; `None` where no
    /// limit is documented.
    fn quota(&self, operation: Operation, request: &Request) -> Option<Charge> {
        let _ = (operation, request);
        None
    }

    /// What an answer says of a bucket, in its headers or its body.
    fn observe(&self, operation: Operation, response: &Response) -> Option<QuotaSignal> {
        let _ = (operation, response);
        None
    }
}

/// What an answer means.
#[derive(Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// It is what was asked for.
    Answer,
    /// The credential was refused: renew it and ask once more.
    CredentialRefused,
    /// It failed.
    Failure(Error),
}

impl Verdict {
    /// What HTTP itself says, for platforms that keep to it.
    #[must_use]
    pub fn by_status(response: &Response, now: DateTime<Utc>) -> Self {
        let status = response.status();
        let failure = |kind, message: &'static str| {
            let error = Error::new(kind, message).with("status", status.as_u16());
            match retry_after::parse(response.headers(), now) {
                Some(delay) if error.is_retryable() => error.retry_in(delay),
                _ => error,
            }
        };
        Self::Failure(match status.as_u16() {
            200..=299 => return Self::Answer,
            401 => return Self::CredentialRefused,
            402 => failure(ErrorKind::Rejected, "the platform refused the request"),
            403 => failure(
                ErrorKind::PermissionDenied,
                "the account lacks a permission for this",
            ),
            404 | 410 => failure(ErrorKind::NotFound, "the platform has no such thing"),
            // The server gave up waiting for the request, so it did not act on it.
            408 | 425 => failure(
                ErrorKind::Unavailable,
                "the platform did not take the request",
            ),
            409 | 423 => failure(ErrorKind::Rejected, "somebody else is changing this"),
            429 => failure(ErrorKind::RateLimited, "the platform asks to slow down"),
            // 503 promises that nothing was done; other 5xx promise nothing.
            503 => failure(ErrorKind::Unavailable, "the platform is down"),
            500..=599 => failure(ErrorKind::Unavailable, "the platform failed").maybe_arrived(),
            300..=399 => failure(
                ErrorKind::ContractBroken,
                "the platform redirects, which is never followed with a credential",
            ),
            _ => failure(ErrorKind::Rejected, "the platform refused the request"),
        })
    }
}

/// What one request takes from one bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Charge {
    /// The bucket's name within the connection.
    pub bucket: &'static str,
    /// How much, in the platform's unit (requests, points).
    pub amount: f64,
    /// The bucket's size, until the platform says otherwise.
    pub capacity: f64,
    /// How much flows back per second, until the platform says otherwise.
    pub per_second: f64,
}

impl Charge {
    /// One request of a bucket of `burst`, refilled at `per_second`.
    #[must_use]
    pub const fn request(bucket: &'static str, burst: f64, per_second: f64) -> Self {
        Self {
            bucket,
            amount: 1.0,
            capacity: burst,
            per_second,
        }
    }
}

/// What the platform says of a bucket.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct QuotaSignal {
    /// The bucket's name within the connection.
    pub bucket: &'static str,
    /// What is left now, if it says so.
    pub remaining: Option<f64>,
    /// The bucket's size, if it says so.
    pub capacity: Option<f64>,
    /// How much flows back per second, if it says so.
    pub per_second: Option<f64>,
    /// A time during which nothing may be taken, if it says so.
    pub pause: Option<Duration>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(status: u16) -> Verdict {
        let response = http::Response::builder()
            .status(status)
            .body(bytes::Bytes::new())
            .unwrap();
        Verdict::by_status(&response, DateTime::UNIX_EPOCH)
    }

    #[test]
    fn statuses_give_the_tabled_kinds() {
        use crate::error::Retry;
        let table = [
            (400, ErrorKind::Rejected, Retry::Never),
            (402, ErrorKind::Rejected, Retry::Never),
            (403, ErrorKind::PermissionDenied, Retry::Never),
            (404, ErrorKind::NotFound, Retry::Never),
            (408, ErrorKind::Unavailable, Retry::Always),
            (409, ErrorKind::Rejected, Retry::Never),
            (429, ErrorKind::RateLimited, Retry::Always),
            (500, ErrorKind::Unavailable, Retry::IfIdempotent),
            (502, ErrorKind::Unavailable, Retry::IfIdempotent),
            (503, ErrorKind::Unavailable, Retry::Always),
            (302, ErrorKind::ContractBroken, Retry::Never),
        ];
        for (status, kind, retry) in table {
            match judge(status) {
                Verdict::Failure(error) => {
                    assert_eq!((error.kind(), error.retry()), (kind, retry), "{status}");
                }
                other => panic!("{status}: {other:?}"),
            }
        }
        assert!(matches!(judge(204), Verdict::Answer));
        assert!(matches!(judge(401), Verdict::CredentialRefused));
    }
}
