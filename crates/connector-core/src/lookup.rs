//! Reading one record back: an ability that a platform may have.

use std::fmt;

use async_trait::async_trait;

use crate::credential::Credential;
use crate::error::Result;
use crate::session::Session;
use crate::sync::Record;

/// Reads one record of a stream by its id, as the platform has it now.
///
/// What a spot check of the store, and later a write that wants to see what it did, are made of. The
/// record is mapped by the same code as the stream's, so that what was stored can be compared.
#[async_trait]
pub trait Lookup<C: Credential>: fmt::Debug + Send + Sync {
    /// The record, or one that is [`Gone`](crate::Change::Gone) when the platform has none.
    ///
    /// # Errors
    /// [`Unsupported`](crate::ErrorKind::Unsupported) when this stream's records can't be read one
    /// by one; else those of [`Session::call`].
    async fn lookup(&self, session: &Session<C>, stream: &str, external_id: &str)
    -> Result<Record>;
}
