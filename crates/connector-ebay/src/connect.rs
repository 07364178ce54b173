//! Connecting a seller and renewing the grant: the authorization code grant, or a refresh token from
//! the developer portal.
//!
//! Source: copies of eBay's OAuth guide. The consent page wants a RuName where others want an
//! address; where that leads is set in the developer portal. A renewal's answer has no refresh token:
//! the one that there is stays good for eighteen months from the consent, whatever is done with it.

use connector_core::oauth::{ClientProof, OAuthApp};
use connector_core::{
    ConnectOutcome, ConnectStep, Context, Error, ErrorKind, Form, Pending, Result, SecretString,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::api::CreateSigningKey;
use crate::application::Application;
use crate::config::Config;
use crate::credential::{EbayCredential, Owner};
use crate::descriptor::{OAUTH, REFRESH_TOKEN};
use crate::environment::{Environment, Server};
use crate::marketplace::Marketplace;
use crate::signing::SigningKey;

/// What the consent page and the exchange of a code must not be told: the RuName is told instead.
const ADDRESS: &[&str] = &["redirect_uri"];

/// What is remembered between the redirect and the callback.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    environment: Environment,
    marketplace: Marketplace,
    scopes: Vec<String>,
    return_to: Url,
}

/// Takes one step of connecting a seller.
pub(crate) async fn step(
    application: &Application,
    ctx: &Context,
    step: ConnectStep,
) -> Result<ConnectOutcome<EbayCredential>> {
    match step {
        ConnectStep::Begin {
            method,
            form,
            return_to,
        } => match method.as_str() {
            OAUTH => begin(application.config(), ctx, &form, return_to),
            REFRESH_TOKEN => typed(application, ctx, &form).await,
            _ => Err(Error::input("method", "eBay has no such way to connect")),
        },
        ConnectStep::Resume { pending, answer } => {
            resume(application, ctx, &pending, &answer).await
        }
        _ => Err(Error::new(
            ErrorKind::Unsupported,
            "eBay has no such step of connecting",
        )),
    }
}

/// Trades the refresh token for an access token, and replaces a signing key that is missing or soon
/// to end.
pub(crate) async fn refresh(
    application: &Application,
    ctx: &Context,
    credential: &EbayCredential,
) -> Result<EbayCredential> {
    let config = application.config();
    let keyset = config.require_keyset(credential.environment)?;
    if keyset.client_id != credential.client_id {
        return Err(Error::new(
            ErrorKind::ReconnectRequired,
            "the connection was made with another eBay keyset than the configured one: connect again",
        ));
    }
    let grant = app(config, credential.environment)?
        .refresh(ctx, &credential.refresh_token, &[])
        .await?;
    let mut renewed = credential.renewed(grant, ctx.now());
    let usable = |key: &SigningKey| !key.is_due(ctx.now());
    if !renewed.signing_key.as_ref().is_some_and(usable)
        && let Some(key) = signing_key(application, ctx, credential.environment).await
    {
        renewed.signing_key = Some(key);
    }
    Ok(renewed)
}

fn begin(
    config: &Config,
    ctx: &Context,
    form: &Form,
    return_to: Url,
) -> Result<ConnectOutcome<EbayCredential>> {
    let (environment, marketplace) = place(form)?;
    let ru_name = config.require_ru_name(environment)?;
    let scopes = config.full_scopes();
    let asked: Vec<&str> = scopes.iter().map(String::as_str).collect();
    let state = ctx.random_token();
    let mut url = app(config, environment)?.authorize(
        &state,
        &asked,
        &return_to,
        None,
        &[("redirect_uri", ru_name)],
    )?;
    // The guide wants spaces written as %20. A plus that was meant is %2B already.
    let query = url.query().unwrap_or_default().replace('+', "%20");
    url.set_query(Some(&query));
    let begun = Begun {
        environment,
        marketplace,
        scopes,
        return_to,
    };
    let pending = Pending::new(state, OAUTH, &begun)?;
    Ok(ConnectOutcome::Redirect { url, pending })
}

