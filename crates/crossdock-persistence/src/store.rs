//! The store: a cheap handle over one database, and the doors to what is in it.

mod audit;
mod connections;
mod credentials;
mod feed;
mod pending;
mod projects;
mod records;
mod runs;
mod system;
mod webhooks;

use std::fmt;

use crate::error::{Result, StoreError};
use crate::ids::ProjectId;

pub use audit::AuditEntry;
pub use connections::{AddOutcome, Connection, ConnectionStatus, NewConnection, NewCredential};
pub use credentials::{Lease, LeaseOutcome, RenewalIntent, StoredCredential};
pub use feed::{ChangeFilter, ChangeKind, ChangeRow};
pub use pending::PendingConnect;
pub use projects::Project;
pub use records::{RecordCount, RecordPage, RecordQuery, RecordRow, RecordSet};
pub use runs::{
    BeginOutcome, NewRun, PageCommit, PageCounts, Run, RunFailure, RunFilter, RunMode, RunOutcome,
    RunRow, RunStatus, RunUsage, StreamState,
};
pub use system::{ConnectionRef, Counts, PendingRef, SealedCursor, SealedRow, System};
pub use webhooks::{NewWebhook, Received, StoredWebhook, WebhookStatus};

/// Where the database is and how to reach it.
#[derive(Clone)]
pub struct StoreOptions {
    /// `sqlite:PATH` (`sqlite::memory:` for tests) or `postgres://USER:PASSWORD@HOST/DATABASE`.
    pub url: String,
    /// How many connections to the database are kept at most; at least 2.
    pub max_connections: u32,
}

impl StoreOptions {
    /// This database, with up to eight connections to it.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            max_connections: 8,
        }
    }
}

impl fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreOptions")
            .field("max_connections", &self.max_connections)
            .finish_non_exhaustive()
    }
}

/// One database. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Store {}

impl Store {
    /// Opens a database. An SQLite file that isn't there is made; its folder is not.
    ///
    /// # Errors
    /// [`StoreError::CannotOpen`] when the address is wrong, the folder is missing, permission is
    /// lacking, the file is read-only or is no database, or no server answers;
    /// [`StoreError::DatabaseNewer`] when a newer version wrote it.
    #[expect(clippy::unused_async, reason = "signatures come first")]
    pub async fn open(_options: StoreOptions) -> Result<Self> {
        Err(unbuilt())
    }

    /// Brings the tables up to this version, makes the project `default` where there is none, and
    /// says how many migrations ran.
    ///
    /// # Errors
    /// [`StoreError::DatabaseNewer`], [`StoreError::StorageFull`], [`StoreError::Other`].
    #[expect(clippy::unused_async, reason = "signatures come first")]
    pub async fn migrate(&self) -> Result<usize> {
        Err(unbuilt())
    }

    /// Whether the database answers and is of this version.
    ///
    /// # Errors
    /// [`StoreError::NotMigrated`], [`StoreError::DatabaseNewer`], [`StoreError::Other`].
    #[expect(clippy::unused_async, reason = "signatures come first")]
    pub async fn health(&self) -> Result<()> {
        Err(unbuilt())
    }

    /// `SQLite` or `PostgreSQL`, for people.
    #[must_use]
    pub fn backend_name(&self) -> &'static str {
        "SQLite"
    }

    /// One project's data. Whether the project exists is asked by each call.
    #[must_use]
    pub fn project(&self, project: ProjectId) -> ProjectStore {
        ProjectStore { project }
    }

    /// What crosses projects: for the operator, never for a request.
    #[must_use]
    pub fn system(&self) -> System {
        System {}
    }

    /// Closes all connections, after which every call fails.
    ///
    /// # Errors
    /// [`StoreError::Other`] when closing fails.
    #[expect(clippy::unused_async, reason = "signatures come first")]
    pub async fn close(self) -> Result<()> {
        Err(unbuilt())
    }
}

/// One project's data: every query that belongs to a project is here, so that the project can't be
/// forgotten. What is another project's answers [`StoreError::NotFound`].
#[derive(Clone, Debug)]
pub struct ProjectStore {
    project: ProjectId,
}

impl ProjectStore {
    /// Whose data it is.
    #[must_use]
    pub fn project_id(&self) -> ProjectId {
        self.project
    }
}

pub(crate) fn unbuilt() -> StoreError {
    StoreError::Other {
        message: "this version is being built".to_owned(),
        source: None,
    }
}
