//! The console's session: a signed cookie that stands for the admin token for twelve hours.
//!
//! The cookie holds a random id and when it ends, signed together with the stored hash of the admin
//! token: replacing the token ends every session, and nothing has to be stored for one. Logging out
//! is remembered in memory until the session would have ended by itself.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use actix_web::HttpRequest;
use actix_web::cookie::{Cookie, SameSite, time};
use chrono::{DateTime, TimeDelta, Utc};
use connector_core::Context;
use crossdock_persistence::Store;
use crossdock_vault::{MacKey, Vault};

use crate::failure::Answer;

const LABEL: &str = "console-session";

/// How long a session lasts.
const LIFETIME: TimeDelta = TimeDelta::hours(12);

/// A person at the console.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// Random, and known to that browser alone.
    pub(crate) id: String,
    expires_at: DateTime<Utc>,
}

/// Opens, reads and ends sessions.
#[derive(Debug)]
pub(crate) struct Sessions {
    vault: Arc<Vault>,
    context: Context,
    secure: bool,
    ended: Mutex<HashMap<String, DateTime<Utc>>>,
}

impl Sessions {
    /// Sessions whose cookies are for secure connections only, or for any.
    pub(crate) fn new(vault: Arc<Vault>, context: Context, secure: bool) -> Self {
        Self {
            vault,
            context,
            secure,
            ended: Mutex::default(),
        }
    }

    /// The key for one purpose.
    pub(crate) fn mac_key(&self, label: &str) -> Answer<MacKey> {
        Ok(self.vault.mac_key(label)?)
    }

    /// A new session, as the cookie to set. Only for somebody who has shown the admin token.
    pub(crate) async fn open(&self, store: &Store) -> Answer<Cookie<'static>> {
        let session = Session {
            id: self.context.random_token(),
            expires_at: self.context.now() + LIFETIME,
        };
        let token_hash = store.system().admin_token_hash().await?.unwrap_or_default();
        let signature = self
            .vault
            .fingerprint(LABEL, session.signed_text(&token_hash).as_bytes())?;
        let value = format!(
            "{}.{}.{signature}",
            session.id,
            session.expires_at.timestamp()
        );
        let lifetime = time::Duration::seconds(LIFETIME.num_seconds());
        Ok(self.cookie(value, lifetime))
    }

    /// The session of a request: signed by us, not over, not ended.
    pub(crate) async fn read(
        &self,
        request: &HttpRequest,
        store: &Store,
    ) -> Answer<Option<Session>> {
        let Some(cookie) = request.cookie(self.name()) else {
            return Ok(None);
        };
        let Some((session, signature)) = parse(cookie.value()) else {
            return Ok(None);
        };
        if session.expires_at <= self.context.now() || self.has_ended(&session.id) {
            return Ok(None);
        }
        let Some(token_hash) = store.system().admin_token_hash().await? else {
            return Ok(None);
        };
        let text = session.signed_text(&token_hash);
        let is_ours = self.vault.verify(LABEL, text.as_bytes(), &signature)?;
        Ok(is_ours.then_some(session))
    }

    /// Ends a session: the cookie to set, which is gone at once.
    pub(crate) fn end(&self, session: &Session) -> Cookie<'static> {
        let now = self.context.now();
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        ended.retain(|_, until| *until > now);
        ended.insert(session.id.clone(), session.expires_at);
        self.cookie(String::new(), time::Duration::ZERO)
    }

    fn has_ended(&self, id: &str) -> bool {
        self.ended
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(id)
    }

    /// `__Host-` binds a cookie to this very host, where the connection is secure.
    fn name(&self) -> &'static str {
        if self.secure {
            "__Host-crossdock_session"
        } else {
            "crossdock_session"
        }
    }

    fn cookie(&self, value: String, lifetime: time::Duration) -> Cookie<'static> {
        Cookie::build(self.name(), value)
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(self.secure)
            .max_age(lifetime)
            .finish()
    }
}

impl Session {
    fn signed_text(&self, token_hash: &str) -> String {
        format!("{}.{}.{token_hash}", self.id, self.expires_at.timestamp())
    }
}

fn parse(value: &str) -> Option<(Session, String)> {
    let (id, rest) = value.split_once('.')?;
    let (expires_at, signature) = rest.split_once('.')?;
    let expires_at = DateTime::from_timestamp(expires_at.parse().ok()?, 0)?;
    let session = Session {
        id: id.to_owned(),
        expires_at,
    };
    Some((session, signature.to_owned()))
}
