//! Connections: a project's authorised accounts on platforms.

use chrono::{DateTime, Utc};
use connector_core::{Account, Settings};
use serde::Serialize;

use crate::error::Result;
use crate::ids::{ConnectionId, ProjectId};
use crate::store::ProjectStore;
use crate::words::words;

words! {
    /// Where a connection stands.
    pub enum ConnectionStatus {
        /// It can be used.
        Active = "active",
        /// Its grant is gone or about to be; a person must connect again.
        ReconnectRequired = "reconnect_required",
        /// It was disconnected: its history is kept, its credential is destroyed.
        Disconnected = "disconnected",
    }
}

/// One authorised account of a project on a platform.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Connection {
    /// Its id.
    pub id: ConnectionId,
    /// Whose it is.
    pub project: ProjectId,
    /// The platform's id: `shopify`.
    pub platform: String,
    /// The account, as the platform last told it.
    pub account: Account,
    /// The auth method that it was connected by.
    pub auth_method: String,
    /// What a person set.
    pub settings: Settings,
    /// Whether records keep the JSON as the platform sent it.
    pub keep_raw: bool,
    /// Where it stands.
    pub status: ConnectionStatus,
    /// Why it stands there, for a person.
    pub status_reason: Option<String>,
    /// When its credential stops working unless it is renewed.
    pub expires_at: Option<DateTime<Utc>>,
    /// When a person must connect again.
    pub reconnect_by: Option<DateTime<Utc>>,
    /// When it was first connected.
    pub connected_at: DateTime<Utc>,
    /// When anything of it last changed.
    pub updated_at: DateTime<Utc>,
}

/// A credential to store: sealed already, for the id of its connection.
#[derive(Clone)]
pub struct NewCredential {
    /// The vault's text.
    pub sealed: String,
    /// When it stops working unless renewed.
    pub expires_at: Option<DateTime<Utc>>,
    /// When a person must connect again.
    pub reconnect_by: Option<DateTime<Utc>>,
}

/// A connection to add, or to renew where the account is connected already.
#[derive(Clone, Debug)]
pub struct NewConnection {
    /// Its id, which `credential` is sealed for: that of [`ProjectStore::find_by_account`] where it
    /// gives one, else a new one.
    pub id: ConnectionId,
    /// The platform's id.
    pub platform: String,
    /// The account, from the connector's test.
    pub account: Account,
    /// The auth method's id.
    pub auth_method: String,
    /// What a person set.
    pub settings: Settings,
    /// Whether records keep the JSON as the platform sent it.
    pub keep_raw: bool,
    /// The sealed credential.
    pub credential: NewCredential,
}

/// What adding a connection did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AddOutcome {
    /// The account was not connected before.
    Added,
    /// It was: the connection is active again, with the new credential.
    Renewed,
}

impl ProjectStore {
    /// Adds a connection with its credential, or renews the one of the same account: active again,
    /// with the new account data, settings and credential, whose version counts up.
    ///
    /// # Errors
    /// [`Conflict`](crate::StoreError::Conflict) when the account is connected under another id
    /// than `new.id`, for which the credential is not sealed: look it up and seal again.
    pub async fn add_connection(
        &self,
        _new: NewConnection,
        _now: DateTime<Utc>,
    ) -> Result<(Connection, AddOutcome)> {
        Err(super::unbuilt())
    }

    /// The connection of this account, in whatever state.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn find_by_account(
        &self,
        _platform: &str,
        _account_id: &str,
    ) -> Result<Option<Connection>> {
        Err(super::unbuilt())
    }

    /// All connections, the oldest first.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn connections(&self) -> Result<Vec<Connection>> {
        Err(super::unbuilt())
    }

    /// One connection.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn connection(&self, _id: ConnectionId) -> Result<Connection> {
        Err(super::unbuilt())
    }

    /// The connection that a person means: by its id, or by its platform's id where one connection
    /// alone is on it. Disconnected ones count only where nothing else matches.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound); [`Ambiguous`](crate::StoreError::Ambiguous) with
    /// the candidates.
    pub async fn resolve(&self, _name_or_id: &str) -> Result<Connection> {
        Err(super::unbuilt())
    }

    /// Replaces what a person set.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn set_settings(
        &self,
        _id: ConnectionId,
        _settings: &Settings,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Sets whether records keep the JSON as the platform sent it. As raw JSON counts for what a
    /// change is, every record read after switching it is a change once.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn set_keep_raw(
        &self,
        _id: ConnectionId,
        _keep_raw: bool,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Sets where a connection stands, and why. [`ConnectionStatus::Disconnected`] is not set here:
    /// [`ProjectStore::disconnect`] does it with what belongs to it.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound); [`Conflict`](crate::StoreError::Conflict) when it
    /// is disconnected, or is to be.
    pub async fn set_status(
        &self,
        _id: ConnectionId,
        _status: ConnectionStatus,
        _reason: Option<&str>,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Stores what the platform last told of the account.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound); [`Conflict`](crate::StoreError::Conflict) when it
    /// is another account than the one that was connected.
    pub async fn touch_account(
        &self,
        _id: ConnectionId,
        _account: &Account,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Disconnects: destroys the credential, ends its runs, keeps all records and their history.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn disconnect(
        &self,
        _id: ConnectionId,
        _reason: Option<&str>,
        _now: DateTime<Utc>,
    ) -> Result<()> {
        Err(super::unbuilt())
    }

    /// Erases a connection and every row that came through it, its lines of the feed included. The
    /// feed's numbers are not given again. What was asked stays in the audit log.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn erase(&self, _id: ConnectionId) -> Result<()> {
        Err(super::unbuilt())
    }
}

impl std::fmt::Debug for NewCredential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("NewCredential")
            .field("expires_at", &self.expires_at)
            .field("reconnect_by", &self.reconnect_by)
            .finish_non_exhaustive()
    }
}
