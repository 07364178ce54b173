//! Authorisation: keysets, consent, codes, tokens, renewal, revocation.
//!
//! From the copies of eBay's OAuth guide: the production and the sandbox environment have keysets
//! of their own, and a token of one opens nothing in the other. A refresh token lives eighteen
//! months from the consent; renewing neither extends nor replaces it.
//!
//! A token is its own record (see [`crate::token`]); what is kept here is only what ended before
//! its time. A sandbox that is started anew forgets that, and nothing else.

mod pages;
mod scopes;
mod token;

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;

use crate::platform::Call;
use crate::token::Claims;
use crate::world::World;

use super::refusal::{Outcome, Refusal};

pub(super) use pages::{authorize, consent, finished};
pub(super) use scopes::BASE;
pub(super) use token::token;

/// The one seller: who agrees on the consent page, and whose data there is.
pub(super) const USER: &str = "sbx_user_demo";

/// How long access tokens of users and applications last.
const ACCESS_LIFE: TimeDelta = TimeDelta::seconds(7_200);

/// How long a refresh token lasts, from the consent on.
const REFRESH_LIFE: TimeDelta = TimeDelta::seconds(47_304_000);

/// How long a code lasts.
const CODE_LIFE: TimeDelta = TimeDelta::seconds(299);

/// How eBay's tokens and codes begin. The signs in it survive only where a client encodes its forms.
const PREFIX: &str = "v^1.1#i^1#";

/// One of the two worlds that eBay keeps apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Environment {
    /// `api.ebay.com` and its sisters.
    Production,
    /// `api.sandbox.ebay.com` and its sisters.
    Sandbox,
}

/// What a developer has for one environment.
#[derive(Clone, Copy, Debug)]
pub(super) struct Keyset {
    /// The App ID.
    pub(super) client_id: &'static str,
    /// The Cert ID.
    secret: &'static str,
    /// The name under which the addresses to return to are registered.
    pub(super) runame: &'static str,
    /// A refresh token with all scopes that never ends.
    refresh: &'static str,
}

impl Environment {
    /// The environment of a host.
    pub(super) fn of(host: &str) -> Self {
        if host.ends_with(".sandbox.ebay.com") {
            Self::Sandbox
        } else {
            Self::Production
        }
    }

    /// The keyset that everybody knows.
    pub(super) fn keyset(self) -> Keyset {
        match self {
            Self::Production => Keyset {
                client_id: "CrossdockSandbox-SBX-demo",
                secret: "sandbox-ebay-secret",
                runame: "Crossdock-Sandbox-demo",
                refresh: "sbx_ebay_refresh_demo",
            },
            Self::Sandbox => Keyset {
                client_id: "CrossdockSandbox-SBX-demo-sandbox",
                secret: "sandbox-ebay-secret-sandbox",
                runame: "Crossdock-Sandbox-demo-sandbox",
                refresh: "sbx_ebay_refresh_demo_sandbox",
            },
        }
    }
}

/// Where a RuName sends people back to.
#[derive(Clone, Debug)]
pub(super) struct Return {
    pub(super) accept: url::Url,
    pub(super) decline: url::Url,
}

/// What an access token opens.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    /// The App ID.
    pub(super) client: String,
    /// The user; `None` for a token of the application itself.
    pub(super) user: Option<String>,
    scopes: Vec<String>,
}

impl Grant {
    /// Whether it carries one of these scopes, given without their common beginning.
    pub(super) fn allows(&self, any_of: &[&str]) -> bool {
        self.scopes.iter().any(|held| {
            held.strip_prefix(BASE)
                .is_some_and(|held| any_of.contains(&held.trim_start_matches('/')))
        })
    }
}

/// What ended before its time, and what was registered.
#[derive(Debug, Default)]
pub(super) struct Authority {
    /// Used codes and revoked tokens.
    ended: HashSet<String>,
    /// Up to when and which serial number the user's tokens are revoked.
    revoked: Option<(DateTime<Utc>, u64)>,
    /// By RuName.
    returns: BTreeMap<String, Return>,
}

impl Authority {
    /// Registers where a RuName sends people back to.
    pub(super) fn register(&mut self, runame: String, to: Return) {
        self.returns.insert(runame, to);
    }

    /// What the bearer token of a call opens.
    ///
    /// # Errors
    /// 1002 without one, 1003 where the header isn't a bearer's, 1001 where the token is unknown,
    /// ended, revoked, or of the other environment.
    pub(super) fn authenticate(&self, call: &Call<'_>, world: &World) -> Outcome<Grant> {
        let Some(header) = call.header("authorization") else {
            return Err(Refusal::bad(1002, "OAuth", "Missing access token"));
        };
        let token = header
            .strip_prefix("Bearer ")
            .ok_or_else(|| Refusal::bad(1003, "OAuth", "Token type in the header is invalid"))?;
        let invalid = || {
            let message = "Invalid access token";
            Refusal::new(StatusCode::UNAUTHORIZED, 1001, "OAuth", message)
        };
        let claims = self.read(token.trim(), world).ok_or_else(invalid)?;
        let is_access = matches!(claims.kind.as_str(), "access" | "application");
        if !is_access || claims.client != Environment::of(call.host).keyset().client_id {
            return Err(invalid());
        }
        Ok(Grant {
            user: (claims.kind == "access").then_some(claims.subject),
            client: claims.client,
            scopes: claims.scopes,
        })
    }

    /// The claims of a token or code that is still good.
    fn read(&self, token: &str, world: &World) -> Option<Claims> {
        let bare = token.strip_prefix(PREFIX).unwrap_or(token);
        let claims = world.key().verify(bare).ok()?;
        let good = !claims.is_expired(world.now)
            && !self.ended.contains(token)
            && (claims.kind == "application" || !self.is_revoked(&claims));
        good.then_some(claims)
    }

    fn is_revoked(&self, claims: &Claims) -> bool {
        self.revoked.is_some_and(|(at, serial)| {
            claims.issued_at < at || (claims.issued_at == at && claims.serial <= serial)
        })
    }

    /// Ends everything that the user granted, as the user can on eBay's pages.
    pub(super) fn revoke_user(&mut self, world: &mut World) {
        // Tokens carry whole seconds, so the boundary must too.
        let second = DateTime::from_timestamp(world.now.timestamp(), 0).unwrap_or(world.now);
        self.revoked = Some((second, world.serial()));
        for environment in [Environment::Production, Environment::Sandbox] {
            self.ended.insert(environment.keyset().refresh.to_owned());
        }
    }

    /// Ends one token.
    pub(super) fn revoke(&mut self, token: &str) {
        self.ended.insert(token.to_owned());
    }
}

/// Writes a token or a code.
fn issue(
    kind: &str,
    subject: &str,
    client: &str,
    scopes: &[String],
    life: TimeDelta,
    world: &mut World,
) -> String {
    let serial = world.serial();
    let token = world.key().issue(&Claims {
        kind: kind.to_owned(),
        subject: subject.to_owned(),
        client: client.to_owned(),
        scopes: scopes.to_vec(),
        issued_at: world.now,
        expires_at: Some(world.now + life),
        serial,
    });
    format!("{PREFIX}{token}")
}
