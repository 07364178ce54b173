//! Syncing a connection: runs of its streams, page by page, each page with its checkpoint.

mod failure;
mod run;

use std::collections::BTreeMap;
use std::time::Duration;

use chrono::{DateTime, Utc};
use connector_core::{Descriptor, ErrorKind, Skipped, StreamDescriptor};
use crossdock_persistence::{
    Connection, ConnectionId, ConnectionStatus, PageCounts, ProjectId, RunFailure, RunMode,
};
use futures::FutureExt as _;
use futures::future::join_all;
use serde::Serialize;
use tokio::sync::Semaphore;

use crate::attribution;
use crate::engine::Engine;
use crate::error::{Error, Result};
use run::{StreamRun, StreamRunParts};

/// How many streams of one connection read at the same time. They share its quota, and on SQLite one
/// writer; more of them would only hold more pages in memory. One that sits something out lets
/// another one read.
const STREAMS_AT_ONCE: usize = 4;

/// What to sync.
#[derive(Clone, Debug)]
pub struct SyncOrder {
    /// The connection.
    pub connection: ConnectionId,
    /// The streams, by their ids; `None` for all that the connector has.
    pub streams: Option<Vec<String>>,
    /// Whether to go on from the checkpoints or to read everything again.
    pub mode: RunMode,
    /// How long each stream may sit out, in all, what a platform still prepares: reports, bulk
    /// files. A run that would have to wait longer ends as [`StreamStatus::Waiting`] at once, and
    /// the next one goes on from there. Zero sits out nothing.
    pub patience: Duration,
}

impl SyncOrder {
    /// How long a sync sits out what a platform prepares, unless something else is said: bulk files
    /// of large shops take minutes.
    pub const PATIENCE: Duration = Duration::from_mins(30);

    /// All streams, from their checkpoints, sitting out what the platform prepares for as long as
    /// [`SyncOrder::PATIENCE`].
    #[must_use]
    pub fn new(connection: ConnectionId) -> Self {
        Self {
            connection,
            streams: None,
            mode: RunMode::Incremental,
            patience: Self::PATIENCE,
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
        self.sync_and_remove(project, order, &Removals::new(), &observe)
            .await
    }

    /// As [`Engine::sync`]; and once a stream is read to its end, the records that the platform
    /// said are gone are removed from it.
    pub(crate) async fn sync_and_remove(
        &self,
        project: ProjectId,
        order: SyncOrder,
        removals: &Removals,
        observe: &(impl Fn(SyncEvent) + Send + Sync),
    ) -> Result<Vec<StreamReport>> {
        let store = self.store().project(project);
        let connection = self.connected(&store, order.connection).await?;
        if connection.status == ConnectionStatus::ReconnectRequired {
            return Err(reconnect_first(&connection));
        }
        let connector = self.registry().get(&connection.platform)?;
        let streams = chosen(connector.descriptor(), order.streams.as_deref())?;
        let session = self.session(&store, &connection).await?;
        let turns = Semaphore::new(STREAMS_AT_ONCE);
        let run = |stream| {
            StreamRun::new(StreamRunParts {
                engine: self,
                store: &store,
                session: &session,
                connection: &connection,
                stream,
                mode: order.mode,
                patience: order.patience,
                turns: &turns,
                gone: removals.get(stream.id).map_or(&[][..], Vec::as_slice),
                observe,
            })
            .run()
        };
        let runs: Vec<_> = streams
            .into_iter()
            .map(|stream| run(stream).boxed())
            .collect();
        let reports = self.tasks().track_future(join_all(runs)).await;
        let concerned = reports.iter().any(|report| {
            let stream = connector.descriptor().stream(&report.stream);
            report.counts.changed() > 0
                && stream.is_some_and(|stream| attribution::concerns(stream.model))
        });
        // What was synced stays, whatever comes of this; the next sync makes up for it.
        if concerned && let Err(error) = self.attribute(project).await {
            tracing::warn!(%error, "what preceded the new records could not be worked out");
        }
        Ok(reports)
    }
}

/// Ids of records that are gone, by stream.
pub(crate) type Removals = BTreeMap<String, Vec<String>>;

/// The descriptor's streams that were asked for.
fn chosen(
    descriptor: &'static Descriptor,
    asked: Option<&[String]>,
) -> Result<Vec<&'static StreamDescriptor>> {
    let Some(asked) = asked else {
        return Ok(descriptor.streams.iter().collect());
    };
    if let Some(unknown) = asked.iter().find(|id| descriptor.stream(id).is_none()) {
        let known: Vec<&str> = descriptor.streams.iter().map(|stream| stream.id).collect();
        let error = connector_core::Error::new(ErrorKind::NotFound, "there is no such stream")
            .with("asked", unknown.escape_debug())
            .with("known", known.join(" "));
        return Err(error.into());
    }
    Ok(descriptor
        .streams
        .iter()
        .filter(|stream| asked.iter().any(|id| id == stream.id))
        .collect())
}

fn reconnect_first(connection: &Connection) -> Error {
    let error = connector_core::Error::new(
        ErrorKind::ReconnectRequired,
        "the account must be connected again before it can be synced",
    );
    let reason = connection.status_reason.as_deref().unwrap_or("not known");
    error
        .with("reason", reason)
        .with("connection", connection.id)
        .into()
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
    /// How long the run sat out what the platform prepared.
    pub sat_out: Duration,
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
