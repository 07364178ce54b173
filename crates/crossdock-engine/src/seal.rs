//! Sealing what is stored, and opening it: which place each secret is bound to, under which keys.

use std::sync::{Arc, PoisonError, RwLock};

use connector_core::{ExposeSecret as _, OpaqueCredential, SecretString, VersionedCredential};
use crossdock_persistence::{ConnectionId, ProjectId, StoredCredential};
use crossdock_vault::{Binding, Error, Result, Sealed, Vault};

/// The field of a connection's credential.
const CREDENTIAL: &str = "credential";

/// The field of what is kept between two steps of connecting.
const PENDING: &str = "pending";

/// The vault in use, which a rotation replaces. Cheap to clone; clones see the replacement.
#[derive(Clone, Debug)]
pub(crate) struct Seals(Arc<RwLock<Arc<Vault>>>);

impl Seals {
    pub(crate) fn new(vault: Arc<Vault>) -> Self {
        Self(Arc::new(RwLock::new(vault)))
    }

    pub(crate) fn vault(&self) -> Arc<Vault> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn replace(&self, vault: Arc<Vault>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = vault;
    }

    pub(crate) fn seal_credential(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        credential: &OpaqueCredential,
    ) -> Result<String> {
        self.seal(project, connection, CREDENTIAL, credential.json())
    }

    pub(crate) fn open_credential(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        stored: &StoredCredential,
    ) -> Result<VersionedCredential> {
        let json = self.open(project, connection, CREDENTIAL, &stored.sealed)?;
        Ok(VersionedCredential {
            credential: OpaqueCredential::from_stored(json, stored.expires_at, stored.reconnect_by),
            version: stored.version,
        })
    }

    pub(crate) fn seal_pending(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        pending: &SecretString,
    ) -> Result<String> {
        self.seal(project, connection, PENDING, pending)
    }

    pub(crate) fn open_pending(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        sealed: &str,
    ) -> Result<SecretString> {
        self.open(project, connection, PENDING, sealed)
    }

    fn seal(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        field: &str,
        secret: &SecretString,
    ) -> Result<String> {
        in_place(project, connection, field, |binding| {
            let sealed = self
                .vault()
                .seal(binding, secret.expose_secret().as_bytes())?;
            Ok(sealed.to_string())
        })
    }

    fn open(
        &self,
        project: ProjectId,
        connection: ConnectionId,
        field: &str,
        sealed: &str,
    ) -> Result<SecretString> {
        let sealed: Sealed = sealed.parse()?;
        in_place(project, connection, field, |binding| {
            let plaintext = self.vault().open(binding, &sealed)?;
            std::str::from_utf8(&plaintext)
                .map(SecretString::from)
                // What opens is what was sealed, and only text ever is.
                .map_err(|_position| Error::Refused)
        })
    }
}

/// Does something with the binding to one place.
pub(crate) fn in_place<T>(
    project: ProjectId,
    connection: ConnectionId,
    field: &str,
    act: impl FnOnce(&Binding<'_>) -> T,
) -> T {
    act(&Binding {
        project: &project.to_string(),
        connection: &connection.to_string(),
        field,
    })
}
