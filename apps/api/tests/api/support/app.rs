//! The application on a free port, over an SQLite file of its own.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use connector_core::{
    Checkpoint, Clock, Context, ExposeSecret as _, ModelKind, Next, Page, Record, Registry,
};
use connector_http::{Options, Reroute, SystemClock, SystemEntropy, transport};
use crossdock_api::{ApiSettings, Application, Parts, ensure_admin_token};
use crossdock_engine::{Engine, EngineParts, Instance};
use crossdock_persistence::{BeginOutcome, NewRun, PageCommit, RunMode, Store, StoreOptions};
use crossdock_vault::{KeyRing, Vault};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use url::Url;

use super::clock::TestClock;
use super::http::Client;
use super::platform::Shelf;

pub(crate) struct TestApp {
    pub(crate) address: SocketAddr,
    pub(crate) token: String,
    /// With the admin token.
    pub(crate) admin: Client,
    /// With nothing.
    pub(crate) stranger: Client,
    pub(crate) clock: Arc<TestClock>,
    pub(crate) store: Store,
    pub(crate) engine: Engine,
    pub(crate) context: Context,
    pub(crate) shelf: Shelf,
    _dir: TempDir,
    shutdown: Option<oneshot::Sender<()>>,
    serving: JoinHandle<std::io::Result<()>>,
}

/// What a test wants otherwise than usual.
#[derive(Default)]
pub(crate) struct Wish {
    pub(crate) public_url: Option<Url>,
    pub(crate) reroute: Option<Reroute>,
    /// These connectors in place of the platform in memory.
    pub(crate) registry: Option<Registry>,
    /// The machine's clock in place of one that stands still.
    pub(crate) is_real_time: bool,
}

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(Wish::default()).await
    }

    pub(crate) async fn start_with(wish: Wish) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock::new());
        let options = Options {
            reroute: wish.reroute.clone(),
            ..Options::default()
        };
        let hands: Arc<dyn Clock> = if wish.is_real_time {
            Arc::new(SystemClock)
        } else {
            Arc::<TestClock>::clone(&clock)
        };
        let entropy = Arc::new(SystemEntropy::new().unwrap());
        let context = Context::new(transport(&options).unwrap(), hands, entropy);
        let url = format!("sqlite:{}", dir.path().join("test.sqlite").display());
        let store = Store::open(StoreOptions::new(url)).await.unwrap();
        store.migrate().await.unwrap();
        let vault = Arc::new(Vault::new(&KeyRing::generate().unwrap()).unwrap());
        let shelf = Shelf::new();
        let engine = Engine::new(EngineParts {
            registry: wish
                .registry
                .unwrap_or_else(|| Registry::default().with(shelf.clone())),
            store: store.clone(),
            vault: Arc::clone(&vault),
            context: context.clone(),
            instance: Instance::remote(&context),
        });
        let token = ensure_admin_token(&store, &context).await.unwrap().unwrap();
        let token = token.expose_secret().to_owned();
        let application = Application::build(Parts {
            engine: engine.clone(),
            vault,
            context: context.clone(),
            settings: ApiSettings {
                public_url: wish.public_url,
                workers: Some(2),
                ..ApiSettings::new((Ipv4Addr::LOCALHOST, 0).into())
            },
            reroute: wish.reroute,
        })
        .await
        .unwrap();
        let address = application.address();
        let (shutdown, stop) = oneshot::channel::<()>();
        let serving = tokio::spawn(application.run_until(async {
            stop.await.unwrap_or_default();
        }));
        let stranger = Client::new(address);
        Self {
            address,
            admin: stranger.with_token(&token),
            stranger,
            token,
            clock,
            store,
            engine,
            context,
            shelf,
            _dir: dir,
            shutdown: Some(shutdown),
            serving,
        }
    }

    /// Connects an account of the platform in memory, and gives the connection's id.
    pub(crate) async fn connect(&self, account: &str) -> String {
        let body = json!({ "platform": "alpha", "form": { "token": format!("tok-{account}") } });
        let answer = self.admin.post("/api/connections", &body).await;
        let connected = answer.expect(201).json();
        connected["connection"]["id"].as_str().unwrap().to_owned()
    }

    /// Stores records of a stream as a sync would.
    pub(crate) async fn store_page(
        &self,
        connection: &str,
        (stream, model): (&str, ModelKind),
        records: Vec<Record>,
    ) {
        let project = self.store.default_project().await.unwrap().id;
        let project = self.store.project(project);
        let new = NewRun {
            connection: connection.parse().unwrap(),
            stream: stream.to_owned(),
            model,
            mode: RunMode::Full,
            owner: "test".to_owned(),
            dead_owner: None,
            lease_ttl: Duration::from_secs(60),
        };
        let now = self.context.now();
        let BeginOutcome::Begun(run) = project.begin_run(new, now).await.unwrap() else {
            panic!("the stream is free");
        };
        let page = Page {
            records,
            skipped: Vec::new(),
            notes: Vec::new(),
            checkpoint: Checkpoint {
                version: 1,
                cursor: json!(null),
            },
            next: Next::Done,
            total: None,
        };
        let commit = PageCommit { page, now };
        project.commit_page(&run, commit).await.unwrap();
    }

    /// A browser that is logged in at the console, and its forms' token.
    pub(crate) async fn log_in(&self) -> (Client, String) {
        let browser = self.stranger.stranger();
        let page = browser.get("/login").await.expect(200);
        let values = [
            ("_token", &*page.hidden("_token")),
            ("admin_token", &self.token),
        ];
        browser.submit("/login", &values).await.expect(303);
        let page = browser.get("/").await.expect(200);
        let token = page.hidden("_token");
        (browser, token)
    }

    /// Ends the application in order, and what it was doing.
    pub(crate) async fn stop(mut self) {
        self.shutdown.take().unwrap().send(()).unwrap();
        self.serving.await.unwrap().unwrap();
    }
}
