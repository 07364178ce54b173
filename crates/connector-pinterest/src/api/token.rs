//! Codes and refresh tokens turned into tokens.
//!
//! The app proves itself by HTTP Basic alone: what stands in the form isn't looked at. Codes and
//! tokens go in the form, so that no secret is in an address. Source: API v5, `oauth/token`, and "Set
//! up authentication and authorization".

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{
    Error, ErrorKind, ExposeSecret as _, Operation, Request, Result, SecretString, endpoint,
};
use http::{HeaderValue, Method, header};
use serde::Deserialize;
use url::Url;

use crate::config::Config;

/// The token endpoint.
pub const TOKEN_URL: &str = "https://api.pinterest.com/v5/oauth/token";

/// A code traded for tokens. The code is used up by it.
pub(crate) const EXCHANGE_CODE: Operation = Operation::write("oauth/code").sensitive();

/// A refresh token traded for tokens. It is used up by it.
pub(crate) const REFRESH: Operation = Operation::write("oauth/refresh").sensitive();

/// What the token endpoint gives.
#[derive(Clone, Debug, Deserialize)]
pub struct Tokens {
    /// The access token.
    pub access_token: SecretString,
    /// How many seconds it lasts: 30 days of them.
    #[serde(default)]
    pub expires_in: Option<i64>,
    /// The next refresh token; absent in renewals of some old apps.
    #[serde(default)]
    pub refresh_token: Option<SecretString>,
    /// How many seconds that lasts: 60 days of them.
    #[serde(default)]
    pub refresh_token_expires_in: Option<i64>,
    /// When it ends, in seconds since 1970.
    #[serde(default)]
    pub refresh_token_expires_at: Option<i64>,
    /// What was granted, between spaces or commas.
    #[serde(default)]
    pub scope: Option<String>,
}

impl Tokens {
    /// When the access token ends.
    #[must_use]
    pub fn access_ends(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        after(now, self.expires_in)
    }

    /// When the refresh token ends.
    #[must_use]
    pub fn refresh_ends(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let told = self.refresh_token_expires_at;
        let told = told.and_then(|at| DateTime::from_timestamp(at, 0));
        told.or_else(|| after(now, self.refresh_token_expires_in))
    }
}

fn after(now: DateTime<Utc>, seconds: Option<i64>) -> Option<DateTime<Utc>> {
    now.checked_add_signed(TimeDelta::try_seconds(seconds?)?)
}

/// Trades a code. `return_to` is the very address that the consent page was given.
pub(crate) fn exchange_code(config: &Config, code: &str, return_to: &Url) -> Result<Request> {
    let fields = [
        ("grant_type", "authorization_code"),
        ("code", code),
        ("redirect_uri", return_to.as_str()),
        // Apps made before 2025-09-25 get a refresh token that is never replaced without it.
        ("continuous_refresh", "true"),
    ];
    request(config, &fields, EXCHANGE_CODE)
}

/// Trades a refresh token.
pub(crate) fn refresh(config: &Config, token: &SecretString) -> Result<Request> {
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", token.expose_secret()),
    ];
    request(config, &fields, REFRESH)
}

fn request(config: &Config, fields: &[(&str, &str)], operation: Operation) -> Result<Request> {
    let (id, secret) = config.require_app()?;
    let proof = STANDARD.encode(format!("{id}:{}", secret.expose_secret()));
    let mut basic = HeaderValue::from_str(&format!("Basic {proof}")).map_err(|_cause| {
        // The cause is left out: it may quote the secret.
        Error::new(ErrorKind::Unexpected, "the app's secret can't be sent")
    })?;
    basic.set_sensitive(true);
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    let mut request = endpoint::get(TOKEN_URL)?;
    *request.method_mut() = Method::POST;
    *request.body_mut() = form.into();
    let headers = request.headers_mut();
    headers.insert(header::AUTHORIZATION, basic);
    let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
    headers.insert(header::CONTENT_TYPE, kind);
    request.extensions_mut().insert(operation);
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_app_proves_itself_in_the_header_and_nowhere_else() {
        let config = Config::app("1234567", "s3cr3t".to_owned().into());
        let request = refresh(&config, &"made-up-token".to_owned().into()).unwrap();
        assert_eq!(request.uri(), TOKEN_URL);
        assert_eq!(
            request.headers()[header::AUTHORIZATION],
            "Basic MTIzNDU2NzpzM2NyM3Q="
        );
        assert!(request.headers()[header::AUTHORIZATION].is_sensitive());
        assert_eq!(
            &request.body()[..],
            b"grant_type=refresh_token&refresh_token=made-up-token"
        );
    }
}
