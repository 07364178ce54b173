//! The engine's handle, and the verbs on a connection that are not a flow of their own.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use connector_core::{Account, AnyConnector, Context, ErrorKind, Registry};
use crossdock_persistence::{Connection, ConnectionId, ProjectId, ProjectStore, Store};
use crossdock_vault::Vault;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::error::Result;
use crate::instance::Instance;
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
    vault: RwLock<Arc<Vault>>,
    context: Context,
    instance: Instance,
    sessions: Sessions,
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
            vault: RwLock::new(parts.vault),
            context: parts.context,
            instance: parts.instance,
            sessions: Sessions::default(),
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

    /// Asks the platform whether a connection works, and stores what it says of the account.
    ///
    /// # Errors
    /// [`ReconnectRequired`](ErrorKind::ReconnectRequired), which the connection's status then says
    /// too; a retryable one when the platform couldn't be asked; the store's `NotFound`.
    pub async fn test(&self, project: ProjectId, connection: ConnectionId) -> Result<Account> {
        todo!()
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
        todo!()
    }

    /// Destroys a connection's credential and keeps its data.
    ///
    /// # Errors
    /// The store's.
    pub async fn disconnect(&self, project: ProjectId, connection: ConnectionId) -> Result<()> {
        todo!()
    }

    /// Removes a connection with everything that came through it. It can't be undone.
    ///
    /// # Errors
    /// The store's.
    pub async fn erase(&self, project: ProjectId, connection: ConnectionId) -> Result<()> {
        todo!()
    }

    /// Ends this engine's work: runs stop after the page that they are committing, and renewals
    /// that have begun are seen through. Returns when nothing is under way any more. Further syncs
    /// end as cancelled at once.
    pub async fn shutdown(&self) {
        self.0.shutdown.cancel();
        self.0.tasks.close();
        self.0.tasks.wait().await;
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

impl Engine {
    pub(crate) fn context(&self) -> &Context {
        &self.0.context
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.0.context.now()
    }

    pub(crate) fn instance(&self) -> &Instance {
        &self.0.instance
    }

    pub(crate) fn tasks(&self) -> &TaskTracker {
        &self.0.tasks
    }

    pub(crate) fn sessions(&self) -> &Sessions {
        &self.0.sessions
    }

    pub(crate) fn cancelled(&self) -> &CancellationToken {
        &self.0.shutdown
    }

    /// What seals from now on.
    pub(crate) fn vault(&self) -> Arc<Vault> {
        let vault = self.0.vault.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&vault)
    }

    pub(crate) fn set_vault(&self, vault: Arc<Vault>) {
        *self.0.vault.write().unwrap_or_else(PoisonError::into_inner) = vault;
    }
}
