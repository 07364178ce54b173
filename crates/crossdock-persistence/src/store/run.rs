//! What a run is: how it begins, what a page of it does, how it ends, how the log shows it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::{Checkpoint, ModelKind, Page, Skipped};
use serde::Serialize;

use crate::ids::{ConnectionId, RunId};
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
    /// How many records are others than before.
    #[must_use]
    pub const fn changed(&self) -> u64 {
        self.inserted + self.updated + self.gone
    }

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

impl RunOutcome {
    /// Its status, when to go on, and why it failed.
    pub(super) fn parts(self) -> (RunStatus, Option<DateTime<Utc>>, Option<RunFailure>) {
        match self {
            Self::Completed => (RunStatus::Completed, None, None),
            Self::Waiting { until } => (RunStatus::Waiting, Some(until), None),
            Self::Failed(failure) => (RunStatus::Failed, failure.retry_at, Some(failure)),
            Self::Cancelled => (RunStatus::Cancelled, None, None),
        }
    }
}
