//! Connect attempts that wait for a person: sealed, short-lived, used once.

use std::fmt;

use chrono::{DateTime, Utc};
use connector_core::Settings;

use crate::error::Result;
use crate::ids::ConnectionId;
use crate::store::ProjectStore;

/// A connect attempt that waits for the platform's callback, or for a person's answer.
#[derive(Clone)]
pub struct PendingConnect {
    /// The hash of the key that the answer will name (an OAuth state): the key itself is not stored.
    pub key_hash: String,
    /// The hash of the secret that the browser which began it holds; `None` where no browser did.
    pub browser_hash: Option<String>,
    /// The platform's id.
    pub platform: String,
    /// The id that `sealed` is sealed for; a new one, or that of a connection that is renewed.
    pub connection: ConnectionId,
    /// The connector's pending step, sealed.
    pub sealed: String,
    /// What a person set for the connection to be.
    pub settings: Settings,
    /// Whether its records will keep the JSON as the platform sent it.
    pub keep_raw: bool,
    /// Where to send the person when it is done: a path of our own, checked by the caller.
    pub return_to: Option<String>,
    /// Until when it can be taken.
    pub expires_at: DateTime<Utc>,
}

impl ProjectStore {
    /// Keeps a connect attempt.
    ///
    /// # Errors
    /// [`Conflict`](crate::StoreError::Conflict) when the key is in use;
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn keep_pending(&self, _pending: PendingConnect, _now: DateTime<Utc>) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Takes a connect attempt out: whoever comes second, or after it has run out, gets `None`.
    /// Attempts that have run out are deleted in passing.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn take_pending(
        &self,
        _key_hash: &str,
        _now: DateTime<Utc>,
    ) -> Result<Option<PendingConnect>> {
        Err(super::unbuilt())
    }
}

impl fmt::Debug for PendingConnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingConnect")
            .field("platform", &self.platform)
            .field("connection", &self.connection)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}
