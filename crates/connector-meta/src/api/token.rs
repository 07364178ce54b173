//! Tokens: codes and tokens turned into tokens, and what one is good for.
//!
//! Source: developers.facebook.com, "Manually build a login flow", "Get long-lived tokens", "Debug
//! token" and "System user access tokens". Parameters go in a form, so that no secret is in an address.

use chrono::{DateTime, Utc};
use connector_core::{
    Endpoint, ExposeSecret as _, Operation, Request, Response, Result, SecretString, endpoint,
};
use http::Method;
use serde::Deserialize;
use url::Url;

use super::route::{AsksAboutToken, Route, Speaker};
use crate::config::Config;

/// A code traded for a token. The code is used up by it.
pub(crate) const EXCHANGE_CODE: Operation = Operation::write("oauth/code").sensitive();

/// A token traded for one that lasts longer.
pub(crate) const EXCHANGE_TOKEN: Operation = Operation::write("oauth/exchange").sensitive();

/// What `oauth/access_token` gives.
#[derive(Clone, Debug, Deserialize)]
pub struct Tokens {
    /// The token.
    pub access_token: SecretString,
    /// How many seconds it lasts; absent for one that doesn't end.
    #[serde(default)]
    pub expires_in: Option<i64>,
}

/// Trades a code. `return_to` is the very address that the dialog was given.
pub(crate) fn exchange_code(config: &Config, code: &str, return_to: &Url) -> Result<Request> {
    route(config)?
        .with("redirect_uri", return_to)
        .with("code", code)
        .form()
        .map(|request| marked(request, EXCHANGE_CODE))
}

/// Trades a living token for a long-lived one. `sixty_days` is for a system user's that ends: it would
/// come back without an end otherwise.
pub(crate) fn exchange_token(
    config: &Config,
    token: &SecretString,
    sixty_days: bool,
) -> Result<Request> {
    route(config)?
        .with("grant_type", "fb_exchange_token")
        .with("fb_exchange_token", token.expose_secret())
        .maybe("set_token_expires_in_60_days", sixty_days.then_some(true))
        .form()
        .map(|request| marked(request, EXCHANGE_TOKEN))
}

fn route(config: &Config) -> Result<Route> {
    let (id, secret) = config.require_app()?;
    Ok(Route::new(Method::POST, &["oauth", "access_token"])
        .with("client_id", id)
        .with("client_secret", secret.expose_secret()))
}

fn marked(mut request: Request, operation: Operation) -> Request {
    request.extensions_mut().insert(operation);
    request
}

/// `GET /debug_token`: what the user's token is good for. Asked by the app itself; the dialect puts
/// the token.
#[derive(Clone, Copy, Debug)]
pub struct DebugToken;

#[derive(Deserialize)]
struct Data {
    data: TokenFacts,
}

/// What Meta says of a token.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct TokenFacts {
    /// The app that it is of.
    pub app_id: Option<String>,
    /// `USER`, `SYSTEM_USER`, `PAGE`, `APP`.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// Whether it works.
    pub is_valid: bool,
    /// When it ends, in seconds since 1970; 0 for never.
    pub expires_at: Option<i64>,
    /// When reading data ends, in seconds since 1970; 0 for never.
    pub data_access_expires_at: Option<i64>,
    /// What was granted.
    pub scopes: Vec<String>,
    /// Whose it is.
    pub user_id: Option<String>,
}

impl TokenFacts {
    /// When the token ends; `None` for never.
    #[must_use]
    pub fn token_ends(&self) -> Option<DateTime<Utc>> {
        instant(self.expires_at)
    }

    /// When reading data ends; `None` for never.
    #[must_use]
    pub fn data_access_ends(&self) -> Option<DateTime<Utc>> {
        instant(self.data_access_expires_at)
    }
}

fn instant(seconds: Option<i64>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds.filter(|seconds| *seconds > 0)?, 0)
}

impl Endpoint for DebugToken {
    const OPERATION: Operation = Operation::read("debug_token").sensitive();
    type Response = TokenFacts;

    fn request(&self) -> Result<Request> {
        let mut request = Route::get(&["debug_token"]).by(Speaker::App).request()?;
        request.extensions_mut().insert(AsksAboutToken);
        Ok(request)
    }

    fn parse(&self, response: &Response) -> Result<TokenFacts> {
        Ok(endpoint::json::<Data>(response.body())?.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zero_is_never() {
        let facts: TokenFacts = serde_json::from_str(
            r#"{"is_valid":true,"expires_at":0,"data_access_expires_at":1801000000,"new":1}"#,
        )
        .unwrap();
        assert_eq!(facts.token_ends(), None);
        assert_eq!(facts.data_access_ends().unwrap().timestamp(), 1_801_000_000);
    }

    #[test]
    fn secrets_are_in_the_form_and_not_in_the_address() {
        let config = Config::app("1", "made-up-secret".to_owned().into());
        let request = exchange_token(&config, &"made-up-token".to_owned().into(), true).unwrap();
        assert_eq!(
            request.uri(),
            "https://graph.facebook.com/v26.0/oauth/access_token"
        );
        let form = String::from_utf8(request.body().to_vec()).unwrap();
        assert_eq!(
            form,
            "client_id=1&client_secret=made-up-secret&grant_type=fb_exchange_token&fb_exchange_token=made-up-token&set_token_expires_in_60_days=true"
        );
        assert_eq!(request.extensions().get(), Some(&EXCHANGE_TOKEN));
    }
}
