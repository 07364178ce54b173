//! OAuth 2.0 arithmetic (RFC 6749, RFC 7636) over a [`Context`]'s transport.
//!
//! A helper that platforms call and that knows none of them. No type of the `oauth2` crate is in a
//! public signature.

use std::time::Duration;

use futures::FutureExt as _;
use futures::future::BoxFuture;
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse, BasicTokenType,
};
use oauth2::{
    AccessToken, AsyncHttpClient, AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret,
    CsrfToken, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, StandardRevocableToken,
    TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::context::Context;
use crate::dialect::Verdict;
use crate::error::{Error, ErrorKind, Result};
use crate::transport::{Operation, Request};

const EXCHANGE: Operation = Operation::write("oauth/exchange").sensitive();
const APPLICATION: Operation = Operation::write("oauth/client_credentials")
    .idempotent()
    .sensitive();
const REFRESH: Operation = Operation::write("oauth/refresh").sensitive();

/// How a client proves itself at the token endpoint (RFC 6749, 2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientProof {
    /// Id and secret in the form's body.
    Body,
    /// HTTP Basic.
    Basic,
}

/// An application registered at a platform.
#[derive(Clone, Debug)]
pub struct OAuthApp {
    /// The consent page.
    pub authorize_url: Url,
    /// The token endpoint.
    pub token_url: Url,
    /// The application's id.
    pub client_id: String,
    /// The application's secret.
    pub client_secret: SecretString,
    /// How it proves itself.
    pub proof: ClientProof,
    /// What RFC 6749 wants on the consent page's address and this platform doesn't know, such as
    /// `response_type`. A field that is left out here can be given another value in `extra`.
    pub authorize_without: &'static [&'static str],
    /// What RFC 6749 wants in the exchange of a code and this platform doesn't know, such as
    /// `grant_type`. A field that is left out here can be given another value in `extra`.
    pub exchange_without: &'static [&'static str],
}

/// What a token endpoint gave.
#[derive(Clone, Debug)]
pub struct Grant {
    /// What proves a request.
    pub access_token: SecretString,
    /// What buys the next one, where there is one.
    pub refresh_token: Option<SecretString>,
    /// How long the access token lives.
    pub expires_in: Option<Duration>,
    /// How long the refresh token lives, where the platform says so in `refresh_token_expires_in`.
    pub refresh_token_expires_in: Option<Duration>,
    /// What was granted, as the platform wrote it: separated by spaces or commas.
    pub scope: Option<String>,
}

type Client = oauth2::Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

