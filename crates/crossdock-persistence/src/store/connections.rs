//! Connections: a project's authorised accounts on platforms.

use chrono::{DateTime, Utc};
use connector_core::{Account, Settings};
use sea_orm::{QueryResult, Value};
use serde::Serialize;

use super::NO_CONNECTION;
use crate::db::{
    Ask, Durability, Tx, get, id, is_unique_violation, json, parsed, text, text_or_null, time,
    time_or_null, to_json,
};
use crate::error::{Result, StoreError};
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
    /// The platform's id.
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
    /// with the new account data, settings and credential, whose version counts up. A renewal that
    /// is going on is fenced out.
    ///
    /// # Errors
    /// [`Conflict`](crate::StoreError::Conflict) when the account is connected under another id
    /// than `new.id`, for which the credential is not sealed: look it up and seal again.
    pub async fn add_connection(
        &self,
        new: NewConnection,
        now: DateTime<Utc>,
    ) -> Result<(Connection, AddOutcome)> {
        self.exists().await?;
        let tx = self.db.write(Durability::Power).await?;
        let known = format!(
            "SELECT id FROM platform_connections \
             WHERE project_id = $1 AND platform = $2 AND account_id = $3{}",
            tx.backend().for_update()
        );
        let key = vec![self.own(), text(&new.platform), text(&new.account.id)];
        let outcome = match tx.one(&known, key).await? {
            Some(row) if id::<ConnectionId>(&row, "id")? == new.id => {
                self.renew(&tx, &new, now).await?;
                AddOutcome::Renewed
            }
            Some(_) => return Err(CONNECTED_ELSEWHERE),
            None => {
                self.insert(&tx, &new, now).await?;
                AddOutcome::Added
            }
        };
        tx.commit().await?;
        Ok((self.connection(new.id).await?, outcome))
    }

    async fn insert(&self, tx: &Tx, new: &NewConnection, now: DateTime<Utc>) -> Result<()> {
        let sql = "INSERT INTO platform_connections (id, project_id, platform, account_id, \
                   account_name, account_scopes, account_warnings, auth_method, settings, \
                   keep_raw, status, connected_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)";
        let values = vec![
            new.id.into(),
            self.own(),
            text(&new.platform),
            text(&new.account.id),
            text(&new.account.name),
            to_json(&new.account.scopes)?,
            to_json(&new.account.warnings)?,
            text(&new.auth_method),
            to_json(&new.settings)?,
            new.keep_raw.into(),
            text(ConnectionStatus::Active.as_str()),
            time(now),
        ];
        match tx.run(sql, values).await {
            Err(error) if is_unique_violation(&error) => return Err(CONNECTED_ELSEWHERE),
            other => other?,
        };
        let sql = "INSERT INTO connection_credentials (connection_id, sealed, version, expires_at, \
                   reconnect_by, lease_fence, updated_at) VALUES ($1, $2, 1, $3, $4, 0, $5)";
        tx.run(sql, credential_values(new, now)).await?;
        Ok(())
    }

    async fn renew(&self, tx: &Tx, new: &NewConnection, now: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE platform_connections SET account_name = $2, account_scopes = $3, \
                   account_warnings = $4, auth_method = $5, settings = $6, keep_raw = $7, \
                   status = $8, status_reason = NULL, updated_at = $9 WHERE id = $1";
        let values = vec![
            new.id.into(),
            text(&new.account.name),
            to_json(&new.account.scopes)?,
            to_json(&new.account.warnings)?,
            text(&new.auth_method),
            to_json(&new.settings)?,
            new.keep_raw.into(),
            text(ConnectionStatus::Active.as_str()),
            time(now),
        ];
        tx.run(sql, values).await?;
        let sql = "UPDATE connection_credentials SET sealed = $2, version = version + 1, \
                   expires_at = $3, reconnect_by = $4, intent_owner = NULL, intent_at = NULL, \
                   lease_owner = NULL, lease_until = NULL, lease_fence = lease_fence + 1, \
                   updated_at = $5 WHERE connection_id = $1";
        tx.run(sql, credential_values(new, now)).await?;
        Ok(())
    }

    /// The connection of this account, in whatever state.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn find_by_account(
        &self,
        platform: &str,
        account_id: &str,
    ) -> Result<Option<Connection>> {
        self.exists().await?;
        let sql = format!("{SELECT} AND c.platform = $2 AND c.account_id = $3");
        let values = vec![self.own(), text(platform), text(account_id)];
        let row = self.db.one(&sql, values).await?;
        row.as_ref().map(connection).transpose()
    }

    /// All connections, the oldest first.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn connections(&self) -> Result<Vec<Connection>> {
        self.exists().await?;
        let sql = format!("{SELECT} ORDER BY c.id");
        let rows = self.db.all(&sql, vec![self.own()]).await?;
        rows.iter().map(connection).collect()
    }

    /// One connection.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn connection(&self, id: ConnectionId) -> Result<Connection> {
        let sql = format!("{SELECT} AND c.id = $2");
        let row = self.db.one(&sql, vec![self.own(), id.into()]).await?;
        row.as_ref()
            .map(connection)
            .transpose()?
            .ok_or(NO_CONNECTION)
    }

    /// The connection that a person means: by its id, or by its platform's id where one connection
    /// alone is on it. Disconnected ones count only where nothing else matches.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound); [`Ambiguous`](crate::StoreError::Ambiguous) with
    /// the candidates.
    pub async fn resolve(&self, name_or_id: &str) -> Result<Connection> {
        if let Ok(id) = name_or_id.parse() {
            return self.connection(id).await;
        }
        let mut found = self.connections().await?;
        found.retain(|connection| connection.platform == name_or_id);
        if found.iter().any(Connection::is_connected) {
            found.retain(Connection::is_connected);
        }
        match found.len() {
            0 | 1 => found.pop().ok_or(NO_CONNECTION),
            _ => Err(StoreError::Ambiguous {
                candidates: found
                    .into_iter()
                    .map(|connection| (connection.id, connection.account.name))
                    .collect(),
            }),
        }
    }

    /// Replaces what a person set.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn set_settings(
        &self,
        id: ConnectionId,
        settings: &Settings,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let set = "settings = $4";
        self.update(id, set, to_json(settings)?, now).await
    }

    /// Sets whether records keep the JSON as the platform sent it. As raw JSON counts for what a
    /// change is, every record read after switching it is a change once.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn set_keep_raw(
        &self,
        id: ConnectionId,
        keep_raw: bool,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.update(id, "keep_raw = $4", keep_raw.into(), now).await
    }

    async fn update(
        &self,
        id: ConnectionId,
        set: &str,
        value: Value,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let sql = format!(
            "UPDATE platform_connections SET {set}, updated_at = $3 WHERE id = $1 AND project_id = $2"
        );
        let tx = self.db.write(Durability::Power).await?;
        let values = vec![id.into(), self.own(), time(now), value];
        if tx.run(&sql, values).await? == 0 {
            return Err(NO_CONNECTION);
        }
        tx.commit().await
    }

    /// Sets where a connection stands, and why. [`ConnectionStatus::Disconnected`] is not set here:
    /// [`ProjectStore::disconnect`] does it with what belongs to it.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound); [`Conflict`](crate::StoreError::Conflict) when it
    /// is disconnected, or is to be.
    pub async fn set_status(
        &self,
        id: ConnectionId,
        status: ConnectionStatus,
        reason: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        if status == ConnectionStatus::Disconnected {
            return Err(StoreError::Conflict("disconnecting is an act of its own"));
        }
        let sql = "UPDATE platform_connections SET status = $3, status_reason = $4, updated_at = $5 \
                   WHERE id = $1 AND project_id = $2 AND status <> 'disconnected'";
        let tx = self.db.write(Durability::Power).await?;
        let values = vec![
            id.into(),
            self.own(),
            text(status.as_str()),
            text_or_null(reason),
            time(now),
        ];
        if tx.run(sql, values).await? == 1 {
            return tx.commit().await;
        }
        drop(tx);
        self.owns(Some(id)).await?;
        Err(DISCONNECTED)
    }

    /// Stores what the platform last told of the account.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound); [`Conflict`](crate::StoreError::Conflict) when it
    /// is another account than the one that was connected.
    pub async fn touch_account(
        &self,
        id: ConnectionId,
        account: &Account,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let sql = "UPDATE platform_connections SET account_name = $4, account_scopes = $5, \
                   account_warnings = $6, updated_at = $7 \
                   WHERE id = $1 AND project_id = $2 AND account_id = $3";
        let tx = self.db.write(Durability::Power).await?;
        let values = vec![
            id.into(),
            self.own(),
            text(&account.id),
            text(&account.name),
            to_json(&account.scopes)?,
            to_json(&account.warnings)?,
            time(now),
        ];
        if tx.run(sql, values).await? == 1 {
            return tx.commit().await;
        }
        drop(tx);
        self.owns(Some(id)).await?;
        Err(StoreError::Conflict(
            "this is another account than the one that was connected; connect it by itself",
        ))
    }
}

