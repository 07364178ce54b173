//! The credential of a session, and its renewal: once, whoever asks.

use std::sync::{Arc, RwLock};

use chrono::{DateTime, TimeDelta, Utc};

use crate::credential::{Credential, CredentialKeeper, Exchange, VersionedCredential};
use crate::error::Result;

/// A credential that expires within this time is renewed before it is used.
const MARGIN: TimeDelta = TimeDelta::minutes(2);

pub(super) struct CredentialCell<C> {
    current: RwLock<Held<C>>,
    renewing: tokio::sync::Mutex<()>,
    keeper: Arc<dyn CredentialKeeper>,
    exchange: Arc<dyn Exchange>,
}

struct Held<C> {
    opened: Arc<C>,
    stored: VersionedCredential,
}

impl<C: Credential> CredentialCell<C> {
    pub(super) fn new(
        stored: VersionedCredential,
        keeper: Arc<dyn CredentialKeeper>,
        exchange: Arc<dyn Exchange>,
    ) -> Result<Self> {
        let opened = Arc::new(stored.credential.open()?);
        Ok(Self {
            current: RwLock::new(Held { opened, stored }),
            renewing: tokio::sync::Mutex::new(()),
            keeper,
            exchange,
        })
    }

    pub(super) fn current(&self) -> Arc<C> {
        self.read(|held| Arc::clone(&held.opened))
    }

    pub(super) fn version(&self) -> i64 {
        self.read(|held| held.stored.version)
    }

    /// A credential that will not expire while a request is under way, with its version.
    ///
    /// When it can't be renewed just now and is still good, it is used as it is.
    pub(super) async fn fresh(&self, now: DateTime<Utc>) -> Result<(Arc<C>, i64)> {
        let (version, expires_at) =
            self.read(|held| (held.stored.version, held.opened.expires_at()));
        if let Some(expires_at) = expires_at.filter(|at| *at <= now + MARGIN)
            && let Err(error) = self.renew(version).await
            && !(error.is_retryable() && expires_at > now)
        {
            return Err(error);
        }
        Ok(self.read(|held| (Arc::clone(&held.opened), held.stored.version)))
    }

    /// Makes sure that the credential is newer than `stale`. All who ask while a renewal runs share
    /// it.
    pub(super) async fn renew(&self, stale: i64) -> Result<()> {
        let _one_at_a_time = self.renewing.lock().await;
        if self.version() > stale {
            return Ok(());
        }
        let stored = self.read(|held| held.stored.clone());
        let renewed = self.keeper.renew(&stored, self.exchange.as_ref()).await?;
        let opened = Arc::new(renewed.credential.open()?);
        let mut current = self
            .current
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        *current = Held {
            opened,
            stored: renewed,
        };
        Ok(())
    }

    fn read<T>(&self, look: impl FnOnce(&Held<C>) -> T) -> T {
        look(
            &self
                .current
                .read()
                .unwrap_or_else(std::sync::PoisonError::into_inner),
        )
    }
}
