//! One selling partner in the sandbox, one connection to it, and runs of its streams.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use connector_amazon_spapi::{AmazonSpapi, Config};
use connector_core::model::Model;
use connector_core::{
    AnyConnector, AnySession, Change, Checkpoint, ConnectOutcome, ConnectStep, Context, Error,
    Form, InMemoryKeeper, Next, OpaqueCredential, Page, Record, Settings, SyncRequest,
    VersionedCredential,
};
use connector_testkit::{Options, Sandbox, SandboxTransport, SeededEntropy, Sent, Size, TestClock};
use futures::TryStreamExt as _;
use serde_json::Value;

/// The account in North America.
pub(crate) const NA: [&str; 3] = ["sbx_lwa_refresh_demo", "A0SANDBOXSELLER", "na"];
/// The account in Europe.
pub(crate) const EU: [&str; 3] = ["sbx_lwa_refresh_demo_eu", "A0SANDBOXSELLEREU", "eu"];
/// The account in the Far East.
pub(crate) const FE: [&str; 3] = ["sbx_lwa_refresh_demo_fe", "A0SANDBOXSELLERFE", "fe"];

/// One account, one connection.
pub(crate) struct Lab {
    pub(crate) wire: Arc<SandboxTransport>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) session: AnySession,
    pub(crate) connector: AnyConnector,
    pub(crate) credential: OpaqueCredential,
    pub(crate) ctx: Context,
}

/// What a run brought.
#[derive(Debug, Default)]
pub(crate) struct Run {
    pub(crate) records: BTreeMap<String, Record>,
    pub(crate) notes: BTreeSet<String>,
    pub(crate) checkpoint: Option<Checkpoint>,
}

impl Lab {
    pub(crate) async fn new() -> Self {
        Self::of(NA, "production").await
    }

    /// A connection to one of the accounts, in one of the environments.
    pub(crate) async fn of(account: [&str; 3], environment: &str) -> Self {
        let begin: DateTime<Utc> = "2026-06-01T12:00:00Z".parse().unwrap();
        let clock = Arc::new(TestClock::new(begin));
        let size = Size {
            products: 60,
            orders: 150,
        };
        let options = Options {
            size,
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
        let connector = AnyConnector::new(AmazonSpapi::new(Config::app(
            "amzn1.sp.solution.00000000-0000-4000-8000-000000000001",
            "amzn1.application-oa2-client.sandbox",
            "sandbox-amazon-secret".to_owned().into(),
        )));
        let [token, seller, region] = account;
        let begin = ConnectStep::Begin {
            method: "refresh_token".to_owned(),
            form: Form::new()
                .with("refresh_token", token)
                .with("selling_partner_id", seller)
                .with("region", region)
                .with("environment", environment),
            return_to: "https://crossdock.example.com/back".parse().unwrap(),
        };
        let credential = match connector.connect(&ctx, begin).await.unwrap() {
            ConnectOutcome::Connected(credential) => credential,
            other => panic!("{other:?}"),
        };
        let session = open(&connector, &ctx, &credential, &[]);
        Self {
            wire,
            clock,
            session,
            connector,
            credential,
            ctx,
        }
    }

    /// The same connection with other settings.
    pub(crate) fn set(&mut self, settings: &[(&str, &str)]) {
        self.session = open(&self.connector, &self.ctx, &self.credential, settings);
    }

    pub(crate) fn control(&self, verb: &str, body: &Value) -> Value {
        self.wire
            .sandbox()
            .control("amazon-spapi", verb, body)
            .unwrap_or_else(|error| panic!("{verb}: {error}"))
    }

    /// One poll of a stream, until it ends by itself.
    pub(crate) async fn pages(
        &self,
        stream: &str,
        resume: Option<Checkpoint>,
    ) -> Result<Vec<Page>, (Error, Vec<Page>)> {
        let request = SyncRequest::new(stream).resume_from(resume);
        let mut stream = self.session.sync(request).unwrap();
        let mut pages = Vec::new();
        loop {
            match stream.try_next().await {
                Ok(Some(page)) => pages.push(page),
                Ok(None) => return Ok(pages),
                Err(error) => return Err((error, pages)),
            }
        }
    }

    /// A whole run: on from each checkpoint when the time has passed.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let mut run = Run {
            checkpoint: resume,
            ..Run::default()
        };
        for _ in 0..100 {
            let pages = self.pages(stream, run.checkpoint.take()).await;
            let pages = pages.map_err(|(error, _)| error)?;
            let next = pages.last().unwrap().next;
            for page in pages {
                assert!(page.skipped.is_empty(), "{:?}", page.skipped);
                run.notes.extend(page.notes);
                run.checkpoint = Some(page.checkpoint);
                let records = page.records.into_iter();
                run.records
                    .extend(records.map(|record| (record.external_id.clone(), record)));
            }
            match next {
                Next::After(wait) => self.clock.pass(wait).await,
                Next::Done => return Ok(run),
                Next::More => panic!("a stream ended in the middle"),
            }
        }
        panic!("a run without end");
    }

    pub(crate) fn sent(&self, operation: &str) -> usize {
        let named = |sent: &Sent| sent.operation().is_some_and(|sent| sent.name == operation);
        self.wire
            .sent_since(0)
            .iter()
            .filter(|sent| named(sent))
            .count()
    }

    /// How many of a stream the sandbox has.
    pub(crate) fn counted(&self, stream: &str) -> usize {
        let census = self.wire.sandbox().census();
        usize::try_from(census["amazon-spapi"][stream]).unwrap()
    }
}

fn open(
    connector: &AnyConnector,
    ctx: &Context,
    credential: &OpaqueCredential,
    settings: &[(&str, &str)],
) -> AnySession {
    let credential = VersionedCredential {
        credential: credential.clone(),
        version: 1,
    };
    let keeper = Arc::new(InMemoryKeeper::new(credential.credential.clone()));
    let settings = settings
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect();
    connector
        .open(ctx, credential, keeper, Settings(settings))
        .unwrap()
}

pub(crate) fn model(record: &Record) -> &Model {
    match &record.change {
        Change::Upsert(model) => model,
        Change::Gone => panic!("gone"),
    }
}
