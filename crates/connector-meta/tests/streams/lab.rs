//! One business in the sandbox, one connection to it, and runs of its streams.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use connector_core::model::Model;
use connector_core::{
    Change, Checkpoint, Clock as _, ConnectOutcome, ConnectStep, Connector as _, Context, Error,
    Form, Next, Page, Record, Session, SyncRequest,
};
use connector_meta::{Config, Meta, MetaCredential};
use connector_testkit::{Options, Sandbox, SandboxTransport, SeededEntropy, Sent, Size, TestClock};
use futures::TryStreamExt as _;
use serde_json::Value;

/// The studio's account of Instagram in the sandbox.
pub(crate) const ACCOUNT: &str = "17841400000000001";

/// One business, one connection.
pub(crate) struct Lab {
    pub(crate) meta: Arc<Meta>,
    pub(crate) wire: Arc<SandboxTransport>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) session: Session<MetaCredential>,
}

/// What a run brought.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) records: BTreeMap<String, Record>,
    pub(crate) notes: Vec<String>,
    pub(crate) checkpoint: Option<Checkpoint>,
}

impl Lab {
    pub(crate) async fn new() -> Self {
        Self::with_token("sbx_meta_system_user_demo").await
    }

    /// The business as this token opens it.
    pub(crate) async fn with_token(token: &str) -> Self {
        let begin = "2026-11-02T18:00:00Z".parse().unwrap();
        let clock = Arc::new(TestClock::new(begin));
        let (products, orders) = (30, 60);
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
        let secret = "sandbox-meta-secret".to_owned().into();
        let mut config = Config::app("100000000000001", secret);
        config.verify_token = Some("sandbox-meta-verify".to_owned().into());
        let meta = Arc::new(Meta::new(config));
        let credential = connect(&meta, &ctx, token).await.unwrap();
        let session = Session::in_memory(&meta, ctx, &credential).unwrap();
        Self {
            meta,
            wire,
            clock,
            session,
        }
    }

    pub(crate) fn control(&self, verb: &str, body: &Value) -> Value {
        self.wire
            .sandbox()
            .control("meta", verb, body)
            .unwrap_or_else(|error| panic!("{verb}: {error}"))
    }

    /// The id of what a verb made or changed.
    pub(crate) fn happen(&self, verb: &str, body: &Value) -> String {
        self.control(verb, body)["id"].as_str().unwrap().to_owned()
    }

    /// What comes before the stream ends or has to wait.
    pub(crate) async fn pages(
        &self,
        stream: &str,
        resume: Option<Checkpoint>,
    ) -> Result<Vec<Page>, Error> {
        let request = SyncRequest::new(stream).resume_from(resume);
        let pages = self.meta.sync(self.session.clone(), request)?;
        pages.try_collect().await
    }

    /// A whole run, with what it has to wait for.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let mut pages = self.pages(stream, resume).await?;
        while let Some(Next::After(wait)) = pages.last().map(|page| page.next) {
            self.clock.sleep(wait).await;
            let on = pages.last().map(|page| page.checkpoint.clone());
            pages.extend(self.pages(stream, on).await?);
        }
        assert_eq!(pages.last().unwrap().next, Next::Done);
        let mut run = Run::default();
        for page in pages {
            assert!(page.skipped.is_empty(), "{:?}", page.skipped);
            run.notes.extend(page.notes);
            run.checkpoint = Some(page.checkpoint);
            let records = page.records.into_iter();
            run.records
                .extend(records.map(|record| (record.external_id.clone(), record)));
        }
        Ok(run)
    }

    /// What was sent for an operation after the first `count` requests.
    pub(crate) fn sent(&self, operation: &str, count: usize) -> Vec<Sent> {
        let mut sent = self.wire.sent_since(count);
        sent.retain(|sent| sent.operation().is_some_and(|sent| sent.name == operation));
        sent
    }
}

async fn connect(meta: &Meta, ctx: &Context, token: &str) -> Result<MetaCredential, Error> {
    let begin = ConnectStep::Begin {
        method: "system_user_token".to_owned(),
        form: Form::new().with("token", token),
        return_to: "http://127.0.0.1/".parse().unwrap(),
    };
    match meta.connect(ctx, begin).await? {
        ConnectOutcome::Connected(credential) => Ok(credential),
        other => panic!("{other:?}"),
    }
}

pub(crate) fn model(record: &Record) -> &Model {
    match &record.change {
        Change::Upsert(model) => model,
        Change::Gone => panic!("gone"),
    }
}
