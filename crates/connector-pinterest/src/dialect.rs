//! Pinterest's manners: a bearer token for its own host alone, failures told apart by status and code
//! together, and limits by category.
//!
//! Source: the `Error` schema and `x-ratelimit-category` of API v5 (5.28.0);
//! developers.pinterest.com/docs/reference/rate-limits, read in November 2026; recorded headers.

mod limits;

use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::{
    Charge, Dialect, Error, ErrorKind, ExposeSecret as _, Operation, QuotaSignal, Request,
    Response, Result, Verdict,
};
use http::{HeaderValue, header};
use serde::Deserialize;

use crate::api::HOST;
use crate::credential::PinterestCredential;

/// The code, with a 401, of a scope that is missing. Without it, a 401 or 403 is about one object.
const MISSING_SCOPE: i64 = 3;

/// The code, with a 503, of an operation that Pinterest switched off.
const SWITCHED_OFF: i64 = 4197;

/// The codes, with a 401, of what isn't allowed on one object.
const OF_AN_OBJECT: [i64; 2] = [7, 29];

/// Pinterest's manners.
#[derive(Clone, Copy, Debug, Default)]
pub struct PinterestDialect;

impl Dialect<PinterestCredential> for PinterestDialect {
    /// A request to another host, such as one that keeps a report, proves itself by its address: a
    /// token there would be refused, and given away.
    fn authorize(
        &self,
        credential: &PinterestCredential,
        request: &mut Request,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        if request.uri().host() != Some(HOST) {
            return Ok(());
        }
        let text = format!("Bearer {}", credential.access_token.expose_secret());
        let mut value = HeaderValue::from_str(&text).map_err(|_cause| {
            // The cause is left out: it may quote the token.
            Error::contract("the access token has characters that no token has")
        })?;
        value.set_sensitive(true);
        request.headers_mut().insert(header::AUTHORIZATION, value);
        Ok(())
    }

    fn judge(&self, _operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        judge(response, now)
    }

    fn quota(&self, operation: Operation, _request: &Request) -> Option<Charge> {
        limits::charge(operation)
    }

    fn observe(&self, operation: Operation, response: &Response) -> Option<QuotaSignal> {
        limits::read(operation, response.headers())
    }
}

/// What Pinterest says of a failure.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Refusal {
    code: Option<i64>,
    message: String,
    #[serde(skip)]
    status: u16,
    #[serde(skip)]
    rid: Option<String>,
}

impl Refusal {
    /// Reads an answer that is a failure.
    pub(crate) fn read(response: &Response) -> Self {
        let told: Self = serde_json::from_slice(response.body()).unwrap_or_default();
        let rid = response.headers().get("x-pinterest-rid");
        Self {
            status: response.status().as_u16(),
            rid: rid.and_then(|rid| rid.to_str().ok()).map(str::to_owned),
            ..told
        }
    }

    /// Adds status, code and the id by which Pinterest finds the request. The message is left out: it
    /// may quote the request.
    pub(crate) fn name(self, error: Error) -> Error {
        let mut error = error.with("status", self.status);
        if let Some(code) = self.code {
            error = error.with("code", code);
        }
        match self.rid {
            Some(rid) => error.with("rid", rid.escape_debug()),
            None => error,
        }
    }

    /// A limit that comes as a wrong parameter: "Retry after N seconds".
    fn disguised_wait(&self) -> Option<Duration> {
        let after = self.message.split_once("Retry after ")?.1;
        let digits = after.split(|sign: char| !sign.is_ascii_digit()).next()?;
        digits.parse().ok().map(Duration::from_secs)
    }
}

fn judge(response: &Response, now: DateTime<Utc>) -> Verdict {
    if response.status().is_success() {
        return Verdict::Answer;
    }
    let refusal = Refusal::read(response);
    let wait = refusal.disguised_wait();
    let error = match (refusal.status, refusal.code) {
        (400, _) if let Some(wait) = wait => {
            Error::new(ErrorKind::RateLimited, "Pinterest asks to slow down").retry_in(wait)
        }
        // Where a list ends all the same: see `is_too_deep`.
        (400, _) if refusal.message.contains("Pagination beyond") => Error::new(
            ErrorKind::Rejected,
            "Pinterest lists no more than 100,000 pins",
        )
        .with("limit", "depth"),
        (401, Some(MISSING_SCOPE)) => Error::new(
            ErrorKind::PermissionDenied,
            "the consent doesn't cover this: connect again with the scope that is missing",
        ),
        (401, Some(code)) if OF_AN_OBJECT.contains(&code) => Error::new(
            ErrorKind::PermissionDenied,
            "the account isn't allowed to see this",
        ),
        (503, Some(SWITCHED_OFF)) => Error::new(
            ErrorKind::Rejected,
            "Pinterest has switched this operation off",
        ),
        _ => match (
            Verdict::by_status(response, now),
            limits::reset(response.headers()),
        ) {
            (Verdict::Failure(error), Some(wait)) if refusal.status == 429 => error.retry_in(wait),
            (Verdict::Failure(error), _) => error,
            (other, _) => return other,
        },
    };
    Verdict::Failure(refusal.name(error))
}

/// The code that Pinterest gave an error. It means nothing without the error's kind, which comes of
/// the status.
pub(crate) fn code_of(error: &Error) -> Option<i64> {
    error.context("code")?.parse().ok()
}

/// Whether an error is about one object rather than about everything that is asked: the object is
/// left out then, and the others are read.
pub(crate) fn is_of_one_object(error: &Error) -> bool {
    match error.kind() {
        ErrorKind::NotFound => true,
        ErrorKind::PermissionDenied => code_of(error) != Some(MISSING_SCOPE),
        _ => false,
    }
}

/// Whether a list is longer than Pinterest shows: what came before is all that there will be.
pub(crate) fn is_too_deep(error: &Error) -> bool {
    error.context("limit") == Some("depth")
}

#[cfg(test)]
mod tests;
