//! The change feed: one line per real change, numbered without gaps in the order of commits.

use chrono::{DateTime, Utc};
use connector_core::ModelKind;
use serde::Serialize;

use crate::db::{Ask as _, get, id, parsed, text};
use crate::error::{Result, StoreError};
use crate::ids::ConnectionId;
use crate::store::ProjectStore;
use crate::tables;
use crate::words::words;

/// How many changes one call gives at most.
const MOST_CHANGES: u32 = 10_000;

words! {
    /// What happened to a record.
    pub enum ChangeKind {
        /// It was not there, or had been gone.
        Added = "added",
        /// It became another.
        Updated = "updated",
        /// It is gone.
        Removed = "removed",
    }
}

/// Which changes to read.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Only this connection's.
    pub connection: Option<ConnectionId>,
    /// Only this stream's.
    pub stream: Option<String>,
}

/// One line of the feed. The record as it is now is read by its stream and id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ChangeRow {
    /// Its number: 1 for the project's first, without gaps.
    pub sequence: i64,
    /// Through which connection it came.
    pub connection: ConnectionId,
    /// The connection's platform.
    pub platform: String,
    /// In which stream.
    pub stream: String,
    /// The record's id.
    pub external_id: String,
    /// What happened.
    pub kind: ChangeKind,
    /// What the record is.
    pub model: ModelKind,
    /// When it was stored.
    pub at: DateTime<Utc>,
}

impl ProjectStore {
    /// The changes after a number, in order; at most 10,000. A reader that stores the last number
    /// it has dealt with misses nothing and sees nothing twice, however many write at the same time.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project, or the filter names
    /// another project's connection.
    pub async fn changes(
        &self,
        after: i64,
        limit: u32,
        filter: &ChangeFilter,
    ) -> Result<Vec<ChangeRow>> {
        self.owns(filter.connection).await?;
        let mut sql = "SELECT f.sequence, f.connection_id, f.stream, f.external_id, f.kind, f.at, \
                       c.platform, s.model FROM changes f \
                       JOIN platform_connections c ON c.id = f.connection_id \
                       JOIN sync_checkpoints s \
                       ON s.connection_id = f.connection_id AND s.stream = f.stream \
                       WHERE f.project_id = $1 AND f.sequence > $2"
            .to_owned();
        let mut values = vec![self.own(), after.into()];
        let conditions = [
            ("f.connection_id", filter.connection.map(Into::into)),
            ("f.stream", filter.stream.as_deref().map(text)),
        ];
        for (column, value) in conditions {
            if let Some(value) = value {
                values.push(value);
                sql.push_str(&format!(" AND {column} = ${}", values.len()));
            }
        }
        values.push(i64::from(limit.min(MOST_CHANGES)).into());
        sql.push_str(&format!(" ORDER BY f.sequence LIMIT ${}", values.len()));
        let rows = self.db.all(&sql, values).await?;
        rows.iter()
            .map(|row| {
                Ok(ChangeRow {
                    sequence: get(row, "sequence")?,
                    connection: id(row, "connection_id")?,
                    platform: get(row, "platform")?,
                    stream: get(row, "stream")?,
                    external_id: get(row, "external_id")?,
                    kind: parsed(row, "kind", ChangeKind::from_word)?,
                    model: parsed(row, "model", tables::model_named)?,
                    at: get(row, "at")?,
                })
            })
            .collect()
    }

    /// The feed's last number; 0 before the first change.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project.
    pub async fn last_sequence(&self) -> Result<i64> {
        let sql = "SELECT last_sequence FROM projects WHERE id = $1";
        let row = self.db.one(sql, vec![self.own()]).await?;
        let row = row.ok_or(StoreError::NotFound { what: "project" })?;
        get(&row, "last_sequence")
    }
}
