//! One run of one stream: a lease, then pages, each committed while the next one is fetched.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use connector_core::{
    AnySession, Checkpoint, ErrorKind, Meter, Next, Page, PageStream, Record, Skipped,
    StreamDescriptor, SyncRequest,
};
use crossdock_persistence::{
    BeginOutcome, Connection, NewRun, PageCounts, PreparedPage, ProjectStore, Run, RunMode,
    RunOutcome, RunUsage, StoreError,
};
use futures::StreamExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio_util::task::AbortOnDropHandle;
use tracing::Instrument as _;
use tracing::field::Empty;

use super::failure;
use super::{StreamReport, StreamStatus, SyncEvent};
use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::instance::Claim;

/// How long a run holds its stream after each sign of life.
const LEASE: Duration = Duration::from_mins(2);

/// How often a run shows life while a page takes long.
const HEARTBEAT: Duration = Duration::from_secs(30);

/// How long what is being prepared is left alone at least, whatever the platform says.
const SHORTEST: Duration = Duration::from_millis(200);

/// How many skipped records a report names.
const SAMPLE: usize = 20;

/// What a run is made of.
pub(super) struct StreamRunParts<'a, F> {
    pub(super) engine: &'a Engine,
    pub(super) store: &'a ProjectStore,
    pub(super) session: &'a AnySession,
    pub(super) connection: &'a Connection,
    pub(super) stream: &'static StreamDescriptor,
    pub(super) mode: RunMode,
    /// How long the platform may prepare, in all.
    pub(super) patience: Duration,
    /// Whoever has one of these may read.
    pub(super) turns: &'a Semaphore,
    /// Records to remove once the stream is read to its end.
    pub(super) gone: &'a [String],
    pub(super) observe: &'a F,
}

/// A run, and what it has done up to now.
pub(super) struct StreamRun<'a, F> {
    parts: StreamRunParts<'a, F>,
    meter: Meter,
    /// Of the last page that was committed, in this run or before it.
    checkpoint: Option<Checkpoint>,
    counts: PageCounts,
    pages: u64,
    /// How long the platform has prepared.
    sat_out: Duration,
    skipped_sample: Vec<Skipped>,
    notes: Vec<String>,
}

/// How far the platform's pages went.
enum End {
    Done,
    After(Duration),
}

/// Leave to read, as long as it is held. Nobody closes the semaphore; if somebody did, all might
/// read.
type Turn<'a> = Option<SemaphorePermit<'a>>;

/// Why a run doesn't go on.
enum Stop {
    Cancelled,
    Failed(Error),
}

impl<E: Into<Error>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// The page that is being fetched, with the stream to go on with. Dropping it stops the fetch.
type Fetch = AbortOnDropHandle<(Option<Result<PreparedPage>>, PageStream)>;

