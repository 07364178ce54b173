//! Connecting an account: the consent, or a refresh token that the app was given before; and trading
//! the refresh token for the next pair.
//!
//! Source: developers.pinterest.com, "Set up authentication and authorization", read in November 2026.
//! There is no PKCE; scopes are asked for with commas between them.

use chrono::{DateTime, Utc};
use connector_core::{
    ConnectOutcome, ConnectStep, Context, Error, ErrorKind, Form, Operation, Pending, Request,
    Result, SecretString, Verdict, endpoint,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::api::{self, EXCHANGE_CODE, REFRESH, Tokens};
use crate::config::Config;
use crate::credential::PinterestCredential;
use crate::descriptor::{OAUTH, REFRESH_TOKEN, SCOPES};
use crate::dialect::Refusal;

/// The consent page.
const CONSENT: &str = "https://www.pinterest.com/oauth/";

/// What is remembered between the redirect and the callback.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    return_to: Url,
}

/// Takes one step of connecting.
pub(crate) async fn step(
    config: &Config,
    ctx: &Context,
    step: ConnectStep,
) -> Result<ConnectOutcome<PinterestCredential>> {
    match step {
        ConnectStep::Begin {
            method,
            form,
            return_to,
        } => match method.as_str() {
            OAUTH => begin(config, ctx, return_to),
            REFRESH_TOKEN => typed(config, ctx, &form).await,
            _ => Err(Error::input(
                "method",
                "Pinterest has no such way to connect",
            )),
        },
        ConnectStep::Resume { pending, answer } => resume(config, ctx, &pending, &answer).await,
        _ => Err(Error::new(
            ErrorKind::Unsupported,
            "Pinterest has no such step of connecting",
        )),
    }
}

/// Trades the refresh token for the next pair.
pub(crate) async fn refresh(
    config: &Config,
    ctx: &Context,
    credential: &PinterestCredential,
) -> Result<PinterestCredential> {
    let (id, _secret) = config.require_app()?;
    if id != credential.client_id {
        return Err(Error::new(
            ErrorKind::ReconnectRequired,
            "the connection was made with another Pinterest app than the configured one: connect \
             again",
        ));
    }
    let held = (
        credential.refresh_token.clone(),
        credential.refresh_expires_at,
    );
    let renewed = renew(config, ctx, held).await?;
    // An answer that doesn't say what is granted changes nothing about it.
    Ok(if renewed.scopes.is_empty() {
        PinterestCredential {
            scopes: credential.scopes.clone(),
            ..renewed
        }
    } else {
        renewed
    })
}

fn begin(
    config: &Config,
    ctx: &Context,
    return_to: Url,
) -> Result<ConnectOutcome<PinterestCredential>> {
    let (id, _secret) = config.require_app()?;
    let state = ctx.random_token();
    let mut url = Url::parse(CONSENT).map_err(|cause| {
        Error::new(ErrorKind::Unexpected, "this can't be an address").with_source(cause)
    })?;
    url.query_pairs_mut()
        .append_pair("client_id", id)
        .append_pair("redirect_uri", return_to.as_str())
        .append_pair("response_type", "code")
        .append_pair("scope", &SCOPES.join(","))
        .append_pair("state", &state);
    let pending = Pending::new(state, OAUTH, &Begun { return_to })?;
    Ok(ConnectOutcome::Redirect { url, pending })
}

async fn resume(
    config: &Config,
    ctx: &Context,
    pending: &Pending,
    answer: &Form,
) -> Result<ConnectOutcome<PinterestCredential>> {
    let begun: Begun = pending.data()?;
    let code = check_callback(pending, answer)?;
    let request = api::exchange_code(config, code, &begun.return_to)?;
    let tokens = tokens(ctx, EXCHANGE_CODE, request, || {
        Error::input(
            "code",
            "Pinterest says that this consent is used up or expired: start again",
        )
    })
    .await?;
    let (id, _secret) = config.require_app()?;
    PinterestCredential::new(id, tokens, None, ctx.now())
        .map(ConnectOutcome::Connected)
        .ok_or_else(|| Error::contract("Pinterest gave no refresh token for a consent"))
}