impl OAuthApp {
    /// The address to send a person to.
    ///
    /// `verifier` turns PKCE on (S256): keep it for [`OAuthApp::exchange`]. Scopes are joined by
    /// spaces; a platform that wants something else passes `scope` in `extra` and no `scopes`.
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] when `return_to` can't be a redirect address.
    pub fn authorize(
        &self,
        state: &str,
        scopes: &[&str],
        return_to: &Url,
        verifier: Option<&SecretString>,
        extra: &[(&str, &str)],
    ) -> Result<Url> {
        let client = self.client(return_to);
        let state = state.to_owned();
        let mut request = client.authorize_url(move || CsrfToken::new(state));
        for scope in scopes {
            request = request.add_scope(Scope::new((*scope).to_owned()));
        }
        if let Some(verifier) = verifier {
            let verifier = PkceCodeVerifier::new(verifier.expose_secret().to_owned());
            request =
                request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier));
        }
        for (name, value) in extra {
            request = request.add_extra_param((*name).to_owned(), (*value).to_owned());
        }
        let mut url = request.url().0;
        if let Some(query) = url.query() {
            let query = without(query.as_bytes(), self.authorize_without, extra);
            url.set_query(Some(&query));
        }
        Ok(url)
    }

    /// Trades an authorization code for tokens.
    ///
    /// # Errors
    /// [`ErrorKind::InputInvalid`] when the platform says that the code is no good: connecting
    /// starts over. [`ErrorKind::ConfigInvalid`] when it refuses the application.
    pub async fn exchange(
        &self,
        ctx: &Context,
        code: &str,
        return_to: &Url,
        verifier: Option<&SecretString>,
        extra: &[(&str, &str)],
    ) -> Result<Grant> {
        let client = self.client(return_to);
        let mut request = client.exchange_code(AuthorizationCode::new(code.to_owned()));
        if let Some(verifier) = verifier {
            let verifier = PkceCodeVerifier::new(verifier.expose_secret().to_owned());
            request = request.set_pkce_verifier(verifier);
        }
        for (name, value) in extra {
            request = request.add_extra_param((*name).to_owned(), (*value).to_owned());
        }
        let http = Http {
            ctx,
            operation: EXCHANGE,
            without: self.exchange_without,
            extra,
        };
        let tokens = request.request_async(&http).await.map_err(|error| {
            explain(error, || {
                Error::new(
                    ErrorKind::InputInvalid,
                    "the platform says that this consent is used up or expired: start again",
                )
            })
        })?;
        Ok(tokens.into())
    }

    /// Trades a refresh token for tokens.
    ///
    /// # Errors
    /// [`ErrorKind::ReconnectRequired`] when the platform says that the grant is gone.
    /// [`ErrorKind::ConfigInvalid`] when it refuses the application. A lost reply is
    /// [`maybe_arrived`](Error::maybe_arrived).
    pub async fn refresh(
        &self,
        ctx: &Context,
        refresh_token: &SecretString,
        extra: &[(&str, &str)],
    ) -> Result<Grant> {
        let client = self.client(&self.token_url);
        let token = RefreshToken::new(refresh_token.expose_secret().to_owned());
        let mut request = client.exchange_refresh_token(&token);
        for (name, value) in extra {
            request = request.add_extra_param((*name).to_owned(), (*value).to_owned());
        }
        let http = Http {
            ctx,
            operation: REFRESH,
            without: &[],
            extra: &[],
        };
        let tokens = request.request_async(&http).await.map_err(|error| {
            explain(error, || {
                Error::new(
                    ErrorKind::ReconnectRequired,
                    "the platform says that the grant is gone: connect again",
                )
            })
        })?;
        Ok(tokens.into())
    }

    /// Asks for a token of the application's own, which no person granted (RFC 6749, 4.4).
    ///
    /// # Errors
    /// [`ErrorKind::ConfigInvalid`] when the platform refuses the application.
    pub async fn client_credentials(&self, ctx: &Context, scopes: &[&str]) -> Result<Grant> {
        let client = self.client(&self.token_url);
        let mut request = client.exchange_client_credentials();
        for scope in scopes {
            request = request.add_scope(Scope::new((*scope).to_owned()));
        }
        let http = Http {
            ctx,
            operation: APPLICATION,
            without: &[],
            extra: &[],
        };
        let tokens = request.request_async(&http).await.map_err(|error| {
            explain(error, || {
                Error::new(
                    ErrorKind::ConfigInvalid,
                    "the platform gives this application no token of its own",
                )
            })
        })?;
        Ok(tokens.into())
    }

    fn client(&self, return_to: &Url) -> Client {
        oauth2::Client::new(ClientId::new(self.client_id.clone()))
            .set_client_secret(ClientSecret::new(
                self.client_secret.expose_secret().to_owned(),
            ))
            .set_auth_uri(AuthUrl::from_url(self.authorize_url.clone()))
            .set_token_uri(TokenUrl::from_url(self.token_url.clone()))
            .set_redirect_uri(RedirectUrl::from_url(return_to.clone()))
            .set_auth_type(match self.proof {
                ClientProof::Body => AuthType::RequestBody,
                ClientProof::Basic => AuthType::BasicAuth,
            })
    }
}

/// A PKCE code verifier (RFC 7636, 4.1): 256 bits from the context.
#[must_use]
pub fn code_verifier(ctx: &Context) -> SecretString {
    ctx.random_token().into()
}

/// A context's transport in the form that the `oauth2` crate asks for.
///
/// Its future is boxed: with a closure's, the compiler can't prove that the future of whoever awaits
/// it is `Send`.
struct Http<'a> {
    ctx: &'a Context,
    operation: Operation,
    without: &'static [&'static str],
    extra: &'a [(&'a str, &'a str)],
}

