//! What the tests stand on: a platform, a connector to it, a clock, engines over one real database.

pub(crate) mod clock;
pub(crate) mod connector;
pub(crate) mod database;
pub(crate) mod platform;

use std::path::PathBuf;
use std::sync::Arc;

use connector_core::{Clock, Context, Entropy, Error, ErrorKind, Form, LostReply, Registry};
use crossdock_engine::{
    BrowserKey, ConnectRequest, Engine, EngineParts, Instance, Progress, ResumeRequest,
    StreamReport, SyncOrder,
};
use crossdock_persistence::{
    Connection, ConnectionId, ConnectionStatus, ProjectId, ProjectStore, RecordQuery, RecordSet,
    StoreError,
};
use crossdock_vault::{KeyRing, Vault};

use clock::PausedClock;
use connector::Depot;
use database::Database;
use platform::Platform;

/// What the tests begin with: a database with one project, and everything that an engine needs.
pub(crate) struct Rig {
    pub(crate) platform: Arc<Platform>,
    pub(crate) clock: Arc<PausedClock>,
    pub(crate) database: Database,
    pub(crate) project: ProjectId,
    pub(crate) ring: KeyRing,
    pub(crate) lost_reply: LostReply,
    locks: PathBuf,
}

impl Rig {
    pub(crate) async fn new() -> Self {
        Self::with(LostReply::Retry).await
    }

    /// A platform that forgives a refresh token that comes twice, or one that punishes it.
    pub(crate) async fn with(lost_reply: LostReply) -> Self {
        let database = Database::new().await;
        let store = database.open().await;
        store.migrate().await.unwrap();
        let platform = Platform::new();
        platform.state().forgives_reuse = lost_reply == LostReply::Retry;
        let locks = database.dir().join("locks");
        std::fs::create_dir(&locks).unwrap();
        Self {
            platform,
            clock: Arc::new(PausedClock::new()),
            project: store.default_project().await.unwrap().id,
            database,
            ring: KeyRing::generate().unwrap(),
            lost_reply,
            locks,
        }
    }

    /// An engine as another process on the same machine would have it.
    pub(crate) async fn engine(&self) -> Engine {
        let instance = Instance::with_lock_dir(&self.locks, &self.context(&self.clock)).unwrap();
        self.engine_with(instance, &self.clock).await
    }

    /// An engine as another machine would have it, with a clock of its own.
    pub(crate) async fn remote_engine(&self, clock: &Arc<PausedClock>) -> Engine {
        let instance = Instance::remote(&self.context(clock));
        self.engine_with(instance, clock).await
    }

    async fn engine_with(&self, instance: Instance, clock: &Arc<PausedClock>) -> Engine {
        Engine::new(EngineParts {
            registry: Registry::default().with(Depot {
                lost_reply: self.lost_reply,
            }),
            store: self.database.open().await,
            vault: Arc::new(Vault::new(&self.ring).unwrap()),
            context: self.context(clock),
            instance,
        })
    }

    fn context(&self, clock: &Arc<PausedClock>) -> Context {
        let platform = Arc::<Platform>::clone(&self.platform);
        let clock = Arc::<PausedClock>::clone(clock) as Arc<dyn Clock>;
        Context::new(platform, clock, Arc::new(Dice))
    }

    pub(crate) fn store(&self, engine: &Engine) -> ProjectStore {
        engine.store().project(self.project)
    }

    pub(crate) fn now(&self) -> chrono::DateTime<chrono::Utc> {
        self.clock.now()
    }

    pub(crate) fn request(&self, method: &str, form: Form) -> ConnectRequest {
        ConnectRequest {
            platform: "depot".to_owned(),
            method: Some(method.to_owned()),
            form,
            return_to: "https://here.test/callback".parse().unwrap(),
            browser: browser("one"),
            settings: None,
            keep_raw: None,
        }
    }

