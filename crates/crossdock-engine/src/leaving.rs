//! Ending a connection: the grant is given back where the platform takes it, then the credential is
//! destroyed, whatever the platform said.

use std::fmt;
use std::time::Duration;

use crossdock_persistence::{Connection, ConnectionId, ConnectionStatus, ProjectId};
use serde::Serialize;

use crate::engine::Engine;
use crate::error::Result;

/// How long the platform may take to take a grant back. A person waits for it.
const PATIENCE: Duration = Duration::from_secs(20);

/// What became of a connection's grant at the platform when the connection ended here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "grant", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Grant {
    /// The platform took it back.
    GivenBack,
    /// The platform takes none back: it ends by itself, or when the account's owner removes the app
    /// there.
    Stays,
    /// Another connection has the same account, and might end with it.
    InUse,
    /// There was none any more: the connection had been disconnected before.
    NoneLeft,
    /// It could not be given back, and may still be there at the platform.
    Failed {
        /// Why not.
        reason: String,
    },
}

impl Grant {
    /// Its word, as JSON has it.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::GivenBack => "given_back",
            Self::Stays => "stays",
            Self::InUse => "in_use",
            Self::NoneLeft => "none_left",
            Self::Failed { .. } => "failed",
        }
    }
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GivenBack => f.write_str("the grant was given back to the platform"),
            Self::Stays => {
                f.write_str("the platform takes no grant back: its owner can remove the app there")
            }
            Self::InUse => {
                f.write_str("the grant stays, as another connection has the same account")
            }
            Self::NoneLeft => f.write_str("there was no grant any more"),
            Self::Failed { reason } => write!(
                f,
                "the grant could not be given back, and its owner can remove the app at the \
                 platform: {reason}"
            ),
        }
    }
}

impl Engine {
    /// Gives a connection's grant back, destroys its credential and keeps its data. The first is
    /// tried and told; it never keeps the rest from happening.
    ///
    /// # Errors
    /// The store's.
    pub async fn disconnect(&self, project: ProjectId, connection: ConnectionId) -> Result<Grant> {
        let grant = self.give_back(project, connection).await?;
        let store = self.store().project(project);
        store.disconnect(connection, None, self.now()).await?;
        Ok(grant)
    }

    /// Gives a connection's grant back, and removes the connection with everything that came
    /// through it. It can't be undone.
    ///
    /// # Errors
    /// The store's.
    pub async fn erase(&self, project: ProjectId, connection: ConnectionId) -> Result<Grant> {
        let grant = self.give_back(project, connection).await?;
        self.store().project(project).erase(connection).await?;
        Ok(grant)
    }

    /// Gives the grant back, within [`PATIENCE`], and lets go of the session.
    async fn give_back(&self, project: ProjectId, connection: ConnectionId) -> Result<Grant> {
        let connection = self.store().project(project).connection(connection).await?;
        let grant = if connection.status == ConnectionStatus::Disconnected {
            Grant::NoneLeft
        } else if self.is_shared(&connection).await? {
            Grant::InUse
        } else {
            tokio::select! {
                biased;
                revoked = self.revoke(project, &connection) => match revoked {
                    Ok(true) => Grant::GivenBack,
                    Ok(false) => Grant::Stays,
                    Err(error) => Grant::Failed { reason: error.to_string() },
                },
                () = self.context().clock.sleep(PATIENCE) => Grant::Failed {
                    reason: "the platform took too long to answer".to_owned(),
                },
            }
        };
        if let Grant::Failed { reason } = &grant {
            tracing::warn!(connection.id = %connection.id, reason, "a grant was not given back");
        }
        self.sessions().forget(connection.id);
        Ok(grant)
    }

    /// Whether another connection, of whichever project, has the same account: platforms take back
    /// what the account granted to the app, and not one token.
    async fn is_shared(&self, connection: &Connection) -> Result<bool> {
        let system = self.store().system();
        let all = system
            .connections_of_account(&connection.platform, &connection.account.id)
            .await?;
        Ok(all.iter().any(|found| found.connection != connection.id))
    }

    async fn revoke(&self, project: ProjectId, connection: &Connection) -> Result<bool> {
        let store = self.store().project(project);
        let session = self.session(&store, connection).await?;
        Ok(session.revoke().await?)
    }
}
