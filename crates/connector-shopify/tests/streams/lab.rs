//! One shop in the sandbox, one connection to it, and runs of its streams.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use connector_core::model::Model;
use connector_core::{
    Change, Checkpoint, Connector as _, Context, Error, Next, Page, Record, Session, SyncRequest,
};
use connector_shopify::{Config, ShopDomain, Shopify, ShopifyCredential};
use connector_testkit::{Options, Sandbox, SandboxTransport, SeededEntropy, Sent, Size, TestClock};
use futures::TryStreamExt as _;
use serde_json::{Value, json};

/// One shop, one connection.
pub(crate) struct Lab {
    pub(crate) shopify: Arc<Shopify>,
    pub(crate) wire: Arc<SandboxTransport>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) session: Session<ShopifyCredential>,
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
    pub(crate) fn new() -> Self {
        let begin = "2026-06-01T12:00:00Z".parse().unwrap();
        let clock = Arc::new(TestClock::new(begin));
        let size = Size {
            products: 40,
            orders: 40,
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
        let shopify = Arc::new(Shopify::new(Config::default()));
        let shop = ShopDomain::parse("crossdock-demo.myshopify.com").unwrap();
        let token = wire
            .sandbox()
            .control("shopify", "token/custom", &json!({}));
        let token = token.unwrap()["access_token"].as_str().unwrap().to_owned();
        let credential = ShopifyCredential::custom_app(shop, token.into());
        let session = Session::in_memory(&shopify, ctx.clone(), &credential).unwrap();
        Self {
            shopify,
            wire,
            clock,
            session,
            ctx,
        }
    }

    pub(crate) fn control(&self, verb: &str, body: &Value) -> Value {
        self.wire
            .sandbox()
            .control("shopify", verb, body)
            .unwrap_or_else(|error| panic!("{verb}: {error}"))
    }

    /// One poll of a stream, until it ends by itself.
    pub(crate) async fn pages(
        &self,
        stream: &str,
        resume: Option<Checkpoint>,
    ) -> Result<Vec<Page>, (Error, Vec<Page>)> {
        let request = SyncRequest::new(stream).resume_from(resume);
        let mut stream = self.shopify.sync(self.session.clone(), request).unwrap();
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
        for _ in 0..50 {
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

    pub(crate) async fn admin(&self, document: &str, variables: &Value) -> Value {
        let body = json!({ "query": document, "variables": variables });
        let url = "https://crossdock-demo.myshopify.com/admin/api/2026-10/graphql.json";
        let request = connector_core::endpoint::send_json(http::Method::POST, url, &body).unwrap();
        let operation = connector_core::Operation::read("test");
        let response = self.session.send(operation, request).await.unwrap();
        serde_json::from_slice(response.body()).unwrap()
    }
}

pub(crate) fn model(record: &Record) -> &Model {
    match &record.change {
        Change::Upsert(model) => model,
        Change::Gone => panic!("gone"),
    }
}
