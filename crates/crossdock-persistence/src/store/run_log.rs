//! The log of runs, and where each stream stands.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sea_orm::{QueryResult, Value};

use crate::db::{Ask as _, count, get, id, json, parsed, text};
use crate::error::{Result, StoreError};
use crate::ids::{ConnectionId, RunId};
use crate::store::{
    PageCounts, ProjectStore, RunFailure, RunFilter, RunMode, RunRow, RunStatus, RunUsage,
    StreamState,
};
use crate::tables;

/// How many runs one call lists at most.
const MOST_RUNS: u32 = 1_000;

const SELECT: &str = "SELECT l.*, c.platform FROM sync_log l \
    JOIN platform_connections c ON c.id = l.connection_id WHERE l.project_id = $1";

impl ProjectStore {
    /// Runs, the newest first; at most 1,000.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound) when there is no such project, or the filter names
    /// another project's connection.
    pub async fn runs(&self, filter: &RunFilter, limit: u32) -> Result<Vec<RunRow>> {
        self.owns(filter.connection).await?;
        let mut sql = SELECT.to_owned();
        let mut values = vec![self.own()];
        let conditions: [(&str, Option<Value>); 4] = [
            ("l.connection_id =", filter.connection.map(Into::into)),
            ("l.stream =", filter.stream.as_deref().map(text)),
            (
                "l.status =",
                filter.status.map(|status| text(status.as_str())),
            ),
            ("l.id <", filter.before.map(Into::into)),
        ];
        for (condition, value) in conditions {
            if let Some(value) = value {
                values.push(value);
                sql.push_str(&format!(" AND {condition} ${}", values.len()));
            }
        }
        values.push(i64::from(limit.min(MOST_RUNS)).into());
        sql.push_str(&format!(" ORDER BY l.id DESC LIMIT ${}", values.len()));
        let rows = self.db.all(&sql, values).await?;
        rows.iter().map(run).collect()
    }

    /// One run.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn run(&self, id: RunId) -> Result<RunRow> {
        let sql = format!("{SELECT} AND l.id = $2");
        let row = self.db.one(&sql, vec![self.own(), id.into()]).await?;
        row.as_ref()
            .map(run)
            .transpose()?
            .ok_or(StoreError::NotFound { what: "run" })
    }

    /// Where each stream of a connection stands that was ever begun, by name.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn stream_states(&self, connection: ConnectionId) -> Result<Vec<StreamState>> {
        self.owns(Some(connection)).await?;
        let last = format!(
            "{SELECT} AND l.id IN (SELECT MAX(id) FROM sync_log WHERE connection_id = $2 \
             GROUP BY stream)"
        );
        let rows = self
            .db
            .all(&last, vec![self.own(), connection.into()])
            .await?;
        let mut last_runs = HashMap::new();
        for row in &rows {
            let run = run(row)?;
            last_runs.insert(run.stream.clone(), run);
        }
        let sql = "SELECT stream, model, present, checkpoint_version, checkpoint_at, completed_at \
                   FROM sync_checkpoints WHERE connection_id = $1 AND project_id = $2 \
                   ORDER BY stream";
        let rows = self
            .db
            .all(sql, vec![connection.into(), self.own()])
            .await?;
        rows.iter()
            .map(|row| {
                let stream: String = get(row, "stream")?;
                Ok(StreamState {
                    connection,
                    model: parsed(row, "model", tables::model_named)?,
                    records: count(row, "present")?,
                    has_checkpoint: get::<Option<i64>>(row, "checkpoint_version")?.is_some(),
                    checkpoint_at: get(row, "checkpoint_at")?,
                    completed_at: get(row, "completed_at")?,
                    last_run: last_runs.remove(&stream),
                    stream,
                })
            })
            .collect()
    }
}

fn run(row: &QueryResult) -> Result<RunRow> {
    let resume_at: Option<DateTime<Utc>> = get(row, "resume_at")?;
    let kind: Option<String> = get(row, "failure_kind")?;
    let message: Option<String> = get(row, "failure_message")?;
    let expected: Option<i64> = get(row, "expected")?;
    Ok(RunRow {
        id: id(row, "id")?,
        connection: id(row, "connection_id")?,
        platform: get(row, "platform")?,
        stream: get(row, "stream")?,
        model: parsed(row, "model", tables::model_named)?,
        mode: parsed(row, "mode", RunMode::from_word)?,
        owner: get(row, "owner")?,
        status: parsed(row, "status", RunStatus::from_word)?,
        started_at: get(row, "started_at")?,
        heartbeat_at: get(row, "heartbeat_at")?,
        finished_at: get(row, "finished_at")?,
        resume_at,
        pages: count(row, "pages")?,
        counts: PageCounts {
            inserted: count(row, "inserted")?,
            updated: count(row, "updated")?,
            unchanged: count(row, "unchanged")?,
            gone: count(row, "gone")?,
            skipped: count(row, "skipped")?,
            last_sequence: get(row, "last_sequence")?,
        },
        expected: expected.and_then(|expected| u64::try_from(expected).ok()),
        usage: RunUsage {
            requests: count(row, "requests")?,
            retries: count(row, "retries")?,
            waited: Duration::from_millis(count(row, "waited_ms")?),
        },
        failure: kind.zip(message).map(|(kind, message)| RunFailure {
            kind,
            message,
            retry_at: resume_at,
        }),
        skipped_sample: json(row, "skipped_sample")?,
        notes: json(row, "notes")?,
    })
}