impl<'c> AsyncHttpClient<'c> for Http<'_> {
    type Error = Error;
    type Future = BoxFuture<'c, Result<HttpResponse>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        let request = request.map(|form| without(&form, self.without, self.extra).into_bytes());
        send(self.ctx, self.operation, request).boxed()
    }
}

/// A form or a query without some of its fields. What was given in so many words stays.
fn without(form: &[u8], omitted: &[&str], extra: &[(&str, &str)]) -> String {
    let kept = url::form_urlencoded::parse(form).filter(|(name, value)| {
        !omitted.contains(&name.as_ref()) || extra.contains(&(name.as_ref(), value.as_ref()))
    });
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .finish()
}

async fn send(ctx: &Context, operation: Operation, request: HttpRequest) -> Result<HttpResponse> {
    let mut request: Request = request.map(Into::into);
    request.extensions_mut().insert(operation);
    let response = ctx.transport.send(request).await?;
    // What is no answer of a token endpoint is judged here, so that "down" isn't taken for "gone".
    if (response.status().is_server_error() || response.status() == 429)
        && let Verdict::Failure(error) = Verdict::by_status(&response, ctx.now())
    {
        return Err(error);
    }
    Ok(response.map(|body| body.to_vec()))
}

/// Turns a failed token request into what a person or the engine can act on. The platform's text
/// is left out, as it may quote what was sent; its code is kept.
fn explain(
    error: RequestTokenError<Error, BasicErrorResponse>,
    invalid_grant: impl FnOnce() -> Error,
) -> Error {
    match error {
        RequestTokenError::Request(error) => error,
        RequestTokenError::ServerResponse(response) => {
            let kind = response.error();
            match kind {
                BasicErrorResponseType::InvalidGrant => invalid_grant(),
                BasicErrorResponseType::InvalidClient
                | BasicErrorResponseType::UnauthorizedClient => Error::new(
                    ErrorKind::ConfigInvalid,
                    "the platform refuses the application: check its client id and secret",
                ),
                _ => Error::new(
                    ErrorKind::Rejected,
                    "the platform refused the token request",
                ),
            }
            .with("code", kind.as_ref())
        }
        RequestTokenError::Parse(..) => {
            Error::contract("the token endpoint answered something else than tokens")
        }
        RequestTokenError::Other(_) => {
            Error::contract("the token endpoint answered something unexpected")
        }
    }
}

/// A token response as lenient as platforms need it: without `token_type`, with numbers as text.
#[derive(Debug, Serialize, Deserialize)]
struct Tokens {
    access_token: AccessToken,
    #[serde(default = "bearer")]
    token_type: BasicTokenType,
    #[serde(default)]
    expires_in: Option<u64>,
    #[serde(default)]
    refresh_token: Option<RefreshToken>,
    #[serde(default)]
    refresh_token_expires_in: Option<u64>,
    #[serde(default)]
    scope: Option<String>,
}

fn bearer() -> BasicTokenType {
    BasicTokenType::Bearer
}

impl TokenResponse for Tokens {
    type TokenType = BasicTokenType;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &BasicTokenType {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        None
    }
}

impl From<Tokens> for Grant {
    fn from(tokens: Tokens) -> Self {
        Self {
            access_token: tokens.access_token.into_secret().into(),
            refresh_token: tokens.refresh_token.map(|token| token.into_secret().into()),
            expires_in: tokens.expires_in.map(Duration::from_secs),
            refresh_token_expires_in: tokens.refresh_token_expires_in.map(Duration::from_secs),
            scope: tokens.scope,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_left_out_can_be_given_another_value() {
        let form = b"redirect_uri=https%3A%2F%2Fhost%2Fback&a=1&redirect_uri=A-Name";
        let kept = without(form, &["redirect_uri"], &[("redirect_uri", "A-Name")]);
        assert_eq!(kept, "a=1&redirect_uri=A-Name");
        assert_eq!(without(form, &["redirect_uri"], &[]), "a=1");
    }
}
