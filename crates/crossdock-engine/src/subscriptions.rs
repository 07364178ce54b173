//! What a connection is subscribed to at its platform: reading it, adding to it, ending it.

use connector_core::{AnySession, Subscription};
use crossdock_persistence::{ConnectionId, ProjectId, ProjectStore};

use crate::engine::Engine;
use crate::error::Result;

impl Engine {
    /// What a connection is subscribed to, as the platform has it.
    ///
    /// # Errors
    /// [`Unsupported`](connector_core::ErrorKind::Unsupported) where the platform has no API for
    /// it; else as [`Engine::test`].
    pub async fn subscriptions(
        &self,
        project: ProjectId,
        connection: ConnectionId,
    ) -> Result<Vec<Subscription>> {
        let (store, session) = self.in_use(project, connection).await?;
        match session.subscriptions().await {
            Ok(subscriptions) => Ok(subscriptions),
            Err(error) => Err(self.noted(&store, connection, error).await),
        }
    }

    /// Makes sure that everything the connector understands is delivered there, and gives all that
    /// the connection is subscribed to then. Safe to repeat.
    ///
    /// # Errors
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) when the platform can't deliver
    /// there; else as [`Engine::subscriptions`].
    pub async fn subscribe(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        deliver_to: &str,
    ) -> Result<Vec<Subscription>> {
        let (store, session) = self.in_use(project, connection).await?;
        match session.subscribe(deliver_to).await {
            Ok(subscriptions) => Ok(subscriptions),
            Err(error) => Err(self.noted(&store, connection, error).await),
        }
    }

    /// Ends one subscription.
    ///
    /// # Errors
    /// [`NotFound`](connector_core::ErrorKind::NotFound) when there is none with this id; else as
    /// [`Engine::subscriptions`].
    pub async fn unsubscribe(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        id: &str,
    ) -> Result<()> {
        let (store, session) = self.in_use(project, connection).await?;
        match session.unsubscribe(id).await {
            Ok(()) => Ok(()),
            Err(error) => Err(self.noted(&store, connection, error).await),
        }
    }

    async fn in_use(
        &self,
        project: ProjectId,
        connection: ConnectionId,
    ) -> Result<(ProjectStore, AnySession)> {
        let store = self.store().project(project);
        let connection = self.connected(&store, connection).await?;
        let session = self.session(&store, &connection).await?;
        Ok((store, session))
    }
}
