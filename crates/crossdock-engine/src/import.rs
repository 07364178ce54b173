//! Importing credentials that another system stored, in the clear or sealed by it.

use connector_core::Form;
use crossdock_persistence::ProjectId;
use crossdock_vault::import::LegacyKey;

use crate::connect::Progress;
use crate::engine::Engine;
use crate::error::Result;

impl Engine {
    /// Connects an account by a credential of another system: what a person would have typed into
    /// the method's form. A value of the form `iv:authTag:ciphertext` is opened with `key` first.
    ///
    /// It takes the same way as [`Engine::begin_connect`], so it is tested before it is saved.
    ///
    /// # Errors
    /// As [`Engine::begin_connect`]; the vault's when a sealed value doesn't open;
    /// [`InputInvalid`](connector_core::ErrorKind::InputInvalid) naming the field when it is sealed
    /// and there is no `key`; [`Unsupported`](connector_core::ErrorKind::Unsupported) for a method
    /// that needs a person at a browser.
    pub async fn import_credential(
        &self,
        project: ProjectId,
        platform: &str,
        method: Option<&str>,
        form: &Form,
        key: Option<&LegacyKey>,
    ) -> Result<Progress> {
        todo!()
    }
}