async fn resume(
    application: &Application,
    ctx: &Context,
    pending: &Pending,
    answer: &Form,
) -> Result<ConnectOutcome<EbayCredential>> {
    let begun: Begun = pending.data()?;
    let code = code(pending, answer)?;
    let config = application.config();
    let ru_name = config.require_ru_name(begun.environment)?;
    let grant = app(config, begun.environment)?
        .exchange(
            ctx,
            code,
            &begun.return_to,
            None,
            &[("redirect_uri", ru_name)],
        )
        .await?;
    let Some(refresh_token) = grant.refresh_token.clone() else {
        return Err(Error::contract("eBay gave no refresh token for a consent"));
    };
    let owner = Owner {
        environment: begun.environment,
        client_id: config
            .require_keyset(begun.environment)?
            .client_id
            .to_owned(),
        marketplace: begun.marketplace,
        scopes: begun.scopes,
    };
    let mut credential = EbayCredential::new(owner, grant, refresh_token, ctx.now());
    credential.signing_key = signing_key(application, ctx, begun.environment).await;
    Ok(ConnectOutcome::Connected(credential))
}

/// The code in a callback that belongs to this attempt.
///
/// Who declines is sent to the decline address, with the state and without anything else.
fn code<'a>(pending: &Pending, answer: &'a Form) -> Result<&'a str> {
    pending.check_state(answer)?;
    let said_no = answer.get("code").is_none() && answer.get("expires_in").is_none();
    if said_no || answer.get("error").is_some() {
        return Err(Error::new(
            ErrorKind::PermissionDenied,
            "the application was not granted access: the seller declined",
        ));
    }
    answer.require("code")
}

/// A refresh token that a person has from the developer portal. It is tried at once.
async fn typed(
    application: &Application,
    ctx: &Context,
    form: &Form,
) -> Result<ConnectOutcome<EbayCredential>> {
    let (environment, marketplace) = place(form)?;
    let token = form.require("refresh_token")?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::input(
            "refresh_token",
            "a refresh token has no spaces and no special characters: copy it once more",
        ));
    }
    let token = SecretString::from(token.to_owned());
    let config = application.config();
    let keyset = config.require_keyset(environment)?;
    let grant = app(config, environment)?
        .refresh(ctx, &token, &[])
        .await
        .map_err(|error| match error.kind() {
            ErrorKind::ReconnectRequired => Error::input(
                "refresh_token",
                "eBay doesn't take this refresh token: it is of another keyset or environment, has \
                 expired, or was revoked",
            ),
            _ => error,
        })?;
    let owner = Owner {
        environment,
        client_id: keyset.client_id.to_owned(),
        marketplace,
        scopes: Vec::new(),
    };
    let mut credential = EbayCredential::new(owner, grant, token, ctx.now());
    credential.signing_key = signing_key(application, ctx, environment).await;
    Ok(ConnectOutcome::Connected(credential))
}

fn place(form: &Form) -> Result<(Environment, Marketplace)> {
    let marketplace = Marketplace::from_input("marketplace", form.require("marketplace")?)?;
    let environment = Environment::from_input(form.get("environment"))?;
    Ok((environment, marketplace))
}

/// A key of this connection's own, made by eBay; `None` where the operator configured one for all.
///
/// Nothing fails for the lack of it but calls about the money of sellers in the European Union and
/// the United Kingdom, so none is made for now when eBay can't make one: the next renewal tries
/// again, and [`test`](connector_core::Connector::test) says that it is missing.
async fn signing_key(
    application: &Application,
    ctx: &Context,
    environment: Environment,
) -> Option<SigningKey> {
    if application.config().signing_key().is_some() {
        return None;
    }
    let session = application.session(ctx, environment).ok()?;
    let made = session.call(&CreateSigningKey { environment }).await.ok()?;
    made.into_key()
}

