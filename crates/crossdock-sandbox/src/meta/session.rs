//! Whose request it is: tokens, their ends, and the proof that the app's server sent them.
//!
//! A token is its own record (see [`crate::token`]); kept here is only what ended before its time.
//! User tokens last an hour or two, or sixty days after their exchange; a page's token made from a
//! long-lived one never expires, but dies with the user's consent. (Guide to access tokens.)

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha2::Sha256;

use super::error::{GraphError, Outcome};
use super::scopes;
use crate::token::Claims;
use crate::world::World;

/// The app that everybody knows.
pub(super) const APP_ID: &str = "100000000000001";

/// Its secret, which protects nothing.
pub(super) const APP_SECRET: &str = "sandbox-meta-secret";

/// The person who runs the studio.
pub(super) const USER: &str = "10220000000000001";

/// The business's system user.
pub(super) const SYSTEM_USER: &str = "61550000000000001";

/// A long-lived token of the person that everybody knows. It doesn't expire.
const USER_TOKEN: &str = "sbx_meta_user_demo";

/// A system user's token that everybody knows. It doesn't expire either.
const SYSTEM_TOKEN: &str = "sbx_meta_system_user_demo";

/// How long a token lasts that a code is exchanged for.
pub(super) const SHORT_LIFE: TimeDelta = TimeDelta::minutes(90);

/// How long an exchanged one lasts.
pub(super) const LONG_LIFE: TimeDelta = TimeDelta::days(60);

/// How long data can be read after the person last used the app.
const DATA_ACCESS: TimeDelta = TimeDelta::days(90);

/// How long a proof with a time in it lasts.
const PROOF_LIFE: i64 = 300;

/// Marks an asset that was chosen at consent, among a token's claims.
const TARGET: &str = "target:";

/// Marks whose consent a page's token rests on, among its claims.
const OWNER: &str = "user:";

/// What sort of token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// `{app id}|{app secret}`.
    App,
    User,
    SystemUser,
    Page,
}

/// What a token opens.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) kind: TokenKind,
    /// The user whose consent it rests on; empty for the app's own.
    pub(super) user: String,
    /// The page whose token it is.
    pub(super) page: Option<String>,
    pub(super) scopes: Vec<String>,
    /// The pages and accounts that were chosen at consent; empty for all.
    pub(super) targets: Vec<String>,
    pub(super) issued_at: DateTime<Utc>,
    pub(super) expires_at: Option<DateTime<Utc>>,
    /// Tells tokens apart; zero for those that everybody knows.
    serial: u64,
}

impl Session {
    /// Whether it has a permission. Managing ads includes reading them.
    pub(super) fn allows(&self, scope: &str) -> bool {
        self.scopes
            .iter()
            .any(|held| held == scope || (held == "ads_management" && scope == "ads_read"))
    }

    /// Whether a page, an account or a business was shared with the app.
    pub(super) fn reaches(&self, asset: &str) -> bool {
        self.targets.is_empty() || self.targets.iter().any(|target| target == asset)
    }

    /// When reading ends unless the person uses the app again; `None` for never.
    pub(super) fn data_access_ends(&self) -> Option<DateTime<Utc>> {
        (self.kind != TokenKind::App && self.kind != TokenKind::SystemUser && self.serial != 0)
            .then(|| self.issued_at + DATA_ACCESS)
    }

    /// Whose `/me` is.
    pub(super) fn me(&self) -> &str {
        self.page.as_deref().unwrap_or(&self.user)
    }

    /// The token of a page for this user: the same each time that it is asked for.
    pub(super) fn page_token(&self, page: &str, world: &World) -> String {
        let targets = self.targets.iter().map(|id| format!("{TARGET}{id}"));
        let owner = [format!("{OWNER}{}", self.user)];
        // A page's token outlives a long-lived user token, and dies with a short-lived one.
        let short = self
            .expires_at
            .filter(|end| *end - self.issued_at < TimeDelta::days(1));
        world.key().issue(&Claims {
            kind: "page".to_owned(),
            subject: page.to_owned(),
            client: APP_ID.to_owned(),
            scopes: self
                .scopes
                .iter()
                .cloned()
                .chain(targets)
                .chain(owner)
                .collect(),
            issued_at: self.issued_at,
            expires_at: short,
            serial: self.serial,
        })
    }

