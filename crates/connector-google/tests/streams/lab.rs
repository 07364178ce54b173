//! One Google account in the sandbox, one connection to it, and runs of its streams.

use std::ops::Deref;
use std::sync::Arc;

use connector_core::{Checkpoint, Connector as _, Error, Session, SyncRequest};
use connector_google::{Config, Google, GoogleCredential, Service};
use connector_testkit::{Bench, Run, Size};
use serde_json::{Value, json};

/// One account, one connection.
pub(crate) struct Lab {
    bench: Bench,
    pub(crate) google: Arc<Google>,
    pub(crate) session: Session<GoogleCredential>,
}

impl Deref for Lab {
    type Target = Bench;

    fn deref(&self) -> &Bench {
        &self.bench
    }
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
        let size = Size {
            products: 40,
            orders: 60,
        };
        let bench = Bench::of("google", begin, size);
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
            bench.control("token/issue", &body)["refresh_token"].clone()
        });
        let refresh = issued.unwrap_or_else(|| json!("sbx_google_refresh_demo"));
        // An access token that is over: the first call renews it.
        let credential: GoogleCredential = serde_json::from_value(json!({
            "access_token": "made-up", "expires_at": begin,
            "refresh_token": refresh,
            "consented_at": begin, "renewed_at": begin, "consent_ends": null,
            "scopes": scopes, "services": Service::ALL, "sources": sources,
        }))
        .unwrap();
        let session = Session::in_memory(&google, bench.ctx.clone(), &credential).unwrap();
        Self {
            bench,
            google,
            session,
        }
    }

    /// The id of what a verb makes.
    pub(crate) fn make(&self, verb: &str, body: &Value) -> String {
        let made = self.control(verb, body);
        let id = made.get("id").and_then(Value::as_str);
        id.unwrap().to_owned()
    }

    /// A whole run.
    pub(crate) async fn run(&self, stream: &str, resume: Option<Checkpoint>) -> Result<Run, Error> {
        let sync = |resume| {
            let request = SyncRequest::new(stream).resume_from(resume);
            self.google.sync(self.session.clone(), request)
        };
        self.bench.run(resume, sync).await
    }
}
