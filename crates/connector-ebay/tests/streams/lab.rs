//! One seller in the sandbox, one connection to it, and runs of its streams.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use connector_core::model::Model;
use connector_core::{
    Change, Checkpoint, ConnectOutcome, ConnectStep, Connector as _, Context, Error, Form, Next,
    Page, Record, Session, SyncRequest,
};
use connector_ebay::{Config, Ebay, EbayCredential};
use connector_testkit::{Options, Sandbox, SandboxTransport, SeededEntropy, Sent, Size, TestClock};
use futures::TryStreamExt as _;
use serde_json::Value;

/// One seller, one connection.
pub(crate) struct Lab {
    pub(crate) ebay: Arc<Ebay>,
    pub(crate) wire: Arc<SandboxTransport>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) credential: EbayCredential,
    pub(crate) session: Session<EbayCredential>,
    pub(crate) ctx: Context,
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
        Self::sized(40, 60).await
    }

    pub(crate) async fn sized(products: u32, orders: u32) -> Self {
        let begin = "2026-06-01T12:00:00Z".parse().unwrap();
        let clock = Arc::new(TestClock::new(begin));
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
        let config: Config = serde_json::from_str(include_str!("../fixtures/config.json")).unwrap();
        let ebay = Arc::new(Ebay::new(config));
        let credential = connect(&ebay, &ctx).await.unwrap();
        let session = Session::in_memory(&ebay, ctx.clone(), &credential).unwrap();
        Self {
            ebay,
            wire,
            clock,
            credential,
            session,
            ctx,
        }
    }

    /// The same connection with another credential.
    pub(crate) fn with(&self, credential: &EbayCredential) -> Session<EbayCredential> {
        Session::in_memory(&self.ebay, self.ctx.clone(), credential).unwrap()
    }

    pub(crate) fn control(&self, verb: &str, body: &Value) -> Value {
        self.wire
            .sandbox()
            .control("ebay", verb, body)
            .unwrap_or_else(|error| panic!("{verb}: {error}"))
    }

    /// One poll of a stream, until it ends by itself.
    pub(crate) async fn pages(
        &self,
        session: &Session<EbayCredential>,
        stream: &str,
        resume: Option<Checkpoint>,
    ) -> Result<Vec<Page>, Error> {
        let request = SyncRequest::new(stream).resume_from(resume);
        self.ebay
            .sync(session.clone(), request)
            .unwrap()
            .try_collect()
            .await
    }

    /// A whole run.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let mut run = Run::default();
        let pages = self.pages(&self.session, stream, resume).await?;
        assert_eq!(pages.last().unwrap().next, Next::Done);
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

/// Connects as the seller whom everybody knows.
pub(crate) async fn connect(ebay: &Ebay, ctx: &Context) -> Result<EbayCredential, Error> {
    let begin = ConnectStep::Begin {
        method: "refresh_token".to_owned(),
        form: Form::new()
            .with("refresh_token", "sbx_ebay_refresh_demo")
            .with("marketplace", "gb"),
        return_to: "http://127.0.0.1/".parse().unwrap(),
    };
    match ebay.connect(ctx, begin).await? {
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
