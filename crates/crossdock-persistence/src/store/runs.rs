//! Runs: one sync of one stream, page by page, held by a lease with a fence.

use chrono::{DateTime, Utc};
use connector_core::{Checkpoint, ModelKind};
use sea_orm::{QueryResult, Value};

use super::NO_CONNECTION;
use super::connections::DISCONNECTED;
use super::run::{BeginOutcome, NewRun, Run, RunMode, RunOutcome, RunStatus, RunUsage};
use crate::db::{
    Ask as _, Durability, Tx, get, int, parsed, text, text_or_null, time, time_or_null,
};
use crate::error::{Result, StoreError};
use crate::ids::{ConnectionId, RunId};
use crate::store::ProjectStore;
use crate::tables;

impl ProjectStore {
    /// Begins a run. One at a time reads a stream of a connection: an owner that has shown no life
    /// for its lease, or is given as dead, is taken over, and its run closed as
    /// [`RunStatus::Interrupted`].
    ///
    /// A full run that did not come to its end is taken up where it was by the next run of either
    /// mode; only then does the stream read incrementally again.
    ///
    /// # Errors
    /// [`NotFound`](crate::StoreError::NotFound); [`Conflict`](crate::StoreError::Conflict) when
    /// the connection is disconnected, or the stream holds another model.
    pub async fn begin_run(&self, new: NewRun, now: DateTime<Utc>) -> Result<BeginOutcome> {
        let tx = self.db.write(Durability::Process).await?;
        let platform = self.platform_of(&tx, new.connection).await?;
        let stream = self.lock_stream(&tx, &new).await?;
        if let Some((owner, until)) = stream.holder
            && until > now
            && new.dead_owner.as_ref() != Some(&owner)
        {
            return Ok(BeginOutcome::Busy { owner, until });
        }
        if stream.model != new.model {
            return Err(StoreError::Conflict(
                "the stream holds records of another model; erase the connection, or rename the stream",
            ));
        }
        let sql = "UPDATE sync_log SET status = 'interrupted', finished_at = $3 \
                   WHERE connection_id = $1 AND stream = $2 AND status = 'running'";
        tx.run(
            sql,
            vec![new.connection.into(), text(&new.stream), time(now)],
        )
        .await?;
        let starts_full = new.mode == RunMode::Full && !stream.reading_full;
        if starts_full {
            let sql = "UPDATE sync_checkpoints SET reading_full = $3, checkpoint_version = NULL, \
                       checkpoint_cursor = NULL, checkpoint_at = NULL \
                       WHERE connection_id = $1 AND stream = $2";
            tx.run(
                sql,
                vec![new.connection.into(), text(&new.stream), true.into()],
            )
            .await?;
        }
        let mode = if stream.reading_full {
            RunMode::Full
        } else {
            new.mode
        };
        let run = Run {
            id: RunId::new(),
            connection: new.connection,
            platform,
            stream: new.stream,
            model: new.model,
            mode,
            fence: stream.fence + 1,
            checkpoint: stream.checkpoint.filter(|_| !starts_full),
            lease_ttl: new.lease_ttl,
        };
        self.hold(&tx, &run, &new.owner, now).await?;
        tx.commit().await?;
        Ok(BeginOutcome::Begun(run))
    }

    async fn platform_of(&self, tx: &Tx, connection: ConnectionId) -> Result<String> {
        let sql = "SELECT platform, status FROM platform_connections \
                   WHERE id = $1 AND project_id = $2";
        let row = tx.one(sql, vec![connection.into(), self.own()]).await?;
        let row = row.ok_or(NO_CONNECTION)?;
        let status: String = get(&row, "status")?;
        if status == "disconnected" {
            return Err(DISCONNECTED);
        }
        get(&row, "platform")
    }

    /// The stream's row, made where there is none, and locked until the transaction ends.
    async fn lock_stream(&self, tx: &Tx, new: &NewRun) -> Result<Stream> {
        let sql = "INSERT INTO sync_checkpoints (connection_id, stream, project_id, model, \
                   reading_full, present, gone, lease_fence) VALUES ($1, $2, $3, $4, $5, 0, 0, 0) \
                   ON CONFLICT (connection_id, stream) DO NOTHING";
        let values = vec![
            new.connection.into(),
            text(&new.stream),
            self.own(),
            text(tables::word(new.model)),
            false.into(),
        ];
        tx.run(sql, values).await?;
        let sql = format!(
            "SELECT model, checkpoint_version, checkpoint_cursor, reading_full, lease_owner, \
             lease_until, lease_fence FROM sync_checkpoints \
             WHERE connection_id = $1 AND stream = $2{}",
            tx.backend().for_update()
        );
        let row = tx
            .one(&sql, vec![new.connection.into(), text(&new.stream)])
            .await?;
        Stream::read(&row.ok_or(NO_STREAM)?)
    }

    async fn hold(&self, tx: &Tx, run: &Run, owner: &str, now: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE sync_checkpoints \
                   SET run_id = $3, lease_owner = $4, lease_until = $5, lease_fence = $6 \
                   WHERE connection_id = $1 AND stream = $2";
        let values = vec![
            run.connection.into(),
            text(&run.stream),
            run.id.into(),
            text(owner),
            time(now + run.lease_ttl),
            run.fence.into(),
        ];
        tx.run(sql, values).await?;
        let sql = "INSERT INTO sync_log (id, project_id, connection_id, stream, model, mode, owner, \
                   status, started_at, heartbeat_at, pages, inserted, updated, unchanged, gone, \
                   skipped, last_sequence, requests, retries, waited_ms, skipped_sample, notes) \
                   SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $9, 0, 0, 0, 0, 0, 0, last_sequence, \
                   0, 0, 0, $10, $10 FROM projects WHERE id = $2";
        let values = vec![
            run.id.into(),
            self.own(),
            run.connection.into(),
            text(&run.stream),
            text(tables::word(run.model)),
            text(run.mode.as_str()),
            text(owner),
            text(RunStatus::Running.as_str()),
            time(now),
            serde_json::json!([]).into(),
        ];
        tx.run(sql, values).await.map(drop)
    }