    fn from_claims(claims: Claims) -> Option<Self> {
        let kind = match claims.kind.as_str() {
            "user" => TokenKind::User,
            "system" => TokenKind::SystemUser,
            "page" => TokenKind::Page,
            _ => return None,
        };
        let marked = |mark: &str| -> Vec<String> {
            claims
                .scopes
                .iter()
                .filter_map(|scope| scope.strip_prefix(mark))
                .map(str::to_owned)
                .collect()
        };
        let owner = marked(OWNER).into_iter().next();
        Some(Self {
            kind,
            page: (kind == TokenKind::Page).then(|| claims.subject.clone()),
            user: owner.unwrap_or_else(|| claims.subject.clone()),
            targets: marked(TARGET),
            scopes: claims
                .scopes
                .into_iter()
                .filter(|scope| !scope.contains(':'))
                .collect(),
            issued_at: claims.issued_at,
            expires_at: claims.expires_at,
            serial: claims.serial,
        })
    }
}

/// What ended before its time, and what the app insists on.
#[derive(Debug)]
pub(super) struct Authority {
    /// Codes that were used.
    pub(super) used: BTreeSet<String>,
    /// Tokens that ended one by one, with the subcode that says why.
    pub(super) ended: BTreeMap<String, u32>,
    /// Up to which time and serial a user's tokens ended, and the subcode that says why.
    disconnected: BTreeMap<String, (DateTime<Utc>, u64, u32)>,
    /// Permissions that a user took back.
    pub(super) declined: BTreeMap<String, BTreeSet<String>>,
    /// Whether calls need a proof.
    pub(super) proof_required: bool,
}

impl Default for Authority {
    fn default() -> Self {
        Self {
            used: BTreeSet::new(),
            ended: BTreeMap::new(),
            disconnected: BTreeMap::new(),
            declined: BTreeMap::new(),
            proof_required: true,
        }
    }
}

impl Authority {
    /// Reads a token, or says why it opens nothing.
    pub(super) fn authenticate(&self, token: &str, world: &World) -> Outcome<Session> {
        if let Some((app, secret)) = token.split_once('|') {
            return if app == APP_ID && secret == APP_SECRET {
                Ok(well_known(TokenKind::App, "", Vec::new()))
            } else {
                Err(GraphError::token(
                    None,
                    "Invalid OAuth access token signature.",
                ))
            };
        }
        let mut session = match token {
            USER_TOKEN => well_known(TokenKind::User, USER, scopes::all()),
            SYSTEM_TOKEN => well_known(TokenKind::SystemUser, SYSTEM_USER, scopes::all()),
            token => world
                .key()
                .verify(token)
                .ok()
                .and_then(Session::from_claims)
                .ok_or_else(|| {
                    let message = "Invalid OAuth access token - Cannot parse access token";
                    GraphError::token(None, message)
                })?,
        };
        if let Some(subcode) = self.why_ended(token, &session) {
            return Err(dead(subcode));
        }
        if let Some(end) = session.expires_at.filter(|end| *end <= world.now) {
            let message = format!(
                "Error validating access token: Session has expired on {}. The current time is {}.",
                spoken(end),
                spoken(world.now)
            );
            return Err(GraphError::token(Some(463), message));
        }
        if let Some(declined) = self.declined.get(&session.user) {
            session.scopes.retain(|scope| !declined.contains(scope));
        }
        Ok(session)
    }

    fn why_ended(&self, token: &str, session: &Session) -> Option<u32> {
        if let Some(subcode) = self.ended.get(token) {
            return Some(*subcode);
        }
        let (at, serial, subcode) = self.disconnected.get(&session.user)?;
        let before =
            session.issued_at < *at || (session.issued_at == *at && session.serial <= *serial);
        before.then_some(*subcode)
    }

    /// Issues a token to a user.
    pub(super) fn issue(
        kind: TokenKind,
        user: &str,
        scopes: &[String],
        targets: &[String],
        life: Option<TimeDelta>,
        world: &mut World,
    ) -> String {
        let serial = world.serial();
        let targets = targets.iter().map(|id| format!("{TARGET}{id}"));
        world.key().issue(&Claims {
            kind: if kind == TokenKind::SystemUser {
                "system"
            } else {
                "user"
            }
            .to_owned(),
            subject: user.to_owned(),
            client: APP_ID.to_owned(),
            scopes: scopes.iter().cloned().chain(targets).collect(),
            issued_at: world.now,
            expires_at: life.map(|life| world.now + life),
            serial,
        })
    }

    /// Ends all tokens of a user, those of the pages included. The subcode says why: 458 when the
    /// app was removed, 460 when the password changed.
    pub(super) fn disconnect(&mut self, user: &str, subcode: u32, world: &mut World) {
        let serial = world.serial();
        // Tokens carry whole seconds, so the boundary must too.
        let second = DateTime::from_timestamp(world.now.timestamp(), 0).unwrap_or(world.now);
        self.disconnected
            .insert(user.to_owned(), (second, serial, subcode));
    }

