//! Who may do what: personal access tokens.
//!
//! alias's tokens are made on a page for people, with chosen scopes, and never expire. The names of
//! the scopes are not documented; those here are the sandbox's own.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use crate::platform::Call;
use crate::token::Claims;
use crate::world::World;

use super::HOST;
use super::status::{Code, Outcome, Refusal};

/// What a token may allow.
pub(super) const SCOPES: &[&str] = &[
    "catalog:read",
    "pricing:read",
    "listings:read",
    "listings:write",
    "orders:read",
    "orders:write",
];

/// Tokens that always work, for demos and examples: a name, and what it allows.
const WELL_KNOWN: &[(&str, &[&str])] = &[
    ("sbx_pat_demo", SCOPES),
    (
        "sbx_pat_demo_read_only",
        &[
            "catalog:read",
            "pricing:read",
            "listings:read",
            "orders:read",
        ],
    ),
    (
        "sbx_pat_demo_catalog_only",
        &["catalog:read", "pricing:read"],
    ),
];

/// The kind of the sandbox's signed tokens that this platform takes.
const KIND: &str = "pat";

/// The tokens that were revoked. Kept as long as this sandbox runs.
#[derive(Debug, Default)]
pub(super) struct Revoked(BTreeSet<String>);

impl Revoked {
    pub(super) fn add(&mut self, token: &str) {
        self.0.insert(token.to_owned());
    }

    /// Lets a call pass whose token is good and allows `scope` (`None`: any good token will do).
    pub(super) fn check(&self, call: &Call<'_>, world: &World, scope: Option<&str>) -> Outcome<()> {
        let token = call.header("authorization").and_then(bearer);
        let token = token.ok_or_else(|| refused("Missing bearer token"))?;
        if self.0.contains(token) {
            return Err(refused("The token was revoked"));
        }
        let allows = |scope: &str| match WELL_KNOWN.iter().find(|(name, _)| *name == token) {
            Some((_, scopes)) => Ok(scopes.contains(&scope)),
            None => world
                .key()
                .verify(token)
                .ok()
                .filter(|claims| claims.kind == KIND && claims.subject == HOST)
                .map(|claims| claims.allows(scope))
                .ok_or_else(|| refused("Invalid token")),
        };
        match scope {
            Some(scope) if !allows(scope)? => Err(Refusal::new(
                Code::PermissionDenied,
                format!("The token does not have the permission {scope}"),
            )),
            Some(_) => Ok(()),
            None => allows("").map(drop),
        }
    }
}

/// Issues a token.
pub(super) fn issue(world: &mut World, scopes: Vec<String>, now: DateTime<Utc>) -> String {
    let claims = Claims {
        kind: KIND.to_owned(),
        subject: HOST.to_owned(),
        client: String::new(),
        scopes,
        issued_at: now,
        expires_at: None,
        serial: world.serial(),
    };
    world.key().issue(&claims)
}

fn bearer(header: &str) -> Option<&str> {
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

fn refused(message: &str) -> Refusal {
    Refusal::new(Code::Unauthenticated, message)
}
