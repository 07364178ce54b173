//! Connecting a shop and renewing its grant: OAuth with expiring tokens, or a custom app's token.
//!
//! Source: shopify.dev, "Implement authorization code grant manually" and "About offline access
//! tokens"; the order of the callback's checks is that of Shopify's own libraries.

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::oauth::{ClientProof, OAuthApp};
use connector_core::{
    ConnectOutcome, ConnectStep, Context, Error, ErrorKind, Form, Pending, Result, SecretString,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::Config;
use crate::credential::ShopifyCredential;
use crate::descriptor::{CUSTOM_APP_TOKEN, OAUTH};
use crate::shop_domain::ShopDomain;
use crate::signature;

/// How far a callback's time may be from ours, either way: what Shopify's JavaScript library allows.
const SKEW: TimeDelta = TimeDelta::seconds(90);

/// What is remembered between the redirect and the callback.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    shop: ShopDomain,
    return_to: Url,
}

/// Takes one step of connecting a shop.
pub(crate) async fn step(
    config: &Config,
    ctx: &Context,
    step: ConnectStep,
) -> Result<ConnectOutcome<ShopifyCredential>> {
    match step {
        ConnectStep::Begin {
            method,
            form,
            return_to,
        } => match method.as_str() {
            OAUTH => begin(config, ctx, &form, return_to),
            CUSTOM_APP_TOKEN => custom_app(&form),
            _ => Err(Error::input("method", "Shopify has no such way to connect")),
        },
        ConnectStep::Resume { pending, answer } => resume(config, ctx, &pending, &answer).await,
        _ => Err(Error::new(
            ErrorKind::Unsupported,
            "Shopify has no such step of connecting",
        )),
    }
}

/// Trades a refresh token for a new pair. A custom app's token comes back as it is.
pub(crate) async fn refresh(
    config: &Config,
    ctx: &Context,
    credential: &ShopifyCredential,
) -> Result<ShopifyCredential> {
    let Some(refresh) = &credential.refresh else {
        return Ok(credential.clone());
    };
    let grant = app(config, &credential.shop)?
        .refresh(ctx, &refresh.token, &[])
        .await?;
    let shop = credential.shop.clone();
    Ok(ShopifyCredential::from_grant(
        shop,
        grant,
        ctx.now(),
        Some(credential),
    ))
}

fn begin(
    config: &Config,
    ctx: &Context,
    form: &Form,
    return_to: Url,
) -> Result<ConnectOutcome<ShopifyCredential>> {
    let shop = ShopDomain::from_input(form.require("shop")?)?;
    let app = app(config, &shop)?;
    let state = ctx.random_token();
    let scopes = config.scopes.join(",");
    let url = app.authorize(&state, &[], &return_to, None, &[("scope", &scopes)])?;
    let pending = Pending::new(state, OAUTH, &Begun { shop, return_to })?;
    Ok(ConnectOutcome::Redirect { url, pending })
}

async fn resume(
    config: &Config,
    ctx: &Context,
    pending: &Pending,
    answer: &Form,
) -> Result<ConnectOutcome<ShopifyCredential>> {
    let begun: Begun = pending.data()?;
    check_callback(config, pending, &begun, answer, ctx.now())?;
    let app = app(config, &begun.shop)?;
    let grant = app
        .exchange(
            ctx,
            answer.require("code")?,
            &begun.return_to,
            None,
            &[("expiring", "1")],
        )
        .await
        .map_err(explain_exchange)?;
    let credential = ShopifyCredential::from_grant(begun.shop, grant, ctx.now(), None);
    Ok(ConnectOutcome::Connected(credential))
}

/// Shop, signature, time, state, and that it is the shop with which this began: in this order, so
/// that nothing that isn't Shopify's is looked at twice.
fn check_callback(
    config: &Config,
    pending: &Pending,
    begun: &Begun,
    answer: &Form,
    now: DateTime<Utc>,
) -> Result<()> {
    if answer.get("error").is_some() && answer.get("hmac").is_none() {
        // A refusal is not always signed; it can only end this attempt, and only with its state.
        pending.check_state(answer)?;
        return Err(declined(answer));
    }
    let shop = ShopDomain::parse(answer.require("shop")?)?;
    if !signature::verifies_query(&config.signing_secrets(), answer.iter()) {
        return Err(Error::input(
            "hmac",
            "the callback is not signed by Shopify",
        ));
    }
    let timestamp = answer
        .require("timestamp")?
        .parse()
        .ok()
        .and_then(|seconds| DateTime::from_timestamp(seconds, 0))
        .ok_or_else(|| Error::input("timestamp", "the callback's time can't be read"))?;
    if (now - timestamp).abs() > SKEW {
        return Err(Error::input(
            "timestamp",
            "the callback is too old or from the future: start again, or check the clock",
        ));
    }
    pending.check_state(answer)?;
    if shop != begun.shop {
        return Err(Error::input(
            "shop",
            "the callback is for another shop than was begun",
        ));
    }
    if answer.get("error").is_some() {
        return Err(declined(answer));
    }
    Ok(())
}

fn declined(answer: &Form) -> Error {
    match answer.get("error") {
        Some("access_denied") => Error::new(
            ErrorKind::PermissionDenied,
            "the app was not installed: the merchant declined",
        ),
        _ => Error::new(ErrorKind::Rejected, "Shopify refused to install the app"),
    }
}

