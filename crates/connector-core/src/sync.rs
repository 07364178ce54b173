//! Syncing: a stream of pages, each with the checkpoint to store with it.
//!
//! A connector's author writes one function per stream, from a typed cursor to a [`Batch`]; [`pages`]
//! makes the stream of it: versions, JSON, resuming and the guard against platforms that give the
//! same page for ever.

use std::collections::HashSet;
use std::future::Future;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures::stream::{BoxStream, StreamExt as _};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::{Error, ErrorKind, Result};
use crate::model::Model;

/// What to sync, and from where.
#[derive(Clone, Debug)]
pub struct SyncRequest {
    /// The [`StreamDescriptor`](crate::StreamDescriptor)'s id.
    pub stream: String,
    /// Where the last page left off; `None` reads everything from the beginning.
    pub resume: Option<Checkpoint>,
    /// Whether records keep the JSON as the platform sent it.
    pub keep_raw: bool,
    /// Counts the requests that this run sends.
    pub meter: Meter,
}

impl SyncRequest {
    /// Everything of a stream, from the beginning, without raw JSON.
    #[must_use]
    pub fn new(stream: impl Into<String>) -> Self {
        Self {
            stream: stream.into(),
            resume: None,
            keep_raw: false,
            meter: Meter::default(),
        }
    }

    /// The same, from where a checkpoint left off.
    #[must_use]
    pub fn resume_from(self, checkpoint: Option<Checkpoint>) -> Self {
        Self {
            resume: checkpoint,
            ..self
        }
    }
}

/// Where a stream left off: opaque to all but its connector, plain JSON in the store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The version of the cursor's form; a connector that changes the form counts it up.
    pub version: u16,
    /// The cursor.
    pub cursor: serde_json::Value,
}

/// One fetch: its records and the checkpoint to store with them. Together, or neither.
#[derive(Debug)]
pub struct Page {
    /// What came.
    pub records: Vec<Record>,
    /// What came and could not be mapped, each with the reason. Stored with the run, so that a
    /// sync accounts for every row.
    pub skipped: Vec<Skipped>,
    /// What a person should know of this page: data that the platform withheld, a window that cuts
    /// history. One sentence each; equal ones are shown once.
    pub notes: Vec<String>,
    /// Where to go on after this page.
    pub checkpoint: Checkpoint,
    /// Whether there is more.
    pub next: Next,
    /// How many records the run will bring in all, where the platform tells; for progress only.
    pub total: Option<u64>,
}

/// Whether there is more after a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another page, at once.
    More,
    /// The platform is still preparing: the stream ends here, and goes on from the checkpoint when
    /// this time has passed.
    After(Duration),
    /// The stream is complete; its checkpoint is where the next run starts.
    Done,
}

/// One thing of a stream.
#[derive(Clone, Debug)]
pub struct Record {
    /// The platform's id, unique within the connection and the stream.
    pub external_id: String,
    /// When the platform last changed it, where it tells.
    pub updated_at: Option<DateTime<Utc>>,
    /// What it is now.
    pub change: Change,
    /// The JSON as the platform sent it, where the request asked for it.
    pub raw: Option<Box<RawValue>>,
}

impl Record {
    /// A record that is there.
    #[must_use]
    pub fn upsert(
        external_id: impl Into<String>,
        updated_at: Option<DateTime<Utc>>,
        model: Model,
    ) -> Self {
        Self {
            external_id: external_id.into(),
            updated_at,
            change: Change::Upsert(model),
            raw: None,
        }
    }

    /// A record that the platform says is gone.
    #[must_use]
    pub fn gone(external_id: impl Into<String>) -> Self {
        Self {
            external_id: external_id.into(),
            updated_at: None,
            change: Change::Gone,
            raw: None,
        }
    }

    /// The same, with the JSON as the platform sent it.
    #[must_use]
    pub fn with_raw(self, raw: Option<Box<RawValue>>) -> Self {
        Self { raw, ..self }
    }
}

/// What a record is now.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// It is this.
    Upsert(Model),
    /// It is gone.
    Gone,
}

/// Something that came and could not be mapped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// The platform's id, where even that could be read.
    pub external_id: Option<String>,
    /// Why, without the data.
    pub reason: String,
}

