//! The engine's handle, and the verbs on a connection that are not a flow of their own.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use connector_core::{Account, Context, ErrorKind, Registry, Settings};
use crossdock_persistence::{
    Connection, ConnectionId, ConnectionStatus, ProjectId, ProjectStore, Store,
};
use crossdock_vault::Vault;
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::{Error, Result};
use crate::instance::Instance;
use crate::keeper::Keeping;
use crate::seal::Seals;
use crate::sessions::Sessions;

/// What an engine is made of.
#[derive(Debug)]
pub struct EngineParts {
    /// The connectors that there are.
    pub registry: Registry,
    /// Where everything is stored.
    pub store: Store,
    /// What seals secrets before they are stored.
    pub vault: Arc<Vault>,
    /// How requests leave, what time it is, where randomness comes from.
    pub context: Context,
    /// Which process this is.
    pub instance: Instance,
}

/// Connects accounts, keeps their credentials fresh and syncs their data. Cheap to clone; clones
/// share sessions and pace.
///
/// It needs a tokio runtime. Every method that acts for a project takes its id first; what belongs
/// to another project is not found.
#[derive(Clone)]
pub struct Engine(Arc<Inner>);

struct Inner {
    registry: Registry,
    store: Store,
    seals: Seals,
    context: Context,
    instance: Instance,
    sessions: Sessions,
    attributing: Mutex<()>,
    shutdown: CancellationToken,
    tasks: TaskTracker,
}

impl Engine {
    /// An engine of these parts. It starts nothing by itself.
    #[must_use]
    pub fn new(parts: EngineParts) -> Self {
        Self(Arc::new(Inner {
            registry: parts.registry,
            store: parts.store,
            seals: Seals::new(parts.vault),
            context: parts.context,
            instance: parts.instance,
            sessions: Sessions::default(),
            attributing: Mutex::new(()),
            shutdown: CancellationToken::new(),
            tasks: TaskTracker::new(),
        }))
    }

    /// The connectors that there are.
    #[must_use]
    pub fn registry(&self) -> &Registry {
        &self.0.registry
    }

    /// The store, for what needs no platform: reading records, changes, runs.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// Asks the platform whether a connection works, and stores what it says of the account. One
    /// that was to be connected again and works after all is active again.
    ///
    /// # Errors
    /// [`ReconnectRequired`](ErrorKind::ReconnectRequired), which the connection's status then says
    /// too; a retryable one when the platform couldn't be asked; the store's `NotFound`, and its
    /// `Conflict` when the credential turns out to be another account's.
    pub async fn test(&self, project: ProjectId, connection: ConnectionId) -> Result<Account> {
        let store = self.store().project(project);
        let connection = self.connected(&store, connection).await?;
        let session = self.session(&store, &connection).await?;
        let account = match session.test().await {
            Ok(account) => account,
            Err(error) => return Err(self.noted(&store, connection.id, error).await),
        };
        store
            .touch_account(connection.id, &account, self.now())
            .await?;
        if connection.status != ConnectionStatus::Active {
            store
                .set_status(connection.id, ConnectionStatus::Active, None, self.now())
                .await?;
        }
        Ok(account)
    }

    /// Renews a connection's credential now, whatever its age. One that never expires stays as it
    /// is.
    ///
    /// # Errors
    /// As [`Engine::test`].
    pub async fn refresh(
        &self,
        project: ProjectId,
        connection: ConnectionId,
    ) -> Result<Connection> {
        let store = self.store().project(project);
        let connection = self.connected(&store, connection).await?;
        let session = self.session(&store, &connection).await?;
        if let Err(error) = session.renew().await {
            return Err(self.noted(&store, connection.id, error).await);
        }
        Ok(store.connection(connection.id).await?)
    }

    /// Changes what is set for a connection; `None` leaves it. It counts from the next sync on.
    ///
    /// # Errors
    /// [`InputInvalid`](ErrorKind::InputInvalid) for a setting that the platform hasn't got; the
    /// store's.
    pub async fn configure(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        settings: Option<&Settings>,
        keep_raw: Option<bool>,
    ) -> Result<Connection> {
        let store = self.store().project(project);
        let found = store.connection(connection).await?;
        if let Some(settings) = settings {
            self.check_settings(&found.platform, settings)?;
            store.set_settings(connection, settings, self.now()).await?;
        }
        if let Some(keep_raw) = keep_raw {
            store.set_keep_raw(connection, keep_raw, self.now()).await?;
        }
        Ok(store.connection(connection).await?)
    }

    /// Ends this engine's work: runs stop after the page that they are committing, and renewals
    /// that have begun are seen through. Returns when nothing is under way any more. Further syncs
    /// end as cancelled at once.
    pub async fn shutdown(&self) {
        self.0.shutdown.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
    }

    /// A connection that has a credential.
    pub(crate) async fn connected(
        &self,
        store: &ProjectStore,
        connection: ConnectionId,
    ) -> Result<Connection> {
        let connection = store.connection(connection).await?;
        if connection.status == ConnectionStatus::Disconnected {
            return Err(Error::refused(
                ErrorKind::ReconnectRequired,
                "the connection was disconnected: connect the account again",
            ));
        }
        Ok(connection)
    }

    /// A connector's failure, after the connection's status says what it means for it.
    pub(crate) async fn noted(
        &self,
        store: &ProjectStore,
        connection: ConnectionId,
        error: connector_core::Error,
    ) -> Error {
        if error.kind() == ErrorKind::ReconnectRequired {
            let status = ConnectionStatus::ReconnectRequired;
            let stored = store
                .set_status(connection, status, Some(error.message()), self.now())
                .await;
            if let Err(error) = stored {
                tracing::warn!(
                    connection.id = %connection,
                    %error,
                    "the connection's status could not be stored"
                );
            }
        }
        error.with("connection", connection).into()
    }

    pub(crate) fn check_settings(&self, platform: &str, settings: &Settings) -> Result<()> {
        let known = self.registry().get(platform)?.descriptor().settings;
        match settings
            .0
            .keys()
            .find(|name| known.iter().all(|field| field.name != *name))
        {
            None => Ok(()),
            Some(name) => {
                let known: Vec<&str> = known.iter().map(|field| field.name).collect();
                let error = connector_core::Error::input(name.clone(), "there is no such setting");
                Err(error.with("known", known.join(" ")).into())
            }
        }
    }

    pub(crate) fn context(&self) -> &Context {
        &self.0.context
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.context.now()
    }

    pub(crate) fn instance(&self) -> &Instance {
        &self.0.instance
    }

    pub(crate) fn seals(&self) -> &Seals {
        &self.0.seals
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    /// Held while attribution is worked out, so that one works it out at a time.
    pub(crate) fn attributing(&self) -> &Mutex<()> {
        &self.0.attributing
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    /// Is cancelled when the engine shuts down.
    pub(crate) fn stopping(&self) -> &CancellationToken {
        &self.0.shutdown
    }

    /// What keepers need of the engine. They don't hold the engine itself, whose sessions hold
    /// them.
    pub(crate) fn keeping(&self) -> Keeping {
        Keeping {
            seals: self.0.seals.clone(),
            context: self.0.context.clone(),
            instance: self.0.instance.clone(),
            tasks: self.0.tasks.clone(),
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("registry", &self.0.registry)
            .field("instance", &self.0.instance)
            .finish_non_exhaustive()
    }
}
