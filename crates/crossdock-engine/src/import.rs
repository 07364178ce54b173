//! Importing credentials that another system stored, in the clear or sealed by it.

use connector_core::{ErrorKind, Form};
use crossdock_persistence::ProjectId;
use crossdock_vault::import::{self, LegacyKey};
use url::Url;

use crate::connect::{BrowserKey, ConnectRequest, Progress};
use crate::engine::Engine;
use crate::error::{Error, Result};

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
        let mut opened = Form::new();
        for (name, value) in form.iter() {
            if !import::looks_sealed(value) {
                opened.push(name, value);
                continue;
            }
            let key = key.ok_or_else(|| {
                connector_core::Error::input(
                    name.to_owned(),
                    "the value is sealed: the key that it was sealed with is needed",
                )
            })?;
            let plaintext = key.open(value)?;
            let plaintext = std::str::from_utf8(&plaintext).map_err(|_position| {
                connector_core::Error::input(name.to_owned(), "what was sealed isn't text")
            })?;
            opened.push(name, plaintext);
        }
        let request = ConnectRequest {
            platform: platform.to_owned(),
            method: method.map(ToOwned::to_owned),
            form: opened,
            return_to: nowhere()?,
            browser: BrowserKey::new(self.context().random_token()),
            settings: None,
            keep_raw: None,
        };
        match self.begin_connect(project, request).await? {
            connected @ Progress::Connected { .. } => Ok(connected),
            Progress::Redirect { .. } | Progress::Prompt { .. } => Err(Error::refused(
                ErrorKind::Unsupported,
                "this method needs a person at a browser: connect there instead of importing",
            )),
        }
    }
}

/// Where nobody is sent back to: an import has no browser.
fn nowhere() -> Result<Url> {
    Url::parse("http://localhost/").map_err(|cause| {
        connector_core::Error::new(ErrorKind::Unexpected, "a fixed address can't be read")
            .with_source(cause)
            .into()
    })
}
