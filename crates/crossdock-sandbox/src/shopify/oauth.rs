//! Authorisation: consent, codes, tokens, renewal, uninstalling.
//!
//! A token is its own record (see [`crate::token`]); what is kept here is only which tokens have
//! ended before their time. A sandbox that is started anew forgets that, and nothing else.

mod pages;
mod sign;
mod token;

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use super::graphql::SCOPES;
use crate::token::Claims;
use crate::world::World;

pub(crate) use pages::{authorize, consent};
pub(crate) use sign::{hex_digest, webhook_signature};
pub(crate) use token::access_token;

/// The app that everybody knows.
pub(crate) const CLIENT_ID: &str = "sandbox-shopify-app";

/// Its secret, which protects nothing.
pub(crate) const CLIENT_SECRET: &str = "sandbox-shopify-secret";

/// The custom app's token that everybody knows: it opens every shop and never expires.
const WELL_KNOWN_TOKEN: &str = "sbx_custom_app_demo";

/// How long an access token of an expiring pair lasts.
const ACCESS_LIFE: TimeDelta = TimeDelta::hours(1);

/// How long a refresh token lasts.
const REFRESH_LIFE: TimeDelta = TimeDelta::days(90);

/// How long a used refresh token can be used again while its replacement is not.
const REUSE: TimeDelta = TimeDelta::days(30);

/// How long a code lasts.
const CODE_LIFE: TimeDelta = TimeDelta::seconds(60);

/// What an access token opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Grant {
    /// The app's client id.
    pub(crate) app: String,
    /// As they were asked for.
    pub(crate) scopes: Vec<String>,
}

impl Grant {
    /// Whether a scope is granted. Writing implies reading, and the older name of the payments
    /// scope implies its parts.
    pub(crate) fn allows(&self, scope: &str) -> bool {
        self.scopes.iter().any(|held| {
            held == scope
                || held
                    .strip_prefix("write_")
                    .zip(scope.strip_prefix("read_"))
                    .is_some_and(|(held, wanted)| held == wanted)
                || (held == "read_shopify_payments" && scope.starts_with("read_shopify_payments_"))
        })
    }

    /// The app's installation, with every scope that it has.
    pub(crate) fn installation(&self) -> Value {
        let scopes: Vec<Value> = SCOPES
            .iter()
            .filter(|(handle, _)| self.allows(handle))
            .map(|(handle, description)| json!({ "handle": handle, "description": description }))
            .collect();
        json!({
            "id": "gid://shopify/AppInstallation/700100200",
            "accessScopes": scopes,
            "launchUrl": "https://admin.shopify.com/store/apps/crossdock-sandbox",
            "uninstallUrl": null,
            "app": {
                "id": "gid://shopify/App/580111",
                "apiKey": self.app,
                "title": "Crossdock sandbox app",
                "handle": "crossdock-sandbox",
                "description": null,
                "developerName": null,
                "embedded": false,
            },
        })
    }
}

/// What ended before its time, and which renewals are not confirmed yet.
#[derive(Debug, Default)]
pub(crate) struct Authority {
    /// Tokens and codes that are used up or revoked.
    ended: HashSet<String>,
    /// By a renewed pair's access or refresh token: the refresh token that it replaces.
    replaces: HashMap<String, String>,
    /// When a refresh token was first used.
    first_used: HashMap<String, DateTime<Utc>>,
    /// Up to which time and serial an app's tokens in a shop ended, by uninstalling.
    uninstalled: BTreeMap<(String, String), (DateTime<Utc>, u64)>,
    /// Scopes that replace those of an app's tokens in a shop.
    scopes: BTreeMap<(String, String), Vec<String>>,
}

/// A pair of tokens, as it is sent.
#[derive(Clone, Debug)]
pub(crate) struct Pair {
    access: String,
    refresh: Option<String>,
    scopes: Vec<String>,
}

impl Authority {
    /// What an access token opens in a shop; `None` where it opens nothing. Its first use retires
    /// the refresh token that it was renewed with.
    pub(crate) fn authenticate(&mut self, token: &str, shop: &str, world: &World) -> Option<Grant> {
        let claims = match token {
            WELL_KNOWN_TOKEN => custom_app(),
            token => world.key().verify(token).ok()?,
        };
        let opens = matches!(claims.kind.as_str(), "access" | "custom")
            && (claims.subject == shop || claims.subject == ANY_SHOP)
            && self.is_alive(token, &claims, shop, world.now);
        if !opens {
            return None;
        }
        if let Some(replaced) = self.replaces.remove(token) {
            self.ended.insert(replaced);
        }
        let known = self.scopes.get(&(shop.to_owned(), claims.client.clone()));
        Some(Grant {
            scopes: known.cloned().unwrap_or(claims.scopes),
            app: claims.client,
        })
    }