/// What a platform's page function gives: a page with a typed cursor.
#[derive(Debug)]
pub struct Batch<C> {
    /// What came.
    pub records: Vec<Record>,
    /// What came and could not be mapped.
    pub skipped: Vec<Skipped>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// Where to go on.
    pub cursor: C,
    /// Whether there is more.
    pub next: Next,
    /// How many records there will be in all, where the platform tells.
    pub total: Option<u64>,
}

impl<C> Batch<C> {
    /// A batch of these records.
    #[must_use]
    pub fn new(records: Vec<Record>, cursor: C, next: Next) -> Self {
        Self {
            records,
            skipped: Vec::new(),
            notes: Vec::new(),
            cursor,
            next,
            total: None,
        }
    }

    /// A batch of what could be mapped, with the reasons for what could not.
    ///
    /// One odd record never fails its page: it is counted and named instead.
    #[must_use]
    pub fn mapped(
        results: impl IntoIterator<Item = Result<Record, Skipped>>,
        cursor: C,
        next: Next,
    ) -> Self {
        let mut batch = Self::new(Vec::new(), cursor, next);
        for result in results {
            match result {
                Ok(record) => batch.records.push(record),
                Err(skipped) => batch.skipped.push(skipped),
            }
        }
        batch
    }
}

/// Pages, one after the other. Nothing is sent before the first poll; dropping it stops it.
pub type PageStream = BoxStream<'static, Result<Page>>;

/// Makes a stream of pages from a function that fetches one.
///
/// `fetch` gets the cursor of the page before, or of `resume`, or `None` at the beginning. The
/// stream ends after a page that is [`Next::Done`] or [`Next::After`], and after an error.
///
/// # Errors
/// [`ErrorKind::CheckpointInvalid`] when `resume` is of another version or can't be read. The stream
/// itself fails with [`ErrorKind::ContractBroken`] when the platform gives a cursor that was there
/// before, which would otherwise go on for ever.
pub fn pages<C, F, Fut>(version: u16, resume: Option<Checkpoint>, fetch: F) -> Result<PageStream>
where
    C: Serialize + DeserializeOwned + Send + 'static,
    F: FnMut(Option<C>) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Batch<C>>> + Send + 'static,
{
    let start = resume
        .map(|checkpoint| read_cursor::<C>(version, checkpoint))
        .transpose()?;
    let state = State {
        version,
        cursor: start,
        fetch,
        seen: HashSet::new(),
        done: false,
    };
    Ok(futures::stream::unfold(state, |mut state| async move {
        if state.done {
            return None;
        }
        let page = state.step().await;
        state.done = !matches!(
            &page,
            Ok(Page {
                next: Next::More,
                ..
            })
        );
        Some((page, state))
    })
    .boxed())
}

fn read_cursor<C: DeserializeOwned>(version: u16, checkpoint: Checkpoint) -> Result<C> {
    if checkpoint.version != version {
        return Err(Error::new(
            ErrorKind::CheckpointInvalid,
            "the checkpoint was written by another version of the connector",
        )
        .with("found", checkpoint.version)
        .with("needed", version));
    }
    serde_json::from_value(checkpoint.cursor).map_err(|cause| {
        Error::new(ErrorKind::CheckpointInvalid, "the checkpoint can't be read").with_source(cause)
    })
}

struct State<C, F> {
    version: u16,
    cursor: Option<C>,
    fetch: F,
    /// The fingerprints of all cursors of this run: a cursor may be long, and a run too.
    seen: HashSet<u64>,
    done: bool,
}

impl<C, F, Fut> State<C, F>
where
    C: Serialize + DeserializeOwned + Send,
    F: FnMut(Option<C>) -> Fut + Send,
    Fut: Future<Output = Result<Batch<C>>> + Send,
{
    async fn step(&mut self) -> Result<Page> {
        let batch = (self.fetch)(self.cursor.take()).await?;
        let cursor = serde_json::to_value(&batch.cursor).map_err(|cause| {
            Error::new(ErrorKind::Unexpected, "the cursor can't be written as JSON")
                .with_source(cause)
        })?;
        if batch.next == Next::More && !self.seen.insert(fingerprint(&cursor)) {
            return Err(Error::contract("the platform gives the same page again"));
        }
        self.cursor = Some(batch.cursor);
        Ok(Page {
            records: batch.records,
            skipped: batch.skipped,
            notes: batch.notes,
            checkpoint: Checkpoint {
                version: self.version,
                cursor,
            },
            next: batch.next,
            total: batch.total,
        })
    }
}

