//! Connecting a Google account and renewing its grant: one consent for all services, and the
//! question what of them is to be read.
//!
//! Source: developers.google.com/identity/protocols/oauth2/web-server, read in November 2026.

mod lapse;

use std::sync::Arc;

use connector_core::oauth::{self, ClientProof, OAuthApp};
use connector_core::{
    Ask, Choice, ConnectOutcome, ConnectStep, Context, Error, ErrorKind, Form, Pending, Result,
    SecretString, Session, secret,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::Config;
use crate::connector::Google;
use crate::credential::GoogleCredential;
use crate::descriptor::{OAUTH, SERVICES, SOURCES};
use crate::service::{IDENTITY, Service};
use crate::sources::{self, ALL, Selection};

const AUTHORIZE_URL: &str = "https://accounts.google.com/o/oauth2/v2/auth";
const TOKEN_URL: &str = "https://oauth2.googleapis.com/token";

/// What is remembered between two steps.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "at", rename_all = "snake_case")]
enum Begun {
    /// The person is at Google.
    Consent {
        services: Vec<Service>,
        sources: Vec<String>,
        return_to: Url,
        #[serde(serialize_with = "secret::expose")]
        verifier: SecretString,
    },
    /// The person consented, and is asked what to read.
    Sources { credential: Box<GoogleCredential> },
}

/// Takes one step of connecting an account.
pub(crate) async fn step(
    google: &Google,
    ctx: &Context,
    step: ConnectStep,
) -> Result<ConnectOutcome<GoogleCredential>> {
    match step {
        ConnectStep::Begin {
            method,
            form,
            return_to,
        } if method == OAUTH => begin(&google.config, ctx, &form, return_to),
        ConnectStep::Begin { .. } => {
            Err(Error::input("method", "Google has no such way to connect"))
        }
        ConnectStep::Resume { pending, answer } => match pending.data()? {
            Begun::Consent {
                services,
                sources,
                return_to,
                verifier,
            } => {
                let code = check_callback(&pending, &answer)?;
                let grant = app(&google.config)?
                    .exchange(ctx, code, &return_to, Some(&verifier), &[])
                    .await?;
                let credential = GoogleCredential::from_consent(grant, services, ctx.now())
                    .ok_or_else(|| Error::contract("Google gave no refresh token for a consent"))?;
                consented(google, ctx, credential, sources).await
            }
            Begun::Sources { credential } => {
                let chosen = answer
                    .iter()
                    .filter(|(name, _)| *name == SOURCES)
                    .map(|(_, value)| value);
                choose(*credential, chosen)
            }
        },
        _ => Err(Error::new(
            ErrorKind::Unsupported,
            "Google has no such step of connecting",
        )),
    }
}

/// Trades the refresh token for an access token.
pub(crate) async fn refresh(
    config: &Config,
    ctx: &Context,
    credential: &GoogleCredential,
) -> Result<GoogleCredential> {
    let now = ctx.now();
    let grant = app(config)?
        .refresh(ctx, &credential.refresh_token, &[])
        .await
        .map_err(|error| lapse::explain(error, credential, now))?;
    Ok(credential.renewed(grant, now))
}

fn app(config: &Config) -> Result<OAuthApp> {
    let (client_id, client_secret) = config.require_client()?;
    let address = |text: &str| {
        Url::parse(text).map_err(|cause| {
            Error::new(ErrorKind::Unexpected, "this can't be an address").with_source(cause)
        })
    };
    Ok(OAuthApp {
        authorize_url: address(AUTHORIZE_URL)?,
        token_url: address(TOKEN_URL)?,
        client_id: client_id.to_owned(),
        client_secret: client_secret.clone(),
        proof: ClientProof::Body,
        authorize_without: &[],
        exchange_without: &[],
    })
}

fn begin(
    config: &Config,
    ctx: &Context,
    form: &Form,
    return_to: Url,
) -> Result<ConnectOutcome<GoogleCredential>> {
    let app = app(config)?;
    let services = services(form.get(SERVICES).unwrap_or_default())?;
    let sources = lines(form.get(SOURCES).unwrap_or_default());
    Selection::read(sources.iter().map(String::as_str))?;
    let mut scopes = IDENTITY.to_vec();
    scopes.extend(services.iter().flat_map(|service| service.scopes()));
    let verifier = oauth::code_verifier(ctx);
    let state = ctx.random_token();
    // Without `prompt=consent` a second connect would bring no refresh token. What was granted
    // before stays granted, so that a service can be added later.
    let extra = [
        ("access_type", "offline"),
        ("prompt", "consent"),
        ("include_granted_scopes", "true"),
    ];
    let url = app.authorize(&state, &scopes, &return_to, Some(&verifier), &extra)?;
    let begun = Begun::Consent {
        services,
        sources,
        return_to,
        verifier,
    };
    let pending = Pending::new(state, OAUTH, &begun)?;
    Ok(ConnectOutcome::Redirect { url, pending })
}

/// The services that are named, each once, or all.
fn services(text: &str) -> Result<Vec<Service>> {
    let mut services = Vec::new();
    for name in text.split(['\n', ',']).map(str::trim) {
        if name.is_empty() {
            continue;
        }
        let service: Service = name.parse()?;
        if !services.contains(&service) {
            services.push(service);
        }
    }
    if services.is_empty() {
        services.extend(Service::ALL);
    }
    Ok(services)
}

fn lines(text: &str) -> Vec<String> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}

