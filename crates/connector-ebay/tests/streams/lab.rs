//! One seller in the sandbox, one connection to it, and runs of its streams.

use std::ops::Deref;
use std::sync::Arc;

use connector_core::{
    Checkpoint, ConnectOutcome, ConnectStep, Connector as _, Context, Error, Form, Page, Session,
    SyncRequest,
};
use connector_ebay::{Config, Ebay, EbayCredential};
use connector_testkit::{Bench, Run, Size};
use futures::TryStreamExt as _;

/// One seller, one connection.
pub(crate) struct Lab {
    pub(crate) bench: Bench,
    pub(crate) ebay: Arc<Ebay>,
    pub(crate) credential: EbayCredential,
    pub(crate) session: Session<EbayCredential>,
}

impl Deref for Lab {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.bench
    }
}

impl Lab {
    pub(crate) async fn new() -> Self {
        Self::sized(40, 60).await
    }

    pub(crate) async fn sized(products: u32, orders: u32) -> Self {
        let begin = "2026-06-01T12:00:00Z".parse().unwrap();
        let bench = Bench::of("ebay", begin, Size { products, orders });
        let config: Config = serde_json::from_str(include_str!("../fixtures/config.json")).unwrap();
        let ebay = Arc::new(Ebay::new(config));
        let credential = connect(&ebay, &bench.ctx).await.unwrap();
        let session = Session::in_memory(&ebay, bench.ctx.clone(), &credential).unwrap();
        Self {
            bench,
            ebay,
            credential,
            session,
        }
    }

    /// The same connection with another credential.
    pub(crate) fn with(&self, credential: &EbayCredential) -> Session<EbayCredential> {
        Session::in_memory(&self.ebay, self.ctx.clone(), credential).unwrap()
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
            .sync(session.clone(), request)?
            .try_collect()
            .await
    }

    /// A whole run.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let sync = |resume| {
            let request = SyncRequest::new(stream).resume_from(resume);
            self.ebay.sync(self.session.clone(), request)
        };
        self.bench.run(resume, sync).await
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