    /// Begins by OAuth, and gives the state.
    pub(crate) async fn begin(&self, engine: &Engine) -> String {
        let begun = engine
            .begin_connect(self.project, self.request("oauth", Form::new()))
            .await
            .unwrap();
        match begun {
            Progress::Redirect { url, key } => {
                assert!(url.query().unwrap().contains(&key));
                key
            }
            other => panic!("{other:?}"),
        }
    }

    /// Connects an account by OAuth.
    pub(crate) async fn connect(&self, engine: &Engine) -> Connection {
        let key = self.begin(engine).await;
        let progress = engine.resume_connect(callback(&key, "code-one")).await;
        connected(progress.unwrap()).0
    }

    /// Moves the clock to where the access token is about to expire.
    pub(crate) fn let_token_expire(&self) {
        self.clock.advance(std::time::Duration::from_secs(3590));
    }

    pub(crate) async fn status(
        &self,
        engine: &Engine,
        id: ConnectionId,
    ) -> (ConnectionStatus, String) {
        let connection = self.store(engine).connection(id).await.unwrap();
        (
            connection.status,
            connection.status_reason.unwrap_or_default(),
        )
    }

    /// Syncs streams, without sitting anything out.
    pub(crate) async fn sync(
        &self,
        engine: &Engine,
        id: ConnectionId,
        streams: &[&str],
    ) -> Vec<StreamReport> {
        let order = SyncOrder {
            patience: std::time::Duration::ZERO,
            ..self.order(id, streams)
        };
        engine.sync(self.project, order, |_| {}).await.unwrap()
    }

    pub(crate) fn order(&self, id: ConnectionId, streams: &[&str]) -> SyncOrder {
        SyncOrder {
            streams: Some(streams.iter().map(|id| (*id).to_owned()).collect()),
            ..SyncOrder::new(id)
        }
    }

    /// What a stream holds: ids, and what they are worth.
    pub(crate) async fn records(&self, engine: &Engine, stream: &str) -> Vec<(String, i64)> {
        let query = RecordQuery {
            limit: 1000,
            ..RecordQuery::default()
        };
        let set = RecordSet::Stream(stream.to_owned());
        let page = match self.store(engine).records(&set, &query).await {
            Err(StoreError::NotFound { .. }) => return Vec::new(),
            page => page.unwrap(),
        };
        let mut records: Vec<_> = page
            .items
            .iter()
            .map(|row| {
                let value = row.value["body"]["value"].as_i64();
                (row.external_id.clone(), value.unwrap())
            })
            .collect();
        records.sort();
        records
    }
}

pub(crate) fn browser(name: &str) -> BrowserKey {
    BrowserKey::new(format!("cookie-of-browser-{name}"))
}

pub(crate) fn callback(key: &str, code: &str) -> ResumeRequest {
    ResumeRequest {
        key: key.to_owned(),
        answer: Form::new().with("state", key).with("code", code),
        browser: browser("one"),
        project: None,
    }
}

pub(crate) fn connected(progress: Progress) -> (Connection, bool) {
    match progress {
        Progress::Connected {
            connection,
            renewed,
            ..
        } => (*connection, renewed),
        other => panic!("{other:?}"),
    }
}

/// The kind of a connector's failure.
pub(crate) fn kind<T: std::fmt::Debug>(result: crossdock_engine::Result<T>) -> ErrorKind {
    let error = result.unwrap_err();
    error
        .connector()
        .map(Error::kind)
        .unwrap_or_else(|| panic!("{error:?}"))
}

/// Randomness that differs between calls, which is all that is asked of it here.
#[derive(Debug)]
struct Dice;

impl Entropy for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(16) {
            let random = ConnectionId::new();
            // The last eight bytes of a version 7 UUID are random but for two bits.
            let random = &random.as_uuid().as_bytes()[8..];
            for (byte, random) in chunk.iter_mut().zip(random.iter().cycle()) {
                *byte = *random;
            }
        }
    }
}