fn fingerprint(cursor: &serde_json::Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    cursor.hash(&mut hasher);
    hasher.finish()
}

/// Counts what a run sends. Cheap to clone; clones count together.
#[derive(Clone, Debug, Default)]
pub struct Meter(Arc<Counts>);

#[derive(Debug, Default)]
struct Counts {
    requests: AtomicU64,
    retries: AtomicU64,
    waited_ms: AtomicU64,
}

impl Meter {
    /// Requests that were sent, retries included.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// How many of them were retries.
    #[must_use]
    pub fn retries(&self) -> u64 {
        self.0.retries.load(Ordering::Relaxed)
    }

    /// How long the session waited: for quota, and between attempts.
    #[must_use]
    pub fn waited(&self) -> Duration {
        Duration::from_millis(self.0.waited_ms.load(Ordering::Relaxed))
    }

    pub(crate) fn count_request(&self, is_retry: bool) {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        if is_retry {
            self.0.retries.fetch_add(1, Ordering::Relaxed);
        }
    }

    pub(crate) fn count_wait(&self, waited: Duration) {
        let millis = u64::try_from(waited.as_millis()).unwrap_or(u64::MAX);
        self.0.waited_ms.fetch_add(millis, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use futures::TryStreamExt as _;

    use super::*;

    fn counting(
        limit: u64,
    ) -> impl FnMut(Option<u64>) -> futures::future::Ready<Result<Batch<u64>>> {
        move |cursor| {
            let page = cursor.map_or(0, |cursor| cursor + 1);
            let next = if page + 1 >= limit {
                Next::Done
            } else {
                Next::More
            };
            let record = Record::gone(page.to_string());
            futures::future::ready(Ok(Batch::new(vec![record], page, next)))
        }
    }

    async fn ids(stream: PageStream) -> Vec<String> {
        let pages: Vec<Page> = stream.try_collect().await.unwrap();
        pages
            .into_iter()
            .flat_map(|page| page.records)
            .map(|record| record.external_id)
            .collect()
    }

    #[tokio::test]
    async fn cut_anywhere_the_rest_is_the_same() {
        let whole = ids(pages(1, None, counting(5)).unwrap()).await;
        assert_eq!(whole, ["0", "1", "2", "3", "4"]);
        for cut in 0..4_u64 {
            let checkpoint = Checkpoint {
                version: 1,
                cursor: cut.into(),
            };
            let json = serde_json::to_string(&checkpoint).unwrap();
            let resume = serde_json::from_str(&json).unwrap();
            let rest = ids(pages(1, resume, counting(5)).unwrap()).await;
            assert_eq!(rest, whole[usize::try_from(cut).unwrap() + 1..]);
        }
    }

    #[tokio::test]
    async fn a_cursor_that_comes_back_ends_the_stream() {
        let circling = |cursor: Option<u64>| {
            let next = cursor.map_or(0, |cursor| (cursor + 1) % 3);
            futures::future::ready(Ok(Batch::new(Vec::new(), next, Next::More)))
        };
        let mut stream = pages(1, None, circling).unwrap();
        let mut good = 0;
        let error = loop {
            match stream.next().await.unwrap() {
                Ok(_) => good += 1,
                Err(error) => break error,
            }
        };
        assert_eq!((good, error.kind()), (3, ErrorKind::ContractBroken));
        assert!(stream.next().await.is_none());
    }

    #[test]
    fn a_foreign_checkpoint_is_refused_before_anything_is_sent() {
        for checkpoint in [
            Checkpoint {
                version: 2,
                cursor: 1.into(),
            },
            Checkpoint {
                version: 1,
                cursor: "x".into(),
            },
        ] {
            let error = pages(1, Some(checkpoint), counting(1)).err().unwrap();
            assert_eq!(error.kind(), ErrorKind::CheckpointInvalid);
        }
    }
}
