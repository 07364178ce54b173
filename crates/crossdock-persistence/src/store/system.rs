//! What crosses projects: the operator's own. No request of a user reaches it.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::error::Result;
use crate::ids::{ConnectionId, ProjectId};

/// The operator's door.
#[derive(Clone, Debug)]
pub struct System {}

/// Where a page of sealed values left off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SealedCursor {
    /// The table.
    pub table: &'static str,
    /// The row's id in it.
    pub id: String,
}

/// A sealed value, with all that it is bound to.
#[derive(Clone)]
pub struct SealedRow {
    /// The table: `connection_credentials` or `pending_connects`.
    pub table: &'static str,
    /// The row's id in it.
    pub id: String,
    /// Whose it is.
    pub project: ProjectId,
    /// The connection that it is sealed for.
    pub connection: ConnectionId,
    /// The field that it is sealed for: `credential` or `pending`.
    pub field: &'static str,
    /// The vault's text.
    pub sealed: String,
}

impl SealedRow {
    /// For the next page.
    #[must_use]
    pub fn cursor(&self) -> SealedCursor {
        SealedCursor {
            table: self.table,
            id: self.id.clone(),
        }
    }
}

/// What `doctor` shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Projects.
    pub projects: u64,
    /// Connections that are not disconnected.
    pub connections: u64,
    /// Connections that a person must connect again.
    pub reconnect_required: u64,
    /// Sealed values.
    pub sealed: u64,
    /// Runs that are going on, or look so.
    pub running: u64,
    /// Webhooks that are to be dealt with.
    pub pending_webhooks: u64,
    /// Lines in all feeds.
    pub changes: u64,
}

/// A connection and whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct ConnectionRef {
    /// Whose.
    pub project: ProjectId,
    /// Which.
    pub connection: ConnectionId,
}

/// A connect attempt that waits, and whose it is. Reading this doesn't use it up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PendingRef {
    /// Whose.
    pub project: ProjectId,
    /// The connection to be.
    pub connection: ConnectionId,
    /// The platform's id.
    pub platform: String,
    /// The hash of what the browser that began it holds.
    pub browser_hash: Option<String>,
    /// Until when it can be taken.
    pub expires_at: DateTime<Utc>,
}

impl System {
    /// The hash of the admin token; `None` before the first start.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn admin_token_hash(&self) -> Result<Option<String>> {
        Err(super::unbuilt())
    }

    /// Sets the hash of the admin token; the one before no longer counts.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn set_admin_token_hash(&self, _hash: &str, _now: DateTime<Utc>) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Sealed values of all projects, in the order of their tables and ids; at most 1,000. Values
    /// that are stored while this goes on are sealed with the current key by whoever stores them.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn sealed_page(
        &self,
        _after: Option<&SealedCursor>,
        _limit: u32,
    ) -> Result<Vec<SealedRow>> {
        Err(super::unbuilt())
    }

    /// Replaces a sealed value by the same one under another key, unless it has become another in
    /// the meantime: then `false`. Neither version nor lease of a credential change by it.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn replace_sealed(&self, _row: &SealedRow, _sealed: &str) -> Result<bool> {
        Err(super::unbuilt())
    }

    /// What there is in all.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn counts(&self) -> Result<Counts> {
        Err(super::unbuilt())
    }

    /// Whose connect attempt a callback answers; `None` also when it has run out.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn find_pending(
        &self,
        _key_hash: &str,
        _now: DateTime<Utc>,
    ) -> Result<Option<PendingRef>> {
        Err(super::unbuilt())
    }

    /// Whose connections a webhook for this account is for: one per project that connected it.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn connections_of_account(
        &self,
        _platform: &str,
        _account_id: &str,
    ) -> Result<Vec<ConnectionRef>> {
        Err(super::unbuilt())
    }
}

impl fmt::Debug for SealedRow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SealedRow")
            .field("table", &self.table)
            .field("id", &self.id)
            .field("connection", &self.connection)
            .finish_non_exhaustive()
    }
}
