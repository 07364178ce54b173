//! The store: a cheap handle over one database, and the doors to what is in it.

mod attribution;
mod audit;
mod commit;
mod connections;
mod credentials;
mod feed;
mod leaving;
mod metrics;
mod pending;
mod projects;
mod records;
mod run;
mod run_log;
mod runs;
mod schema;
mod system;
mod webhooks;

use std::fmt;

use sea_orm::Value;

use crate::db::{Ask as _, Backend, Db};
use crate::error::{Result, StoreError};
use crate::ids::{ConnectionId, ProjectId};

pub use attribution::{
    AttributionMethod, AttributionRow, AttributionTotal, CampaignRef, RecordRef, Subject, Touch,
    Unattributed,
};
pub use audit::AuditEntry;
pub use commit::PreparedPage;
pub use connections::{AddOutcome, Connection, ConnectionStatus, NewConnection, NewCredential};
pub use credentials::{Lease, LeaseOutcome, RenewalIntent, StoredCredential};
pub use feed::{ChangeFilter, ChangeKind, ChangeRow};
pub use metrics::{MetricDay, MetricQuery, MetricSeries, MetricSubject};
pub use pending::PendingConnect;
pub use projects::Project;
pub use records::{RecordCount, RecordPage, RecordQuery, RecordRow, RecordSet};
pub use run::{
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
pub struct Store {
    db: Db,
}

impl Store {
    /// Opens a database. An SQLite file that isn't there is made; its folder is not.
    ///
    /// # Errors
    /// [`StoreError::CannotOpen`] when the address is wrong, the folder is missing, permission is
    /// lacking, the file is read-only or is no database, or no server answers;
    /// [`StoreError::DatabaseNewer`] when a newer version wrote it.
    pub async fn open(options: StoreOptions) -> Result<Self> {
        let db = Db::open(&options.url, options.max_connections).await?;
        schema::refuse_newer(&db).await?;
        Ok(Self { db })
    }

    /// Brings the tables up to this version, makes the project `default` where there is none, and
    /// says how many migrations ran. All of it or nothing; processes that start at once take turns.
    ///
    /// # Errors
    /// [`StoreError::DatabaseNewer`], [`StoreError::StorageFull`], [`StoreError::Other`].
    pub async fn migrate(&self) -> Result<usize> {
        let ran = schema::migrate(&self.db).await?;
        self.ensure_default_project().await?;
        Ok(ran)
    }

    /// Whether the database answers and is of this version.
    ///
    /// # Errors
    /// [`StoreError::NotMigrated`], [`StoreError::DatabaseNewer`], [`StoreError::Other`].
    pub async fn health(&self) -> Result<()> {
        match schema::refuse_newer(&self.db).await? {
            0 => Ok(()),
            missing => Err(StoreError::NotMigrated { missing }),
        }
    }

    /// `SQLite` or `PostgreSQL`, for people.
    #[must_use]
    pub fn backend_name(&self) -> &'static str {
        match self.db.backend() {
            Backend::Sqlite => "SQLite",
            Backend::Postgres => "PostgreSQL",
        }
    }

    /// One project's data. Whether the project exists is asked by each call.
    #[must_use]
    pub fn project(&self, project: ProjectId) -> ProjectStore {
        ProjectStore {
            db: self.db.clone(),
            project,
        }
    }

    /// What crosses projects: for the operator, never for a request.
    #[must_use]
    pub fn system(&self) -> System {
        System::new(self.db.clone())
    }

    #[cfg(test)]
    pub(crate) const fn db(&self) -> &Db {
        &self.db
    }

    /// Closes all connections, after which every call fails.
    ///
    /// # Errors
    /// [`StoreError::Other`] when closing fails.
    pub async fn close(self) -> Result<()> {
        self.db.close().await
    }
}

/// One project's data: every query that belongs to a project is here, so that the project can't be
/// forgotten. What is another project's answers [`StoreError::NotFound`].
#[derive(Clone, Debug)]
pub struct ProjectStore {
    db: Db,
    project: ProjectId,
}

impl ProjectStore {
    /// Whose data it is.
    #[must_use]
    pub fn project_id(&self) -> ProjectId {
        self.project
    }

    /// The project's id as a parameter.
    fn own(&self) -> Value {
        self.project.into()
    }

    /// Fails unless the project exists.
    async fn exists(&self) -> Result<()> {
        let sql = "SELECT id FROM projects WHERE id = $1";
        self.db
            .one(sql, vec![self.own()])
            .await?
            .map(drop)
            .ok_or(StoreError::NotFound { what: "project" })
    }

    /// Fails unless the project exists and, where one is named, the connection is its own.
    async fn owns(&self, connection: Option<ConnectionId>) -> Result<()> {
        let Some(connection) = connection else {
            return self.exists().await;
        };
        let sql = "SELECT id FROM platform_connections WHERE id = $1 AND project_id = $2";
        self.db
            .one(sql, vec![connection.into(), self.own()])
            .await?
            .map(drop)
            .ok_or(NO_CONNECTION)
    }
}

const NO_CONNECTION: StoreError = StoreError::NotFound { what: "connection" };