/// That the callback belongs to this attempt, and the code that it brings.
fn check_callback<'a>(pending: &Pending, answer: &'a Form) -> Result<&'a str> {
    pending.check_state(answer)?;
    match answer.get("error") {
        None => {}
        Some("access_denied") => {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                "the app was not authorised: the person declined",
            ));
        }
        Some(_) => {
            return Err(Error::new(
                ErrorKind::Rejected,
                "Pinterest refused to authorise the app",
            ));
        }
    }
    answer.require("code")
}

/// A refresh token that a person has. It is traded at once, which uses it up.
async fn typed(
    config: &Config,
    ctx: &Context,
    form: &Form,
) -> Result<ConnectOutcome<PinterestCredential>> {
    let token = form.require("refresh_token")?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::input(
            "refresh_token",
            "a refresh token has no spaces and no special characters: copy it once more",
        ));
    }
    let held = (SecretString::from(token.to_owned()), None);
    renew(config, ctx, held)
        .await
        .map(ConnectOutcome::Connected)
        .map_err(|error| match error.kind() {
            ErrorKind::ReconnectRequired => Error::input(
                "refresh_token",
                "Pinterest doesn't take this refresh token: it is used up, has ended, was taken \
                 back, or is of another app",
            )
            .with_source(error),
            _ => error,
        })
}

async fn renew(
    config: &Config,
    ctx: &Context,
    held: (SecretString, Option<DateTime<Utc>>),
) -> Result<PinterestCredential> {
    let (id, _secret) = config.require_app()?;
    let request = api::refresh(config, &held.0)?;
    let tokens = tokens(ctx, REFRESH, request, || {
        Error::new(
            ErrorKind::ReconnectRequired,
            "Pinterest doesn't take the refresh token, or doesn't know the app: check the app's \
             secret, else connect again",
        )
    })
    .await?;
    PinterestCredential::new(id, tokens, Some(held), ctx.now())
        .ok_or_else(|| Error::contract("Pinterest gave no refresh token"))
}

/// Sends a request for tokens, once: whoever asked decides what to do about a reply that is lost.
/// `refused` is what it means that the code or token isn't taken.
async fn tokens(
    ctx: &Context,
    operation: Operation,
    request: Request,
    refused: impl FnOnce() -> Error + Send,
) -> Result<Tokens> {
    let response = ctx.transport.send(request).await?;
    let refusal = Refusal::read(&response);
    let error = match response.status().as_u16() {
        200..=299 => return endpoint::json(response.body()),
        // A code is refused with 400, so that a 401 for one is about the app.
        401 if operation.name == EXCHANGE_CODE.name => Error::new(
            ErrorKind::ConfigInvalid,
            "Pinterest refuses the app: check its id and secret",
        ),
        400 | 401 | 403 => refused(),
        _ => match Verdict::by_status(&response, ctx.now()) {
            Verdict::Failure(error) => error,
            _ => refused(),
        },
    };
    Err(refusal.name(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = "0f1e2d3c";

    fn returned(query: &str) -> Result<String> {
        let pending = Pending::new(STATE, OAUTH, &()).unwrap();
        check_callback(&pending, &Form::from_query(query)).map(str::to_owned)
    }

    #[test]
    fn a_callback_needs_its_state_and_a_code() {
        assert_eq!(returned("state=0f1e2d3c&code=c").unwrap(), "c");
        for (query, kind) in [
            ("code=c", ErrorKind::InputInvalid),
            ("state=0f1e2d3d&code=c", ErrorKind::InputInvalid),
            ("state=0f1e2d3c", ErrorKind::InputInvalid),
            (
                "state=0f1e2d3c&error=access_denied",
                ErrorKind::PermissionDenied,
            ),
            ("state=0f1e2d3c&error=else&code=c", ErrorKind::Rejected),
        ] {
            assert_eq!(returned(query).unwrap_err().kind(), kind, "{query}");
        }
    }
}
