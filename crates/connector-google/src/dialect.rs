//! Google's manners: a bearer token everywhere, three forms of one error, 403s that are limits, and
//! 429s that no waiting cures.

mod failure;
mod limits;
mod waits;

use chrono::{DateTime, Utc};
use connector_core::{
    Charge, Dialect, Error, ErrorKind, ExposeSecret as _, Operation, Request, Response, Result,
    SecretString, Verdict, retry_after,
};
use http::HeaderValue;
use http::header::AUTHORIZATION;

use crate::credential::GoogleCredential;
use failure::Failure;

/// The one host that the developer token is for.
const ADS: &str = "googleads.googleapis.com";

/// Google's manners.
#[derive(Clone, Debug, Default)]
pub struct GoogleDialect {
    developer_token: Option<SecretString>,
}

impl GoogleDialect {
    /// The manners of an app, with its developer token of Google Ads where it has one.
    #[must_use]
    pub const fn new(developer_token: Option<SecretString>) -> Self {
        Self { developer_token }
    }
}

impl Dialect<GoogleCredential> for GoogleDialect {
    fn authorize(
        &self,
        credential: &GoogleCredential,
        request: &mut Request,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        let bearer = format!("Bearer {}", credential.access_token.expose_secret());
        let developer = match &self.developer_token {
            Some(token) if request.uri().host() == Some(ADS) => {
                Some(header(token.expose_secret())?)
            }
            _ => None,
        };
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, header(&bearer)?);
        if let Some(token) = developer {
            headers.insert("developer-token", token);
        }
        Ok(())
    }

    fn judge(&self, _operation: Operation, response: &Response, now: DateTime<Utc>) -> Verdict {
        let status = response.status().as_u16();
        if response.status().is_success() {
            return match Failure::in_a_stream(response.body()) {
                Some(failure) => refused(failure.code().unwrap_or(status), &failure, response, now),
                None => Verdict::Answer,
            };
        }
        refused(status, &Failure::read(response.body()), response, now)
    }

    fn quota(&self, _operation: Operation, request: &Request) -> Option<Charge> {
        limits::charge(request.uri().host()?, request.uri().path())
    }
}

fn header(value: &str) -> Result<HeaderValue> {
    let mut value = HeaderValue::from_str(value).map_err(|_cause| {
        // The cause is left out: it may quote the token.
        Error::input("token", "the token has characters that no token has")
    })?;
    value.set_sensitive(true);
    Ok(value)
}

/// What a refusal with this status means.
fn refused(status: u16, failure: &Failure, response: &Response, now: DateTime<Utc>) -> Verdict {
    let named = |error: Error| Verdict::Failure(failure.name(error.with("status", status)));
    if failure.is_expired_token() {
        return Verdict::CredentialRefused;
    }
    if let Some((kind, message)) = failure.known() {
        return named(Error::new(kind, message));
    }
    if failure.is_limit() || status == 429 {
        return named(limited(failure, response, now));
    }
    match status {
        401 => Verdict::CredentialRefused,
        410 => named(Error::new(
            ErrorKind::CheckpointInvalid,
            "Google doesn't know any more what changed since the last read",
        )),
        _ => match Verdict::by_status(response, now) {
            Verdict::Failure(error) => named(error),
            // A stream that broke off with an error of its own: what was sent before is no answer.
            Verdict::Answer => named(
                Error::new(ErrorKind::Unavailable, "Google broke the answer off").maybe_arrived(),
            ),
            other => other,
        },
    }
}

/// A limit, with the wait that Google asks for, or that it is known to want.
fn limited(failure: &Failure, response: &Response, now: DateTime<Utc>) -> Error {
    let error = Error::new(ErrorKind::RateLimited, "Google asks to slow down");
    let wait = retry_after::parse(response.headers(), now)
        .or_else(|| failure.retry_delay())
        .or_else(|| waits::known(failure, now));
    match wait {
        Some(wait) => error.retry_in(wait),
        None => error,
    }
}

#[cfg(test)]
mod tests;
