//! One business account in the sandbox, one connection to it, and runs of its streams.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use connector_core::model::Model;
use connector_core::{
    Change, Checkpoint, ConnectOutcome, ConnectStep, Connector as _, Context, Error, Form, Next,
    Page, Record, Session, SyncRequest,
};
use connector_pinterest::{Config, Pinterest, PinterestCredential};
use connector_testkit::{Options, Sandbox, SandboxTransport, SeededEntropy, Sent, Size, TestClock};
use futures::TryStreamExt as _;
use serde_json::Value;

/// One account, one connection.
pub(crate) struct Lab {
    pub(crate) pinterest: Arc<Pinterest>,
    pub(crate) wire: Arc<SandboxTransport>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) session: Session<PinterestCredential>,
}

/// What a run brought.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) records: BTreeMap<String, Record>,
    pub(crate) notes: Vec<String>,
    /// How many seconds it was told to wait, each time.
    pub(crate) waits: Vec<u64>,
    pub(crate) checkpoint: Option<Checkpoint>,
}

impl Lab {
    pub(crate) async fn new() -> Self {
        let begin = "2026-06-20T12:00:00Z".parse().unwrap();
        let clock = Arc::new(TestClock::new(begin));
        let (products, orders) = (40, 10);
        let options = Options {
            size: Size { products, orders },
            ..Options::new(begin)
        };
        let wire = Arc::new(SandboxTransport::new(
            Arc::new(Mutex::new(Sandbox::new(options))),
            Arc::clone(&clock) as _,
        ));
        let ctx = Context::new(
            Arc::clone(&wire) as _,
            Arc::clone(&clock) as _,
            Arc::new(SeededEntropy::new(1)),
        );
        let secret = "sandbox-pinterest-secret".to_owned();
        let pinterest = Arc::new(Pinterest::new(Config::app("1000001", secret.into())));
        let begin = ConnectStep::Begin {
            method: "refresh_token".to_owned(),
            form: Form::new().with("refresh_token", "sbx_pinterest_refresh_demo"),
            return_to: "http://127.0.0.1/".parse().unwrap(),
        };
        let credential = match pinterest.connect(&ctx, begin).await.unwrap() {
            ConnectOutcome::Connected(credential) => credential,
            other => panic!("{other:?}"),
        };
        let session = Session::in_memory(&pinterest, ctx, &credential).unwrap();
        Self {
            pinterest,
            wire,
            clock,
            session,
        }
    }

    pub(crate) fn control(&self, verb: &str, body: &Value) -> Value {
        self.wire
            .sandbox()
            .control("pinterest", verb, body)
            .unwrap_or_else(|error| panic!("{verb}: {error}"))
    }

    /// How many things a complete sync of a stream must find.
    pub(crate) fn census(&self, stream: &str) -> usize {
        let census = self.wire.sandbox().census();
        let counted = census.get("pinterest").and_then(|it| it.get(stream));
        usize::try_from(*counted.unwrap()).unwrap()
    }

    /// One poll of a stream, until it ends by itself.
    pub(crate) async fn pages(
        &self,
        stream: &str,
        resume: Option<Checkpoint>,
    ) -> Result<Vec<Page>, Error> {
        let request = SyncRequest::new(stream).resume_from(resume);
        self.pinterest
            .sync(self.session.clone(), request)
            .unwrap()
            .try_collect()
            .await
    }

    /// A whole run, with its waits.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let mut run = Run {
            checkpoint: resume,
            ..Run::default()
        };
        loop {
            let resume = run.checkpoint.take();
            let mut next = Next::Done;
            for page in self.pages(stream, resume).await? {
                assert!(page.skipped.is_empty(), "{:?}", page.skipped);
                next = page.next;
                run.notes.extend(page.notes);
                run.checkpoint = Some(page.checkpoint);
                let records = page.records.into_iter();
                run.records
                    .extend(records.map(|record| (record.external_id.clone(), record)));
            }
            let Next::After(wait) = next else {
                assert_eq!(next, Next::Done);
                return Ok(run);
            };
            run.waits.push(wait.as_secs());
            self.clock.pass(wait).await;
        }
    }

    /// What was sent for an operation after the first `count` requests.
    pub(crate) fn sent(&self, operation: &str, count: usize) -> Vec<Sent> {
        let mut sent = self.wire.sent_since(count);
        sent.retain(|sent| sent.operation().is_some_and(|sent| sent.name == operation));
        sent
    }
}

pub(crate) fn model(record: &Record) -> &Model {
    match &record.change {
        Change::Upsert(model) => model,
        Change::Gone => panic!("gone"),
    }
}
