//! Syncing a connection: runs of its streams, page by page, each page with its checkpoint.

use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::Skipped;
use crossdock_persistence::{ConnectionId, PageCounts, ProjectId, RunFailure, RunMode};
use serde::Serialize;

use crate::engine::Engine;
use crate::error::Result;

/// What to sync.
#[derive(Clone, Debug)]
pub struct SyncOrder {
    /// The connection.
    pub connection: ConnectionId,
    /// The streams, by their ids; `None` for all that the connector has.
    pub streams: Option<Vec<String>>,
    /// Whether to go on from the checkpoints or to read everything again.
    pub mode: RunMode,
    /// Whether to sit out the time that a platform takes to prepare a report. Otherwise such a run
    /// ends as [`StreamStatus::Waiting`], and the next one goes on from there.
    pub wait: bool,
}

impl SyncOrder {
    /// All streams, from their checkpoints, sitting out what the platform prepares.
    #[must_use]
    pub fn new(connection: ConnectionId) -> Self {
        Self {
            connection,
            streams: None,
            mode: RunMode::Incremental,
            wait: true,
        }
    }
}

impl Engine {
    /// Syncs streams of a connection, several at a time, and says how each went, in the order of
    /// the descriptor. What one of them fails of doesn't stop the others.
    ///
    /// Dropping the future stops it between two pages: what was committed stays, and the next sync
    /// goes on from there at once.
    ///
    /// # Errors
    /// Those that keep it from beginning: the store's `NotFound`,
    /// [`NotFound`](connector_core::ErrorKind::NotFound) for a stream that the connector hasn't got,
    /// [`ReconnectRequired`](connector_core::ErrorKind::ReconnectRequired) for a connection that
    /// isn't active. What fails later is in the reports.
    pub async fn sync(
        &self,
        project: ProjectId,
        order: SyncOrder,
        observe: impl Fn(SyncEvent) + Send + Sync,
    ) -> Result<Vec<StreamReport>> {
        todo!()
    }
}

/// What happens while streams are synced, for whoever shows progress. Events of one stream come in
/// order; those of several interleave.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum SyncEvent {
    /// A run began.
    Started {
        /// The stream.
        stream: String,
        /// Whether it goes on from a checkpoint.
        resumed: bool,
    },
    /// A page was committed.
    Page {
        /// The stream.
        stream: String,
        /// What the run has committed up to now, this page included.
        counts: PageCounts,
        /// How many records the run will bring in all, where the platform tells.
        total: Option<u64>,
    },
    /// The platform is preparing; the run goes on by itself at that time.
    Waiting {
        /// The stream.
        stream: String,
        /// When it goes on.
        until: DateTime<Utc>,
    },
    /// A run ended.
    Finished(StreamReport),
}

/// How one stream's run went.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StreamReport {
    /// The stream.
    pub stream: String,
    /// How it ended.
    #[serde(flatten)]
    pub status: StreamStatus,
    /// What became of the records.
    #[serde(flatten)]
    pub counts: PageCounts,
    /// The first of what could not be mapped; `counts.skipped` says how many there were.
    pub skipped_sample: Vec<Skipped>,
    /// What a person should know: data that the platform withheld, a checkpoint that was given up.
    pub notes: Vec<String>,
    /// Requests that were sent, retries included.
    pub requests: u64,
    /// How many of them were retries.
    pub retries: u64,
    /// How long the session waited, for quota and between attempts.
    pub waited: Duration,
    /// How long the run took.
    pub seconds: f64,
    /// Pages that were committed.
    pub pages: u64,
}

impl StreamReport {
    /// Whether the stream was read to its end.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.status == StreamStatus::Completed
    }

    /// Why it failed, if it did.
    #[must_use]
    pub fn failure(&self) -> Option<&RunFailure> {
        match &self.status {
            StreamStatus::Failed { error } => Some(error),
            _ => None,
        }
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "status", rename_all = "snake_case")]
#[non_exhaustive]
pub enum StreamStatus {
    /// The stream was read to its end.
    Completed,
    /// The platform is preparing; a run after this time goes on from the checkpoint.
    Waiting {
        /// When to go on.
        until: DateTime<Utc>,
    },
    /// It failed. What was committed before stays, and the next run goes on after it.
    Failed {
        /// Why, and when to try again.
        error: RunFailure,
    },
    /// Another run of the same stream is under way; nothing was done.
    Busy {
        /// When that one's lease runs out, unless it is renewed.
        until: DateTime<Utc>,
    },
    /// [`Engine::shutdown`](crate::Engine::shutdown) came first. The next run goes on.
    Cancelled,
}
