//! One Google account in the sandbox, one connection to it, and runs of its streams.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use connector_core::model::Model;
use connector_core::{
    Change, Checkpoint, Connector as _, Context, Error, Next, Page, Record, Session, SyncRequest,
};
use connector_google::{Config, Google, GoogleCredential, Service};
use connector_testkit::{Options, Sandbox, SandboxTransport, SeededEntropy, Sent, Size, TestClock};
use futures::TryStreamExt as _;
use serde_json::{Value, json};

/// One account, one connection.
pub(crate) struct Lab {
    pub(crate) google: Arc<Google>,
    pub(crate) wire: Arc<SandboxTransport>,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) session: Session<GoogleCredential>,
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
    /// Reads all that there is.
    pub(crate) fn new() -> Self {
        Self::reading(&["all"])
    }

    /// Reads these sources.
    pub(crate) fn reading(sources: &[&str]) -> Self {
        Self::of(None, sources)
    }

    /// Reads all that an account has, which isn't the owner's.
    pub(crate) fn of_somebody_else(account: &str) -> Self {
        Self::of(Some(account), &["all"])
    }

    fn of(account: Option<&str>, sources: &[&str]) -> Self {
        let begin = "2026-06-01T12:00:00Z".parse().unwrap();
        let clock = Arc::new(TestClock::new(begin));
        let options = Options {
            size: Size {
                products: 40,
                orders: 60,
            },
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
        let client = "sandbox-google-client.apps.googleusercontent.com";
        let secret = "sandbox-google-secret".to_owned().into();
        let google = Arc::new(Google::new(Config::app(client, secret)));
        let scopes: Vec<_> = Service::ALL
            .iter()
            .flat_map(|service| service.scopes())
            .collect();
        let sources: Vec<_> = sources.iter().filter(|source| **source != "all").collect();
        let issued = account.map(|account| {
            let body = json!({ "account": account });
            wire.sandbox().control("google", "token/issue", &body)
        });
        let issued = issued.map(|tokens| tokens.unwrap()["refresh_token"].clone());
        let refresh = issued.unwrap_or_else(|| json!("sbx_google_refresh_demo"));
        // An access token that is over: the first call renews it.
        let credential: GoogleCredential = serde_json::from_value(json!({
            "access_token": "made-up", "expires_at": begin,
            "refresh_token": refresh,
            "consented_at": begin, "renewed_at": begin, "consent_ends": null,
            "scopes": scopes, "services": Service::ALL, "sources": sources,
        }))
        .unwrap();
        let session = Session::in_memory(&google, ctx.clone(), &credential).unwrap();
        Self {
            google,
            wire,
            clock,
            session,
            ctx,
        }
    }

    pub(crate) fn control(&self, verb: &str, body: &Value) -> Value {
        self.wire
            .sandbox()
            .control("google", verb, body)
            .unwrap_or_else(|error| panic!("{verb}: {error}"))
    }

    /// The id of what a verb makes.
    pub(crate) fn make(&self, verb: &str, body: &Value) -> String {
        let made = self.control(verb, body);
        let id = made.get("id").and_then(Value::as_str);
        id.unwrap().to_owned()
    }

    /// A whole run.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let request = SyncRequest::new(stream).resume_from(resume);
        let pages = self.google.sync(self.session.clone(), request).unwrap();
        let pages: Vec<Page> = pages.try_collect().await?;
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

impl Run {
    /// The ids of what is gone.
    pub(crate) fn gone(&self) -> Vec<&str> {
        let gone = self.records.values();
        gone.filter(|record| record.change == Change::Gone)
            .map(|record| record.external_id.as_str())
            .collect()
    }
}

pub(crate) fn model(record: &Record) -> &Model {
    match &record.change {
        Change::Upsert(model) => model,
        Change::Gone => panic!("gone"),
    }
}