    /// Checks the proof that was sent with a token, or that one had to be sent.
    pub(super) fn check_proof(
        &self,
        token: &str,
        proof: Option<&str>,
        time: Option<&str>,
        now: DateTime<Utc>,
    ) -> Outcome<()> {
        let is_app = token.contains('|');
        let Some(proof) = proof else {
            return if self.proof_required && !is_app {
                Err(GraphError::proof(
                    "API calls from the server require an appsecret_proof argument",
                ))
            } else {
                Ok(())
            };
        };
        let fresh = time.is_none_or(|time| {
            time.parse::<i64>()
                .is_ok_and(|time| (0..PROOF_LIFE).contains(&(now.timestamp() - time)))
        });
        let message = match time {
            Some(time) => format!("{token}|{time}"),
            None => token.to_owned(),
        };
        if fresh && digest(APP_SECRET, message.as_bytes()) == proof.to_lowercase() {
            Ok(())
        } else {
            Err(GraphError::proof(
                "Invalid appsecret_proof provided in the API argument",
            ))
        }
    }

    /// What `debug_token` says of a token.
    pub(super) fn describe(&self, token: &str, world: &World) -> Value {
        let session = match self.authenticate(token, world) {
            Ok(session) => session,
            Err(error) => {
                let mut fault = json!({ "code": error.code, "message": error.message });
                if let (Value::Object(fault), Some(subcode)) = (&mut fault, error.subcode) {
                    fault.insert("subcode".to_owned(), subcode.into());
                }
                return json!({ "data": { "error": fault, "is_valid": false, "scopes": [] } });
            }
        };
        let kind = match session.kind {
            TokenKind::App => "APP",
            TokenKind::User => "USER",
            TokenKind::SystemUser => "SYSTEM_USER",
            TokenKind::Page => "PAGE",
        };
        let seconds = |at: Option<DateTime<Utc>>| at.map_or(0, |at| at.timestamp());
        let granular: Vec<Value> = session
            .scopes
            .iter()
            .filter(|scope| is_granular(scope))
            .map(|scope| {
                if session.targets.is_empty() {
                    json!({ "scope": scope })
                } else {
                    json!({ "scope": scope, "target_ids": session.targets })
                }
            })
            .collect();
        let mut data = json!({
            "app_id": APP_ID,
            "type": kind,
            "application": "Crossdock Sandbox",
            "is_valid": true,
            "scopes": session.scopes,
        });
        if let (Value::Object(data), true) = (&mut data, session.kind != TokenKind::App) {
            data.insert(
                "data_access_expires_at".to_owned(),
                seconds(session.data_access_ends()).into(),
            );
            data.insert("expires_at".to_owned(), seconds(session.expires_at).into());
            data.insert("issued_at".to_owned(), session.issued_at.timestamp().into());
            data.insert("granular_scopes".to_owned(), granular.into());
            data.insert("user_id".to_owned(), session.user.as_str().into());
            if let Some(page) = &session.page {
                data.insert("profile_id".to_owned(), page.as_str().into());
            }
        }
        json!({ "data": data })
    }
}

/// Whether a permission is granted per page, account or catalogue.
fn is_granular(scope: &str) -> bool {
    !matches!(scope, "public_profile" | "email")
}

fn well_known(kind: TokenKind, user: &str, scopes: Vec<String>) -> Session {
    Session {
        kind,
        user: user.to_owned(),
        page: None,
        scopes,
        targets: Vec::new(),
        issued_at: DateTime::UNIX_EPOCH,
        expires_at: None,
        serial: 0,
    }
}

/// The refusal of a token that ended before its time.
fn dead(subcode: u32) -> GraphError {
    let why = match subcode {
        458 => "The user has not authorized application 100000000000001.",
        459 => {
            "You cannot access the app till you log in to www.facebook.com and follow the instructions given."
        }
        460 => {
            "The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons."
        }
        463 => "Session has expired.",
        464 => "Sessions for the user are not allowed because the user is not a confirmed user.",
        _ => "The session is invalid.",
    };
    GraphError::token(
        Some(subcode),
        format!("Error validating access token: {why}"),
    )
}

/// A time as messages for people have it: the platform writes Pacific time, the sandbox UTC.
fn spoken(at: DateTime<Utc>) -> String {
    at.format("%A, %d-%b-%y %H:%M:%S UTC").to_string()
}

/// Hexadecimal HMAC-SHA256: of proofs, and of webhooks.
pub(super) fn digest(secret: &str, message: &[u8]) -> String {
    // A key of any length will do for this code; there is no failure to report.
    Hmac::<Sha256>::new_from_slice(secret.as_bytes())
        .map(|mac| hex::encode(mac.chain_update(message).finalize().into_bytes()))
        .unwrap_or_default()
}
