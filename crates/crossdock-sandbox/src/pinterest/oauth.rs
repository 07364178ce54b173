//! Tokens: Basic authentication and a form; refresh tokens that rotate.
//! (developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization, and
//! `oauth/token` of the description.)
//!
//! A token is its own record (see [`crate::token`]). Tokens of the two hosts differ: one of the
//! sandbox's is refused in production, and the other way round. That a refresh token has ended as
//! soon as it was used follows from its rotation; how refusals of the token endpoint are worded is
//! inferred.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{Method, Response, StatusCode};
use serde_json::{Value, json};

use crate::answer;
use crate::platform::Call;
use crate::token::Claims;
use crate::world::World;

use super::refusal::{Outcome, Refusal};
use super::{API, TRIAL};

/// The app.
pub(super) const CLIENT: &str = "1000001";

/// Its secret.
const SECRET: &str = "sandbox-pinterest-secret";

/// The business account.
pub(super) const ACCOUNT: &str = "sandbox_studio";

/// The refresh token that everybody knows.
const WELL_KNOWN: &str = "sbx_pinterest_refresh_demo";

/// How long an access token lasts.
const ACCESS_LIFE: TimeDelta = TimeDelta::days(30);

/// How long a refresh token lasts.
const REFRESH_LIFE: TimeDelta = TimeDelta::days(60);

/// Every scope that there is, of those that read and those that write.
pub(super) const SCOPES: &[&str] = &[
    "ads:read",
    "ads:write",
    "billing:read",
    "billing:write",
    "biz_access:read",
    "biz_access:write",
    "boards:read",
    "boards:read_secret",
    "boards:write",
    "boards:write_secret",
    "catalogs:read",
    "catalogs:write",
    "pins:read",
    "pins:read_secret",
    "pins:write",
    "pins:write_secret",
    "user_accounts:read",
    "user_accounts:write",
];

/// What ended before its time.
#[derive(Debug, Default)]
pub(super) struct Authority {
    ended: HashSet<String>,
    /// Up to which time and serial everything ended, by the user's disconnecting the app.
    revoked: Option<(DateTime<Utc>, u64)>,
    /// The error with which the next consent ends.
    pub(super) next_error: Option<String>,
    /// Whether refresh answers leave the refresh token out, as for apps of old.
    pub(super) silent_refresh: bool,
}

impl Authority {
    /// What a call's access token says.
    pub(super) fn authenticate(&self, call: &Call<'_>, world: &World) -> Outcome<Claims> {
        let token = call
            .header("authorization")
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(Refusal::token)?;
        let claims = world.key().verify(token.trim());
        claims
            .ok()
            .filter(|claims| claims.kind == "access" && claims.client == client_of(call.host))
            .filter(|claims| self.is_alive(token.trim(), claims, world.now))
            .ok_or_else(Refusal::token)
    }

    fn is_alive(&self, token: &str, claims: &Claims, now: DateTime<Utc>) -> bool {
        let revoked = self.revoked.is_some_and(|(at, serial)| {
            claims.issued_at < at || (claims.issued_at == at && claims.serial <= serial)
        });
        !claims.is_expired(now) && !revoked && !self.ended.contains(token)
    }

    /// Ends one token before its time.
    pub(super) fn end(&mut self, token: &str) {
        self.ended.insert(token.to_owned());
    }

    /// Ends everything.
    pub(super) fn end_all(&mut self, world: &mut World) {
        let second = DateTime::from_timestamp(world.now.timestamp(), 0).unwrap_or(world.now);
        self.revoked = Some((second, world.serial()));
    }
}

/// Whose tokens a host takes: the app's, or the app's for the sandbox.
fn client_of(host: &str) -> String {
    if host == TRIAL {
        format!("{CLIENT}/sandbox")
    } else {
        CLIENT.to_owned()
    }
}

/// Writes a token.
pub(super) fn issue(
    kind: &str,
    host: &str,
    scopes: &[String],
    life: TimeDelta,
    world: &mut World,
) -> String {
    let serial = world.serial();
    world.key().issue(&Claims {
        kind: kind.to_owned(),
        subject: ACCOUNT.to_owned(),
        client: client_of(host),
        scopes: scopes.to_vec(),
        issued_at: world.now,
        expires_at: Some(world.now + life),
        serial,
    })
}