    /// Shows that a run is alive, between pages that take long.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the run was taken over;
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn heartbeat(&self, run: &Run, now: DateTime<Utc>) -> Result<()> {
        let tx = self.db.write(Durability::Process).await?;
        let until = vec![time(now + run.lease_ttl)];
        self.under_fence(&tx, run, "lease_until = $6", until)
            .await?;
        let sql = "UPDATE sync_log SET heartbeat_at = $2 WHERE id = $1";
        tx.run(sql, vec![run.id.into(), time(now)]).await?;
        tx.commit().await
    }

    /// Ends a run and frees its stream.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the run was taken over;
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn finish_run(
        &self,
        run: &Run,
        outcome: RunOutcome,
        usage: RunUsage,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.db.write(Durability::Process).await?;
        let free = "run_id = NULL, lease_owner = NULL, lease_until = NULL";
        if matches!(outcome, RunOutcome::Completed) {
            let set = format!("{free}, reading_full = $6, completed_at = $7");
            let values = vec![false.into(), time(now)];
            self.under_fence(&tx, run, &set, values).await?;
        } else {
            self.under_fence(&tx, run, free, Vec::new()).await?;
        }
        let sql = "UPDATE sync_log SET status = $2, finished_at = $3, heartbeat_at = $3, \
                   resume_at = $4, requests = $5, retries = $6, waited_ms = $7, \
                   failure_kind = $8, failure_message = $9 WHERE id = $1";
        let (status, resume_at, failure) = outcome.parts();
        let (kind, message) = failure
            .map(|failure| (failure.kind, failure.message))
            .unzip();
        let waited = u64::try_from(usage.waited.as_millis()).unwrap_or(u64::MAX);
        let values = vec![
            run.id.into(),
            text(status.as_str()),
            time(now),
            time_or_null(resume_at),
            int(usage.requests).into(),
            int(usage.retries).into(),
            int(waited).into(),
            text_or_null(kind),
            text_or_null(message),
        ];
        tx.run(sql, values).await?;
        tx.commit().await
    }

    /// Forgets where the run's stream left off, because the connector can't use it any more; the
    /// run goes on from the beginning. Records stay.
    ///
    /// # Errors
    /// [`Fenced`](crate::StoreError::Fenced) when the run was taken over;
    /// [`NotFound`](crate::StoreError::NotFound).
    pub async fn forget_checkpoint(&self, run: &Run, now: DateTime<Utc>) -> Result<()> {
        let tx = self.db.write(Durability::Process).await?;
        let set = "checkpoint_version = NULL, checkpoint_cursor = NULL, checkpoint_at = NULL, \
                   lease_until = $6";
        let until = vec![time(now + run.lease_ttl)];
        self.under_fence(&tx, run, set, until).await?;
        tx.commit().await
    }

    /// Changes the stream's row, and holds it until the transaction ends, if the run still holds
    /// the stream; `values` are `$6` and on.
    pub(super) async fn under_fence(
        &self,
        tx: &Tx,
        run: &Run,
        set: &str,
        values: Vec<Value>,
    ) -> Result<()> {
        let sql = format!(
            "UPDATE sync_checkpoints SET {set} WHERE connection_id = $1 AND stream = $2 \
             AND project_id = $3 AND run_id = $4 AND lease_fence = $5"
        );
        let mut all = vec![
            run.connection.into(),
            text(&run.stream),
            self.own(),
            run.id.into(),
            run.fence.into(),
        ];
        all.extend(values);
        if tx.run(&sql, all).await? == 1 {
            return Ok(());
        }
        let sql = "SELECT id FROM sync_log WHERE id = $1 AND project_id = $2";
        match tx.one(sql, vec![run.id.into(), self.own()]).await? {
            Some(_) => Err(StoreError::Fenced { what: "the run" }),
            None => Err(StoreError::NotFound { what: "run" }),
        }
    }
}

const NO_STREAM: StoreError = StoreError::NotFound { what: "stream" };

/// What a stream's row says before a run begins.
struct Stream {
    model: ModelKind,
    checkpoint: Option<Checkpoint>,
    reading_full: bool,
    holder: Option<(String, DateTime<Utc>)>,
    fence: i64,
}

impl Stream {
    fn read(row: &QueryResult) -> Result<Self> {
        let owner: Option<String> = get(row, "lease_owner")?;
        let until: Option<DateTime<Utc>> = get(row, "lease_until")?;
        Ok(Self {
            model: parsed(row, "model", tables::model_named)?,
            checkpoint: checkpoint(row)?,
            reading_full: get(row, "reading_full")?,
            holder: owner.zip(until),
            fence: get(row, "lease_fence")?,
        })
    }
}

fn checkpoint(row: &QueryResult) -> Result<Option<Checkpoint>> {
    let version: Option<i64> = get(row, "checkpoint_version")?;
    let cursor: Option<serde_json::Value> = get(row, "checkpoint_cursor")?;
    Ok(version
        .and_then(|version| u16::try_from(version).ok())
        .zip(cursor)
        .map(|(version, cursor)| Checkpoint { version, cursor }))
}
