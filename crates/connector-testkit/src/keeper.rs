//! A credential keeper that is watched, and that can fail to store.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use async_trait::async_trait;
use connector_core::{
    CredentialKeeper, Error, ErrorKind, Exchange, LostReply, OpaqueCredential, Result, Retry,
    VersionedCredential,
};
use tokio::sync::Mutex;

/// Keeps one credential as an engine does: one renewal at a time, stored before it is given out,
/// and a lost reply treated as the platform allows.
#[derive(Debug)]
pub(crate) struct WatchedKeeper {
    stored: Mutex<VersionedCredential>,
    exchanges: AtomicUsize,
    refuse_to_store: AtomicBool,
}

impl WatchedKeeper {
    pub(crate) fn new(credential: OpaqueCredential) -> Self {
        Self {
            stored: Mutex::new(VersionedCredential {
                credential,
                version: 1,
            }),
            exchanges: AtomicUsize::new(0),
            refuse_to_store: AtomicBool::new(false),
        }
    }

    pub(crate) async fn stored(&self) -> VersionedCredential {
        self.stored.lock().await.clone()
    }

    /// How often the connector was asked to renew.
    pub(crate) fn exchanges(&self) -> usize {
        self.exchanges.load(Ordering::Relaxed)
    }

    /// From now on storing fails, as a full disk does.
    pub(crate) fn refuse_to_store(&self) {
        self.refuse_to_store.store(true, Ordering::Relaxed);
    }

    async fn exchange(
        &self,
        exchange: &dyn Exchange,
        credential: &OpaqueCredential,
    ) -> Result<OpaqueCredential> {
        self.exchanges.fetch_add(1, Ordering::Relaxed);
        exchange.exchange(credential).await
    }
}

#[async_trait]
impl CredentialKeeper for WatchedKeeper {
    async fn renew(
        &self,
        stale: &VersionedCredential,
        exchange: &dyn Exchange,
    ) -> Result<VersionedCredential> {
        let mut stored = self.stored.lock().await;
        if stored.version > stale.version {
            return Ok(stored.clone());
        }
        let credential = match self.exchange(exchange, &stored.credential).await {
            Err(error)
                if error.retry() == Retry::IfIdempotent
                    && exchange.lost_reply() == LostReply::Retry =>
            {
                self.exchange(exchange, &stored.credential).await?
            }
            other => other?,
        };
        if self.refuse_to_store.load(Ordering::Relaxed) {
            return Err(Error::new(
                ErrorKind::Unexpected,
                "the credential can't be stored",
            ));
        }
        *stored = VersionedCredential {
            credential,
            version: stored.version + 1,
        };
        Ok(stored.clone())
    }
}
