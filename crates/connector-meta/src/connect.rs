//! Connecting a person or a system user: Facebook Login, or a token that a business made; and taking
//! all of it anew.
//!
//! Source: developers.facebook.com, "Manually build a login flow", "Facebook Login for Business", "Get
//! long-lived tokens" and "System user access tokens", read in November 2026.

use connector_core::{
    ConnectOutcome, ConnectStep, Context, Error, ErrorKind, Form, Pending, Result, SecretString,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::api::VERSION;
use crate::config::Config;
use crate::credential::{MetaCredential, TokenKind};
use crate::descriptor::{OAUTH, SCOPES, SYSTEM_USER_TOKEN};
use crate::dialect::MetaDialect;

mod desk;

use desk::Desk;

/// What is remembered between the redirect and the callback.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    return_to: Url,
}

/// Takes one step of connecting.
pub(crate) async fn step(
    config: &Config,
    dialect: &MetaDialect,
    ctx: &Context,
    step: ConnectStep,
) -> Result<ConnectOutcome<MetaCredential>> {
    let desk = Desk {
        config,
        dialect,
        ctx,
    };
    match step {
        ConnectStep::Begin {
            method,
            form,
            return_to,
        } => match method.as_str() {
            OAUTH => begin(config, ctx, return_to),
            SYSTEM_USER_TOKEN => system_user(desk, &form).await,
            _ => Err(Error::input("method", "Meta has no such way to connect")),
        },
        ConnectStep::Resume { pending, answer } => resume(desk, &pending, &answer).await,
        _ => Err(Error::new(
            ErrorKind::Unsupported,
            "Meta has no such step of connecting",
        )),
    }
}

/// Exchanges the token while it lives, and takes the pages' tokens anew.
pub(crate) async fn refresh(
    config: &Config,
    dialect: &MetaDialect,
    ctx: &Context,
    credential: &MetaCredential,
) -> Result<MetaCredential> {
    let desk = Desk {
        config,
        dialect,
        ctx,
    };
    let token = match (credential.kind, credential.token_ends) {
        // What doesn't end has nothing to be exchanged for; its pages may have changed all the same.
        (_, None) => credential.access_token.clone(),
        (kind, Some(_)) => {
            desk.exchange(&credential.access_token, kind == TokenKind::SystemUser)
                .await?
                .access_token
        }
    };
    desk.credential(token).await
}

fn begin(config: &Config, ctx: &Context, return_to: Url) -> Result<ConnectOutcome<MetaCredential>> {
    let (id, _secret) = config.require_app()?;
    let state = ctx.random_token();
    let mut url = Url::parse(&format!("https://www.facebook.com/{VERSION}/dialog/oauth")).map_err(
        |cause| Error::new(ErrorKind::Unexpected, "this can't be an address").with_source(cause),
    )?;
    {
        let mut query = url.query_pairs_mut();
        query
            .append_pair("client_id", id)
            .append_pair("redirect_uri", return_to.as_str())
            .append_pair("state", &state)
            .append_pair("response_type", "code");
        match config.login() {
            // A configuration says itself what is asked for. Those that give a system user's token
            // answer with the token unless they are told not to.
            Some(configuration) => query
                .append_pair("config_id", configuration)
                .append_pair("override_default_response_type", "true"),
            None => query.append_pair("scope", &SCOPES.join(",")),
        };
    }
    let pending = Pending::new(state, OAUTH, &Begun { return_to })?;
    Ok(ConnectOutcome::Redirect { url, pending })
}

async fn resume(
    desk: Desk<'_>,
    pending: &Pending,
    answer: &Form,
) -> Result<ConnectOutcome<MetaCredential>> {
    let begun: Begun = pending.data()?;
    let code = check_callback(pending, answer)?;
    let short = desk.code(code, &begun.return_to).await?;
    // A system user's token comes without an end; a person's lasts an hour or two, and must be
    // exchanged before the pages' tokens are taken, which live as long as what they were made from.
    let token = match short.expires_in {
        Some(_) => {
            desk.exchange(&short.access_token, false)
                .await?
                .access_token
        }
        None => short.access_token,
    };
    desk.credential(token).await.map(ConnectOutcome::Connected)
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
                "Meta refused to authorise the app",
            ));
        }
    }
    answer.require("code")
}

async fn system_user(desk: Desk<'_>, form: &Form) -> Result<ConnectOutcome<MetaCredential>> {
    let token = form.require("token")?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) || token.contains('|') {
        return Err(Error::input(
            "token",
            "a token has no spaces and no special characters: copy it once more",
        ));
    }
    let token = SecretString::from(token.to_owned());
    let credential = desk
        .credential(token)
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::ReconnectRequired => Error::input(
                "token",
                "Meta doesn't take this token: it has ended, was taken back, or is of another app",
            )
            .with_source(error),
            _ => error,
        })?;
    Ok(ConnectOutcome::Connected(credential))
}

#[cfg(test)]
mod tests;
