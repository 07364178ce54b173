//! Giving a grant back: an ability that a platform may have.

use std::fmt;

use async_trait::async_trait;

use crate::credential::Credential;
use crate::error::Result;
use crate::session::Session;

/// Tells the platform that a connection is not used any more, so that what was granted ends there
/// too. Used once, before the credential is destroyed here.
#[async_trait]
pub trait Revocation<C: Credential>: fmt::Debug + Send + Sync {
    /// Gives the grant back. One that is gone already is no error.
    ///
    /// # Errors
    /// Those of [`Session::call`]. Disconnecting goes on all the same.
    async fn revoke(&self, session: &Session<C>) -> Result<()>;
}
