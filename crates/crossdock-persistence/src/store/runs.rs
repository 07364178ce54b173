//! Runs: one sync of one stream, page by page. A page's records, its checkpoint, the run's counters
//! and its lease are one transaction.

use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::{Checkpoint, ModelKind, Page, Skipped};
use sea_orm::{QueryResult, Value};
use serde::Serialize;

use super::NO_CONNECTION;
use super::connections::DISCONNECTED;
use crate::db::{
    Ask as _, Durability, Tx, get, int, parsed, text, text_or_null, time, time_or_null,
};
use crate::error::{Result, StoreError};
use crate::ids::{ConnectionId, RunId};
use crate::store::ProjectStore;
use crate::tables;
use crate::words::words;

words! {
    /// How a run reads its stream.
    pub enum RunMode {
        /// From the stored checkpoint, or everything where there is none.
        Incremental = "incremental",
        /// Everything, from the beginning; but a full run that was interrupted goes on from where
        /// it was.
        Full = "full",
    }
}

words! {
    /// Where a run stands.
    pub enum RunStatus {
        /// It is going on.
        Running = "running",
        /// It read its stream to the end.
        Completed = "completed",
        /// The platform is still preparing; the next run goes on from the checkpoint.
        Waiting = "waiting",
        /// It failed; what was committed before stays.
        Failed = "failed",
        /// A person, or the end of the process, stopped it.
        Cancelled = "cancelled",
        /// Its owner was gone, and another run took over.
        Interrupted = "interrupted",
    }
}

/// A run to begin.
#[derive(Clone, Debug)]
pub struct NewRun {
    /// Through which connection.
    pub connection: ConnectionId,
    /// Which stream.
    pub stream: String,
    /// What its records are; [`PageCommit`] refuses others.
    pub model: ModelKind,
    /// How to read.
    pub mode: RunMode,
    /// Who runs it: one id per process.
    pub owner: String,
    /// An owner that the caller knows to be gone: what it holds is taken over at once.
    pub dead_owner: Option<String>,
    /// How long it holds the stream after each sign of life.
    pub lease_ttl: Duration,
}

/// What beginning a run gave.
#[derive(Clone, Debug)]
pub enum BeginOutcome {
    /// It is the caller's.
    Begun(Run),
    /// Another run of this stream is going on.
    Busy {
        /// Whose.
        owner: String,
        /// Until when, unless it shows life before.
        until: DateTime<Utc>,
    },
}

/// A run that the caller holds.
#[derive(Clone, Debug)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// Through which connection.
    pub connection: ConnectionId,
    /// The connection's platform.
    pub platform: String,
    /// Which stream.
    pub stream: String,
    /// What its records are.
    pub model: ModelKind,
    /// How it reads: [`RunMode::Full`] also where an interrupted full read is taken up again.
    pub mode: RunMode,
    /// Counts up each time that the stream is taken; a holder with a lower one is fenced out.
    pub fence: i64,
    /// Where to go on; `None` reads from the beginning.
    pub checkpoint: Option<Checkpoint>,
    /// How long it holds the stream after each sign of life.
    pub lease_ttl: Duration,
}

/// A page to commit.
#[derive(Debug)]
pub struct PageCommit {
    /// What the connector gave.
    pub page: Page,
    /// When.
    pub now: DateTime<Utc>,
}

/// What a page did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct PageCounts {
    /// Records that were not there, or had been gone.
    pub inserted: u64,
    /// Records that became another.
    pub updated: u64,
    /// Records that were there as they came.
    pub unchanged: u64,
    /// Records that are gone now and were not before.
    pub gone: u64,
    /// What could not be mapped.
    pub skipped: u64,
    /// The feed's last number after the page: the project's, whether or not this page wrote to it.
    pub last_sequence: i64,
}

impl PageCounts {
    /// How many records came, those that could not be mapped included.
    #[must_use]
    pub const fn seen(&self) -> u64 {
        self.inserted + self.updated + self.unchanged + self.gone + self.skipped
    }
}

/// How a run ended.
#[derive(Clone, Debug)]
pub enum RunOutcome {
    /// The stream was read to the end.
    Completed,
    /// The platform is still preparing.
    Waiting {
        /// When to go on.
        until: DateTime<Utc>,
    },
    /// It failed.
    Failed(RunFailure),
    /// It was stopped.
    Cancelled,
}

/// Why a run failed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RunFailure {
    /// The error's kind, `snake_case`.
    pub kind: String,
    /// The error in one line, safe to show.
    pub message: String,
    /// When to try again; `None` when somebody must act first.
    pub retry_at: Option<DateTime<Utc>>,
}

/// What a run used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct RunUsage {
    /// Requests that were sent, retries included.
    pub requests: u64,
    /// How many of them were retries.
    pub retries: u64,
    /// How long it waited for quota and between attempts.
    pub waited: Duration,
}

/// Which runs to list.
#[derive(Clone, Debug, Default)]
pub struct RunFilter {
    /// Only this connection's.
    pub connection: Option<ConnectionId>,
    /// Only this stream's.
    pub stream: Option<String>,
    /// Only these.
    pub status: Option<RunStatus>,
    /// Only those begun before this one: the last of the page before.
    pub before: Option<RunId>,
}

/// A run as the log has it.
#[derive(Clone, Debug, Serialize)]
pub struct RunRow {
    /// Its id.
    pub id: RunId,
    /// Through which connection.
    pub connection: ConnectionId,
    /// The connection's platform.
    pub platform: String,
    /// Which stream.
    pub stream: String,
    /// What its records are.
    pub model: ModelKind,
    /// How it read.
    pub mode: RunMode,
    /// Who ran it.
    pub owner: String,
    /// Where it stands.
    pub status: RunStatus,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Its last sign of life.
    pub heartbeat_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// When to go on, where the platform is still preparing, or when to try again.
    pub resume_at: Option<DateTime<Utc>>,
    /// Pages that were committed.
    pub pages: u64,
    /// What they did; `last_sequence` is the feed's number after the last of them.
    pub counts: PageCounts,
    /// How many records the platform said there would be.
    pub expected: Option<u64>,
    /// What it used.
    pub usage: RunUsage,
    /// Why it failed.
    pub failure: Option<RunFailure>,
    /// The first of what could not be mapped; `counts.skipped` says how many there were.
    pub skipped_sample: Vec<Skipped>,
    /// What a person should know; equal ones once.
    pub notes: Vec<String>,
}

/// Where a stream stands.
#[derive(Clone, Debug, Serialize)]
pub struct StreamState {
    /// Through which connection.
    pub connection: ConnectionId,
    /// Which stream.
    pub stream: String,
    /// What its records are.
    pub model: ModelKind,
    /// Records that are there.
    pub records: u64,
    /// Whether there is a checkpoint to go on from.
    pub has_checkpoint: bool,
    /// When the checkpoint was stored.
    pub checkpoint_at: Option<DateTime<Utc>>,
    /// When the stream was last read to the end.
    pub completed_at: Option<DateTime<Utc>>,
    /// Its last run.
    pub last_run: Option<RunRow>,
}

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

impl RunOutcome {
    fn parts(self) -> (RunStatus, Option<DateTime<Utc>>, Option<RunFailure>) {
        match self {
            Self::Completed => (RunStatus::Completed, None, None),
            Self::Waiting { until } => (RunStatus::Waiting, Some(until), None),
            Self::Failed(failure) => (RunStatus::Failed, failure.retry_at, Some(failure)),
            Self::Cancelled => (RunStatus::Cancelled, None, None),
        }
    }
}
