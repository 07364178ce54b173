//! Authorisation: consent, codes, tokens that are renewed without rotating, revocation.
//!
//! A token is its own record (see [`crate::token`]). What is kept here is what ended before its
//! time, what was consented to, and when refresh tokens were last used. A sandbox that is started
//! anew forgets that, and nothing else.
//! (developers.google.com/identity/protocols/oauth2/web-server and its section on expiration.)

mod pages;
mod tokens;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::Response;

use crate::platform::Call;
use crate::token::Claims;
use crate::world::World;

use super::refusal::{Outcome, Refusal};
use super::service;

pub(super) use pages::{authorize, consent};
pub(super) use tokens::{exchange, revoke, tokeninfo, userinfo};

/// The refresh token that everybody knows: the owner's, of the published client, with every scope.
const WELL_KNOWN_REFRESH: &str = "sbx_google_refresh_demo";

/// How long an access token lasts: Google says 3,599 seconds.
const ACCESS_LIFE: TimeDelta = TimeDelta::seconds(3_599);

/// How long a code lasts.
const CODE_LIFE: TimeDelta = TimeDelta::minutes(10);

/// How long the refresh tokens of an app in testing last.
const TESTING_LIFE: TimeDelta = TimeDelta::days(7);

/// How long a refresh token that isn't used lasts: six months.
const UNUSED_LIFE: TimeDelta = TimeDelta::days(180);

/// How many refresh tokens an account may have for one client. One more ends the oldest.
const LIVE_REFRESH_TOKENS: usize = 100;

/// An app that asks for consent.
#[derive(Debug)]
pub(super) struct Client {
    id: &'static str,
    secret: &'static str,
    /// Whether its consent screen still has the publishing status "Testing".
    testing: bool,
}

/// The two apps. Each is of a Cloud project of its own.
static CLIENTS: &[Client] = &[
    Client {
        id: "sandbox-google-client.apps.googleusercontent.com",
        secret: "sandbox-google-secret",
        testing: false,
    },
    Client {
        id: "sandbox-google-testing.apps.googleusercontent.com",
        secret: "sandbox-google-secret",
        testing: true,
    },
];

fn client(id: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.id == id)
}

/// What an access token opens.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    /// Whose data: an e-mail address.
    pub(super) account: String,
    pub(super) scopes: Vec<String>,
}

/// One account and one client.
type Pair = (String, String);

/// What ended before its time, and what was consented to.
#[derive(Debug, Default)]
pub(super) struct Authority {
    /// Codes that are used up, and tokens that ended.
    ended: HashSet<String>,
    /// Up to which time and serial an account's tokens of a client ended, by revocation.
    revoked: BTreeMap<Pair, (DateTime<Utc>, u64)>,
    /// What an account consented to.
    granted: BTreeMap<Pair, BTreeSet<String>>,
    /// When a refresh token was last used.
    used: HashMap<String, DateTime<Utc>>,
    /// The refresh tokens of an account for a client, the oldest first.
    live: BTreeMap<Pair, VecDeque<String>>,
    /// The error with which the next consent ends, in place of a code.
    pub(super) next_error: Option<String>,
}

/// Tokens as they are sent.
#[derive(Debug)]
struct Tokens {
    access: String,
    refresh: Option<String>,
    refresh_life: Option<TimeDelta>,
    scopes: Vec<String>,
    account: String,
    client: &'static Client,
}

impl Authority {
    /// What a call's access token opens, from the header or, as older clients send it, the query.
    pub(super) fn authenticate(&self, call: &Call<'_>, world: &World) -> Outcome<Grant> {
        let token = call
            .header("authorization")
            .and_then(|value| value.strip_prefix("Bearer "))
            .or_else(|| call.query("access_token"))
            .ok_or_else(Refusal::no_credentials)?;
        let claims = self
            .access(token.trim(), world)
            .ok_or_else(Refusal::bad_credentials)?;
        Ok(Grant {
            account: claims.subject,
            scopes: claims.scopes,
        })
    }

    /// What a living access token says.
    fn access(&self, token: &str, world: &World) -> Option<Claims> {
        let claims = world.key().verify(token).ok()?;
        (claims.kind == "access" && self.is_alive(token, &claims, world.now)).then_some(claims)
    }

    /// What a living refresh token says.
    fn refresh(&self, token: &str, world: &World) -> Option<Claims> {
        let claims = match token {
            WELL_KNOWN_REFRESH => well_known(),
            token => world.key().verify(token).ok()?,
        };
        let since = self.used.get(token).copied().unwrap_or(claims.issued_at);
        let unused = token != WELL_KNOWN_REFRESH && since + UNUSED_LIFE <= world.now;
        let alive = claims.kind == "refresh" && self.is_alive(token, &claims, world.now);
        (alive && !unused).then_some(claims)
    }

    fn is_alive(&self, token: &str, claims: &Claims, now: DateTime<Utc>) -> bool {
        let pair = (claims.subject.clone(), claims.client.clone());
        let revoked = self.revoked.get(&pair).is_some_and(|(at, serial)| {
            claims.issued_at < *at || (claims.issued_at == *at && claims.serial <= *serial)
        });
        !claims.is_expired(now) && !revoked && !self.ended.contains(token)
    }

