//! What a connection stores to prove itself, and who keeps it fresh.

use std::fmt;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::error::{Error, ErrorKind, Result};

/// What one platform stores per connection.
///
/// Every secret in it is a [`SecretString`] with
/// `#[serde(serialize_with = "connector_core::secret::expose")]`, so that its `Debug` is safe and
/// its JSON, which only the vault sees, is whole.
pub trait Credential:
    Clone + fmt::Debug + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// When it stops working unless renewed; `None` if it never does.
    fn expires_at(&self) -> Option<DateTime<Utc>>;

    /// When a person must connect again, however often it is renewed; `None` if never.
    fn reconnect_by(&self) -> Option<DateTime<Utc>> {
        None
    }
}

/// A credential outside of its connector's crate: readable by nobody but that connector.
///
/// The engine sees when it expires and hands the rest to the vault.
#[derive(Clone, Debug)]
pub struct OpaqueCredential {
    json: SecretString,
    expires_at: Option<DateTime<Utc>>,
    reconnect_by: Option<DateTime<Utc>>,
}

impl OpaqueCredential {
    /// Closes a credential.
    ///
    /// # Errors
    /// [`ErrorKind::Unexpected`] when it can't be written as JSON.
    pub fn close<C: Credential>(credential: &C) -> Result<Self> {
        let json = serde_json::to_string(credential).map_err(|_cause| {
            // The cause is left out: it may quote a value.
            Error::new(
                ErrorKind::Unexpected,
                "the credential can't be written as JSON",
            )
        })?;
        Ok(Self {
            json: json.into(),
            expires_at: credential.expires_at(),
            reconnect_by: credential.reconnect_by(),
        })
    }

    /// Opens it as the type that it was closed from.
    ///
    /// # Errors
    /// [`ErrorKind::ReconnectRequired`] when it was written by a version that stored it otherwise.
    pub fn open<C: Credential>(&self) -> Result<C> {
        serde_json::from_str(self.json.expose_secret()).map_err(|_cause| {
            Error::new(
                ErrorKind::ReconnectRequired,
                "the stored credential can't be read by this version",
            )
        })
    }

    /// What was stored before by [`OpaqueCredential::json`].
    #[must_use]
    pub fn from_stored(
        json: SecretString,
        expires_at: Option<DateTime<Utc>>,
        reconnect_by: Option<DateTime<Utc>>,
    ) -> Self {
        Self {
            json,
            expires_at,
            reconnect_by,
        }
    }

    /// The whole, for the vault to seal.
    #[must_use]
    pub fn json(&self) -> &SecretString {
        &self.json
    }

    /// When it stops working unless renewed.
    #[must_use]
    pub fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.expires_at
    }

    /// When a person must connect again.
    #[must_use]
    pub fn reconnect_by(&self) -> Option<DateTime<Utc>> {
        self.reconnect_by
    }
}

/// A credential with the number of its storing: each renewal that is saved counts one up.
#[derive(Clone, Debug)]
pub struct VersionedCredential {
    /// The credential.
    pub credential: OpaqueCredential,
    /// The fencing version under which it is stored.
    pub version: i64,
}

/// Trades a credential for a fresh one at the platform: what a [`CredentialKeeper`] calls when it
/// has made sure that nobody else does.
#[async_trait]
pub trait Exchange: Send + Sync {
    /// The renewed credential. Nothing is stored by this.
    ///
    /// # Errors
    /// [`ErrorKind::ReconnectRequired`] when the platform says that the grant is gone; a retryable
    /// one when the platform could not be asked, with
    /// [`Retry::IfIdempotent`](crate::error::Retry) when the reply was lost.
    async fn exchange(&self, credential: &OpaqueCredential) -> Result<OpaqueCredential>;

    /// What the platform allows after a lost reply.
    fn lost_reply(&self) -> LostReply;
}

/// What to do when a renewal's reply was lost, so that nobody knows whether the old refresh token
/// has been spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LostReply {
    /// The platform takes the old refresh token again: ask again.
    Retry,
    /// The platform punishes reuse, or the credential is never renewed: a person must connect again.
    Reconnect,
}

/// Where a session's credential lives, and the one place where it is renewed.
///
/// A keeper makes sure that one renewal runs per connection at a time, that the new credential is
/// stored before it is used, and that a lost reply is remembered. The engine's works across
/// processes (a lease, an intent, a compare-and-swap); [`InMemoryKeeper`] is for those who store
/// nothing.
#[async_trait]
pub trait CredentialKeeper: fmt::Debug + Send + Sync + 'static {
    /// A credential newer than `stale`: the stored one if somebody renewed it already, else the
    /// one that `exchange` gives, stored before it is returned.
    ///
    /// # Errors
    /// Those of the exchange, and the keeper's own when storing fails: then the new credential must
    /// not be used.
    async fn renew(
        &self,
        stale: &VersionedCredential,
        exchange: &dyn Exchange,
    ) -> Result<VersionedCredential>;
}

/// Keeps one credential in memory, for programs that hold a token only as long as they run.
#[derive(Debug)]
pub struct InMemoryKeeper {
    current: tokio::sync::Mutex<VersionedCredential>,
}

impl InMemoryKeeper {
    /// Keeps this one.
    #[must_use]
    pub fn new(credential: OpaqueCredential) -> Self {
        Self {
            current: tokio::sync::Mutex::new(VersionedCredential {
                credential,
                version: 1,
            }),
        }
    }

    /// What it holds now.
    pub async fn current(&self) -> VersionedCredential {
        self.current.lock().await.clone()
    }
}

#[async_trait]
impl CredentialKeeper for InMemoryKeeper {
    async fn renew(
        &self,
        stale: &VersionedCredential,
        exchange: &dyn Exchange,
    ) -> Result<VersionedCredential> {
        let mut current = self.current.lock().await;
        if current.version > stale.version {
            return Ok(current.clone());
        }
        let renewed = match exchange.exchange(&current.credential).await {
            Err(error)
                if error.retry() == crate::error::Retry::IfIdempotent
                    && exchange.lost_reply() == LostReply::Retry =>
            {
                exchange.exchange(&current.credential).await?
            }
            other => other?,
        };
        *current = VersionedCredential {
            credential: renewed,
            version: current.version + 1,
        };
        Ok(current.clone())
    }
}
