//! Giving a grant back: the permissions of the app are taken from whoever gave them.

use async_trait::async_trait;
use connector_core::{ErrorKind, Result, Revocation, Session};

use crate::api::DeletePermissions;
use crate::connector::Meta;
use crate::credential::MetaCredential;

/// Ends all that the person, or the system user, granted the app, and with it the tokens of the pages
/// that were made from it.
#[async_trait]
impl Revocation<MetaCredential> for Meta {
    async fn revoke(&self, session: &Session<MetaCredential>) -> Result<()> {
        match session.call(&DeletePermissions).await {
            Ok(_) => Ok(()),
            // The token is dead, so there is nothing that it could give back.
            Err(error) if error.kind() == ErrorKind::ReconnectRequired => Ok(()),
            Err(error) => Err(error),
        }
    }
}
