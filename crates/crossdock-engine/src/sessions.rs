//! The sessions in use: one per connection in this process, so that all who use a connection share
//! its pace, its counters and its renewals.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use connector_core::{AnySession, Settings};
use crossdock_persistence::{Connection, ConnectionId, ProjectStore};

use crate::engine::Engine;
use crate::error::Result;
use crate::keeper::StoreKeeper;

/// Sessions by connection.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<ConnectionId, Cached>>);

#[derive(Debug)]
struct Cached {
    session: AnySession,
    keeper: Arc<StoreKeeper>,
    settings: Settings,
}

impl Sessions {
    /// The session of a connection, unless its credential or its settings are others by now than
    /// those that the session has.
    fn find(&self, connection: &Connection, version: i64) -> Option<AnySession> {
        self.lock()
            .get(&connection.id)
            .filter(|cached| cached.is_current(connection, version))
            .map(|cached| cached.session.clone())
    }

    /// Keeps a session, unless somebody was faster: then theirs is the one.
    fn keep(&self, connection: &Connection, version: i64, opened: Cached) -> AnySession {
        let mut sessions = self.lock();
        if let Some(cached) = sessions.get(&connection.id)
            && cached.is_current(connection, version)
        {
            return cached.session.clone();
        }
        let session = opened.session.clone();
        sessions.insert(connection.id, opened);
        session
    }

    pub(crate) fn forget(&self, connection: ConnectionId) {
        self.lock().remove(&connection);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConnectionId, Cached>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cached {
    fn is_current(&self, connection: &Connection, version: i64) -> bool {
        self.keeper.version() == version && self.settings == connection.settings
    }
}

impl Engine {
    /// The session of a connection: the one that is open, or a new one over what is stored.
    pub(crate) async fn session(
        &self,
        store: &ProjectStore,
        connection: &Connection,
    ) -> Result<AnySession> {
        let stored = store.credential(connection.id).await?;
        if let Some(session) = self.sessions().find(connection, stored.version) {
            return Ok(session);
        }
        let connector = self.registry().get(&connection.platform)?;
        let credential =
            self.seals()
                .open_credential(store.project_id(), connection.id, &stored)?;
        let exchange = connector.exchange(self.context());
        let keeper = Arc::new(StoreKeeper::new(
            self.keeping(),
            store.clone(),
            connection.id,
            exchange,
            stored.version,
        ));
        let session = connector.open(
            self.context(),
            credential,
            Arc::<StoreKeeper>::clone(&keeper),
            connection.settings.clone(),
        )?;
        let opened = Cached {
            session,
            keeper,
            settings: connection.settings.clone(),
        };
        Ok(self.sessions().keep(connection, stored.version, opened))
    }
}