    fn is_alive(&self, token: &str, claims: &Claims, shop: &str, now: DateTime<Utc>) -> bool {
        let before = self
            .uninstalled
            .get(&(shop.to_owned(), claims.client.clone()))
            .is_some_and(|(at, serial)| {
                claims.issued_at < *at || (claims.issued_at == *at && claims.serial <= *serial)
            });
        !claims.is_expired(now) && !before && !self.ended.contains(token)
    }

    /// Issues an access token, with a refresh token if it is to expire.
    fn issue(
        &mut self,
        shop: &str,
        app: &str,
        scopes: &[String],
        expiring: bool,
        world: &mut World,
    ) -> Pair {
        let now = world.now;
        let mut token = |kind: &str, life: Option<TimeDelta>| {
            let serial = world.serial();
            world.key().issue(&Claims {
                kind: kind.to_owned(),
                subject: shop.to_owned(),
                client: app.to_owned(),
                scopes: scopes.to_vec(),
                issued_at: now,
                expires_at: life.map(|life| now + life),
                serial,
            })
        };
        let access = token("access", expiring.then_some(ACCESS_LIFE));
        let refresh = expiring.then(|| token("refresh", Some(REFRESH_LIFE)));
        Pair {
            access,
            refresh,
            scopes: scopes.to_vec(),
        }
    }

    /// Renews a pair. The refresh token stays good until the new pair is first used, or for thirty
    /// days after its own first use: an answer that got lost can be asked for again.
    fn renew(&mut self, refresh: &str, shop: &str, app: &str, world: &mut World) -> Option<Pair> {
        let claims = world.key().verify(refresh).ok()?;
        let now = world.now;
        let good = claims.kind == "refresh"
            && claims.subject == shop
            && claims.client == app
            && self.is_alive(refresh, &claims, shop, now)
            && self
                .first_used
                .get(refresh)
                .is_none_or(|first| now < *first + REUSE);
        if !good {
            return None;
        }
        if let Some(replaced) = self.replaces.remove(refresh) {
            self.ended.insert(replaced);
        }
        self.first_used.entry(refresh.to_owned()).or_insert(now);
        let pair = self.issue(shop, app, &claims.scopes, true, world);
        for token in [Some(&pair.access), pair.refresh.as_ref()]
            .into_iter()
            .flatten()
        {
            self.replaces.insert(token.clone(), refresh.to_owned());
        }
        Some(pair)
    }

    /// Ends everything that an app has in a shop.
    pub(crate) fn uninstall(&mut self, shop: &str, app: &str, world: &mut World) {
        let serial = world.serial();
        // Tokens carry whole seconds, so the boundary must too.
        let second = DateTime::from_timestamp(world.now.timestamp(), 0).unwrap_or(world.now);
        self.uninstalled
            .insert((shop.to_owned(), app.to_owned()), (second, serial));
    }

    /// Ends one token.
    pub(crate) fn revoke(&mut self, token: &str) {
        self.ended.insert(token.to_owned());
    }

    /// Changes what an app's tokens open in a shop.
    pub(crate) fn set_scopes(&mut self, shop: &str, app: &str, scopes: Vec<String>) {
        self.scopes
            .insert((shop.to_owned(), app.to_owned()), scopes);
    }
}

/// The subject of a token that opens every shop: the documented custom-app token.
const ANY_SHOP: &str = "*";

/// The token of a custom app that opens every shop and never expires. The same in every sandbox.
pub(crate) fn custom_token(world: &World) -> String {
    world.key().issue(&custom_app())
}

/// What a custom app's token says: everything, in every shop, for ever.
fn custom_app() -> Claims {
    Claims {
        kind: "custom".to_owned(),
        subject: ANY_SHOP.to_owned(),
        client: "sandbox-custom-app".to_owned(),
        scopes: SCOPES
            .iter()
            .map(|(handle, _)| (*handle).to_owned())
            .collect(),
        issued_at: DateTime::UNIX_EPOCH,
        expires_at: None,
        serial: 0,
    }
}