/// The application registered at eBay, as OAuth sees it.
pub(crate) fn app(config: &Config, environment: Environment) -> Result<OAuthApp> {
    let keyset = config.require_keyset(environment)?;
    let address = |server, path: &str| {
        Url::parse(environment.root(server))
            .and_then(|root| root.join(path))
            .map_err(|_cause| Error::new(ErrorKind::Unexpected, "an address of eBay's is none"))
    };
    Ok(OAuthApp {
        authorize_url: address(Server::Auth, "/oauth2/authorize")?,
        token_url: address(Server::Api, "/identity/v1/oauth2/token")?,
        client_id: keyset.client_id.to_owned(),
        client_secret: keyset.client_secret.clone(),
        proof: ClientProof::Basic,
        authorize_without: ADDRESS,
        exchange_without: ADDRESS,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATE: &str = "0f1e2d3c";

    fn config() -> Config {
        serde_json::from_str(
            r#"{"client_id":"app","client_secret":"hush","ru_name":"Example-App-ru","scopes":"api_scope sell.finances"}"#,
        )
        .unwrap()
    }

    fn pending() -> Pending {
        Pending::new(STATE, OAUTH, &()).unwrap()
    }

    fn returned(query: &str) -> Result<String> {
        code(&pending(), &Form::from_query(query)).map(str::to_owned)
    }

    #[test]
    fn the_consent_page_is_told_the_ru_name_and_spaces_as_percent_20() {
        let url = app(&config(), Environment::Sandbox);
        assert_eq!(url.unwrap_err().kind(), ErrorKind::ConfigInvalid);
        let ctx = connector_testkit_context();
        let form = Form::new().with("marketplace", "EBAY_GB");
        let back: Url = "https://crossdock.example/back".parse().unwrap();
        let outcome = begin(&config(), &ctx, &form, back).unwrap();
        let ConnectOutcome::Redirect { url, pending } = outcome else {
            panic!("{outcome:?}")
        };
        assert_eq!(url.host_str(), Some("auth.ebay.com"));
        let query = url.query().unwrap();
        assert!(query.contains("api_scope%20https"), "{query}");
        let pairs: std::collections::BTreeMap<_, _> = url.query_pairs().into_owned().collect();
        assert_eq!(pairs["redirect_uri"], "Example-App-ru");
        assert_eq!(pairs["response_type"], "code");
        assert_eq!(pairs["state"], pending.key());
        assert_eq!(url.query_pairs().count(), 5);
    }

    fn connector_testkit_context() -> Context {
        use connector_testkit::{Options, Sandbox, SandboxTransport, SeededEntropy, TestClock};
        use std::sync::{Arc, Mutex};

        let clock = Arc::new(TestClock::new(chrono::DateTime::UNIX_EPOCH));
        let sandbox = Sandbox::new(Options::new(chrono::DateTime::UNIX_EPOCH));
        let wire = SandboxTransport::new(Arc::new(Mutex::new(sandbox)), Arc::clone(&clock) as _);
        Context::new(Arc::new(wire), clock, Arc::new(SeededEntropy::new(1)))
    }

    #[test]
    fn a_callback_needs_its_state_and_a_code_that_is_decoded_once() {
        let whole = "state=0f1e2d3c&code=v%5E1.1%23i%5E1%2Bx&expires_in=299";
        assert_eq!(returned(whole).unwrap(), "v^1.1#i^1+x");
        for (query, field) in [
            ("", "state"),
            ("code=c&expires_in=299", "state"),
            ("state=0f1e2d3d&code=c&expires_in=299", "state"),
            ("state=0f1e2d3c&expires_in=299", "code"),
            ("state=0f1e2d3c&code=&expires_in=299", "code"),
        ] {
            let error = returned(query).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InputInvalid, "{query}");
            assert_eq!(error.field(), Some(field), "{query}");
        }
    }

    #[test]
    fn who_declines_comes_back_with_the_state_alone() {
        for query in [
            "state=0f1e2d3c",
            "state=0f1e2d3c&error=access_denied&code=c",
        ] {
            let error = returned(query).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{query}");
        }
    }
}
