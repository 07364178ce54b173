//! Sealing what is stored, and opening it: which place each secret is bound to.

use connector_core::{ExposeSecret as _, OpaqueCredential, SecretString, VersionedCredential};
use crossdock_persistence::{ConnectionId, ProjectId, StoredCredential};
use crossdock_vault::{Binding, Error, Result, Vault};
use zeroize::Zeroizing;

/// The field of a connection's credential, as the store names it in its pages of sealed texts.
pub(crate) const CREDENTIAL: &str = "credential";

/// The field of what is kept between two steps of connecting.
pub(crate) const PENDING: &str = "pending";

pub(crate) fn credential(
    vault: &Vault,
    project: ProjectId,
    connection: ConnectionId,
    credential: &OpaqueCredential,
) -> Result<String> {
    let binding = Binding {
        project: &project.to_string(),
        connection: &connection.to_string(),
        field: CREDENTIAL,
    };
    let plaintext = credential.json().expose_secret().as_bytes();
    Ok(vault.seal(&binding, plaintext)?.to_string())
}

pub(crate) fn open_credential(
    vault: &Vault,
    project: ProjectId,
    connection: ConnectionId,
    stored: &StoredCredential,
) -> Result<VersionedCredential> {
    let binding = Binding {
        project: &project.to_string(),
        connection: &connection.to_string(),
        field: CREDENTIAL,
    };
    let json = text(vault.open(&binding, &stored.sealed.parse()?)?)?;
    Ok(VersionedCredential {
        credential: OpaqueCredential::from_stored(json, stored.expires_at, stored.reconnect_by),
        version: stored.version,
    })
}

fn text(plaintext: Zeroizing<Vec<u8>>) -> Result<SecretString> {
    std::str::from_utf8(&plaintext)
        .map(SecretString::from)
        // What opens is what was sealed, and only text ever is.
        .map_err(|_position| Error::Refused)
}