impl<'a, F: Fn(SyncEvent) + Send + Sync> StreamRun<'a, F> {
    pub(super) fn new(parts: StreamRunParts<'a, F>) -> Self {
        Self {
            parts,
            meter: Meter::default(),
            checkpoint: None,
            counts: PageCounts::default(),
            pages: 0,
            sat_out: Duration::ZERO,
            skipped_sample: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Runs to the end, whatever it is, and tells it.
    pub(super) async fn run(mut self) -> StreamReport {
        let span = tracing::info_span!(
            "run",
            platform = self.parts.connection.platform,
            connection.id = %self.parts.connection.id,
            stream = self.parts.stream.id,
            mode = %self.parts.mode,
            records = Empty,
            error.kind = Empty,
        );
        async {
            let turn = self.parts.turns.acquire().await.ok();
            let started_at = self.parts.engine.now();
            let status = self.lease_and_read(turn).await;
            let report = self.report(status, started_at);
            tell(&report);
            (self.parts.observe)(SyncEvent::Finished(report.clone()));
            report
        }
        .instrument(span)
        .await
    }

    async fn lease_and_read(&mut self, turn: Turn<'a>) -> StreamStatus {
        if self.parts.engine.stopping().is_cancelled() {
            return StreamStatus::Cancelled;
        }
        let claim = self.parts.engine.instance().claim();
        let run = match self.begin(&claim).await {
            Ok(BeginOutcome::Begun(run)) => run,
            Ok(BeginOutcome::Busy { until, .. }) => return StreamStatus::Busy { until },
            Err(error) => return self.failed(error).await,
        };
        self.checkpoint.clone_from(&run.checkpoint);
        (self.parts.observe)(SyncEvent::Started {
            stream: self.parts.stream.id.to_owned(),
            resumed: run.checkpoint.is_some(),
        });
        let status = match self.read_to_end(&run, turn).await {
            Ok(status) => status,
            Err(Stop::Cancelled) => StreamStatus::Cancelled,
            Err(Stop::Failed(error)) => self.failed(error).await,
        };
        self.finish(&run, status).await
    }

    /// Takes the stream's lease; at once, from an owner that is known to be dead.
    async fn begin(&self, claim: &Claim) -> Result<BeginOutcome> {
        let engine = self.parts.engine;
        let mut new = NewRun {
            connection: self.parts.connection.id,
            stream: self.parts.stream.id.to_owned(),
            model: self.parts.stream.model,
            mode: self.parts.mode,
            owner: claim.owner().to_owned(),
            dead_owner: None,
            lease_ttl: LEASE,
        };
        loop {
            match self
                .parts
                .store
                .begin_run(new.clone(), engine.now())
                .await?
            {
                BeginOutcome::Busy { owner, .. }
                    if new.dead_owner.as_ref() != Some(&owner)
                        && engine.instance().is_dead(&owner) =>
                {
                    new.dead_owner = Some(owner);
                }
                outcome => return Ok(outcome),
            }
        }
    }

    /// Reads the stream to its end, sitting out what the platform prepares as long as that is
    /// wanted, and starting over once if the checkpoint is of no use any more.
    async fn read_to_end(&mut self, run: &Run, mut turn: Turn<'a>) -> Result<StreamStatus, Stop> {
        let mut has_started_over = false;
        loop {
            match self.read(run).await {
                Ok(End::Done) => {
                    self.remove_gone(run).await?;
                    return Ok(StreamStatus::Completed);
                }
                Ok(End::After(delay)) => {
                    let until = after(self.parts.engine.now(), delay);
                    let delay = delay.max(SHORTEST);
                    if self.sat_out.saturating_add(delay) > self.parts.patience {
                        return Ok(StreamStatus::Waiting { until });
                    }
                    self.sat_out += delay;
                    (self.parts.observe)(SyncEvent::Waiting {
                        stream: self.parts.stream.id.to_owned(),
                        until,
                    });
                    // Another stream reads meanwhile.
                    drop(turn);
                    let clock = Arc::clone(&self.parts.engine.context().clock);
                    self.alive(run, async move { clock.sleep(delay).await })
                        .await?;
                    turn = self.alive(run, self.parts.turns.acquire()).await?.ok();
                }
                Err(Stop::Failed(Error::Connector(error)))
                    if error.kind() == ErrorKind::CheckpointInvalid && !has_started_over =>
                {
                    has_started_over = true;
                    tracing::warn!(%error, "the checkpoint is of no use: the stream starts over");
                    let now = self.parts.engine.now();
                    self.parts.store.forget_checkpoint(run, now).await?;
                    self.checkpoint = None;
                    self.note(format!("started over: {}", error.message()));
                }
                Err(stop) => return Err(stop),
            }
        }
    }

    /// Reads on from the checkpoint: one page is committed while the next one is fetched.
    async fn read(&mut self, run: &Run) -> Result<End, Stop> {
        let mut request =
            SyncRequest::new(self.parts.stream.id).resume_from(self.checkpoint.clone());
        request.keep_raw = self.parts.connection.keep_raw;
        request.meter = self.meter.clone();
        let mut fetching = self.fetch(self.parts.session.sync(request)?);
        let mut is_first = true;
        loop {
            let (page, rest) = self.alive(run, fetching).await?.map_err(|cause| {
                connector_core::Error::new(ErrorKind::Unexpected, "fetching a page was cut off")
                    .with_source(cause)
            })?;
            let page = match page {
                Some(page) => page?,
                None if is_first => return Ok(End::Done),
                None => {
                    return Err(connector_core::Error::contract(
                        "the stream ended without saying that it is complete",
                    )
                    .into());
                }
            };
            is_first = false;
            match page.next {
                Next::More => {
                    // Begun before the commit, awaited after it: never more than one page ahead.
                    fetching = self.fetch(rest);
                    self.commit(run, page).await?;
                }
                Next::Done => {
                    self.commit(run, page).await?;
                    return Ok(End::Done);
                }
                Next::After(delay) => {
                    self.commit(run, page).await?;
                    return Ok(End::After(delay));
                }
            }
        }
    }

    /// Fetches the next page and prepares it, on a task of its own, so that this and committing the
    /// page before use two cores.
    fn fetch(&self, mut pages: PageStream) -> Fetch {
        let model = self.parts.stream.model;
        let task = async move {
            let page = pages
                .next()
                .await
                .map(|page| Ok(PreparedPage::new(model, page?)?));
            (page, pages)
        };
        AbortOnDropHandle::new(tokio::spawn(task.in_current_span()))
    }

    async fn commit(&mut self, run: &Run, page: PreparedPage) -> Result<()> {
        let span = tracing::debug_span!("page", records = page.len(), skipped = page.skipped.len());
        let checkpoint = page.checkpoint.clone();
        let total = page.total;
        let room = SAMPLE.saturating_sub(self.skipped_sample.len());
        self.skipped_sample
            .extend(page.skipped.iter().take(room).cloned());
        for note in &page.notes {
            self.note(note.clone());
        }
        let now = self.parts.engine.now();
        let counts = self
            .parts
            .store
            .commit_prepared(run, page, now)
            .instrument(span)
            .await?;
        self.checkpoint = Some(checkpoint);
        self.pages += 1;
        self.counts.inserted += counts.inserted;
        self.counts.updated += counts.updated;
        self.counts.unchanged += counts.unchanged;
        self.counts.gone += counts.gone;
        self.counts.skipped += counts.skipped;
        self.counts.last_sequence = counts.last_sequence;
        (self.parts.observe)(SyncEvent::Page {
            stream: self.parts.stream.id.to_owned(),
            counts: self.counts,
            total,
        });
        Ok(())
    }

    /// Removes what the platform said is gone. Nothing can be gone from a stream that was never
    /// read.
    async fn remove_gone(&mut self, run: &Run) -> Result<()> {
        let Some(checkpoint) = self
            .checkpoint
            .clone()
            .filter(|_| !self.parts.gone.is_empty())
        else {
            return Ok(());
        };
        let page = Page {
            records: self.parts.gone.iter().map(Record::gone).collect(),
            skipped: Vec::new(),
            notes: Vec::new(),
            checkpoint,
            next: Next::Done,
            total: None,
        };
        let page = PreparedPage::new(self.parts.stream.model, page)?;
        self.commit(run, page).await
    }

    /// Waits for something slow: shows life meanwhile, and stops when the engine does.
    async fn alive<T>(&self, run: &Run, slow: impl Future<Output = T>) -> Result<T, Stop> {
        let engine = self.parts.engine;
        let mut slow = std::pin::pin!(slow);
        loop {
            tokio::select! {
                biased;
                done = &mut slow => return Ok(done),
                () = engine.stopping().cancelled() => return Err(Stop::Cancelled),
                () = engine.context().clock.sleep(HEARTBEAT) => {
                    self.parts.store.heartbeat(run, engine.now()).await?;
                }
            }
        }
    }

    /// What a failure makes of the run, and of the connection.
    async fn failed(&self, error: Error) -> StreamStatus {
        let parts = &self.parts;
        let error = match error {
            Error::Connector(error) => {
                parts
                    .engine
                    .noted(parts.store, parts.connection.id, error)
                    .await
            }
            other => other,
        };
        StreamStatus::Failed {
            error: failure::describe(&error, parts.engine.now()),
        }
    }

    /// Writes the end into the log and frees the stream.
    async fn finish(&self, run: &Run, status: StreamStatus) -> StreamStatus {
        let outcome = match &status {
            StreamStatus::Completed => RunOutcome::Completed,
            StreamStatus::Waiting { until } => RunOutcome::Waiting { until: *until },
            StreamStatus::Failed { error } => RunOutcome::Failed(error.clone()),
            StreamStatus::Cancelled | StreamStatus::Busy { .. } => RunOutcome::Cancelled,
        };
        let usage = RunUsage {
            requests: self.meter.requests(),
            retries: self.meter.retries(),
            waited: self.meter.waited(),
        };
        let now = self.parts.engine.now();
        match self.parts.store.finish_run(run, outcome, usage, now).await {
            Ok(()) => status,
            // Whoever took over has closed it; what was read before that is committed.
            Err(StoreError::Fenced { .. }) if !matches!(status, StreamStatus::Completed) => status,
            Err(error) if matches!(status, StreamStatus::Failed { .. }) => {
                tracing::warn!(%error, "the end of a failed run could not be stored");
                status
            }
            Err(error) => self.failed(error.into()).await,
        }
    }

    fn note(&mut self, note: String) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn report(&self, status: StreamStatus, started_at: DateTime<Utc>) -> StreamReport {
        let took = (self.parts.engine.now() - started_at).to_std();
        StreamReport {
            stream: self.parts.stream.id.to_owned(),
            status,
            counts: self.counts,
            skipped_sample: self.skipped_sample.clone(),
            notes: self.notes.clone(),
            requests: self.meter.requests(),
            retries: self.meter.retries(),
            waited: self.meter.waited(),
            sat_out: self.sat_out,
            // A clock that was set back in between has no answer.
            seconds: took.unwrap_or_default().as_secs_f64(),
            pages: self.pages,
        }
    }
}

fn after(now: DateTime<Utc>, delay: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(delay)
        .ok()
        .and_then(|delay| now.checked_add_signed(delay))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// One line per run: where it gave up, at the level of who must act.
fn tell(report: &StreamReport) {
    let counts = &report.counts;
    let seen = counts.inserted + counts.updated + counts.unchanged + counts.gone;
    tracing::Span::current().record("records", seen);
    match report.failure() {
        Some(failure) => {
            tracing::Span::current().record("error.kind", failure.kind.as_str());
            if failure.retry_at.is_some() {
                tracing::warn!(
                    error = failure.message,
                    "the run failed and can be tried again"
                );
            } else {
                tracing::error!(error = failure.message, "the run failed");
            }
        }
        None => tracing::info!(
            status = ?report.status,
            pages = report.pages,
            requests = report.requests,
            skipped = counts.skipped,
            "the run ended"
        ),
    }
}