    /// Issues an access token, and a refresh token if the user saw the consent page.
    fn issue(
        &mut self,
        account: &str,
        client: &'static Client,
        scopes: &[String],
        offline: bool,
        world: &mut World,
    ) -> Tokens {
        let access = token("access", account, client, scopes, Some(ACCESS_LIFE), world);
        let short = client.testing && !scopes.iter().all(|scope| service::is_identity(scope));
        let refresh_life = short.then_some(TESTING_LIFE);
        let refresh =
            offline.then(|| token("refresh", account, client, scopes, refresh_life, world));
        if let Some(refresh) = &refresh {
            let live = self
                .live
                .entry((account.to_owned(), client.id.to_owned()))
                .or_default();
            live.push_back(refresh.clone());
            if live.len() > LIVE_REFRESH_TOKENS
                && let Some(oldest) = live.pop_front()
            {
                self.ended.insert(oldest);
            }
        }
        Tokens {
            access,
            refresh,
            refresh_life,
            scopes: scopes.to_vec(),
            account: account.to_owned(),
            client,
        }
    }

    /// Ends everything that an account gave to a client.
    pub(super) fn end(&mut self, account: &str, client: &str, world: &mut World) {
        let pair = (account.to_owned(), client.to_owned());
        let serial = world.serial();
        // Tokens carry whole seconds, so the boundary must too.
        let second = DateTime::from_timestamp(world.now.timestamp(), 0).unwrap_or(world.now);
        self.granted.remove(&pair);
        self.live.remove(&pair);
        self.revoked.insert(pair, (second, serial));
    }

    /// Ends everything that an account gave to any client, and the token that everybody knows.
    pub(super) fn end_all(&mut self, account: &str, world: &mut World) {
        for client in CLIENTS {
            self.end(account, client.id, world);
        }
    }

    /// Ends one token before its time.
    pub(super) fn end_token(&mut self, token: &str) {
        self.ended.insert(token.to_owned());
    }

    /// A new access token of the published client, for tests and people.
    pub(super) fn hand_out(
        &mut self,
        account: &str,
        scopes: Option<Vec<String>>,
        world: &mut World,
    ) -> Option<(String, Option<String>)> {
        let scopes = scopes.unwrap_or_else(service::all_scopes);
        let tokens = self.issue(account, CLIENTS.first()?, &scopes, true, world);
        Some((tokens.access, tokens.refresh))
    }
}

/// Writes a token.
fn token(
    kind: &str,
    account: &str,
    client: &Client,
    scopes: &[String],
    life: Option<TimeDelta>,
    world: &mut World,
) -> String {
    let serial = world.serial();
    world.key().issue(&Claims {
        kind: kind.to_owned(),
        subject: account.to_owned(),
        client: client.id.to_owned(),
        scopes: scopes.to_vec(),
        issued_at: world.now,
        expires_at: life.map(|life| world.now + life),
        serial,
    })
}

/// What the refresh token that everybody knows says.
fn well_known() -> Claims {
    Claims {
        kind: "refresh".to_owned(),
        subject: super::OWNER.to_owned(),
        client: CLIENTS.first().map_or("", |client| client.id).to_owned(),
        scopes: service::all_scopes(),
        issued_at: DateTime::UNIX_EPOCH,
        expires_at: None,
        serial: 0,
    }
}

/// Answers what `accounts.google.com` and `oauth2.googleapis.com` serve; `None` for what is not
/// theirs.
pub(super) fn answer(
    call: &Call<'_>,
    authority: &mut Authority,
    world: &mut World,
) -> Option<Response<Bytes>> {
    let method = call.method.as_str();
    Some(match (method, call.host, call.path) {
        ("GET", "accounts.google.com", "/o/oauth2/v2/auth" | "/o/oauth2/auth") => {
            authorize(call, authority, world)
        }
        ("POST", "oauth2.googleapis.com", "/token")
        | ("POST", "www.googleapis.com", "/oauth2/v3/token" | "/oauth2/v4/token")
        | ("POST", "accounts.google.com", "/o/oauth2/token") => exchange(call, authority, world),
        ("POST", "oauth2.googleapis.com", "/revoke")
        | ("GET" | "POST", "accounts.google.com", "/o/oauth2/revoke") => {
            revoke(call, authority, world)
        }
        ("GET" | "POST", "www.googleapis.com", "/oauth2/v2/tokeninfo")
        | ("GET" | "POST", "oauth2.googleapis.com", "/tokeninfo")
        | ("GET" | "POST", "www.googleapis.com", "/oauth2/v3/tokeninfo") => {
            tokeninfo(call, authority, world)
        }
        ("GET", "www.googleapis.com", "/oauth2/v2/userinfo" | "/userinfo/v2/me") => {
            userinfo(call, authority, world)
        }
        _ => return None,
    })
}
