//! The sessions in use: one per connection in this process, so that all who use a connection share
//! its pace, its counters and its renewals.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use connector_core::{
    AnyConnector, AnySession, ErrorKind, OpaqueCredential, SecretString, Settings,
    VersionedCredential,
};
use crossdock_persistence::{
    Connection, ConnectionId, ConnectionStatus, ProjectStore, StoredCredential,
};

use crate::engine::Engine;
use crate::error::{Error, Result};
use crate::keeper::StoreKeeper;
use crate::seal;

/// Sessions by connection.
#[derive(Debug, Default)]
pub(crate) struct Sessions(Mutex<HashMap<ConnectionId, Cached>>);

#[derive(Debug)]
struct Cached {
    session: AnySession,
    keeper: Arc<StoreKeeper>,
    settings: Settings,
}
