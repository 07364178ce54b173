//! What a connector's own tests of its streams stand on, beside the suite: one platform of the
//! sandbox, a clock, and runs of streams to their end.

#![expect(clippy::panic, reason = "it is for tests, and fails them")]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use connector_core::{
    Change, Checkpoint, Context, Error, Model, Next, Page, PageStream, Record, Result,
};
use crossdock_sandbox::{Options, Sandbox, Size};
use futures::TryStreamExt as _;
use serde_json::Value;

use crate::clock::TestClock;
use crate::entropy::SeededEntropy;
use crate::transport::{SandboxTransport, Sent};

/// More polls than any run needs.
const MOST_POLLS: usize = 2_000;

/// One platform in the sandbox, with what reaches it. All of it fails a test by panicking.
#[derive(Debug)]
pub struct Bench {
    /// The wire to the sandbox.
    pub wire: Arc<SandboxTransport>,
    /// The time of both.
    pub clock: Arc<TestClock>,
    /// What a connector is given.
    pub ctx: Context,
    platform: &'static str,
}

/// What a run of a stream brought.
#[derive(Debug, Default)]
pub struct Run {
    /// The last of each record, by its id.
    pub records: BTreeMap<String, Record>,
    /// What there is to say, in the order in which it was said.
    pub notes: Vec<String>,
    /// How many seconds the stream asked to wait, each time.
    pub waits: Vec<u64>,
    /// Where the next run goes on.
    pub checkpoint: Option<Checkpoint>,
}

impl Run {
    /// The ids of what is gone.
    #[must_use]
    pub fn gone(&self) -> Vec<&str> {
        let gone = self.records.values();
        gone.filter(|record| record.change == Change::Gone)
            .map(|record| record.external_id.as_str())
            .collect()
    }
}

impl Bench {
    /// A platform with so much data, at an instant.
    #[must_use]
    pub fn of(platform: &'static str, begin: DateTime<Utc>, size: Size) -> Self {
        let clock = Arc::new(TestClock::new(begin));
        let options = Options {
            size,
            ..Options::new(begin)
        };
        let sandbox = Arc::new(Mutex::new(Sandbox::of(options, platform)));
        let wire = Arc::new(SandboxTransport::new(sandbox, Arc::clone(&clock) as _));
        let ctx = Context::new(
            Arc::clone(&wire) as _,
            Arc::clone(&clock) as _,
            Arc::new(SeededEntropy::new(1)),
        );
        Self {
            wire,
            clock,
            ctx,
            platform,
        }
    }

    /// Makes something happen at the platform, and gives what the verb gives.
    ///
    /// # Panics
    /// When the sandbox refuses it.
    #[expect(
        clippy::must_use_candidate,
        reason = "most of what happens gives nothing of interest"
    )]
    pub fn control(&self, verb: &str, body: &Value) -> Value {
        let done = self.wire.sandbox().control(self.platform, verb, body);
        done.unwrap_or_else(|error| panic!("{verb}: {error}"))
    }

    /// How many things a complete sync of a stream must find.
    ///
    /// # Panics
    /// When the sandbox counts no such stream.
    #[must_use]
    pub fn census(&self, stream: &str) -> usize {
        let census = self.wire.sandbox().census();
        let counted = census.get(self.platform).and_then(|it| it.get(stream));
        counted
            .and_then(|count| usize::try_from(*count).ok())
            .unwrap_or_else(|| panic!("{stream} isn't counted"))
    }

    /// What was sent for an operation after the first `count` requests.
    #[must_use]
    pub fn sent(&self, operation: &str, count: usize) -> Vec<Sent> {
        let mut sent = self.wire.sent_since(count);
        sent.retain(|sent| sent.operation().is_some_and(|sent| sent.name == operation));
        sent
    }

    /// A whole run: `sync` is called for the first part and, when the time has passed, for each one
    /// after it.
    ///
    /// # Errors
    /// What the stream ends with.
    ///
    /// # Panics
    /// When something is skipped, or a stream ends in the middle.
    pub async fn run(
        &self,
        resume: Option<Checkpoint>,
        sync: impl Fn(Option<Checkpoint>) -> Result<PageStream>,
    ) -> Result<Run> {
        let mut run = Run {
            checkpoint: resume,
            ..Run::default()
        };
        for _ in 0..MOST_POLLS {
            let pages: Vec<Page> = sync(run.checkpoint.take())?.try_collect().await?;
            let mut next = Next::More;
            for page in pages {
                assert!(page.skipped.is_empty(), "{:?}", page.skipped);
                next = page.next;
                run.notes.extend(page.notes);
                run.checkpoint = Some(page.checkpoint);
                let records = page.records.into_iter();
                run.records
                    .extend(records.map(|record| (record.external_id.clone(), record)));
            }
            match next {
                Next::After(wait) => {
                    run.waits.push(wait.as_secs());
                    self.clock.pass(wait).await;
                }
                Next::Done => return Ok(run),
                Next::More => panic!("a stream ended in the middle"),
            }
        }
        panic!("a run without end");
    }
}

/// Reads a stream to its end, or to its error, with the pages before it.
///
/// # Errors
/// What the stream ends with.
pub async fn read(mut stream: PageStream) -> std::result::Result<Vec<Page>, (Error, Vec<Page>)> {
    let mut pages = Vec::new();
    loop {
        match stream.try_next().await {
            Ok(Some(page)) => pages.push(page),
            Ok(None) => return Ok(pages),
            Err(error) => return Err((error, pages)),
        }
    }
}

/// What a record is.
///
/// # Panics
/// When it is gone.
#[must_use]
pub fn model(record: &Record) -> &Model {
    match &record.change {
        Change::Upsert(model) => model,
        Change::Gone => panic!("{} is gone", record.external_id),
    }
}