impl Connection {
    /// Whether it was not disconnected.
    #[must_use]
    pub fn is_connected(&self) -> bool {
        self.status != ConnectionStatus::Disconnected
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

pub(super) const DISCONNECTED: StoreError =
    StoreError::Conflict("the connection is disconnected; connect the account again first");

const CONNECTED_ELSEWHERE: StoreError = StoreError::Conflict(
    "the account is connected under another id; look it up and seal its credential for that one",
);

const SELECT: &str = "SELECT c.id, c.project_id, c.platform, c.account_id, c.account_name, \
    c.account_scopes, c.account_warnings, c.auth_method, c.settings, c.keep_raw, c.status, \
    c.status_reason, c.connected_at, c.updated_at, k.expires_at, k.reconnect_by \
    FROM platform_connections c LEFT JOIN connection_credentials k ON k.connection_id = c.id \
    WHERE c.project_id = $1";

fn credential_values(new: &NewConnection, now: DateTime<Utc>) -> Vec<Value> {
    vec![
        new.id.into(),
        text(&new.credential.sealed),
        time_or_null(new.credential.expires_at),
        time_or_null(new.credential.reconnect_by),
        time(now),
    ]
}

fn connection(row: &QueryResult) -> Result<Connection> {
    Ok(Connection {
        id: id(row, "id")?,
        project: id(row, "project_id")?,
        platform: get(row, "platform")?,
        account: Account {
            id: get(row, "account_id")?,
            name: get(row, "account_name")?,
            scopes: json(row, "account_scopes")?,
            warnings: json(row, "account_warnings")?,
        },
        auth_method: get(row, "auth_method")?,
        settings: json(row, "settings")?,
        keep_raw: get(row, "keep_raw")?,
        status: parsed(row, "status", ConnectionStatus::from_word)?,
        status_reason: get(row, "status_reason")?,
        expires_at: get(row, "expires_at")?,
        reconnect_by: get(row, "reconnect_by")?,
        connected_at: get(row, "connected_at")?,
        updated_at: get(row, "updated_at")?,
    })
}
