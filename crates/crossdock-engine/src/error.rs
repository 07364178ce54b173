//! What can go wrong in the engine: what a connector, the store or the vault said.

use connector_core::ErrorKind;
use crossdock_persistence::StoreError;

/// The result of everything in this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A failure of the engine. Nothing in it is secret.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The platform or its connector failed, or the caller asked for something that can't be. The
    /// engine speaks of its own refusals in the same words: [`ErrorKind`] names who must act.
    #[error(transparent)]
    Connector(#[from] connector_core::Error),
    /// The store failed, or has no such thing in this project.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A secret could not be sealed or opened: the operator must look at the keys.
    #[error(transparent)]
    Vault(#[from] crossdock_vault::Error),
}

impl Error {
    /// The connector's failure, where it is one.
    #[must_use]
    pub fn connector(&self) -> Option<&connector_core::Error> {
        match self {
            Self::Connector(error) => Some(error),
            Self::Store(_) | Self::Vault(_) => None,
        }
    }

    pub(crate) fn refused(kind: ErrorKind, message: &'static str) -> Self {
        Self::Connector(connector_core::Error::new(kind, message))
    }
}
