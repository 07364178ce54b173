//! One business account in the sandbox, one connection to it, and runs of its streams.

use std::ops::Deref;
use std::sync::Arc;

use connector_core::{
    Checkpoint, ConnectOutcome, ConnectStep, Connector as _, Error, Form, Page, Session,
    SyncRequest,
};
use connector_pinterest::{Config, Pinterest, PinterestCredential};
use connector_testkit::{Bench, Run, Size};
use futures::TryStreamExt as _;

/// One account, one connection.
pub(crate) struct Lab {
    bench: Bench,
    pub(crate) pinterest: Arc<Pinterest>,
    pub(crate) session: Session<PinterestCredential>,
}

impl Deref for Lab {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.bench
    }
}

impl Lab {
    pub(crate) async fn new() -> Self {
        let begin = "2026-06-20T12:00:00Z".parse().unwrap();
        let (products, orders) = (40, 10);
        let bench = Bench::of("pinterest", begin, Size { products, orders });
        let secret = "sandbox-pinterest-secret".to_owned();
        let pinterest = Arc::new(Pinterest::new(Config::app("1000001", secret.into())));
        let begin = ConnectStep::Begin {
            method: "refresh_token".to_owned(),
            form: Form::new().with("refresh_token", "sbx_pinterest_refresh_demo"),
            return_to: "http://127.0.0.1/".parse().unwrap(),
        };
        let credential = match pinterest.connect(&bench.ctx, begin).await.unwrap() {
            ConnectOutcome::Connected(credential) => credential,
            other => panic!("{other:?}"),
        };
        let session = Session::in_memory(&pinterest, bench.ctx.clone(), &credential).unwrap();
        Self {
            bench,
            pinterest,
            session,
        }
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
        let sync = |resume| {
            let request = SyncRequest::new(stream).resume_from(resume);
            self.pinterest.sync(self.session.clone(), request)
        };
        self.bench.run(resume, sync).await
    }
}