/// The scopes in a text, between commas or spaces.
pub(super) fn scopes(text: &str) -> Vec<String> {
    text.split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

/// `POST /v5/oauth/token`.
pub(super) fn token(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Response<Bytes> {
    match exchange(call, authority, world) {
        Ok(body) => answer::json(StatusCode::OK, &body),
        Err(refusal) => refusal.response(),
    }
}

fn exchange(call: &Call<'_>, authority: &mut Authority, world: &mut World) -> Outcome<Value> {
    if call.method != Method::POST {
        let status = StatusCode::METHOD_NOT_ALLOWED;
        return Err(Refusal::new(status, 5, "Method not allowed"));
    }
    authenticate_app(call)?;
    let is_form = call
        .header("content-type")
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    if !is_form {
        return Err(Refusal::parameter("Missing request body"));
    }
    let form: Vec<(String, String)> = url::form_urlencoded::parse(call.body)
        .into_owned()
        .collect();
    let field = |name: &str| {
        form.iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
            .ok_or_else(|| Refusal::parameter(format!("Missing required parameter: {name}")))
    };
    match field("grant_type")? {
        "authorization_code" => {
            let (code, redirect) = (field("code")?, field("redirect_uri")?);
            let claims = world.key().verify(code).ok();
            let claims = claims
                .filter(|claims| claims.kind == "code")
                .filter(|claims| authority.is_alive(code, claims, world.now));
            let (bound, scopes) = claims
                .as_ref()
                .and_then(|claims| claims.scopes.split_first())
                .ok_or_else(|| Refusal::parameter("The authorization code is invalid."))?;
            authority.end(code);
            if !url::Url::parse(redirect).is_ok_and(|url| url.as_str() == bound) {
                return Err(Refusal::parameter("The redirect_uri does not match."));
            }
            Ok(tokens("authorization_code", call.host, scopes, world))
        }
        "refresh_token" => {
            let held = field("refresh_token")?;
            let granted = refreshable(held, call.host, authority, world)?;
            let wanted = field("scope").map(scopes).unwrap_or_default();
            if wanted.iter().any(|scope| !granted.contains(scope)) {
                return Err(Refusal::parameter("The scope exceeds what was granted."));
            }
            let scopes = if wanted.is_empty() { granted } else { wanted };
            let mut body = tokens("refresh_token", call.host, &scopes, world);
            if authority.silent_refresh {
                if let Value::Object(fields) = &mut body {
                    fields.remove("refresh_token");
                }
            } else if held != WELL_KNOWN {
                authority.end(held);
            }
            Ok(body)
        }
        "client_credentials" => {
            let scopes = scopes(field("scope")?);
            let access = issue("access", call.host, &scopes, ACCESS_LIFE, world);
            Ok(json!({
                "response_type": "client_credentials",
                "access_token": access,
                "token_type": "bearer",
                "expires_in": ACCESS_LIFE.num_seconds(),
                "scope": scopes.join(" "),
            }))
        }
        other => Err(Refusal::parameter(format!("Invalid grant_type: {other}"))),
    }
}

/// The scopes of a refresh token that lives.
fn refreshable(
    token: &str,
    host: &str,
    authority: &Authority,
    world: &World,
) -> Outcome<Vec<String>> {
    if token == WELL_KNOWN {
        return if authority.ended.contains(token) || authority.revoked.is_some() || host != API {
            Err(Refusal::token())
        } else {
            Ok(SCOPES.iter().map(|scope| (*scope).to_owned()).collect())
        };
    }
    world
        .key()
        .verify(token)
        .ok()
        .filter(|claims| claims.kind == "refresh" && claims.client == client_of(host))
        .filter(|claims| authority.is_alive(token, claims, world.now))
        .map(|claims| claims.scopes)
        .ok_or_else(Refusal::token)
}

/// The app says who it is by Basic alone: fields of the form aren't looked at.
fn authenticate_app(call: &Call<'_>) -> Outcome<()> {
    let held = call
        .header("authorization")
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|value| STANDARD.decode(value.trim()).ok());
    if held.is_some_and(|held| held == format!("{CLIENT}:{SECRET}").as_bytes()) {
        Ok(())
    } else {
        Err(Refusal::token())
    }
}

/// An answer with both tokens.
pub(super) fn tokens(response: &str, host: &str, scopes: &[String], world: &mut World) -> Value {
    let access = issue("access", host, scopes, ACCESS_LIFE, world);
    let refresh = issue("refresh", host, scopes, REFRESH_LIFE, world);
    json!({
        "response_type": response,
        "access_token": access,
        "token_type": "bearer",
        "expires_in": ACCESS_LIFE.num_seconds(),
        "refresh_token": refresh,
        "refresh_token_expires_in": REFRESH_LIFE.num_seconds(),
        "refresh_token_expires_at": (world.now + REFRESH_LIFE).timestamp(),
        "scope": scopes.join(" "),
    })
}
