//! One selling partner in the sandbox, one connection to it, and runs of its streams.

use std::ops::Deref;
use std::sync::Arc;

use connector_amazon_spapi::{AmazonSpapi, Config};
use connector_core::{
    AnyConnector, AnySession, Checkpoint, ConnectOutcome, ConnectStep, Context, Error, Form,
    InMemoryKeeper, OpaqueCredential, Page, Settings, SyncRequest, VersionedCredential,
};
use connector_testkit::{Bench, Run, Size};

/// The account in North America.
pub(crate) const NA: [&str; 3] = ["sbx_lwa_refresh_demo", "A0SANDBOXSELLER", "na"];
/// The account in Europe.
pub(crate) const EU: [&str; 3] = ["sbx_lwa_refresh_demo_eu", "A0SANDBOXSELLEREU", "eu"];
/// The account in the Far East.
pub(crate) const FE: [&str; 3] = ["sbx_lwa_refresh_demo_fe", "A0SANDBOXSELLERFE", "fe"];

/// One account, one connection.
pub(crate) struct Lab {
    bench: Bench,
    pub(crate) session: AnySession,
    pub(crate) connector: AnyConnector,
    pub(crate) credential: OpaqueCredential,
}

impl Deref for Lab {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.bench
    }
}

impl Lab {
    pub(crate) async fn new() -> Self {
        Self::of(NA, "production").await
    }

    /// A connection to one of the accounts, in one of the environments.
    pub(crate) async fn of(account: [&str; 3], environment: &str) -> Self {
        let begin = "2026-06-01T12:00:00Z".parse().unwrap();
        let (products, orders) = (60, 150);
        let bench = Bench::of("amazon-spapi", begin, Size { products, orders });
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
        let credential = match connector.connect(&bench.ctx, begin).await.unwrap() {
            ConnectOutcome::Connected(credential) => credential,
            other => panic!("{other:?}"),
        };
        let session = open(&connector, &bench.ctx, &credential, &[]);
        Self {
            bench,
            session,
            connector,
            credential,
        }
    }

    /// The same connection with other settings.
    pub(crate) fn set(&mut self, settings: &[(&str, &str)]) {
        self.session = open(&self.connector, &self.ctx, &self.credential, settings);
    }

    /// One poll of a stream, until it ends by itself.
    pub(crate) async fn pages(
        &self,
        stream: &str,
        resume: Option<Checkpoint>,
    ) -> Result<Vec<Page>, (Error, Vec<Page>)> {
        let request = SyncRequest::new(stream).resume_from(resume);
        connector_testkit::read(self.session.sync(request).unwrap()).await
    }

    /// A whole run: on from each checkpoint when the time has passed.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let sync = |resume| {
            let request = SyncRequest::new(stream).resume_from(resume);
            self.session.sync(request)
        };
        self.bench.run(resume, sync).await
    }

    /// How often an operation was called.
    pub(crate) fn sent(&self, operation: &str) -> usize {
        self.bench.sent(operation, 0).len()
    }

    /// How many of a stream the sandbox has.
    pub(crate) fn counted(&self, stream: &str) -> usize {
        self.bench.census(stream)
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
