//! Connect attempts that wait for a person: sealed, short-lived, used once.

use std::fmt;

use chrono::{DateTime, Utc};
use connector_core::Settings;

use crate::db::{
    Ask as _, Durability, get, id, is_unique_violation, json, text, text_or_null, time, to_json,
};
use crate::error::{Result, StoreError};
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
    pub async fn keep_pending(&self, pending: PendingConnect, now: DateTime<Utc>) -> Result<()> {
        self.exists().await?;
        let sql = "INSERT INTO pending_connects (key_hash, project_id, connection_id, platform, \
                   browser_hash, sealed, settings, keep_raw, return_to, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        let values = vec![
            text(pending.key_hash),
            self.own(),
            pending.connection.into(),
            text(pending.platform),
            text_or_null(pending.browser_hash),
            text(pending.sealed),
            to_json(&pending.settings)?,
            pending.keep_raw.into(),
            text_or_null(pending.return_to),
            time(now),
            time(pending.expires_at),
        ];
        let tx = self.db.write(Durability::Power).await?;
        match tx.run(sql, values).await {
            Err(error) if is_unique_violation(&error) => Err(StoreError::Conflict(
                "a connect attempt has this key already",
            )),
            Err(error) => Err(error),
            Ok(_) => tx.commit().await,
        }
    }

    /// Takes a connect attempt out: whoever comes second, or after it has run out, gets `None`.
    /// Attempts that have run out are deleted in passing, whosever they are.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn take_pending(
        &self,
        key_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<PendingConnect>> {
        self.exists().await?;
        let tx = self.db.write(Durability::Power).await?;
        let sql = "DELETE FROM pending_connects WHERE expires_at <= $1";
        tx.run(sql, vec![time(now)]).await?;
        let sql = "DELETE FROM pending_connects WHERE key_hash = $1 AND project_id = $2 \
                   RETURNING key_hash, connection_id, platform, browser_hash, sealed, settings, \
                   keep_raw, return_to, expires_at";
        let row = tx.one(sql, vec![text(key_hash), self.own()]).await?;
        // Read before it is committed: what can't be read is not used up.
        let taken = row
            .map(|row| {
                Ok(PendingConnect {
                    key_hash: get(&row, "key_hash")?,
                    browser_hash: get(&row, "browser_hash")?,
                    platform: get(&row, "platform")?,
                    connection: id(&row, "connection_id")?,
                    sealed: get(&row, "sealed")?,
                    settings: json(&row, "settings")?,
                    keep_raw: get(&row, "keep_raw")?,
                    return_to: get(&row, "return_to")?,
                    expires_at: get(&row, "expires_at")?,
                })
            })
            .transpose()?;
        tx.commit().await?;
        Ok(taken)
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
