//! Who may do what: the app's credentials, the tokens, and which of them have ended.
//!
//! A token is its own record (see [`crate::token`]). What is kept here is only which tokens ended
//! before their time; a sandbox that is started anew forgets that, and nothing else.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};

use crate::token::Claims;
use crate::world::World;

use super::operations::{self, Access, Operation};
use super::refusal::{Outcome, Refusal};

/// The app on the consent page. It is not the client id.
pub(super) const APPLICATION: &str = "amzn1.sp.solution.00000000-0000-4000-8000-000000000001";

/// An app that is still a draft: its consent page opens with `version=beta` only.
pub(super) const DRAFT_APPLICATION: &str = "amzn1.sp.solution.00000000-0000-4000-8000-000000000002";

/// The app towards Login with Amazon.
pub(super) const CLIENT_ID: &str = "amzn1.application-oa2-client.sandbox";

/// Its secret, which protects nothing.
pub(super) const CLIENT_SECRET: &str = "sandbox-amazon-secret";

/// Refresh tokens of sellers who authorised the app themselves, and whose they are.
pub(super) const SELF_AUTHORISED: &[(&str, &str)] = &[
    ("sbx_lwa_refresh_demo", super::SELLER_NA),
    ("sbx_lwa_refresh_demo_eu", super::SELLER_EU),
    ("sbx_lwa_refresh_demo_fe", super::SELLER_FE),
];

/// How long an access token or a restricted one lasts.
pub(super) const ACCESS_LIFE: TimeDelta = TimeDelta::seconds(3600);

/// How long a code lasts.
pub(super) const CODE_LIFE: TimeDelta = TimeDelta::minutes(5);

const EXPIRED: &str = "The access token you provided has expired.";
const INVALID: &str = "The access token you provided is revoked, malformed or invalid.";
const MISSING: &str = "Access token is missing in the request header.";

/// What a good token stands for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Caller {
    /// A seller, by id.
    Seller(String),
    /// The app itself.
    App,
}

/// Which tokens ended before their time.
#[derive(Debug, Default)]
pub(super) struct Authority {
    /// Codes that were used, tokens that were revoked one by one.
    ended: HashSet<String>,
    /// By seller: the last serial whose tokens were all revoked with the authorisation.
    revoked_to: BTreeMap<String, u64>,
    /// The last serial whose access tokens were made to expire.
    expired_to: u64,
}

impl Authority {
    /// Issues a token of a kind: `code`, `refresh`, `access`, `grantless`, `restricted`.
    pub(super) fn issue(
        kind: &str,
        subject: &str,
        scopes: Vec<String>,
        life: Option<TimeDelta>,
        world: &mut World,
    ) -> String {
        let serial = world.serial();
        let claims = Claims {
            kind: kind.to_owned(),
            subject: subject.to_owned(),
            client: CLIENT_ID.to_owned(),
            scopes,
            issued_at: world.now,
            expires_at: life.map(|life| world.now + life),
            serial,
        };
        world.key().issue(&claims)
    }

    /// The seller of a refresh token that still works.
    pub(super) fn refreshes(&self, token: &str, world: &World) -> Option<String> {
        let known = SELF_AUTHORISED
            .iter()
            .find(|(known, _)| *known == token)
            .map(|(_, seller)| ((*seller).to_owned(), 0));
        let issued = || {
            let claims = world.key().verify(token).ok()?;
            (claims.kind == "refresh").then_some((claims.subject, claims.serial))
        };
        let (seller, serial) = known.or_else(issued)?;
        let revoked = self.is_revoked(token, &seller, serial);
        (!revoked).then_some(seller)
    }

    /// A code's claims, once: it is used up by being asked for.
    pub(super) fn redeem(&mut self, code: &str, world: &World) -> Option<Claims> {
        let claims = world.key().verify(code).ok()?;
        let good = claims.kind == "code"
            && !claims.is_expired(world.now)
            && self.ended.insert(code.to_owned());
        good.then_some(claims)
    }

    /// Whose token a call carries, if it opens the operation at this path.
    pub(super) fn check(
        &self,
        token: Option<&str>,
        operation: &Operation,
        method: &http::Method,
        path: &str,
        world: &World,
    ) -> Outcome<Caller> {
        let token = token
            .filter(|token| !token.is_empty())
            .ok_or_else(|| Refusal::token(MISSING))?;
        let invalid = || Refusal::token(INVALID);
        let claims = world.key().verify(token).ok().ok_or_else(invalid)?;
        if self.is_revoked(token, &claims.subject, claims.serial) {
            return Err(invalid());
        }
        match claims.kind.as_str() {
            "access" | "grantless" | "restricted" => {}
            _ => return Err(invalid()),
        }
        if self.is_expired(&claims, world.now) {
            return Err(Refusal::token(EXPIRED));
        }
        match (claims.kind.as_str(), operation.access) {
            ("grantless", Access::Grantless(scope)) if claims.allows(scope) => Ok(Caller::App),
            ("access", Access::Seller) => Ok(Caller::Seller(claims.subject)),
            ("restricted", Access::Seller) if opens(&claims, method, path) => {
                Ok(Caller::Seller(claims.subject))
            }
            _ => Err(Refusal::denied()),
        }
    }

    fn is_revoked(&self, token: &str, subject: &str, serial: u64) -> bool {
        let with_authorisation = self
            .revoked_to
            .get(subject)
            .is_some_and(|last| serial <= *last);
        with_authorisation || self.ended.contains(token)
    }

    fn is_expired(&self, claims: &Claims, now: DateTime<Utc>) -> bool {
        claims.is_expired(now) || claims.serial <= self.expired_to
    }

    /// Ends one token.
    pub(super) fn revoke(&mut self, token: &str) {
        self.ended.insert(token.to_owned());
    }

    /// A seller takes the authorisation back: everything issued so far ends.
    pub(super) fn disconnect(&mut self, seller: &str, world: &mut World) {
        let serial = world.serial();
        self.revoked_to.insert(seller.to_owned(), serial);
    }

    /// Every access token issued so far expires.
    pub(super) fn expire(&mut self, world: &mut World) {
        self.expired_to = world.serial();
    }
}

/// Whether a restricted token is for this method and path. What it says is `GET /path`, where
/// parameters may be left in braces.
fn opens(claims: &Claims, method: &http::Method, path: &str) -> bool {
    claims.scopes.iter().any(|scope| {
        scope.split_once(' ').is_some_and(|(verb, template)| {
            verb == method.as_str() && operations::is_example(template, path)
        })
    })
}