/// Shopify says `invalid_request` where OAuth says `invalid_grant`, and
/// `application_cannot_be_found` where it says `invalid_client`.
fn explain_exchange(error: Error) -> Error {
    match error.context("code") {
        Some("invalid_request") => Error::new(
            ErrorKind::InputInvalid,
            "Shopify says that this consent is used up or expired: start again",
        )
        .with("code", "invalid_request"),
        Some("application_cannot_be_found") => Error::new(
            ErrorKind::ConfigInvalid,
            "Shopify doesn't know the app: check its client id and secret",
        )
        .with("code", "application_cannot_be_found"),
        _ => error,
    }
}

fn custom_app(form: &Form) -> Result<ConnectOutcome<ShopifyCredential>> {
    let shop = ShopDomain::from_input(form.require("shop")?)?;
    let token = form.require("token")?;
    if !token.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::input(
            "token",
            "an access token has no spaces and no special characters: copy it once more",
        ));
    }
    let token = SecretString::from(token.to_owned());
    Ok(ConnectOutcome::Connected(ShopifyCredential::custom_app(
        shop, token,
    )))
}

fn app(config: &Config, shop: &ShopDomain) -> Result<OAuthApp> {
    let (client_id, client_secret) = config.require_app()?;
    let address = |path: &str| {
        Url::parse(&format!("https://{shop}/admin/oauth/{path}")).map_err(|cause| {
            Error::input("shop", "this domain can't be an address").with_source(cause)
        })
    };
    Ok(OAuthApp {
        authorize_url: address("authorize")?,
        token_url: address("access_token")?,
        client_id: client_id.to_owned(),
        client_secret: client_secret.clone(),
        proof: ClientProof::Body,
        authorize_without: &["response_type"],
        exchange_without: &["grant_type", "redirect_uri"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use hmac::{Hmac, KeyInit as _, Mac as _};

    const NOW: i64 = 1_780_000_000;
    const STATE: &str = "0f1e2d3c";

    fn config() -> Config {
        Config::app("id", SecretString::from("hush".to_owned()))
    }

    /// A callback as Shopify signs it, with some values changed or left out (`None`) before it is
    /// signed.
    fn callback(changes: &[(&str, Option<&str>)]) -> Form {
        let timestamp = NOW.to_string();
        let mut pairs = vec![
            ("code", "c0de"),
            ("host", "YWRtaW4uc2hvcGlmeS5jb20"),
            ("shop", "black-tees.myshopify.com"),
            ("state", STATE),
            ("timestamp", timestamp.as_str()),
        ];
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            pairs.extend(value.map(|value| (*name, value)));
        }
        pairs.sort_unstable();
        let message: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(b"hush").unwrap();
        mac.update(message.join("&").as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        pairs
            .into_iter()
            .fold(Form::new(), |form, (name, value)| form.with(name, value))
            .with("hmac", signature)
    }

    fn check(answer: &Form, now: i64) -> Result<()> {
        let begun = Begun {
            shop: ShopDomain::parse("black-tees.myshopify.com").unwrap(),
            return_to: "https://crossdock.example.com/back".parse().unwrap(),
        };
        let pending = Pending::new(STATE, OAUTH, &begun).unwrap();
        let now = DateTime::from_timestamp(now, 0).unwrap();
        check_callback(&config(), &pending, &begun, answer, now)
    }

    fn refused(changes: &[(&str, Option<&str>)]) -> String {
        let error = check(&callback(changes), NOW).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InputInvalid, "{error}");
        error.field().unwrap().to_owned()
    }

    #[test]
    fn a_callback_that_is_whole_passes_and_each_part_of_it_counts() {
        check(&callback(&[]), NOW).unwrap();
        check(&callback(&[("new_in_2027", Some("1"))]), NOW).unwrap();
        assert_eq!(
            refused(&[("shop", Some("black-tees.myshopify.com.evil.com"))]),
            "shop"
        );
        assert_eq!(refused(&[("shop", Some("other.myshopify.com"))]), "shop");
        assert_eq!(refused(&[("state", Some("another"))]), "state");
        assert_eq!(refused(&[("state", None)]), "state");
        assert_eq!(refused(&[("timestamp", Some("soon"))]), "timestamp");
        assert_eq!(refused(&[("timestamp", None)]), "timestamp");
        let forged = callback(&[]).with("extra", "1");
        assert_eq!(check(&forged, NOW).unwrap_err().field(), Some("hmac"));
        assert_eq!(check(&Form::new(), NOW).unwrap_err().field(), Some("shop"));
    }

    #[test]
    fn a_callback_lives_for_ninety_seconds_either_way() {
        for (seconds, passes) in [(90, true), (-90, true), (91, false), (-91, false)] {
            assert_eq!(
                check(&callback(&[]), NOW + seconds).is_ok(),
                passes,
                "{seconds}"
            );
        }
    }

    #[test]
    fn declining_is_no_bad_input_but_needs_the_state_too() {
        let unsigned = Form::new().with("error", "access_denied");
        let error = check(&unsigned.clone().with("state", STATE), NOW).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::PermissionDenied);
        let error = check(&unsigned.with("state", "another"), NOW).unwrap_err();
        assert_eq!(error.field(), Some("state"));
        let signed = callback(&[("error", Some("access_denied"))]);
        assert_eq!(
            check(&signed, NOW).unwrap_err().kind(),
            ErrorKind::PermissionDenied
        );
    }

    #[test]
    fn a_token_with_spaces_is_told_so() {
        let form = Form::new()
            .with("shop", "black-tees")
            .with("token", " shpat_a b ");
        assert_eq!(custom_app(&form).unwrap_err().field(), Some("token"));
        let form = Form::new()
            .with("shop", "black-tees")
            .with("token", " shpat_ab ");
        assert!(matches!(
            custom_app(&form),
            Ok(ConnectOutcome::Connected(_))
        ));
    }
}