/// That the callback belongs to this attempt, and the code that it brings.
fn check_callback<'a>(pending: &Pending, answer: &'a Form) -> Result<&'a str> {
    pending.check_state(answer)?;
    match answer.get("error") {
        None => answer.require("code"),
        Some(code) => Err(refusal(code)),
    }
}

/// What the consent page's refusals mean.
fn refusal(code: &str) -> Error {
    let (kind, message) = match code {
        "access_denied" => (
            ErrorKind::PermissionDenied,
            "the account was not connected: its owner declined",
        ),
        "admin_policy_enforced" => (
            ErrorKind::PermissionDenied,
            "the organisation's administrator doesn't let its accounts be connected",
        ),
        "org_internal" => (
            ErrorKind::ConfigInvalid,
            "the app is internal to another organisation: make its user type external",
        ),
        "redirect_uri_mismatch" => (
            ErrorKind::ConfigInvalid,
            "the return address isn't registered with the Google client",
        ),
        "rate_limit_exceeded" => (
            ErrorKind::RateLimited,
            "Google asks the app to let fewer people connect at a time",
        ),
        _ => (ErrorKind::Rejected, "Google refused to ask for the consent"),
    };
    Error::new(kind, message)
}

/// The person consented. What to read was typed before, or is asked for now, where there is a choice.
async fn consented(
    google: &Google,
    ctx: &Context,
    credential: GoogleCredential,
    typed: Vec<String>,
) -> Result<ConnectOutcome<GoogleCredential>> {
    if !typed.is_empty() {
        return choose(credential, typed.iter().map(String::as_str));
    }
    let session = Session::in_memory(&Arc::new(google.clone()), ctx.clone(), &credential)?;
    let mut among = Vec::new();
    for service in Service::ALL {
        if !credential.services.contains(&service) || credential.require(service).is_err() {
            continue;
        }
        // A service that can't be listed (its interface is turned off, say) is no reason not to
        // connect the others; its stream says what is wrong.
        if let Ok(found) = sources::list(&session, service).await {
            among.extend(found.into_iter().map(|source| Choice {
                value: source.line(),
                label: format!("{}: {}", service.title(), source.name),
            }));
        }
    }
    if among.len() < 2 {
        return Ok(ConnectOutcome::Connected(credential));
    }
    among.insert(
        0,
        Choice {
            value: ALL.to_owned(),
            label: "Everything, and what is added later".to_owned(),
        },
    );
    let begun = Begun::Sources {
        credential: Box::new(credential),
    };
    Ok(ConnectOutcome::Prompt {
        ask: Ask::Choose {
            field: SOURCES,
            label: "What is to be read?",
            among,
            many: true,
        },
        pending: Pending::new(ctx.random_token(), OAUTH, &begun)?,
    })
}

fn choose<'a>(
    mut credential: GoogleCredential,
    chosen: impl Iterator<Item = &'a str>,
) -> Result<ConnectOutcome<GoogleCredential>> {
    credential.sources = Selection::read(chosen)?.into_lines();
    Ok(ConnectOutcome::Connected(credential))
}

#[cfg(test)]
mod tests;
