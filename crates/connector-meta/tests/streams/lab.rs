//! One business in the sandbox, one connection to it, and runs of its streams.

use std::ops::Deref;
use std::sync::Arc;

use connector_core::{
    Checkpoint, ConnectOutcome, ConnectStep, Connector as _, Context, Error, Form, Page, Session,
    SyncRequest,
};
use connector_meta::{Config, Meta, MetaCredential};
use connector_testkit::{Bench, Run, Size};
use futures::TryStreamExt as _;
use serde_json::Value;

/// The studio's account of Instagram in the sandbox.
pub(crate) const ACCOUNT: &str = "17841400000000001";

/// One business, one connection.
pub(crate) struct Lab {
    bench: Bench,
    pub(crate) meta: Arc<Meta>,
    pub(crate) session: Session<MetaCredential>,
}

impl Deref for Lab {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.bench
    }
}

impl Lab {
    pub(crate) async fn new() -> Self {
        Self::with_token("sbx_meta_system_user_demo").await
    }

    /// The business as this token opens it.
    pub(crate) async fn with_token(token: &str) -> Self {
        let begin = "2026-11-02T18:00:00Z".parse().unwrap();
        let (products, orders) = (30, 60);
        let bench = Bench::of("meta", begin, Size { products, orders });
        let secret = "sandbox-meta-secret".to_owned().into();
        let mut config = Config::app("100000000000001", secret);
        config.verify_token = Some("sandbox-meta-verify".to_owned().into());
        let meta = Arc::new(Meta::new(config));
        let credential = connect(&meta, &bench.ctx, token).await.unwrap();
        let session = Session::in_memory(&meta, bench.ctx.clone(), &credential).unwrap();
        Self {
            bench,
            meta,
            session,
        }
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

    /// A whole run, with its waits.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let sync = |resume| {
            let request = SyncRequest::new(stream).resume_from(resume);
            self.meta.sync(self.session.clone(), request)
        };
        self.bench.run(resume, sync).await
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
