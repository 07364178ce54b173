//! What crosses projects: the operator's own. No request of a user reaches it.

use std::fmt;

use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use serde::Serialize;
use uuid::Uuid;

use crate::db::{Ask as _, Db, Durability, count, get, id, text, time};
use crate::error::Result;
use crate::ids::{ConnectionId, ProjectId};

/// The operator's door.
#[derive(Clone, Debug)]
pub struct System {
    db: Db,
}

/// The one user that there is so far: whoever has the admin token.
const ADMIN: &str = "admin";

/// How many sealed values one call gives at most.
const MOST_SEALED: u32 = 1_000;

/// Where sealed values are: the table, its key, the connection's column, the field.
const SEALED: [SealedTable; 2] = [
    SealedTable {
        name: "connection_credentials",
        key: "connection_id",
        from: "connection_credentials t JOIN platform_connections c ON c.id = t.connection_id",
        project: "c.project_id",
        field: "credential",
    },
    SealedTable {
        name: "pending_connects",
        key: "key_hash",
        from: "pending_connects t",
        project: "t.project_id",
        field: "pending",
    },
];

struct SealedTable {
    name: &'static str,
    key: &'static str,
    from: &'static str,
    project: &'static str,
    field: &'static str,
}

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
    pub(super) const fn new(db: Db) -> Self {
        Self { db }
    }

    /// The hash of the admin token; `None` before the first start.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn admin_token_hash(&self) -> Result<Option<String>> {
        let sql = "SELECT token_hash FROM users WHERE name = $1";
        match self.db.one(sql, vec![text(ADMIN)]).await? {
            Some(row) => get(&row, "token_hash"),
            None => Ok(None),
        }
    }

    /// Sets the hash of the admin token; the one before no longer counts.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn set_admin_token_hash(&self, hash: &str, now: DateTime<Utc>) -> Result<()> {
        let sql = "INSERT INTO users (id, name, token_hash, created_at, updated_at) \
                   VALUES ($1, $2, $3, $4, $4) ON CONFLICT (name) DO UPDATE \
                   SET token_hash = excluded.token_hash, updated_at = excluded.updated_at";
        let id = Uuid::now_v7().to_string();
        let tx = self.db.write(Durability::Power).await?;
        tx.run(sql, vec![text(id), text(ADMIN), text(hash), time(now)])
            .await?;
        tx.commit().await
    }

    /// Sealed values of all projects, in the order of their tables and ids; at most 1,000, and an
    /// empty page at the end. Values that are stored while this goes on are sealed with the current
    /// key by whoever stores them.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn sealed_page(
        &self,
        after: Option<&SealedCursor>,
        limit: u32,
    ) -> Result<Vec<SealedRow>> {
        let limit = limit.clamp(1, MOST_SEALED);
        let mut found: Vec<SealedRow> = Vec::new();
        let first =
            after.and_then(|after| SEALED.iter().position(|table| table.name == after.table));
        for (place, table) in SEALED.iter().enumerate().skip(first.unwrap_or(0)) {
            let from = after.filter(|_| first == Some(place));
            let room = i64::from(limit) - i64::try_from(found.len()).unwrap_or(i64::MAX);
            if room > 0 {
                let rows = self.sealed_in(table, from, room).await?;
                found.extend(rows);
            }
        }
        Ok(found)
    }

    async fn sealed_in(
        &self,
        table: &SealedTable,
        after: Option<&SealedCursor>,
        limit: i64,
    ) -> Result<Vec<SealedRow>> {
        let sql = format!(
            "SELECT t.{key} AS id, t.connection_id, {project} AS project_id, t.sealed FROM {from} \
             WHERE t.sealed IS NOT NULL AND t.{key} > $1 ORDER BY t.{key} LIMIT $2",
            key = table.key,
            project = table.project,
            from = table.from
        );
        // Before any id, and before any hash.
        let after = after.map_or("", |after| after.id.as_str());
        let rows = self.db.all(&sql, vec![text(after), limit.into()]).await?;
        rows.iter().map(|row| table.row(row)).collect()
    }

    /// Replaces a sealed value by the same one under another key, unless it has become another in
    /// the meantime: then `false`. Neither version nor lease of a credential change by it.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when the row names no table of sealed values.
    pub async fn replace_sealed(&self, row: &SealedRow, sealed: &str) -> Result<bool> {
        let table = SEALED
            .iter()
            .find(|table| table.name == row.table)
            .ok_or(crate::StoreError::NotFound { what: "table" })?;
        let sql = format!(
            "UPDATE {} SET sealed = $3 WHERE {} = $1 AND sealed = $2",
            table.name, table.key
        );
        let tx = self.db.write(Durability::Power).await?;
        let values = vec![text(&row.id), text(&row.sealed), text(sealed)];
        let replaced = tx.run(&sql, values).await? == 1;
        tx.commit().await?;
        Ok(replaced)
    }

    /// What there is in all.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn counts(&self) -> Result<Counts> {
        let sql = "SELECT \
            (SELECT count(*) FROM projects) AS projects, \
            (SELECT count(*) FROM platform_connections WHERE status <> 'disconnected') \
                AS connections, \
            (SELECT count(*) FROM platform_connections WHERE status = 'reconnect_required') \
                AS reconnect_required, \
            (SELECT count(*) FROM connection_credentials WHERE sealed IS NOT NULL) \
                + (SELECT count(*) FROM pending_connects) AS sealed, \
            (SELECT count(*) FROM sync_log WHERE status = 'running') AS running, \
            (SELECT count(*) FROM webhook_inbox WHERE status = 'pending') AS pending_webhooks, \
            (SELECT count(*) FROM changes) AS changes";
        let Some(row) = self.db.one(sql, Vec::new()).await? else {
            return Ok(Counts::default());
        };
        Ok(Counts {
            projects: count(&row, "projects")?,
            connections: count(&row, "connections")?,
            reconnect_required: count(&row, "reconnect_required")?,
            sealed: count(&row, "sealed")?,
            running: count(&row, "running")?,
            pending_webhooks: count(&row, "pending_webhooks")?,
            changes: count(&row, "changes")?,
        })
    }

    /// Whose connect attempt a callback answers; `None` also when it has run out.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn find_pending(
        &self,
        key_hash: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<PendingRef>> {
        let sql = "SELECT project_id, connection_id, platform, browser_hash, expires_at \
                   FROM pending_connects WHERE key_hash = $1 AND expires_at > $2";
        let row = self.db.one(sql, vec![text(key_hash), time(now)]).await?;
        row.map(|row| {
            Ok(PendingRef {
                project: id(&row, "project_id")?,
                connection: id(&row, "connection_id")?,
                platform: get(&row, "platform")?,
                browser_hash: get(&row, "browser_hash")?,
                expires_at: get(&row, "expires_at")?,
            })
        })
        .transpose()
    }

    /// Whose connections a webhook for this account is for: one per project that connected it and
    /// has not disconnected it.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn connections_of_account(
        &self,
        platform: &str,
        account_id: &str,
    ) -> Result<Vec<ConnectionRef>> {
        let sql = "SELECT project_id, id FROM platform_connections \
                   WHERE platform = $1 AND account_id = $2 AND status <> 'disconnected' \
                   ORDER BY id";
        let rows = self
            .db
            .all(sql, vec![text(platform), text(account_id)])
            .await?;
        rows.iter().map(connection_ref).collect()
    }

    /// Whose connections a webhook is for that names no account and concerns everybody on the
    /// platform: all that were not disconnected.
    ///
    /// # Errors
    /// [`Other`](crate::StoreError::Other).
    pub async fn connections_of_platform(&self, platform: &str) -> Result<Vec<ConnectionRef>> {
        let sql = "SELECT project_id, id FROM platform_connections \
                   WHERE platform = $1 AND status <> 'disconnected' ORDER BY id";
        let rows = self.db.all(sql, vec![text(platform)]).await?;
        rows.iter().map(connection_ref).collect()
    }
}

fn connection_ref(row: &QueryResult) -> Result<ConnectionRef> {
    Ok(ConnectionRef {
        project: id(row, "project_id")?,
        connection: id(row, "id")?,
    })
}

impl SealedTable {
    fn row(&self, row: &QueryResult) -> Result<SealedRow> {
        Ok(SealedRow {
            table: self.name,
            id: get(row, "id")?,
            project: id(row, "project_id")?,
            connection: id(row, "connection_id")?,
            field: self.field,
            sealed: get(row, "sealed")?,
        })
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
