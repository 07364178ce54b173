//! Connecting a selling partner and renewing the grant: the website flow of Login with Amazon, or a
//! refresh token that the seller's own application was given.
//!
//! Source: developer-docs.amazon.com, "Website Authorization Workflow" and "Connect to the Selling
//! Partner API", read in November 2026.

use connector_core::oauth::{ClientProof, OAuthApp};
use connector_core::{
    ConnectOutcome, ConnectStep, Context, Error, ErrorKind, Form, Pending, Result, SecretString,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::Config;
use crate::credential::AmazonCredential;
use crate::descriptor::{OAUTH, REFRESH_TOKEN};
use crate::marketplace;
use crate::region::{Environment, Server};

/// Where tokens are, for every region and for the sandbox.
const TOKEN_URL: &str = "https://api.amazon.com/auth/o2/token";

/// What is remembered between the redirect and the callback.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    server: Server,
    /// The marketplace in whose Seller Central to consent.
    #[serde(default)]
    home: Option<String>,
    return_to: Url,
}

/// Takes one step of connecting a selling partner.
pub(crate) async fn step(
    config: &Config,
    ctx: &Context,
    step: ConnectStep,
) -> Result<ConnectOutcome<AmazonCredential>> {
    match step {
        ConnectStep::Begin {
            method,
            form,
            return_to,
        } => match method.as_str() {
            OAUTH => begin(config, ctx, &form, return_to),
            REFRESH_TOKEN => self_authorised(config, ctx, &form).await,
            _ => Err(Error::input("method", "Amazon has no such way to connect")),
        },
        ConnectStep::Resume { pending, answer } => resume(config, ctx, &pending, &answer).await,
        _ => Err(Error::new(
            ErrorKind::Unsupported,
            "Amazon has no such step of connecting",
        )),
    }
}

/// Trades the refresh token for an access token.
pub(crate) async fn refresh(
    config: &Config,
    ctx: &Context,
    credential: &AmazonCredential,
) -> Result<AmazonCredential> {
    let grant = app(config, None)?
        .refresh(ctx, &credential.refresh_token, &[])
        .await?;
    Ok(credential.renewed(grant, ctx.now()))
}

/// The application at Login with Amazon. `seller_central` is the host on which to consent, where
/// that matters.
pub(crate) fn app(config: &Config, seller_central: Option<&str>) -> Result<OAuthApp> {
    let (client_id, client_secret) = config.require_client()?;
    let address = |text: &str| {
        Url::parse(text).map_err(|cause| {
            Error::new(ErrorKind::Unexpected, "this can't be an address").with_source(cause)
        })
    };
    let host = seller_central.unwrap_or("sellercentral.amazon.com");
    Ok(OAuthApp {
        authorize_url: address(&format!("https://{host}/apps/authorize/consent"))?,
        token_url: address(TOKEN_URL)?,
        client_id: client_id.to_owned(),
        client_secret: client_secret.clone(),
        proof: ClientProof::Body,
        // Amazon asks for the application by another id, and knows no other kind of answer.
        authorize_without: &["response_type", "client_id"],
        exchange_without: &[],
    })
}

fn begin(
    config: &Config,
    ctx: &Context,
    form: &Form,
    return_to: Url,
) -> Result<ConnectOutcome<AmazonCredential>> {
    let marketplace = marketplace::find(form.require("marketplace")?).ok_or_else(|| {
        Error::input(
            "marketplace",
            "Amazon has no marketplace there: type a country, such as US",
        )
    })?;
    let server = Server::new(marketplace.region, environment(form)?);
    let app = app(config, Some(marketplace.seller_central))?;
    let mut extra = vec![("application_id", config.require_application()?)];
    if config.draft {
        extra.push(("version", "beta"));
    }
    let state = ctx.random_token();
    let url = app.authorize(&state, &[], &return_to, None, &extra)?;
    let begun = Begun {
        server,
        home: Some(marketplace.id.to_owned()),
        return_to,
    };
    let pending = Pending::new(state, OAUTH, &begun)?;
    Ok(ConnectOutcome::Redirect { url, pending })
}

async fn resume(
    config: &Config,
    ctx: &Context,
    pending: &Pending,
    answer: &Form,
) -> Result<ConnectOutcome<AmazonCredential>> {
    let begun: Begun = pending.data()?;
    let (code, seller) = check_callback(pending, answer)?;
    let grant = app(config, None)?
        .exchange(ctx, code, &begun.return_to, None, &[])
        .await?;
    let credential =
        AmazonCredential::from_consent(begun.server, seller.to_owned(), grant, ctx.now())
            .ok_or_else(|| Error::contract("Amazon gave no refresh token for a consent"))?;
    let credential = credential.at_home_in(begun.home.as_deref());
    Ok(ConnectOutcome::Connected(credential))
}

/// That the callback belongs to this attempt, and what it brings: a code, and who consented.
fn check_callback<'a>(pending: &Pending, answer: &'a Form) -> Result<(&'a str, &'a str)> {
    pending.check_state(answer)?;
    match answer.get("error") {
        None => {}
        Some("access_denied") => {
            return Err(Error::new(
                ErrorKind::PermissionDenied,
                "the application was not authorised: the seller declined",
            ));
        }
        Some(_) => {
            return Err(Error::new(
                ErrorKind::Rejected,
                "Amazon refused to authorise the application",
            ));
        }
    }
    let seller = seller_id(answer)?;
    Ok((answer.require("spapi_oauth_code")?, seller))
}

async fn self_authorised(
    config: &Config,
    ctx: &Context,
    form: &Form,
) -> Result<ConnectOutcome<AmazonCredential>> {
    let token = form.require("refresh_token")?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::input(
            "refresh_token",
            "a refresh token has no spaces and no special characters: copy it once more",
        ));
    }
    let seller = seller_id(form)?.to_owned();
    let region = form.require("region")?;
    let home = marketplace::find(region.trim()).map(|found| found.id);
    let server = Server::new(region.parse()?, environment(form)?);
    let token = SecretString::from(token.to_owned());
    let grant = app(config, None)?
        .refresh(ctx, &token, &[])
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::ReconnectRequired => Error::input(
                "refresh_token",
                "Amazon doesn't take this refresh token: it is of another application, or was \
                 revoked",
            )
            .with_source(error),
            _ => error,
        })?;
    let credential = AmazonCredential::from_refresh_token(server, seller, token, grant, ctx.now())
        .at_home_in(home);
    Ok(ConnectOutcome::Connected(credential))
}

fn environment(form: &Form) -> Result<Environment> {
    match form.get("environment").map(str::trim) {
        None | Some("") => Ok(Environment::default()),
        Some(text) => text.parse(),
    }
}

/// Who the seller is. It becomes a part of paths, so it must be one that Amazon could have given.
fn seller_id(form: &Form) -> Result<&str> {
    let id = form.require("selling_partner_id")?;
    if id.len() <= 64 && id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        Ok(id)
    } else {
        Err(Error::input(
            "selling_partner_id",
            "a merchant token has only letters and digits",
        ))
    }
}

#[cfg(test)]
mod tests;
