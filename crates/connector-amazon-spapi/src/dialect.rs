//! Amazon's manners: a header of its own to sign with, a 403 that means "expired", and one bucket per
//! operation.

mod failure;
mod limits;
mod roles;

use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::{
    Charge, Dialect, Error, ErrorKind, ExposeSecret as _, Operation, QuotaSignal, Request,
    Response, Result, SecretString, Verdict,
};
use http::HeaderValue;
use http::header::USER_AGENT;

use crate::api::{AccessToken, DOCUMENT};
use crate::credential::AmazonCredential;
use failure::Failures;

pub use limits::{Limit, limit_of};
pub use roles::role_of;

/// Who is calling, in the form that Amazon wants: name, version, language and platform, no longer
/// than 500 characters (developer-docs.amazon.com, "Include a User-Agent header in all requests").
const AGENT: &str = concat!(
    "Crossdock/",
    env!("CARGO_PKG_VERSION"),
    " (Language=Rust; Platform="
);

/// The usage plan of every operation of the sandbox (developer-docs.amazon.com, "The Selling Partner
/// API sandbox").
const SANDBOX: Limit = Limit {
    per_second: 5.0,
    burst: 15.0,
};

/// What is waited on top of the time after which one more request is allowed.
const GRACE: Duration = Duration::from_millis(1_500);

/// The wait before a page is asked for again that Amazon wrongly says is of another search.
const STRAY_PAGE: Duration = Duration::from_secs(2);

/// Amazon's manners.
#[derive(Clone, Copy, Debug)]
pub struct AmazonDialect;

impl Dialect<AmazonCredential> for AmazonDialect {
    fn authorize(
        &self,
        credential: &AmazonCredential,
        request: &mut Request,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let other = request.extensions().get::<AccessToken>().cloned();
        let token = match &other {
            Some(AccessToken(token)) => token,
            None => &credential.access_token,
        };
        let token = header(token)?;
        let date = now.format("%Y%m%dT%H%M%SZ").to_string();
        let headers = request.headers_mut();
        headers.insert("x-amz-access-token", token);
        headers.insert("x-amz-date", text(&date)?);
        headers.insert(
            USER_AGENT,
            text(&format!("{AGENT}{})", std::env::consts::OS))?,
        );
        Ok(())
    }

    fn judge(&self, operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        if operation.name == DOCUMENT.name {
            return judge_document(response, now);
        }
        let status = response.status();
        if status.is_success() {
            return Verdict::Answer;
        }
        let failures = Failures::read(response.body());
        match status.as_u16() {
            401 | 403 if failures.is_of_the_token() => Verdict::CredentialRefused,
            403 => Verdict::Failure(failures.name(denied(operation))),
            400 if failures.is_of_the_page() => Verdict::Failure(
                failures.name(
                    Error::new(
                        ErrorKind::Unavailable,
                        "Amazon says that the page is of another search, which it does at times",
                    )
                    .retry_in(STRAY_PAGE),
                ),
            ),
            429 => Verdict::Failure(failures.name(throttled(operation, response, now))),
            _ => match Verdict::by_status(response, now) {
                Verdict::Failure(error) => Verdict::Failure(failures.name(error)),
                other => other,
            },
        }
    }

    fn quota(&self, operation: Operation, request: &Request) -> Option<Charge> {
        let in_sandbox = request
            .uri()
            .host()
            .is_some_and(|host| host.starts_with("sandbox."));
        let limit = if in_sandbox {
            SANDBOX
        } else {
            limit_of(operation.name)?
        };
        Some(Charge::request(
            operation.name,
            limit.burst,
            limit.per_second,
        ))
    }

    /// The header is the rate, not what is left, and it is missing from a refusal; a refusal says that
    /// nothing is left.
    fn observe(&self, operation: Operation, response: &Response) -> Option<QuotaSignal> {
        if operation.name == DOCUMENT.name {
            return None;
        }
        let rate = response
            .headers()
            .get("x-amzn-ratelimit-limit")
            .and_then(|value| value.to_str().ok()?.trim().parse().ok())
            .filter(|rate: &f64| rate.is_finite() && *rate > 0.0);
        let refused = response.status() == 429;
        (rate.is_some() || refused).then_some(QuotaSignal {
            bucket: operation.name,
            remaining: refused.then_some(0.0),
            capacity: None,
            per_second: rate,
            pause: None,
        })
    }
}

fn header(token: &SecretString) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(token.expose_secret()).map_err(|_cause| {
        // The cause is left out: it may quote the token.
        Error::input("token", "the access token has characters that no token has")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

fn text(text: &str) -> Result<HeaderValue> {
    HeaderValue::from_str(text).map_err(|cause| {
        Error::new(ErrorKind::Unexpected, "this can't be a header").with_source(cause)
    })
}

/// A refusal that is not about the token: most of the time, a role that the application lacks.
fn denied(operation: Operation) -> Error {
    let error = Error::new(
        ErrorKind::PermissionDenied,
        "Amazon denies access: the application lacks the role for this operation or the seller \
         hasn't consented since it has it, or the account isn't of this region or marketplace",
    )
    .with("status", 403);
    match role_of(operation.name) {
        Some(role) => error.with("role", role),
        None => error,
    }
}

/// A refusal for asking too often. Amazon doesn't say how long to wait, so it is the time after which
/// the bucket has one more.
fn throttled(operation: Operation, response: &Response, now: DateTime<Utc>) -> Error {
    let error = Error::new(
        ErrorKind::RateLimited,
        "Amazon's quota for this operation is spent",
    )
    .with("status", 429);
    let told = connector_core::retry_after::parse(response.headers(), now);
    let wait = told.or_else(|| {
        let rate = limit_of(operation.name)?.per_second;
        Duration::try_from_secs_f64(1.0 / rate)
            .ok()?
            .checked_add(GRACE)
    });
    match wait {
        Some(wait) => error.retry_in(wait),
        None => error,
    }
}

/// What a document's host answers. No credential was sent, so none can be refused.
fn judge_document(response: &Response, now: DateTime<Utc>) -> Verdict {
    match response.status().as_u16() {
        status @ (400 | 401 | 403 | 404 | 410) => Verdict::Failure(
            Error::new(ErrorKind::NotFound, "the document's address has expired")
                .with("status", status),
        ),
        _ => Verdict::by_status(response, now),
    }
}

#[cfg(test)]
mod tests;
